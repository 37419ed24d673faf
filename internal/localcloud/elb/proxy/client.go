package proxy

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// client is a connection of HTTP/1.1 and its http.ResponseWriter. net/http's
// own server reads from a connection while a request runs, to see it close,
// which costs a goroutine and a system call per request; here that is looked
// up now and then (see watch). Requests are parsed by net/http all the same.
type client struct {
	l      *Listener
	conn   *clientConn
	limit  limitedReader
	r      *bufio.Reader
	remote string
	idle   atomic.Bool // between two requests, or upgraded: nothing is lost when it is closed
	readBy deadline
	writer
	exchange exchange

	mu       sync.Mutex
	using    *conn // what is to be interrupted when the client is gone
	gone     bool
	watching bool
	hijacked bool
}

// limitedReader bounds the heads of requests: left is how much may still be
// read. It keeps the last error, which a parser may hide behind its own.
type limitedReader struct {
	conn net.Conn
	left int64
	err  error
}

var errHeadTooLarge = errors.New("the head of the request is too large")

func (l *limitedReader) Read(p []byte) (int, error) {
	if l.left <= 0 {
		l.err = errHeadTooLarge
		return 0, l.err
	}
	if int64(len(p)) > l.left {
		p = p[:l.left]
	}
	n, err := l.conn.Read(p)
	l.left, l.err = l.left-int64(n), err
	return n, err
}

// serveClient reads requests of a connection until it ends.
func (l *Listener) serveClient(c *clientConn) {
	cl := &client{l: l, conn: c, limit: limitedReader{conn: c}, remote: c.RemoteAddr().String()}
	cl.r = bufio.NewReaderSize(&cl.limit, 4096)
	cl.writer = writer{conn: c, fields: http.Header{}}
	l.clients.add(cl)
	defer l.clients.remove(cl)
	for first := true; cl.await(); first = false {
		if first && cl.prefersHTTP2() {
			l.handOver(cl)
			return
		}
		if !cl.next() {
			break
		}
	}
	if !cl.hijacked {
		_ = c.Close() // often it is
	}
}

// await waits for the first byte of a request.
func (cl *client) await() bool {
	cl.limit.left = int64(cl.l.o.MaxHeaderBytes)
	cl.idle.Store(true)
	defer cl.idle.Store(false)
	if cl.l.closing.Load() {
		return false
	}
	if cl.r.Buffered() > 0 {
		return true
	}
	cl.readBy.extend(time.Now(), cl.l.o.IdleTimeout, cl.conn.SetReadDeadline)
	_, err := cl.r.Peek(1)
	return err == nil
}

// prefersHTTP2 tells the preface of HTTP/2 from a request.
func (cl *client) prefersHTTP2() bool {
	const preface = "PRI "
	first, err := cl.r.Peek(1)
	if err != nil || first[0] != preface[0] {
		return false
	}
	start, err := cl.r.Peek(len(preface))
	return err == nil && string(start) == preface
}

// next reads a request and answers it. It reports whether another one may
// follow on the connection.
func (cl *client) next() bool {
	r, status := cl.read()
	if r == nil {
		cl.refuseHead(status)
		return false
	}
	cl.begin(r)
	whole := cl.answer(r)
	cl.exchange = exchange{} // a connection that rests keeps nothing
	if !whole {
		if !cl.hijacked {
			_ = cl.conn.SetLinger(0) // a reset: what was sent cannot be taken for the whole
		}
		return false
	}
	if cl.hijacked || cl.finish() != nil {
		return false
	}
	if !cl.drained(r) {
		cl.linger()
		return false
	}
	return !cl.closing && !cl.l.closing.Load()
}

// refuseHead answers what is no request; 0 is not answered.
func (cl *client) refuseHead(status int) {
	if status == 0 {
		return
	}
	cl.l.counters.elb4xx.Add(1)
	cl.begin(&http.Request{Method: http.MethodGet, ProtoMajor: 1, ProtoMinor: 1, Close: true})
	refuse(cl, status)
	_ = cl.finish() // the connection ends in any case
	cl.linger()
}

