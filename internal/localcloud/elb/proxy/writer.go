package proxy

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// mostBuffered is how much of an answer is gathered before it is sent.
const mostBuffered = 16 << 10

// writer writes answers on a connection of HTTP/1.1. It is a
// http.ResponseWriter; its fields are used again for every answer.
type writer struct {
	conn   io.Writer
	fields http.Header
	out    []byte
	err    error // of the connection: nothing more can be written

	old     bool // HTTP/1.0
	bodies  bool // the method lets the answer have a body
	closing bool // the connection ends with this answer
	begun   bool
	chunked bool
	left    int64 // of a body of known length; -1: unknown
}

// begin makes ready for the answer to a request.
func (w *writer) begin(r *http.Request) {
	clear(w.fields)
	w.old, w.closing, w.bodies = !r.ProtoAtLeast(1, 1), r.Close, r.Method != http.MethodHead
	w.begun, w.chunked, w.left = false, false, -1
}

// Header is http.ResponseWriter's.
func (w *writer) Header() http.Header { return w.fields }

// WriteHeader is http.ResponseWriter's; an interim status is sent at once.
func (w *writer) WriteHeader(status int) {
	if w.begun {
		return
	}
	w.appendStatus(status)
	if status < 200 {
		w.appendFields()
		w.out = append(w.out, "\r\n"...)
		_ = w.FlushError() // shows in the next write
		return
	}
	w.begun = true
	w.frame(status)
	w.appendFields()
	w.out = append(w.out, "\r\n"...)
}

func (w *writer) appendStatus(status int) {
	w.out = strconv.AppendInt(append(w.out, "HTTP/1.1 "...), int64(status), 10)
	text := http.StatusText(status)
	if text == "" {
		text = "status"
	}
	w.out = append(append(append(w.out, ' '), text...), '\r', '\n')
}

// frame decides how the end of the body is told.
func (w *writer) frame(status int) {
	w.bodies = w.bodies && status != http.StatusNoContent && status != http.StatusNotModified
	if lines := w.fields["Content-Length"]; len(lines) > 0 {
		if n, err := strconv.ParseInt(lines[0], 10, 64); err == nil {
			w.left = n
		}
	}
	if lines := w.fields["Connection"]; len(lines) > 0 {
		w.closing = w.closing || hasToken(lines, "close")
		delete(w.fields, "Connection")
	}
	switch {
	case !w.bodies || w.left >= 0:
	case w.old:
		w.closing = true
	default:
		w.chunked = true
		w.out = append(w.out, "Transfer-Encoding: chunked\r\n"...)
	}
	switch {
	case w.closing:
		w.out = append(w.out, "Connection: close\r\n"...)
	case w.old:
		w.out = append(w.out, "Connection: keep-alive\r\n"...)
	}
	if w.fields["Date"] == nil {
		w.out = appendField(w.out, "Date", date())
	}
}

func (w *writer) appendFields() {
	for name, values := range w.fields {
		for _, value := range values {
			w.out = appendField(w.out, name, value)
		}
	}
}

// Write is http.ResponseWriter's. What the answer may not have is dropped.
func (w *writer) Write(p []byte) (int, error) {
	if !w.begun {
		w.WriteHeader(http.StatusOK)
	}
	if !w.bodies || len(p) == 0 {
		return len(p), w.err
	}
	if w.left >= 0 {
		if int64(len(p)) > w.left {
			return 0, http.ErrContentLength
		}
		w.left -= int64(len(p))
	}
	if w.chunked {
		w.out = append(strconv.AppendInt(w.out, int64(len(p)), 16), '\r', '\n')
	}
	if len(w.out)+len(p) <= mostBuffered {
		w.out = append(w.out, p...)
	} else {
		w.send()
		if w.err == nil {
			_, w.err = w.conn.Write(p)
		}
	}
	if w.chunked {
		w.out = append(w.out, '\r', '\n')
	}
	return len(p), w.err
}

// send writes what is gathered.
func (w *writer) send() {
	if w.err == nil && len(w.out) > 0 {
		_, w.err = w.conn.Write(w.out)
	}
	w.out = w.out[:0]
	if cap(w.out) > 2*mostBuffered {
		w.out = nil
	}
}

// Flush is http.Flusher's.
func (w *writer) Flush() { w.send() }

// FlushError is Flush for http.ResponseController.
func (w *writer) FlushError() error {
	w.send()
	return w.err
}

// finish ends the answer and sends what is left of it. Its error ends the
// connection.
func (w *writer) finish() error {
	if w.chunked {
		w.out = append(w.out, "0\r\n"...)
		for name, values := range w.fields {
			if name, ok := strings.CutPrefix(name, http.TrailerPrefix); ok {
				for _, value := range values {
					w.out = appendField(w.out, name, value)
				}
			}
		}
		w.out = append(w.out, '\r', '\n')
	}
	w.send()
	if w.bodies && w.left > 0 && w.err == nil {
		w.err = io.ErrShortWrite
	}
	return w.err
}

var dateText atomic.Pointer[dated]

type dated struct {
	second int64
	text   string
}

// date is the Date field of now, made once a second.
func date() string {
	now := time.Now()
	d := dateText.Load()
	if d == nil || d.second != now.Unix() {
		d = &dated{now.Unix(), now.UTC().Format(http.TimeFormat)}
		dateText.Store(d)
	}
	return d.text
}

var _ interface {
	http.ResponseWriter
	http.Hijacker
	FlushError() error
	SetReadDeadline(time.Time) error
	EnableFullDuplex() error
} = (*client)(nil)
