package engine

import (
	"slices"

	"greenlight/internal/codedeploy"
)

// failure is why a deployment ended badly: what the API tells, and our own
// evidence beside it.
type failure struct {
	Code    codedeploy.ErrorCode `json:"code"`
	Message string               `json:"message"`
	Why     string               `json:"why,omitempty"` // "" when the message says it all
}

// fail ends the deployment as Failed; the running event fails with it. When
// somebody has asked to stop, that came first, and the first cause wins
// (deployments.md 4).
func (p *planner) fail(f failure) {
	if p.Progress.Stop != nil {
		p.stopped()
		return
	}
	if p.Target == nil && p.life != nil {
		p.refuse()
	}
	p.abort(codedeploy.DeploymentStatusFailed, f)
	p.rollBackOn(codedeploy.AutoRollbackEventDeploymentFailure)
}

// refuse gives a deployment that fails before its start the target that its
// platform shows nevertheless, if it shows one.
func (p *planner) refuse() {
	if p.Target = p.life.refused(&p.Deployment); p.Target != nil {
		p.Info.StartTime = codedeploy.NewTimestamp(p.now)
	}
}

// takeStop records a wish to stop. Only the first one counts, and none once the
// deployment has done what cannot be undone (deployments.md 7.1).
func (p *planner) takeStop(in Stop) {
	if p.Progress.Stop == nil && (p.life == nil || !p.life.irrevocable(&p.Deployment)) {
		p.Progress.Stop = &in
		p.changed = true
	}
}

// stopped ends the deployment as Stopped: on request, or by an alarm, which is
// no failure either (deployments.md 1).
func (p *planner) stopped() {
	stop := p.Progress.Stop
	p.abort(codedeploy.DeploymentStatusStopped, stop.Failure)
	switch {
	case stop.AutoRollback == nil:
		p.rollBackOn(stop.Cause)
	case *stop.AutoRollback:
		p.rollBack()
	}
}

// abort ends the deployment before its time: the running event fails, later
// ones are skipped; when none had begun the whole target is skipped
// (deployments.md 2).
func (p *planner) abort(status codedeploy.DeploymentStatus, f failure) {
	p.Info.ErrorInformation = &codedeploy.ErrorInformation{Code: f.Code, Message: f.Message}
	if f.Why != "" {
		p.Progress.Why = append(p.Progress.Why, f.Why)
	}
	if p.Target != nil {
		p.abortTarget(f.Message)
	}
	p.end(status)
}

func (p *planner) abortTarget(reason string) {
	begun := false
	events := *viewOf(p.Target).events
	for i := range events {
		switch e := &events[i]; e.Status {
		case codedeploy.LifecycleEventStatusInProgress:
			begun = true
			p.endEvent(e, codedeploy.LifecycleEventStatusFailed)
			e.Diagnostics = &codedeploy.Diagnostics{
				ErrorCode: codedeploy.LifecycleErrorCodeUnknownError, Message: reason,
			}
		case codedeploy.LifecycleEventStatusPending:
			p.endEvent(e, codedeploy.LifecycleEventStatusSkipped)
		default:
			begun = true
		}
	}
	switch status := viewOf(p.Target).status; {
	case *status == codedeploy.TargetStatusSucceeded: // it had, before the deployment's last wait (ecs.md 5.1)
	case !begun && p.Info.Status == codedeploy.DeploymentStatusInProgress:
		*status = codedeploy.TargetStatusSkipped
	default:
		*status = codedeploy.TargetStatusFailed
	}
	p.touchTarget()
}

// end gives the deployment a terminal status. Everything that a reader sees of
// an end appears in this one save.
func (p *planner) end(status codedeploy.DeploymentStatus) {
	p.Info.Status = status
	p.Info.CompleteTime = codedeploy.NewTimestamp(p.now)
	if p.Target != nil {
		p.Info.DeploymentOverview = overview(p.Target)
	}
	p.Info.DeploymentStatusMessages = append([]string{}, p.Progress.Why...)
	p.Progress.Act = nil
	p.acts = nil
	p.changed = true
}

// rollBackOn starts a rollback when the deployment's configuration asks for
// one after cause.
func (p *planner) rollBackOn(cause codedeploy.AutoRollbackEvent) {
	config := p.Snapshot.Rollback
	if config != nil && config.Enabled != nil && *config.Enabled && slices.Contains(config.Events, cause) {
		p.rollBack()
	}
}

// rollBack creates the deployment that leads back. A deployment that ended
// before it had begun to change anything needs none, and a rollback is never
// rolled back (deployments.md 5.2).
func (p *planner) rollBack() {
	switch {
	case p.Snapshot.RollbackOf != "":
	case p.life == nil || !p.life.begun(&p.Deployment):
		p.Info.RollbackInfo = &codedeploy.RollbackInfo{RollbackMessage: codedeploy.MessageNothingToRollBack(p.ID)}
	default:
		p.Info.RollbackInfo = &codedeploy.RollbackInfo{
			RollbackDeploymentID: p.Snapshot.RollbackID,
			RollbackMessage:      codedeploy.MessageRolledBack(p.ID, p.Snapshot.RollbackID),
		}
		p.rollback = new(newRollback(p.Deployment, p.life, p.now))
	}
}
