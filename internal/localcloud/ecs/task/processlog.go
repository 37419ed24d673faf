package task

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// trimInterval is how often logs are looked at. A container that writes fast is over the limit for that long.
const trimInterval = time.Second

func (p *processes) logFile(id string, i int) string {
	return filepath.Join(p.folder(id), strconv.Itoa(i)+".log")
}

// keepLogsSmall keeps the logs of all tasks within two files of logLimit each.
func (p *processes) keepLogsSmall() {
	tick := time.NewTicker(trimInterval)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			p.trimLogs()
		case <-p.ending:
			return
		}
	}
}

func (p *processes) trimLogs() {
	logs, _ := filepath.Glob(filepath.Join(p.dir, "*", "*.log")) // the pattern is well-formed
	for _, path := range logs {
		if info, err := os.Stat(path); err == nil && info.Size() > logLimit {
			_ = rotate(path) // tried again at the next look
		}
	}
}

// rotate moves the end of a log to a second file. The program keeps writing to the file it has open, so that file is
// emptied in place; what is written between the copy and the emptying is lost.
func rotate(path string) error {
	end, err := tail(path, logLimit)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".1", end, 0o600); err != nil {
		return err
	}
	return os.Truncate(path, 0)
}

// tail reads at most limit bytes from the end of a file; one that is not there is empty.
func tail(path string, limit int64) ([]byte, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.NewSectionReader(file, max(0, info.Size()-limit), limit))
}

func (p *processes) logs(_ context.Context, r *record, i int, lines int) (string, error) {
	path := p.logFile(r.ID, i)
	newer, err := tail(path, logLimit)
	if err != nil {
		return "", err
	}
	older, err := tail(path+".1", logLimit-int64(len(newer)))
	if err != nil {
		return "", err
	}
	return lastLines(string(older)+string(newer), lines), nil
}

// lastLines returns the last lines of a text; the very last need not be ended.
func lastLines(text string, lines int) string {
	if lines <= 0 {
		return ""
	}
	from := len(strings.TrimSuffix(text, "\n"))
	for range lines {
		from = strings.LastIndexByte(text[:from], '\n')
		if from < 0 {
			return text
		}
	}
	return text[from+1:]
}
