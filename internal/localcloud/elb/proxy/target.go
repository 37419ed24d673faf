package proxy

import "time"

const (
	// mostIdle connections are kept to a target.
	mostIdle = 1024
	// idleFor is how long. It is shorter than the least that common servers
	// keep an idle connection (5 s), so that requests rarely meet one that the
	// target is just closing.
	idleFor = 4 * time.Second
)

// target is one address of a group. All of it is guarded by the group's lock.
type target struct {
	group   *Group
	address string
	sticky  stickyID

	open    bool // may get new requests
	cut     bool // its delay is over: what runs, and what is just dialing, ends
	active  int
	drained chan struct{} // somebody waits for active to be 0
	ejected time.Time     // until when it is left out

	idle     []*conn // the one used last is taken first
	sweeping bool    // a timer will look for idle ones that are too old
	inUse    *conn   // a doubly linked list, for Cut
}

// refusedLately tells whether the target is left out while there are others.
func (t *target) refusedLately(now time.Time) bool {
	return !t.ejected.IsZero() && now.Before(t.ejected)
}

// outcome is how a request at a target ended, for the counters.
type outcome struct {
	status    int           // the target's; 0: it gave none
	elb       bool          // answered with a 5xx in its place
	refused   bool          // it took no connection
	again     bool          // the request goes on elsewhere: do not count it
	answered  bool          // latency counts
	latency   time.Duration // to the head of the answer
	keepAlive bool          // the connection can be used again
}

// reuse takes an idle connection, if there is one that is young enough.
func (t *target) reuse(now time.Time) *conn {
	g := t.group
	g.mu.Lock()
	defer g.mu.Unlock()
	n := len(t.idle)
	if n == 0 || now.Sub(t.idle[n-1].since) > idleFor {
		return nil
	}
	c := t.idle[n-1]
	t.idle[n-1] = nil
	t.idle = t.idle[:n-1]
	c.reused = true
	t.link(c)
	return c
}

// attach makes a new connection one that Cut knows. It reports whether the
// target was cut meanwhile.
func (t *target) attach(c *conn) (alive bool) {
	g := t.group
	g.mu.Lock()
	defer g.mu.Unlock()
	t.link(c)
	return !t.cut
}

// stale drops all idle connections, because one was found closed: a target
// that restarted has closed the others too.
func (t *target) stale() {
	g := t.group
	g.mu.Lock()
	idle := t.idle
	t.idle = nil
	g.mu.Unlock()
	closeAll(idle)
}

// release ends a request that acquire began. c may be nil.
func (t *target) release(c *conn, now time.Time, o outcome) {
	g := t.group
	g.mu.Lock()
	g.counters.add(o)
	if o.refused {
		t.ejected = now.Add(ejection)
	} else if o.status != 0 {
		t.ejected = time.Time{}
	}
	if c != nil {
		t.unlink(c)
		if o.keepAlive && t.open && len(t.idle) < mostIdle {
			c.since = now
			t.idle = append(t.idle, c)
			t.sweepLater(idleFor)
			c = nil
		}
	}
	t.active--
	if t.active == 0 {
		if t.drained != nil {
			close(t.drained)
			t.drained = nil
		}
		g.forget(t)
	}
	g.mu.Unlock()
	if c != nil {
		c.close()
	}
}

// detach takes a connection that failed off the target while its request goes
// on with another one.
func (t *target) detach(c *conn) {
	t.group.mu.Lock()
	t.unlink(c)
	t.group.mu.Unlock()
	c.close()
}

func (t *target) link(c *conn) {
	c.next, c.previous = t.inUse, nil
	if t.inUse != nil {
		t.inUse.previous = c
	}
	t.inUse = c
}

func (t *target) unlink(c *conn) {
	if c.previous != nil {
		c.previous.next = c.next
	} else {
		t.inUse = c.next
	}
	if c.next != nil {
		c.next.previous = c.previous
	}
	c.next, c.previous = nil, nil
}

// sweepLater sees to it that idle connections end without further requests.
func (t *target) sweepLater(after time.Duration) {
	if !t.sweeping {
		t.sweeping = true
		time.AfterFunc(after, t.sweep)
	}
}

// sweep closes the idle connections that are too old.
func (t *target) sweep() {
	g, now := t.group, time.Now()
	g.mu.Lock()
	t.sweeping = false
	old := 0
	for old < len(t.idle) && now.Sub(t.idle[old].since) >= idleFor {
		old++
	}
	closing := append([]*conn(nil), t.idle[:old]...)
	t.idle = append(t.idle[:0:0], t.idle[old:]...)
	if len(t.idle) > 0 {
		t.sweepLater(idleFor - now.Sub(t.idle[0].since))
	}
	g.mu.Unlock()
	closeAll(closing)
}

func closeAll(conns []*conn) {
	for _, c := range conns {
		c.close()
	}
}
