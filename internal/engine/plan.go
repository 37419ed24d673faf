package engine

import (
	"fmt"
	"time"

	"greenlight/internal/codedeploy"
)

// Decision is what Plan wants done.
type Decision struct {
	Deployment Deployment  // as it is to be saved, WakeAt included
	Changed    bool        // false: there is nothing to save
	Acts       []Act       // to be carried out once it is saved
	Rollback   *Deployment // a new deployment to insert in the same transaction
}

// Plan decides what becomes of a deployment after in happened at now. It is a
// pure function: no I/O, no clock, no randomness, and d is not changed. An
// ended deployment never changes again.
func Plan(d Deployment, in Input, now time.Time) Decision {
	if d.ended() {
		return Decision{Deployment: d}
	}
	p := &planner{Deployment: d.clone(), now: now, life: lifeOf(d.Info.ComputePlatform)}
	p.take(in)
	p.proceed()
	p.setWake(d.WakeAt)
	return Decision{Deployment: p.Deployment, Changed: p.changed, Acts: p.acts, Rollback: p.rollback}
}

// planner is one run of Plan.
type planner struct {
	Deployment
	now      time.Time
	life     life
	changed  bool
	wake     time.Time
	acts     []Act
	rollback *Deployment
}

// take records what happened.
func (p *planner) take(in Input) {
	switch in := in.(type) {
	case Outcome:
		p.takeOutcome(in)
	case Report:
		p.takeReport(in)
	case Stop:
		p.takeStop(in)
	case AlarmStates:
		p.takeAlarms(in)
	case Continue:
		p.takeContinue(in)
	case Resume:
		p.takeResume()
	}
}

// proceed goes as far as the deployment can without waiting.
func (p *planner) proceed() {
	for !p.ended() && p.step() {
	}
	if !p.ended() {
		p.watchAlarms()
	}
}

// step takes the deployment one step further; false means that it has to wait
// for an answer, a report or a moment.
func (p *planner) step() bool {
	switch {
	case p.Progress.Stop != nil && !p.Progress.Act.inFlight():
		p.stopped()
	case p.overdue() && !p.Progress.Act.inFlight():
		p.fail(p.life.timedOut())
	case p.readyOverdue():
		p.failReady()
	case p.hookOverdue():
		p.failHook()
	case p.Progress.Act != nil:
		p.pursueAct()
		return false
	case p.Target == nil:
		p.start()
	case p.awaitsFirstPoll():
		return false
	default:
		return p.runEvent()
	}
	return true
}

// start does what comes before the target exists (lambda.md 4.2, steps 1-5;
// ecs.md 6.2, the start rows).
func (p *planner) start() {
	if missing := p.missing(); missing != nil {
		p.fail(*missing)
		return
	}
	if p.life.reads(&p.Deployment) && !p.readAppSpec() {
		return
	}
	if !p.life.observed(&p.Deployment) {
		p.act(Act{Kind: ActObserve})
		return
	}
	p.begin()
}

// readAppSpec is false when the AppSpec cannot be had now: it has to be fetched
// first, or it is wrong.
func (p *planner) readAppSpec() bool {
	text, ok := p.appSpecText()
	if !ok {
		p.act(Act{Kind: ActFetch})
		return false
	}
	if bad := p.life.parse(&p.Deployment, text); bad != nil {
		p.fail(*bad)
		return false
	}
	p.Progress.Text = "" // what it says is kept by the platform's life
	return true
}

// begin makes the deployment InProgress and creates its target.
func (p *planner) begin() {
	p.Info.Status = codedeploy.DeploymentStatusInProgress
	p.Info.StartTime = codedeploy.NewTimestamp(p.now)
	p.Target = p.life.target(&p.Deployment)
	p.touchTarget()
}

// missing is the failure of a deployment that has nothing to run on: its group
// or application was deleted before it started (deployments.md 14), or this
// server does not know its platform. A rollback is started by what is already
// known to run: it goes back even when the group is gone.
func (p *planner) missing() *failure {
	switch {
	case p.life == nil:
		return &failure{Code: codedeploy.ErrorCodeInternalError,
			Message: fmt.Sprintf("This version of Greenlight has no driver for the compute platform %s.", p.Info.ComputePlatform)}
	case p.Snapshot.RollbackOf != "" || p.GroupExists:
		return nil
	case !p.ApplicationExists:
		return &failure{Code: codedeploy.ErrorCodeApplicationMissing,
			Message: fmt.Sprintf("The application %s was deleted before the deployment started.", p.Info.ApplicationName)}
	default:
		return &failure{Code: codedeploy.ErrorCodeDeploymentGroupMissing,
			Message: fmt.Sprintf("The deployment group %s was deleted before the deployment started.", p.Info.DeploymentGroupName)}
	}
}

