package engine

import (
	"time"

	"greenlight/internal/codedeploy"
)

// steadyInterval is how often a platform that has not caught up is asked.
const steadyInterval = 5 * time.Second

// runShift carries the traffic event on by the schedule of lambda.md 4.3: each
// step is due its interval after the step before it was set and steady, so a
// late step delays the later ones and no two fall into one interval. There is
// no wait after the last step.
func (p *planner) runShift(event *codedeploy.LifecycleEvent) bool {
	steps := p.schedule()
	shift := p.Progress.Shift
	switch {
	case shift.Unsteady:
		p.act(Act{Kind: ActSteady})
		return true
	case shift.Done == len(steps):
		p.endEvent(event, codedeploy.LifecycleEventStatusSucceeded)
		return true
	}
	next := steps[shift.Done]
	if due := shift.At.Add(next.After); shift.Done > 0 && p.now.Before(due) {
		p.wakeBy(due)
		return false
	}
	p.act(Act{Kind: ActShift, Percent: next.Percent})
	return true
}

// schedule is the steps of this deployment's traffic. The routing was checked
// when its configuration was made. A deployment that has nothing to move has
// no steps (lambda.md 2.3, M17).
func (p *planner) schedule() []codedeploy.Step {
	if !p.life.moves(&p.Deployment) {
		return nil
	}
	steps, err := codedeploy.Schedule(p.Snapshot.TrafficRouting)
	if err != nil {
		return []codedeploy.Step{{Percent: 100}}
	}
	return steps
}

// shifted records that a step is set.
func (p *planner) shifted(in Outcome) {
	p.life.shifted(&p.Deployment, in)
	p.Progress.Shift.Done++
	p.Progress.Shift.Unsteady = true
	p.settled(in)
	p.touchTarget()
}

// settled records whether the platform has caught up with the last step
// (lambda.md 4.5): the next interval counts from then.
func (p *planner) settled(in Outcome) {
	state, bad := p.life.settled(in)
	switch {
	case bad != nil:
		p.fail(*bad)
	case state == steady:
		p.Progress.Shift.Unsteady = false
		p.Progress.Shift.At = p.now
		p.changed = true
	case state == unsteady:
		act := p.act(Act{Kind: ActSteady})
		act.RetryAt = p.now.Add(steadyInterval)
	}
}
