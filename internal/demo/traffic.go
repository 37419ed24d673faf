package demo

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

const (
	callEvery   = 10 * time.Millisecond
	maxUnderWay = 50 // calls that wait for their answer; more are not begun
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
	Versions        map[string]int // calls by the version that answered
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
	at      time.Time
	version string // "" when no version answered
	err     error
}

// client calls the alias all the time and counts what comes back.
type client struct {
	functions *lambda.Client

	mu     sync.Mutex
	recent []answer // the oldest first
	total  Tally
}

func newClient(functions *lambda.Client) *client { return &client{functions: functions} }

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
			c.call(ctx, names[call%len(names)])
			<-room
		})
	}
}

func (c *client) call(ctx context.Context, name string) {
	_, version, err := greet(ctx, c.functions, aws.String(greeter), alias, name)
	if ctx.Err() != nil {
		return // the demo hung up
	}
	a := answer{time.Now(), version, err}
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

func (c *client) count() Traffic {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := 0
	for old < len(c.recent) && time.Since(c.recent[old].at) > window {
		old++
	}
	c.recent = c.recent[old:]
	t := Traffic{Total: c.total}
	t.Total.Versions = maps.Clone(c.total.Versions)
	for _, a := range c.recent {
		t.Recent.add(a)
	}
	return t
}
