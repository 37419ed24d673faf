package elb

import (
	"context"
	"errors"
	"sync"
	"time"

	"greenlight/internal/localcloud/elb/proxy"
)

// plane is the data plane: what the world looks like in sockets, probes and routing tables. Its changes are made one at a
// time, under Service.changing; what it tells may be asked at any time.
type plane struct {
	options Options
	changed func() // told of changes that Watch reports

	ctx  context.Context // of probes, drainings and retries
	stop context.CancelFunc
	work sync.WaitGroup

	mu     sync.RWMutex
	groups map[string]*liveGroup // by ARN
	doors  map[string]*door      // by the listener's ARN
}

func newPlane(options Options, changed func()) *plane {
	p := &plane{options: options, changed: changed, groups: map[string]*liveGroup{}, doors: map[string]*door{}}
	p.ctx, p.stop = context.WithCancel(context.Background())
	return p
}

// follow brings the data plane in line with a world. opened are the doors that are bound for it already.
func (p *plane) follow(w *world, opened doors) {
	p.mu.Lock()
	p.followGroups(w)
	closing := p.followDoors(w, opened)
	p.mu.Unlock()
	p.shut(closing)
	p.changed()
}

// followGroups makes, changes and ends live groups.
func (p *plane) followGroups(w *world) {
	for arn, doc := range w.groups {
		g := p.groups[arn]
		if g == nil {
			g = newLiveGroup(p)
			p.groups[arn] = g
		}
		_, used := w.uses[arn]
		g.follow(doc, used)
	}
	for arn, g := range p.groups {
		if w.groups[arn] == nil {
			delete(p.groups, arn)
			g.close()
		}
	}
}

// followDoors shows every listener that has changed and returns the doors that nobody needs any more.
func (p *plane) followDoors(w *world, opened doors) (closing []*door) {
	for arn, d := range opened {
		if old := p.doors[arn]; old != nil {
			closing = append(closing, old)
		}
		p.doors[arn] = d
	}
	for arn, d := range p.doors {
		l := w.listeners[arn]
		if l == nil {
			delete(p.doors, arn)
			closing = append(closing, d)
			continue
		}
		d.show(l, p.pool)
	}
	return closing
}

// pool is the live target group that tables point to. p.mu is held.
func (p *plane) pool(arn string) *proxy.Group {
	if g := p.groups[arn]; g != nil {
		return g.pool
	}
	return nil
}

func (p *plane) health(group string) map[TargetID]Health {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if g := p.groups[group]; g != nil {
		return g.health()
	}
	return nil
}

func (p *plane) count(group string) (proxy.Counters, bool) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	g := p.groups[group]
	if g == nil {
		return proxy.Counters{}, false
	}
	return g.pool.Count(), true
}

func (p *plane) address(listener string) (string, bool) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if d := p.doors[listener]; d != nil && d.bound() {
		return d.address(), true
	}
	return "", false
}

// paced is how long something takes that is told to take d.
func (p *plane) paced(d time.Duration) time.Duration {
	return time.Duration(float64(d) / p.options.Pace)
}

// close ends everything: running requests when ctx ends at the latest.
func (p *plane) close(ctx context.Context) error {
	p.stop()
	p.work.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	failures := make(chan error, len(p.doors))
	for _, d := range p.doors {
		go func() { failures <- d.close(ctx) }()
	}
	var err error
	for range p.doors {
		err = errors.Join(err, <-failures)
	}
	for _, g := range p.groups {
		g.close()
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return nil // requests were cut, which is what the end of ctx asks for
	}
	return err
}
