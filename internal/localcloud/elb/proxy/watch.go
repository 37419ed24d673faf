package proxy

import (
	"context"
	"time"
)

// glance is how often it is looked whether the client of a running request is
// still there.
const glance = 200 * time.Millisecond

// watch has the exchange's connection to the target interrupted when the client
// is gone, until unwatch.
func (x *exchange) watch() {
	if x.client == nil {
		x.stop = context.AfterFunc(x.r.Context(), x.c.stop)
		return
	}
	x.client.use(x.c)
}

// unwatch ends watch. It reports whether the connection was left alone.
func (x *exchange) unwatch() bool {
	if x.client == nil {
		return x.stop()
	}
	return x.client.use(nil)
}

// gone tells whether the client gave up, so that nothing need be answered.
func (x *exchange) gone() bool {
	if x.client == nil {
		return x.r.Context().Err() != nil
	}
	x.client.mu.Lock()
	defer x.client.mu.Unlock()
	return x.client.gone
}

// use sets what is to be interrupted. It reports whether the client is there.
func (cl *client) use(c *conn) bool {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	cl.using = c
	if c == nil {
		return !cl.gone
	}
	if cl.gone {
		c.interrupt()
	} else if !cl.watching {
		cl.watching = true
		time.AfterFunc(glance, cl.look)
	}
	return !cl.gone
}

// leave is for a connection that the listener closed.
func (cl *client) leave() {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	cl.gone = true
	if cl.using != nil {
		cl.using.interrupt()
	}
}

// look goes on as long as requests come, so that quick ones need no timers of
// their own.
func (cl *client) look() {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	cl.watching = false
	if cl.using == nil || cl.gone || cl.hijacked {
		return
	}
	if cl.conn.left() {
		cl.gone = true
		cl.using.interrupt()
		return
	}
	cl.watching = true
	time.AfterFunc(glance, cl.look)
}
