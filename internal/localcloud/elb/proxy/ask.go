package proxy

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// mostInterim is how many 1xx answers may come before the real one.
const mostInterim = 16

// keptBuffer is the largest buffer for heads that a connection keeps.
const keptBuffer = 16 << 10

// errUnsent says that no byte of a request left.
var errUnsent = errors.New("nothing was sent")

// ask writes the request and reads the head of the answer.
func (x *exchange) ask(c *conn, now time.Time) (head, error) {
	if err := x.send(c, now); err != nil {
		return head{}, err
	}
	c.readBy.extend(now, x.l.o.IdleTimeout, c.net.SetReadDeadline)
	fields := x.w.Header()
	for range mostInterim {
		h, err := c.readHead(fields, x.r.Method, x.l.o.MaxHeaderBytes)
		if err != nil {
			return h, err
		}
		if cap(c.in) > keptBuffer {
			c.in = nil
		}
		if h.status >= 200 || h.status == http.StatusSwitchingProtocols {
			return h, x.checkUpgrade(h)
		}
		if h.status != http.StatusContinue && x.r.ProtoAtLeast(1, 1) { // whoever expected that has had it
			x.w.WriteHeader(h.status)
		}
		clear(fields)
	}
	return head{}, errors.New("the target sent too many interim answers")
}

// checkUpgrade refuses a change of protocols that was not asked for.
func (x *exchange) checkUpgrade(h head) error {
	if h.status == http.StatusSwitchingProtocols && (x.upgrade == "" || h.upgrade == "") {
		return errors.New("the target changed protocols unasked")
	}
	return nil
}

// send writes the head, with the body when that is at hand; otherwise it starts
// the upload. An error in the middle is none yet: a target may refuse a body by
// an answer.
func (x *exchange) send(c *conn, now time.Time) error {
	c.out = append(x.appendHead(c.out[:0], x.at.address), x.body...)
	c.writeBy.extend(now, x.l.o.IdleTimeout, c.net.SetWriteDeadline)
	n, err := c.net.Write(c.out)
	if cap(c.out) > keptBuffer {
		c.out = nil
	}
	if err != nil && n == 0 {
		if c.reused && !isTimeout(err) {
			return fmt.Errorf("%w: %w: %w", errNoAnswer, errUnsent, err)
		}
		return err
	}
	if x.streaming && err == nil {
		x.startUpload(c)
	}
	return nil
}
