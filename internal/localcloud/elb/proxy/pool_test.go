package proxy

import (
	"net/http"
	"testing"
	"time"
)

// Idle connections are used again, end when they are old, and end with the
// target's place in the group.
func TestIdleConnections(t *testing.T) {
	s := upstream(t, func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(r.RemoteAddr)) })
	g := groupOf(t, address(s))
	l, c := listening(t, Options{}, forwardTo(g)), caller(t)
	_, first := get(t, c, l, "/")
	if _, again := get(t, c, l, "/"); again != first {
		t.Errorf("%s, then %s", first, again)
	}
	target := g.known[address(s)]
	age := func(by time.Duration) {
		until(t, "idle", func() bool { return g.Count().Active == 0 })
		g.mu.Lock()
		defer g.mu.Unlock()
		for _, c := range target.idle {
			c.since = c.since.Add(-by)
		}
	}
	idle := func() int {
		g.mu.Lock()
		defer g.mu.Unlock()
		return len(target.idle)
	}
	age(idleFor / 2)
	target.sweep()
	if idle() != 1 {
		t.Fatal("a young connection was closed")
	}
	age(idleFor)
	if _, again := get(t, c, l, "/"); again == first {
		t.Error("a connection too old was used")
	}
	age(idleFor)
	target.sweep()
	if n := idle(); n != 0 {
		t.Errorf("%d old connections are left", n)
	}
	_, _ = get(t, c, l, "/")
	until(t, "idle", func() bool { return idle() == 1 })
	g.Set(nil)
	if idle() != 0 || len(g.known) != 0 {
		t.Errorf("%d connections to a target that is gone, %d targets", idle(), len(g.known))
	}
}
