package engine

import (
	"slices"
	"time"

	"greenlight/internal/codedeploy"
	"greenlight/internal/ecsdriver"
)

// install creates the green side and waits until it is steady (ecs.md 6.2).
// Nothing is changed before the preflight was good.
func (l ecsLife) install(d *Deployment, now time.Time) move {
	e := d.Progress.ECS
	switch {
	case !e.Checked:
		return do(Act{Kind: ActObserve})
	case len(e.Leftovers) > 0 && !e.Cleared:
		return do(Act{Kind: ActClear})
	case len(e.Leftovers) > 0:
		return e.poll(now)
	case !e.Attached && e.ALB && l.gradual(d):
		return do(Act{Kind: ActAttach, Route: RouteProd})
	case e.New.ID == "":
		e.Touched.Green = true
		return do(Act{Kind: ActCreate})
	case !e.New.Steady:
		return e.poll(now)
	}
	return nothingMore
}

// gradual deployments name the green group beforehand, so that its health is
// checked before it gets traffic.
func (ecsLife) gradual(d *Deployment) bool {
	return d.Snapshot.TrafficRouting.Type != codedeploy.TrafficRoutingTypeAllAtOnce
}

// preflight judges the listeners as they are right before anything is changed
// (ecs.md 7.3), and finds what earlier deployments have left behind.
func (l ecsLife) preflight(d *Deployment, in ECSAnswer, now time.Time) *failure {
	e := d.Progress.ECS
	if bad := unfit(d, in.Service); bad != nil {
		return bad
	}
	for _, listener := range []*ecsdriver.Listener{in.Prod, in.Test} {
		if listener == nil {
			continue
		}
		if problem := listener.Preflight(e.Pair); problem != nil {
			return &failure{Code: codedeploy.ErrorCodeElasticLoadBalancingInvalid, Message: codedeploy.LoadBalancerFailure(problem.Message)}
		}
	}
	e.Checked = true
	e.awaitAnew()
	e.findLeftovers(d.ID, in.Service)
	return nil
}

// findLeftovers lists the task sets that earlier deployments left on the green
// target group (ecs.md 6.3).
func (e *ECSProgress) findLeftovers(deployment string, s *ecsdriver.Service) {
	e.Leftovers = nil
	for _, set := range s.TaskSets {
		if set.TargetGroupARN == e.Pair.Green && set.Status != ecsdriver.StatusPrimary && set.ExternalID != deployment {
			e.Leftovers = append(e.Leftovers, set.ID)
		}
	}
}

// cleared keeps the leftovers that are still there.
func (e *ECSProgress) cleared(s *ecsdriver.Service, now time.Time) {
	e.Cleared = true
	e.asked(now)
	e.Leftovers = slices.DeleteFunc(e.Leftovers, func(id string) bool {
		return !slices.ContainsFunc(s.TaskSets, func(t ecsdriver.TaskSet) bool { return t.ID == id })
	})
	if len(e.Leftovers) == 0 {
		e.awaitAnew()
	}
}

// created keeps the new task set.
func (e *ECSProgress) created(set ecsdriver.TaskSet, now time.Time) {
	e.New = taskSet(e.New.Group, set)
	e.New.Listed = e.New.Steady // what is steady is there
	e.awaitAnew()
	e.asked(now)
}

// judgeInstall is the failure of a green side that is not steady in its hour, or
// gone.
func (l ecsLife) judgeInstall(d *Deployment, now time.Time) *failure {
	e := d.Progress.ECS
	started := eventOf(d, codedeploy.EventInstall).StartTime
	switch {
	case e.New.ID != "" && e.New.leaving():
		return e.judgeGreen(now)
	case e.New.Steady || now.Sub(started.Time) < installLimit:
		return nil
	}
	return &failure{Code: codedeploy.ErrorCodeTimeout, Message: codedeploy.MessageReplacementTimeout,
		Why: "The replacement task set did not become steady: " + e.evidence()}
}

// eventOf is the event of that name; every target lists all of its events.
func eventOf(d *Deployment, name codedeploy.LifecycleEventName) *codedeploy.LifecycleEvent {
	events := *viewOf(d.Target).events
	i := slices.IndexFunc(events, func(e codedeploy.LifecycleEvent) bool { return e.LifecycleEventName == name })
	return &events[i]
}
