package proxy

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// switchProtocols makes of the two connections one, and keeps the target
// counted as running until it ends.
func (x *exchange) switchProtocols(h head, o outcome) verdict {
	fields := x.w.Header()
	fields.Set("Upgrade", h.upgrade)
	fields.Set("Connection", "Upgrade")
	x.unwatch()
	client, rw, err := http.NewResponseController(x.w).Hijack()
	if err != nil {
		x.c.close()
		x.release(o)
		return cutOff
	}
	x.begun = true
	defer client.Close()
	if writeSwitch(client, fields) == nil {
		join(side{client, rw.Reader}, side{x.c.net, x.c.r}, x.l.o.IdleTimeout)
	}
	x.release(o)
	return ended
}

func writeSwitch(w io.Writer, fields http.Header) error {
	var text strings.Builder
	text.WriteString("HTTP/1.1 " + strconv.Itoa(http.StatusSwitchingProtocols) + " Switching Protocols\r\n")
	_ = fields.Write(&text) // a Builder takes everything
	_, err := io.WriteString(w, text.String()+"\r\n")
	return err
}

// side is one of two connections that are joined, and what was read of it
// already (nil: nothing).
type side struct {
	net.Conn
	ahead *bufio.Reader
}

// join copies both ways until both sides have ended, one breaks, or nothing has
// moved for the idle time. It leaves both closed.
func join(a, b side, idle time.Duration) {
	var moved atomic.Int64
	moved.Store(time.Now().UnixNano())
	back := make(chan struct{})
	go func() {
		defer close(back)
		stream{from: b, to: a, idle: idle, moved: &moved}.copy()
	}()
	stream{from: a, to: b, idle: idle, moved: &moved}.copy()
	<-back
	_, _ = a.Close(), b.Close() // often they are
}

// stream is one direction.
type stream struct {
	from, to side
	idle     time.Duration
	moved    *atomic.Int64 // when anything last came, either way
}

func (s stream) copy() {
	if s.all() != nil {
		_, _ = s.from.Close(), s.to.Close() // ends the other direction
		return
	}
	if half, ok := s.to.Conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		return
	}
	_ = s.to.Close()
}

// all copies to the end.
func (s stream) all() error {
	buffer := buffers.Get().(*[32 << 10]byte)
	defer buffers.Put(buffer)
	var readBy, writeBy deadline
	for {
		now := time.Now()
		readBy.extend(now, s.idle, s.from.SetReadDeadline)
		n, err := s.read(buffer[:])
		if n > 0 {
			now = time.Now()
			s.moved.Store(now.UnixNano())
			writeBy.extend(now, s.idle, s.to.SetWriteDeadline)
			if _, err := s.to.Write(buffer[:n]); err != nil {
				return err
			}
		}
		switch {
		case err == io.EOF:
			return nil
		case err != nil && isTimeout(err) && time.Since(time.Unix(0, s.moved.Load())) < s.idle:
			readBy.at.Store(0) // the other direction is busy
		case err != nil:
			return err
		}
	}
}

// read takes what was read ahead first.
func (s stream) read(p []byte) (int, error) {
	if s.from.ahead != nil {
		if n := s.from.ahead.Buffered(); n > 0 {
			return s.from.ahead.Read(p[:min(n, len(p))])
		}
	}
	return s.from.Conn.Read(p)
}
