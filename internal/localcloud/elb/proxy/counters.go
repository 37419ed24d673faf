package proxy

import (
	"sync/atomic"
	"time"
)

// Counters are what a group has done since it was made, for the metrics of
// AWS/ApplicationELB that are kept per target group.
type Counters struct {
	Requests                                   int64         // sent to a target, or meant to be; a relay's connections
	Target2xx, Target3xx, Target4xx, Target5xx int64         // answers that targets gave
	ELB5xx                                     int64         // 502, 503 and 504 answered in the place of a target
	ConnectionErrors                           int64         // targets that did not take the connection
	LatencySum                                 time.Duration // from the sending of a request to the head of its answer
	LatencyCount                               int64
	Active                                     int64 // running now
}

// add counts the end of a request at a target.
func (c *Counters) add(o outcome) {
	c.Active--
	if o.refused {
		c.ConnectionErrors++
	}
	if o.again {
		return
	}
	c.Requests++
	if o.elb {
		c.ELB5xx++
	}
	if o.answered {
		c.LatencySum += o.latency
		c.LatencyCount++
	}
	switch o.status / 100 {
	case 2:
		c.Target2xx++
	case 3:
		c.Target3xx++
	case 4:
		c.Target4xx++
	case 5:
		c.Target5xx++
	}
}

// failed counts a request that found no target.
func (g *Group) failed() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.counters.Requests++
	g.counters.ELB5xx++
}

// ListenerCounters are what a listener has done, for the metrics that are kept
// per load balancer.
type ListenerCounters struct {
	Requests, Fixed, Redirects int64
	ELB4xx, ELB5xx             int64 // answered by the listener itself, by no rule's order
}

// listenerCounters are the same, live.
type listenerCounters struct {
	requests, fixed, redirects, elb4xx, elb5xx atomic.Int64
}

func (c *listenerCounters) read() ListenerCounters {
	return ListenerCounters{
		Requests: c.requests.Load(), Fixed: c.fixed.Load(), Redirects: c.redirects.Load(),
		ELB4xx: c.elb4xx.Load(), ELB5xx: c.elb5xx.Load(),
	}
}
