//go:build unix

package proxy

import "syscall"

// alive tells whether an idle connection can take a request: the target has
// neither closed it nor said anything that no request asked for.
func (c *conn) alive() bool {
	if c.raw == nil {
		return true
	}
	c.quiet = false
	if c.look == nil {
		c.look = func(fd uintptr) bool {
			n, err := syscall.Read(int(fd), c.one[:])
			c.quiet = n < 0 && (err == syscall.EAGAIN || err == syscall.EINTR)
			return true
		}
	}
	return c.raw.Read(c.look) == nil && c.quiet
}

// left tells whether the client has closed the connection. It takes nothing of
// what the client may have sent.
func (c *clientConn) left() bool {
	raw, err := c.SyscallConn()
	if err != nil {
		return true
	}
	gone := false
	err = raw.Control(func(fd uintptr) {
		var one [1]byte
		n, _, err := syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		gone = n == 0 && err == nil || err != nil && err != syscall.EAGAIN && err != syscall.EINTR
	})
	return err != nil || gone
}
