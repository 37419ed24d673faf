package proxy

import (
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// lingering is how long, and mostDiscarded how much, of a body that nobody
	// wants any more is still taken, so that the client gets to see its answer.
	lingering     = 500 * time.Millisecond
	mostDiscarded = 256 << 10
)

var buffers = sync.Pool{New: func() any { return new([32 << 10]byte) }}

// upload passes a body on while the answer may already be coming.
type upload struct {
	x      *exchange
	c      *conn
	rc     *http.ResponseController
	readBy deadline
	ended  atomic.Bool // the end of the body was seen
	failed atomic.Bool // the client did not send what it said
	done   chan struct{}
}

// startUpload begins to pass on the body. From here on the request cannot be
// offered elsewhere.
func (x *exchange) startUpload(c *conn) {
	u := &upload{x: x, c: c, rc: http.NewResponseController(x.w), done: make(chan struct{})}
	if x.r.ProtoMajor == 1 {
		_ = u.rc.EnableFullDuplex() // HTTP/1.1 of net/http has it
	}
	x.upload = u
	go u.run()
}

func (u *upload) run() {
	defer close(u.done)
	defer func() {
		if recover() != nil { // of a body: the request fails, the listener goes on
			u.failed.Store(true)
			u.c.interrupt()
		}
	}()
	err := u.pass()
	switch {
	case u.ended.Load():
		_ = u.rc.SetReadDeadline(time.Time{}) // fails on a closed connection only
	case u.failed.Load():
		u.c.interrupt() // the target must not take it for the whole
	case err != nil:
		_, _ = io.CopyN(io.Discard, u.x.r.Body, mostDiscarded) // the client's errors change nothing now
	}
}

// pass copies the body. Its error is the target's, or the client's if failed.
func (u *upload) pass() error {
	buffer := buffers.Get().(*[32 << 10]byte)
	defer buffers.Put(buffer)
	const front, back = 10, 2 // for the length of a chunk and the end of its line
	chunked, limit := u.x.r.ContentLength < 0, u.x.l.o.IdleTimeout
	for {
		u.readBy.extend(time.Now(), limit, u.rc.SetReadDeadline)
		n, err := u.x.r.Body.Read(buffer[front : len(buffer)-back])
		u.ended.Store(err == io.EOF)
		if n > 0 {
			now := time.Now()
			u.c.writeBy.extend(now, limit, u.c.net.SetWriteDeadline)
			u.c.readBy.extend(now, limit, u.c.net.SetReadDeadline)
			out := buffer[front : front+n]
			if chunked {
				out = frame(buffer[:], front, n)
			}
			if _, err := u.c.net.Write(out); err != nil {
				return err
			}
		}
		switch {
		case err == io.EOF && chunked:
			_, err := u.c.net.Write(u.trailers())
			return err
		case err == io.EOF:
			return nil
		case err != nil:
			u.failed.Store(true)
			return err
		}
	}
}

// frame makes a chunk of the n bytes at front, around which there is room.
func frame(buffer []byte, front, n int) []byte {
	var digits [8]byte
	size := strconv.AppendInt(digits[:0], int64(n), 16)
	start := front - 2 - len(size)
	copy(buffer[start:], size)
	copy(buffer[front-2:], "\r\n")
	copy(buffer[front+n:], "\r\n")
	return buffer[start : front+n+2]
}

// trailers is the last chunk and what follows it.
func (u *upload) trailers() []byte {
	b := []byte("0\r\n")
	for name, values := range u.x.r.Trailer {
		for _, value := range values {
			b = appendField(b, name, value)
		}
	}
	return append(b, "\r\n"...)
}

// unfinished tells whether some of the body is still to come.
func (x *exchange) unfinished() bool { return x.upload != nil && !x.upload.ended.Load() }

// endUpload ends the upload, if there is one, before the handler does: nothing
// may read a body later. It reports whether the client broke it off. The limit
// of reading stays, because the connection ends with this answer, and net/http
// must not wait for the rest either.
func (x *exchange) endUpload(answered bool) (clientFailed bool) {
	u := x.upload
	if u == nil {
		return false
	}
	select {
	case <-u.done:
		return u.failed.Load()
	default:
	}
	broken := u.failed.Load()
	if answered {
		_ = u.rc.Flush() // a client that is gone sees nothing
	}
	u.c.interrupt()
	_ = u.rc.SetReadDeadline(time.Now().Add(lingering))
	<-u.done
	return broken
}
