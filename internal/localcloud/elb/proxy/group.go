package proxy

import (
	"slices"
	"sync"
	"time"
)

// ejection is how long a target that refused is left out while others take
// connections.
const ejection = time.Second

// Group is the targets that may get requests. It is live: a change is in force
// for every later choice, whichever listener makes it. Safe for concurrent use.
type Group struct {
	mu       sync.Mutex
	open     []*target          // may get new requests, in the order of Set
	known    map[string]*target // these, and those on which requests still run
	next     int                // of open, round robin
	options  GroupOptions
	counters Counters
}

// GroupOptions are those of a target group's attributes that matter here.
type GroupOptions struct {
	// Stickiness is stickiness.lb_cookie.duration_seconds when stickiness is
	// on: how long a client stays with its target (cookie AWSALB); 0 is off.
	Stickiness time.Duration
	// AppCookie is stickiness.app_cookie.cookie_name when the stickiness type
	// is app_cookie: a client sticks (cookie AWSALBAPP-0) as of the answer in
	// which the target sets this cookie.
	AppCookie string
}

// NewGroup makes a group without targets: it answers 503.
func NewGroup() *Group { return &Group{known: map[string]*target{}} }

// Configure changes the options for later requests.
func (g *Group) Configure(o GroupOptions) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.options = o
}

// Set says which targets ("host:port") may get new requests. A target that is
// no longer named keeps its running requests.
func (g *Group) Set(targets []string) {
	g.mu.Lock()
	var unused []*conn
	was := g.open
	g.open = make([]*target, 0, len(targets))
	for _, address := range targets {
		if t := g.target(address); !slices.Contains(g.open, t) {
			g.open = append(g.open, t)
		}
	}
	for _, t := range was {
		t.open = false
	}
	for _, t := range g.open {
		t.open, t.cut = true, false
	}
	for _, t := range was {
		if !t.open {
			unused = append(unused, t.idle...)
			t.idle = nil
			g.forget(t)
		}
	}
	g.mu.Unlock()
	closeAll(unused)
}

// target is the one of an address. The caller has the lock.
func (g *Group) target(address string) *target {
	t := g.known[address]
	if t == nil {
		t = &target{group: g, address: address, sticky: newStickyID("target", address)}
		g.known[address] = t
	}
	return t
}

// forget drops a target that gets no requests and has none.
func (g *Group) forget(t *target) {
	if !t.open && t.active == 0 {
		delete(g.known, t.address)
	}
}

// acquire chooses a target and counts the request at it in the same step, so
// that Drain misses none. Nil: there is none but those already tried.
func (g *Group) acquire(now time.Time, sticky stickyID, tried []*target) *target {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.stuck(now, sticky, tried)
	if t == nil {
		t = g.choose(now, tried)
	}
	if t != nil {
		t.active++
		g.counters.Active++
	}
	return t
}

// stuck is the target that a client's cookie names, while it is any good.
func (g *Group) stuck(now time.Time, sticky stickyID, tried []*target) *target {
	if sticky == (stickyID{}) {
		return nil
	}
	for _, t := range g.open {
		if t.sticky == sticky && !t.refusedLately(now) && !slices.Contains(tried, t) {
			return t
		}
	}
	return nil
}

// choose goes round the targets. Those that refused lately are taken only when
// nothing else is left.
func (g *Group) choose(now time.Time, tried []*target) *target {
	var last *target
	n := len(g.open)
	for i := range n {
		at := (g.next + i) % n
		t := g.open[at]
		switch {
		case slices.Contains(tried, t):
		case t.refusedLately(now):
			if last == nil {
				last = t
			}
		default:
			g.next = (at + 1) % n
			return t
		}
	}
	return last
}

// stickiness is the options that are in force.
func (g *Group) stickiness() GroupOptions {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.options
}

// Drain is closed as soon as no request runs at a target. It is meant for one
// that Set no longer names; for another it tells the first idle moment.
func (g *Group) Drain(target string) <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.known[target]
	if t == nil || t.active == 0 {
		idle := make(chan struct{})
		close(idle)
		return idle
	}
	if t.drained == nil {
		t.drained = make(chan struct{})
	}
	return t.drained
}

// Running is how many requests run at a target, named by Set or not.
func (g *Group) Running(target string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	if t := g.known[target]; t != nil {
		return t.active
	}
	return 0
}

// Cut ends what still runs at a target, as ELB does when the deregistration
// delay is over: an answer not yet begun becomes 502, one that has begun is
// cut off.
func (g *Group) Cut(target string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.known[target]
	if t == nil {
		return
	}
	t.cut = !t.open
	for c := t.inUse; c != nil; c = c.next {
		c.interrupt()
	}
}

// Count is what the group has done so far.
func (g *Group) Count() Counters {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.counters
}

// Close ends the group: no targets, and no idle connections to any.
func (g *Group) Close() { g.Set(nil) }
