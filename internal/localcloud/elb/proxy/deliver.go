package proxy

import (
	"io"
	"net/http"
	"net/http/httputil"
	"time"
)

// deliver passes an answer on to the client and releases the target.
func (x *exchange) deliver(h head, o outcome) verdict {
	c, fields := x.c, x.w.Header()
	x.setCookies(fields)
	if h.upgrade != "" {
		return x.switchProtocols(h, o)
	}
	if _, told := fields["Content-Type"]; !told {
		fields["Content-Type"] = nil // or net/http would guess one
	}
	if x.unfinished() && x.r.ProtoMajor == 1 {
		fields["Connection"] = []string{"close"} // what is left of the body cannot be told from a next request
	}
	x.begun = true
	x.w.WriteHeader(h.status)
	err := x.relay(c, h)
	if !x.unwatch() && err == nil {
		h.keepAlive = false // closed, or about to be
	}
	finished := x.upload == nil || x.upload.ended.Load()
	if finished && x.upload != nil {
		<-x.upload.done // only its last write is left
	} else {
		x.endUpload(err == nil)
	}
	o.keepAlive = err == nil && h.keepAlive && finished && c.r.Buffered() == 0
	x.release(o)
	if err != nil {
		return cutOff
	}
	return ended
}

// setCookies binds the client to its group and target, where that is wanted.
func (x *exchange) setCookies(fields http.Header) {
	if x.forward.stickiness > 0 {
		setSticky(fields, cookieGroup, x.chosen.sticky, x.now, x.forward.stickiness)
	}
	switch o := x.at.group.stickiness(); {
	case o.Stickiness > 0:
		setSticky(fields, cookieTarget, x.at.sticky, x.now, o.Stickiness)
	case o.AppCookie != "" && setsCookie(fields, o.AppCookie):
		setSticky(fields, cookieApp, x.at.sticky, x.now, appCookieFor)
	}
}

// relay copies the body. It flushes whatever it has before it waits for more,
// so that events arrive when they are sent.
func (x *exchange) relay(c *conn, h head) error {
	switch {
	case h.chunked:
		return x.relayChunks(c)
	case h.length > 0:
		return x.relayLength(c, h.length)
	case h.length < 0:
		return x.relayStream(c, c.r)
	}
	return nil
}

// relayLength copies a body whose length is known, from the buffer as long as
// that lasts.
func (x *exchange) relayLength(c *conn, left int64) error {
	if n := min(left, int64(c.r.Buffered())); n > 0 {
		part, err := c.r.Peek(int(n))
		if err != nil {
			return err
		}
		if _, err := x.w.Write(part); err != nil {
			return err
		}
		_, _ = c.r.Discard(int(n)) // what was peeked is there
		left -= n
		if left > 0 {
			x.flush()
		}
	}
	if left == 0 {
		return nil
	}
	limited := &io.LimitedReader{R: c.r, N: left}
	if err := x.relayStream(c, limited); err != nil {
		return err
	}
	if limited.N > 0 {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// relayStream copies to the end of r.
func (x *exchange) relayStream(c *conn, r io.Reader) error {
	buffer := buffers.Get().(*[32 << 10]byte)
	defer buffers.Put(buffer)
	for {
		c.readBy.extend(time.Now(), x.l.o.IdleTimeout, c.net.SetReadDeadline)
		n, err := r.Read(buffer[:])
		if n > 0 {
			if _, err := x.w.Write(buffer[:n]); err != nil {
				return err
			}
			if err == nil {
				x.flush()
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// relayChunks copies chunks and the trailers after them.
func (x *exchange) relayChunks(c *conn) error {
	if c.r.Buffered() == 0 {
		x.flush()
	}
	if err := x.relayStream(c, httputil.NewChunkedReader(c.r)); err != nil {
		return err
	}
	block, err := c.readBlock(x.l.o.MaxHeaderBytes)
	if err != nil || block == "" {
		return endOf(err)
	}
	trailers := http.Header{}
	if err := parseFields(trailers, block, new(hopFields)); err != nil {
		return err
	}
	x.flush() // or net/http would give a short answer a length instead of chunks
	for name, values := range trailers {
		x.w.Header()[http.TrailerPrefix+name] = values
	}
	return nil
}

// flush sends what is written so far. A client that is gone shows at the next
// write.
func (x *exchange) flush() {
	if f, ok := x.w.(http.Flusher); ok {
		f.Flush()
	}
}
