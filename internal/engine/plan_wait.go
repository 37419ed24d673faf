package engine

import (
	"time"

	"greenlight/internal/codedeploy"
)

// awaitsWord holds the deployment, Ready, before an event that begins only when
// a person says so (ecs.md 8.1). A wait that runs out stops the deployment, and
// counts as a failure for the rollback.
func (p *planner) awaitsWord(event codedeploy.LifecycleEventName) bool {
	limit := p.life.readyWait(&p.Deployment, event)
	wait := &p.Progress.Ready
	if limit == 0 || wait.Over {
		return false
	}
	if wait.Until.IsZero() {
		wait.Until = p.now.Add(limit)
		p.ready(codedeploy.DeploymentStatusReady, codedeploy.TargetStatusReady)
	}
	p.wakeBy(wait.Until)
	return true
}

// ready moves the deployment and its target into or out of the wait.
func (p *planner) ready(status codedeploy.DeploymentStatus, target codedeploy.TargetStatus) {
	p.Info.Status = status
	*viewOf(p.Target).status = target
	p.touchTarget()
}

// readyOverdue reports whether nobody has spoken in time.
func (p *planner) readyOverdue() bool {
	return p.Info.Status == codedeploy.DeploymentStatusReady && !p.now.Before(p.Progress.Ready.Until)
}

// failReady ends a deployment that nobody has continued.
func (p *planner) failReady() {
	minutes := int(p.life.readyWait(&p.Deployment, p.currentEvent().LifecycleEventName) / time.Minute)
	p.takeStop(Stop{
		Cause:   codedeploy.AutoRollbackEventDeploymentFailure,
		Failure: failure{Code: codedeploy.ErrorCodeTimeout, Message: codedeploy.MessageReadyTimeout(minutes)},
	})
}

// takeContinue ends a wait by a person's word.
func (p *planner) takeContinue(in Continue) {
	p.changed = true
	if in.Wait == codedeploy.DeploymentWaitTypeTerminationWait {
		p.Progress.Retire.Over = true
		return
	}
	p.Progress.Ready.Over = true
	p.ready(codedeploy.DeploymentStatusInProgress, codedeploy.TargetStatusInProgress)
}
