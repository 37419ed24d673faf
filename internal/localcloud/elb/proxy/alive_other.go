//go:build !unix

package proxy

// alive cannot tell here; a request that meets a closed connection is sent
// again when it may be.
func (c *conn) alive() bool { return true }

// left cannot tell either; what is written to a client that left fails.
func (c *clientConn) left() bool { return false }
