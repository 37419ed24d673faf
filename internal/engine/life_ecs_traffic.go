package engine

import "time"

// allowTest gives the green side all of the test traffic.
func (ecsLife) allowTest(d *Deployment) move {
	e := d.Progress.ECS
	if e.Tested {
		return nothingMore
	}
	e.Touched.Test = true
	return do(Act{Kind: ActShift, Route: RouteTest, Percent: 100})
}

// allow moves the traffic by the schedule and then makes the green side the
// primary one (ecs.md 7.5). Between two shifts the green side is watched.
func (ecsLife) allow(d *Deployment, now time.Time) move {
	e := d.Progress.ECS
	next := nextShift(d, now)
	switch {
	case next.done && e.Promoted:
		return nothingMore
	case next.done:
		return do(Act{Kind: ActPromote, TaskSet: e.New.ID})
	case next.act != nil:
		e.Touched.Prod = true
		next.act.Route = RouteProd
		return next
	}
	return earlier(next, e.poll(now))
}

// earlier is the one of two moves that comes first; an act comes before any
// moment.
func earlier(a, b move) move {
	if b.act != nil || a.act == nil && b.at.Before(a.at) {
		return b
	}
	return a
}

// shifted keeps what a shift of a route left behind. One that found no green side
// any more has moved nothing, and is judged by what it has read.
func (ecsLife) shifted(d *Deployment, in Outcome, now time.Time) {
	e := d.Progress.ECS
	switch {
	case in.ECS.Share == nil:
		return
	case in.Act.Route == RouteTest:
		e.Tested = true
		return
	case d.Progress.Shift.Done == 0:
		e.Unsteady = time.Time{} // nobody has looked during the hooks
	}
	e.Share = *in.ECS.Share
	d.Progress.Shift.Done++
	d.Progress.Shift.At = now
	e.awaitAnew()
	e.looked(now)
}
