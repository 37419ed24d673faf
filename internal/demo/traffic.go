package demo

import (
	"context"
	"maps"
	"sync"
	"time"
)

const (
	callEvery   = 10 * time.Millisecond
	maxUnderWay = 10 // calls that wait for their answer; more are not begun
	window      = time.Second
)

// Traffic is what the client has counted.
type Traffic struct {
	Recent Tally // answers of the last second
	Total  Tally // answers since the act began
}

// Tally counts answers. One that is wrong, or an error, or none, is a failure.
type Tally struct {
	Calls, Failures int
	Versions        map[string]int // calls by the version or release that answered
}

func (t *Tally) add(a answer) {
	t.Calls++
	if a.err != nil {
		t.Failures++
	}
	if a.version != "" {
		if t.Versions == nil {
			t.Versions = map[string]int{}
		}
		t.Versions[a.version]++
	}
}

type answer struct {
	asked   time.Time
	at      time.Time
	version string // "" when no version answered
	err     error
}

// client calls all the time and counts what comes back.
type client struct {
	// call is one call under a name. It tells which version answered, "" if none
	// did, and what was wrong with the answer.
	call func(ctx context.Context, name string) (version string, err error)

	mu     sync.Mutex
	recent []answer // the oldest first
	total  Tally
}

// run calls until ctx ends, and waits for the last answers.
func (c *client) run(ctx context.Context) {
	var underWay sync.WaitGroup
	defer underWay.Wait()
	room := make(chan struct{}, maxUnderWay)
	every := time.NewTicker(callEvery)
	defer every.Stop()
	for call := 0; ; call++ {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
		room <- struct{}{}
		underWay.Go(func() {
			c.callOnce(ctx, names[call%len(names)])
			<-room
		})
	}
}

func (c *client) callOnce(ctx context.Context, name string) {
	asked := time.Now()
	version, err := c.call(ctx, name)
	if ctx.Err() != nil {
		return // the demo hung up
	}
	a := answer{asked, time.Now(), version, err}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.recent = append(c.recent, a)
	c.total.add(a)
}

// begin starts the total anew.
func (c *client) begin() {
	c.mu.Lock()
	c.total = Tally{}
	c.mu.Unlock()
}

// count is what the client has counted so far. All answers of the last second
// are to calls that were made after since, if fresh.
func (c *client) count(since time.Time) (t Traffic, fresh bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := 0
	for old < len(c.recent) && time.Since(c.recent[old].at) > window {
		old++
	}
	c.recent = c.recent[old:]
	t, fresh = Traffic{Total: c.total}, len(c.recent) > 0
	t.Total.Versions = maps.Clone(c.total.Versions)
	for _, a := range c.recent {
		t.Recent.add(a)
		fresh = fresh && a.asked.After(since)
	}
	return t, fresh
}
