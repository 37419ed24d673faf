package engine

import (
	"fmt"
	"time"

	"greenlight/internal/codedeploy"
)

// after waits as long as the group says, deletes the original side, and waits
// until ECS has begun to remove it (ecs.md 8.2). A rollback has nothing left to
// do.
func (l ecsLife) after(d *Deployment, now time.Time) move {
	e, wait := d.Progress.ECS, &d.Progress.Retire
	if d.Snapshot.RollbackOf != "" {
		return nothingMore
	}
	if wait.Until.IsZero() {
		wait.Until = now.Add(terminationWait(d))
		d.Info.InstanceTerminationWaitTimeStarted = new(true)
		e.Unsteady = time.Time{} // nobody has looked during the last hook
		e.awaitAnew()
		e.looked(now)
	}
	switch {
	case !wait.Over && now.Before(wait.Until):
		return earlier(waitTill(wait.Until), e.poll(now))
	case e.Spared || e.Deleted && e.Original.leaving():
		return nothingMore
	case !e.Deleted:
		wait.Over = true
		e.Deleted = true
		return do(Act{Kind: ActDelete, TaskSet: e.Original.ID})
	case now.Sub(e.Asked) >= removalLimit:
		e.Spared = true
		d.Progress.Why = append(d.Progress.Why, fmt.Sprintf(
			"ECS was told to delete the original task set %s, which is still there.", e.Original.ID))
		return nothingMore
	}
	return e.poll(now)
}

func terminationWait(d *Deployment) time.Duration {
	config := d.Info.BlueGreenDeploymentConfiguration
	if config == nil || config.TerminateBlueInstancesOnDeploymentSuccess == nil {
		return 0
	}
	return minutes(config.TerminateBlueInstancesOnDeploymentSuccess.TerminationWaitTimeInMinutes)
}

// awaitsTermination tells that a person's word could end the wait.
func (d *Deployment) awaitsTermination() bool {
	return !d.Progress.Retire.Until.IsZero() && !d.Progress.Retire.Over && d.Info.Status == codedeploy.DeploymentStatusInProgress
}
