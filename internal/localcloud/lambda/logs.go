package lambda

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// LogLine is one line that a function wrote, or the platform about it.
type LogLine struct {
	Time      time.Time `json:"time"`
	Version   string    `json:"version,omitzero"`
	RequestID string    `json:"requestId,omitzero"`
	Message   string    `json:"message"`
}

// logStore keeps the output of functions: for each a directory of numbered
// files of JSON lines. The last one grows; the oldest goes when there are more
// than logSegments.
type logStore struct {
	dir     string
	segment int64 // bytes
	now     func() time.Time

	mu   sync.Mutex
	open map[functionID]*functionLog
}

const (
	logSegments  = 4
	logExtension = ".log"
	maxLogLine   = 1 << 20 // as JSON; the runtime cuts lines at 64 KiB
)

func newLogStore(dir string, segment int64, now func() time.Time) *logStore {
	return &logStore{dir: dir, segment: segment, now: now, open: map[functionID]*functionLog{}}
}

// functionLog is the log of one function.
type functionLog struct {
	dir string

	mu      sync.Mutex
	last    int           // the number of the file that grows; 0 before the first
	size    int64         // of that file
	changed chan struct{} // closed and replaced when something was written
}

func (l *logStore) dirOf(id functionID) string {
	return filepath.Join(l.dir, id.Account, id.Region, id.Name)
}

// has reports whether a function has ever written a line.
func (l *logStore) has(id functionID) bool {
	_, err := os.Stat(l.dirOf(id))
	return err == nil
}

func (l *logStore) of(id functionID) (*functionLog, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if log := l.open[id]; log != nil {
		return log, nil
	}
	log := &functionLog{
		dir:     l.dirOf(id),
		changed: make(chan struct{}),
	}
	if err := log.find(); err != nil {
		return nil, err
	}
	l.open[id] = log
	return log, nil
}

// find continues what an earlier process has written.
func (f *functionLog) find() error {
	entries, err := os.ReadDir(f.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range slices.Backward(entries) { // numbers have a fixed width
		number, ok := strings.CutSuffix(entry.Name(), logExtension)
		if !ok {
			continue
		}
		if f.last, err = strconv.Atoi(number); err != nil {
			return fmt.Errorf("function log %s: %w", filepath.Join(f.dir, entry.Name()), err)
		}
		return f.resume()
	}
	return nil
}

// resume goes on in the last file, or behind it when it ends in a line that an
// earlier process could not finish: that line stays alone in its file.
func (f *functionLog) resume() error {
	file, err := os.Open(f.path(f.last))
	if err != nil {
		return err
	}
	defer file.Close()
	if f.size, err = file.Seek(0, io.SeekEnd); err != nil || f.size == 0 {
		return err
	}
	end := make([]byte, 1)
	if _, err := file.ReadAt(end, f.size-1); err != nil {
		return err
	}
	if end[0] != '\n' {
		f.last, f.size = f.last+1, 0
	}
	return nil
}

func (f *functionLog) path(number int) string {
	return filepath.Join(f.dir, fmt.Sprintf("%010d%s", number, logExtension))
}

// append writes whole lines and wakes those who follow.
func (f *functionLog) append(lines []byte, segment int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.last == 0 || f.size > 0 && f.size+int64(len(lines)) > segment {
		if err := os.MkdirAll(f.dir, 0o755); err != nil {
			return err
		}
		f.last, f.size = f.last+1, 0
		if err := os.Remove(f.path(f.last - logSegments)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	// Opened for each write: there may be more functions than file descriptors.
	file, err := os.OpenFile(f.path(f.last), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	n, err := file.Write(lines)
	f.size += int64(n)
	close(f.changed)
	f.changed = make(chan struct{})
	return errors.Join(err, file.Close())
}

// logWriter takes whole lines of one invocation.
type logWriter struct {
	store   *logStore
	id      functionID
	version string
	request string
}

func (l *logStore) writer(id functionID, version, requestID string) io.Writer {
	return &logWriter{l, id, version, requestID}
}

// note writes a line of the platform's own; a log that cannot be written is no
// reason to fail.
func (l *logStore) note(id functionID, requestID, message string) {
	_, _ = io.WriteString(l.writer(id, "", requestID), message+"\n")
}

// Write stores the lines of p.
func (w *logWriter) Write(p []byte) (int, error) {
	log, err := w.store.of(w.id)
	if err != nil {
		return 0, err
	}
	line := LogLine{Time: w.store.now(), Version: w.version, RequestID: w.request}
	var lines bytes.Buffer
	encoder := json.NewEncoder(&lines)
	encoder.SetEscapeHTML(false)
	for text := range bytes.Lines(p) {
		line.Message = string(bytes.TrimRight(text, "\r\n"))
		if err := encoder.Encode(line); err != nil {
			return 0, err
		}
	}
	if err := log.append(lines.Bytes(), w.store.segment); err != nil {
		return 0, err
	}
	return len(p), nil
}
