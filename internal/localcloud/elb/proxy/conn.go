package proxy

import (
	"bufio"
	"context"
	"errors"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"time"
)

// conn is a connection to a target. One request uses it at a time, without a
// goroutine of its own: the handler writes the request and reads the answer.
type conn struct {
	net    net.Conn
	raw    syscall.RawConn
	r      *bufio.Reader
	out    []byte // a request's head, built here
	in     []byte // an answer's head, gathered here
	since  time.Time
	reused bool
	stop   func() // interrupt, made once

	readBy, writeBy deadline

	look  func(fd uintptr) bool // alive's, made once, with its result
	quiet bool
	one   [1]byte

	next, previous *conn // of target.inUse
}

var errCut = errors.New("the target's deregistration delay is over")

// dial connects to a target.
func dial(ctx context.Context, address string, limit time.Duration) (*conn, error) {
	dialer := net.Dialer{Timeout: limit}
	n, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	c := &conn{net: n, r: bufio.NewReaderSize(n, 4096)}
	c.stop = c.interrupt
	if s, ok := n.(syscall.Conn); ok {
		c.raw, _ = s.SyscallConn() // nil: then alive cannot tell
	}
	return c, nil
}

// interrupt ends what is being done on the connection, from any goroutine.
func (c *conn) interrupt() { c.close() }

func (c *conn) close() { _ = c.net.Close() }

// deadline spares system calls and timers: it is moved on only once an eighth
// of the time has passed, so that a limit ends between 1 and 9/8 of itself.
type deadline struct{ at atomic.Int64 }

// extend moves the deadline to a limit from now, by set.
func (d *deadline) extend(now time.Time, limit time.Duration, set func(time.Time) error) {
	slack := limit / 8
	least := now.Add(limit).UnixNano()
	if at := d.at.Load(); at >= least && at <= least+int64(slack) {
		return
	}
	until := now.Add(limit + slack)
	d.at.Store(until.UnixNano())
	_ = set(until) // fails on a closed connection only, which the next use tells
}

// isTimeout tells a limit that passed from other errors.
func isTimeout(err error) bool {
	var n net.Error
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &n) && n.Timeout()
}
