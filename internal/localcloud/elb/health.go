package elb

import (
	"context"
	"time"
)

// Reason codes of the model.
const (
	reasonRegistering    = "Elb.RegistrationInProgress"
	reasonInitial        = "Elb.InitialHealthChecking"
	reasonMismatch       = "Target.ResponseCodeMismatch"
	reasonTimeout        = "Target.Timeout"
	reasonFailed         = "Target.FailedHealthChecks"
	reasonNotInUse       = "Target.NotInUse"
	reasonNotRegistered  = "Target.NotRegistered"
	reasonDeregistration = "Target.DeregistrationInProgress"
)

var (
	registering = Health{StateInitial, reasonRegistering, "Target registration is in progress"}
	checking    = Health{StateInitial, reasonInitial, "Initial health checks in progress"}
	unused      = Health{StateUnused, reasonNotInUse, "Target group is not configured to receive traffic from the load balancer"}
	draining    = Health{StateDraining, reasonDeregistration, "Target deregistration is in progress"}
)

// leastInterval keeps a fast pace from becoming a busy loop.
const leastInterval = 10 * time.Millisecond

// outcome is what a probe found; reason and description of a failure.
type outcome struct {
	passed              bool
	reason, description string
}

// judge is the health of a target after one more probe. A new target is healthy at its first success; every other turn
// takes as many outcomes in a row as the group's thresholds say.
func (t *target) judge(o outcome, c healthCheck) {
	if o.passed {
		t.passes, t.failures = t.passes+1, 0
	} else {
		t.passes, t.failures = 0, t.failures+1
	}
	initial := t.health.State == StateInitial
	switch {
	case o.passed && (initial || t.passes >= c.Healthy):
		t.health = Health{State: StateHealthy}
	case !o.passed && t.failures >= c.Unhealthy:
		t.health = Health{StateUnhealthy, o.reason, o.description}
	case initial:
		t.health = checking
	}
}

// watch starts to probe a target: at once, and then at the check's interval. g.mu is held.
func (g *liveGroup) watch(t *target) {
	ctx, stop := context.WithCancel(g.plane.ctx)
	t.stop = stop
	c := g.doc.Check
	probe := newProbe(c, t.id, g.plane.patience(c))
	interval := max(g.plane.paced(seconds(c.Interval)), leastInterval)
	g.plane.work.Go(func() {
		tick := time.NewTicker(interval)
		defer tick.Stop()
		for ctx.Err() == nil {
			g.record(ctx, t, probe.run(ctx), c)
			select {
			case <-tick.C:
			case <-ctx.Done():
			}
		}
	})
}

// record takes the outcome of a probe, unless the target is not probed like that any more.
func (g *liveGroup) record(ctx context.Context, t *target, o outcome, c healthCheck) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if ctx.Err() != nil {
		return
	}
	before := t.health
	t.judge(o, c)
	if t.health == before {
		return
	}
	g.publish()
	g.plane.changed()
}

// patience is how long a probe waits. A faster pace makes it shorter too, but targets do not work faster than told:
// never shorter than a second.
func (p *plane) patience(c healthCheck) time.Duration {
	return min(seconds(c.Timeout), max(p.paced(seconds(c.Timeout)), time.Second))
}