// appSpecText is the AppSpec; false while it still has to be fetched.
func (p *planner) appSpecText() (string, bool) {
	switch r := p.Snapshot.Revision; {
	case r.AppSpecContent != nil:
		return r.AppSpecContent.Content, true
	case r.String != nil:
		return r.String.Content, true
	default:
		return p.Progress.Text, p.Progress.Fetched
	}
}

// runEvent carries the target's current lifecycle event on, or what remains
// after the last one.
func (p *planner) runEvent() bool {
	event := p.currentEvent()
	if event == nil {
		return p.finish()
	}
	if event.Status == codedeploy.LifecycleEventStatusPending {
		if p.awaitsWord(event.LifecycleEventName) {
			return false
		}
		event.Status = codedeploy.LifecycleEventStatusInProgress
		event.StartTime = codedeploy.NewTimestamp(p.now)
		p.touchTarget()
	}
	if p.life.hooked(event.LifecycleEventName) {
		return p.runHook(event)
	}
	return p.runWork(event)
}

// runWork carries an event on in which the platform itself is at work.
func (p *planner) runWork(event *codedeploy.LifecycleEvent) bool {
	next := p.life.next(&p.Deployment, event.LifecycleEventName, p.now)
	if next.done {
		p.endEvent(event, codedeploy.LifecycleEventStatusSucceeded)
		return true
	}
	return p.begun(next)
}

// begun makes the act of a move the intent, or waits for its moment.
func (p *planner) begun(next move) bool {
	if next.act != nil {
		p.act(*next.act)
		return true
	}
	p.wakeBy(next.at)
	return false
}

// finish does what remains after the last event, and ends the deployment. The
// target has succeeded by then (ecs.md 5.1).
func (p *planner) finish() bool {
	if view := viewOf(p.Target); *view.status != codedeploy.TargetStatusSucceeded {
		*view.status = codedeploy.TargetStatusSucceeded
		p.touchTarget()
	}
	next := p.life.after(&p.Deployment, p.now)
	if next.done {
		p.end(codedeploy.DeploymentStatusSucceeded)
		return true
	}
	return p.begun(next)
}

// currentEvent is the first event that has not ended; nil when all have.
func (p *planner) currentEvent() *codedeploy.LifecycleEvent {
	events := *viewOf(p.Target).events
	for i := range events {
		switch events[i].Status {
		case codedeploy.LifecycleEventStatusPending, codedeploy.LifecycleEventStatusInProgress:
			return &events[i]
		}
	}
	return nil
}

// endEvent ends a running event.
func (p *planner) endEvent(event *codedeploy.LifecycleEvent, status codedeploy.LifecycleEventStatus) {
	event.Status = status
	event.EndTime = codedeploy.NewTimestamp(p.now)
	p.touchTarget()
}

// touchTarget marks the target as changed now; events and weights alike move
// lastUpdatedAt (lambda.md 6.1).
func (p *planner) touchTarget() {
	*viewOf(p.Target).updated = codedeploy.NewTimestamp(p.now)
	p.changed = true
}

// overdue reports whether the whole deployment has run longer than its
// platform allows (deployments.md 8). Once it has, its end waits for an answer
// at most, and not for a moment. A wait for a person's word has its own end.
func (p *planner) overdue() bool {
	if p.Info.StartTime.IsZero() || p.Info.Status == codedeploy.DeploymentStatusReady {
		return false
	}
	length := p.life.limit(&p.Deployment)
	if length == 0 {
		return false
	}
	limit := p.Info.StartTime.Add(length)
	if !p.now.Before(limit) {
		return true
	}
	p.wakeBy(limit)
	return false
}

// wakeBy makes sure that the deployment is looked at again by at.
func (p *planner) wakeBy(at time.Time) {
	if p.wake.IsZero() || at.Before(p.wake) {
		p.wake = at
	}
}

// setWake stores the next moment to look again; an ended deployment has none.
func (p *planner) setWake(before time.Time) {
	if p.ended() {
		p.wake = time.Time{}
	}
	p.WakeAt = p.wake
	if !p.WakeAt.Equal(before) {
		p.changed = true
	}
}