// answer runs the exchange. It reports false for an answer that is cut off.
func (cl *client) answer(r *http.Request) (whole bool) {
	defer func() {
		if recover() != nil { // the exchange has counted it
			whole = false
		}
	}()
	cl.l.serve(cl, r, cl)
	return true
}

// read reads the head of a request. Nil: the connection ends, after an answer
// if there is a status.
func (cl *client) read() (*http.Request, int) {
	if buffered, err := cl.r.Peek(cl.r.Buffered()); err != nil || !bytes.Contains(buffered, []byte("\r\n\r\n")) {
		_ = cl.SetReadDeadline(time.Now().Add(cl.l.o.HeaderTimeout)) // a closed connection shows in the read
	}
	r, err := http.ReadRequest(cl.r)
	switch {
	case err != nil && cl.limit.err == errHeadTooLarge:
		return nil, http.StatusRequestHeaderFieldsTooLarge
	case err != nil && isTimeout(cl.limit.err):
		return nil, http.StatusRequestTimeout
	case err != nil && cl.limit.err != nil: // the client is gone
		return nil, 0
	case err != nil || !proper(r):
		return nil, http.StatusBadRequest
	case r.ProtoMajor != 1:
		return nil, http.StatusHTTPVersionNotSupported
	}
	cl.limit.left = math.MaxInt64
	r.RemoteAddr = cl.remote
	cl.expect(r)
	return r, 0
}

// expect asks for the body at once, as ELB does, whatever the target will say.
func (cl *client) expect(r *http.Request) {
	if r.ContentLength != 0 && r.ProtoAtLeast(1, 1) && hasToken(r.Header["Expect"], "100-continue") {
		_, _ = io.WriteString(cl.conn, "HTTP/1.1 100 Continue\r\n\r\n") // a closed connection shows in the read
	}
}

// proper is what net/http's server asks of a head beyond what its parser does.
func proper(r *http.Request) bool {
	if r.Host == "" && r.ProtoAtLeast(1, 1) {
		return false
	}
	for name, values := range r.Header {
		if !isToken(name) {
			return false
		}
		for _, value := range values {
			if strings.ContainsFunc(value, func(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }) {
				return false
			}
		}
	}
	return true
}

// drained takes what is left of a request's body, if it is not much.
func (cl *client) drained(r *http.Request) bool {
	if r.ContentLength == 0 || r.Body == nil {
		return true
	}
	limit := cl.l.o.IdleTimeout
	if cl.closing {
		limit = min(limit, lingering)
	}
	_ = cl.SetReadDeadline(time.Now().Add(limit)) // a closed connection shows in the read
	_, err := io.CopyN(io.Discard, r.Body, mostDiscarded)
	return err == io.EOF
}

// linger lets the client read its answer before its unwanted bytes have the
// connection reset.
func (cl *client) linger() {
	if cl.conn.CloseWrite() == nil {
		_ = cl.SetReadDeadline(time.Now().Add(lingering))
		_, _ = io.CopyN(io.Discard, cl.conn, mostDiscarded)
	}
}

// SetReadDeadline is http.ResponseController's.
func (cl *client) SetReadDeadline(t time.Time) error {
	cl.readBy.at.Store(0)
	return cl.conn.SetReadDeadline(t)
}

// EnableFullDuplex is http.ResponseController's: it is always so.
func (cl *client) EnableFullDuplex() error { return nil }

// Hijack is http.Hijacker's.
func (cl *client) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	cl.hijacked = true
	cl.idle.Store(true)
	if cl.l.closing.Load() {
		return nil, nil, http.ErrServerClosed
	}
	return cl.conn, bufio.NewReadWriter(cl.r, nil), nil
}
