package runtime

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"sync"
	"syscall"
	"time"
)

// output carries what a process group writes to the log, line by line, and keeps the tail of the current invocation.
// Reading and passing on happen under one lock, so that a drain sees whatever was written before it began.
type output struct {
	mu       sync.Mutex
	file     *os.File // the read end
	raw      syscall.RawConn
	sink     io.Writer
	followed chan struct{} // closed when nobody reads on its own any more
	partial  []byte        // a line without its end, shorter than maxLine
	tail     []byte        // at most twice logTail
	buffer   [8 << 10]byte
}

// pipeBytes is the most that a process can have written without it having been read: the size of a pipe on Linux.
const pipeBytes = 64 << 10

// pipe opens the channel to the process and starts to read it. The caller passes the write end on and closes it.
func (o *output) pipe() (writeEnd *os.File, err error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	raw, err := r.SyscallConn()
	if err != nil {
		_ = r.Close()
		_ = w.Close()
		return nil, err
	}
	o.file, o.raw, o.followed = r, raw, make(chan struct{})
	go o.follow()
	return w, nil
}

// follow reads until the last writer is gone or the pipe is closed.
func (o *output) follow() {
	defer close(o.followed)
	for {
		more := false
		err := o.raw.Read(func(fd uintptr) bool {
			n, err := o.take(fd)
			more = n > 0
			return err != syscall.EAGAIN
		})
		if err != nil || !more {
			return
		}
	}
}

// take reads once and passes on what it got.
func (o *output) take(fd uintptr) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.takeLocked(fd)
}

func (o *output) takeLocked(fd uintptr) (int, error) {
	for {
		n, err := syscall.Read(int(fd), o.buffer[:])
		if err == syscall.EINTR {
			continue
		}
		if n > 0 {
			o.passOn(o.buffer[:n])
		}
		return n, err
	}
}

// drain passes on everything that was written before the call, and no more than a pipe holds: a process that never stops
// writing cannot keep it.
func (o *output) drain() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.drainLocked()
}

func (o *output) drainLocked() {
	_ = o.raw.Control(func(fd uintptr) { // fails once the pipe is closed: nothing is left then
		for left := pipeBytes; left > 0; {
			n, err := o.takeLocked(fd)
			if err != nil || n <= 0 {
				return
			}
			left -= n
		}
	})
}

// close ends the reading; a process that left the group and still writes gets SIGPIPE.
func (o *output) close() {
	_ = o.file.Close()
	<-o.followed
}

// begin directs what follows to the log of another invocation and starts its tail.
func (o *output) begin(sink io.Writer) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sink, o.tail = sink, o.tail[:0]
}

// line writes one line of the platform's own.
func (o *output) line(format string, args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.passOn(fmt.Appendf(nil, format+"\n", args...))
}

// finish drains the process, completes an unfinished line, writes the given lines and answers the tail.
func (o *output) finish(lines string) []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.raw != nil {
		o.drainLocked()
	}
	if len(o.partial) > 0 {
		o.passOn([]byte("\n"))
	}
	o.passOn([]byte(lines))
	return bytes.Clone(o.tail[max(0, len(o.tail)-logTail):])
}

// passOn splits text into lines. What the log's writer answers is not asked: a full disk there must not fail a function.
func (o *output) passOn(text []byte) {
	o.remember(text)
	for len(text) > 0 {
		end := bytes.IndexByte(text, '\n') + 1
		if end == 0 {
			end = len(text)
		}
		piece := text[:end]
		piece = piece[:min(len(piece), maxLine-1-len(o.partial))]
		text = text[len(piece):]
		o.partial = append(o.partial, piece...)
		if piece[len(piece)-1] == '\n' || len(o.partial) >= maxLine-1 {
			o.emit()
		}
	}
}

func (o *output) emit() {
	if o.partial[len(o.partial)-1] != '\n' {
		o.partial = append(o.partial, '\n')
	}
	_, _ = o.sink.Write(o.partial)
	o.partial = o.partial[:0]
}

func (o *output) remember(text []byte) {
	text = text[max(0, len(text)-logTail):]
	o.tail = append(o.tail, text...)
	if over := len(o.tail) - logTail; over > logTail {
		o.tail = append(o.tail[:0], o.tail[over:]...)
	}
}

// report is the line by which Lambda ends the log of an invocation.
type report struct {
	requestID string
	duration  time.Duration
	init      time.Duration // 0 when the environment was warm
	memoryMB  int
	usedMB    int    // 0 when the system does not tell
	status    string // "" or as "Status: timeout"
}

func (r report) String() string {
	text := fmt.Sprintf("END RequestId: %s\nREPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %.0f ms\tMemory Size: %d MB\t",
		r.requestID, r.requestID, milliseconds(r.duration), math.Ceil(milliseconds(r.duration)), r.memoryMB)
	if r.usedMB > 0 {
		text += fmt.Sprintf("Max Memory Used: %d MB\t", r.usedMB)
	}
	if r.init > 0 {
		text += fmt.Sprintf("Init Duration: %.2f ms\t", milliseconds(r.init))
	}
	return text + r.status + "\n"
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
