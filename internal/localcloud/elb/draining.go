package elb

import (
	"context"
	"time"
)

// drain ends a target that gets no new requests any more: when none runs at it, or when the group's delay is over. Then
// what still runs is cut, as on AWS: always behind an application load balancer, behind a network load balancer if the
// group says so. g.mu is held.
func (g *liveGroup) drain(t *target) {
	idle := g.pool.Drain(t.id.String())
	select {
	case <-idle:
		delete(g.targets, t.id)
		return
	default:
	}
	cut := g.doc.Protocol == protocolHTTP || g.doc.Attributes[attributeTerminate] == "true"
	delay := g.plane.paced(g.doc.delay(g.plane.options.DeregistrationDelay))
	ctx, stop := context.WithCancel(g.plane.ctx)
	t.stop = stop
	g.plane.work.Go(func() {
		defer stop()
		over := time.NewTimer(delay)
		defer over.Stop()
		select {
		case <-ctx.Done():
			return
		case <-idle:
		case <-over.C:
			if cut {
				g.pool.Cut(t.id.String())
			}
		}
		g.forget(ctx, t)
	})
}

// forget removes a target whose draining is over, unless it has been registered again.
func (g *liveGroup) forget(ctx context.Context, t *target) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if ctx.Err() != nil {
		return
	}
	delete(g.targets, t.id)
	g.plane.changed()
}
