package engine

import (
	"slices"

	"greenlight/internal/codedeploy"
)

// targetView reaches the members that every kind of target has.
type targetView struct {
	status  *codedeploy.TargetStatus
	events  *[]codedeploy.LifecycleEvent
	updated *codedeploy.Timestamp
}

func viewOf(t *codedeploy.DeploymentTarget) targetView {
	switch {
	case t.LambdaTarget != nil:
		return targetView{&t.LambdaTarget.Status, &t.LambdaTarget.LifecycleEvents, &t.LambdaTarget.LastUpdatedAt}
	case t.ECSTarget != nil:
		return targetView{&t.ECSTarget.Status, &t.ECSTarget.LifecycleEvents, &t.ECSTarget.LastUpdatedAt}
	default:
		return targetView{&t.InstanceTarget.Status, &t.InstanceTarget.LifecycleEvents, &t.InstanceTarget.LastUpdatedAt}
	}
}

func cloneTarget(t *codedeploy.DeploymentTarget) *codedeploy.DeploymentTarget {
	if t == nil {
		return nil
	}
	t = new(*t)
	if l := t.LambdaTarget; l != nil {
		l = new(*l)
		if l.LambdaFunctionInfo != nil {
			l.LambdaFunctionInfo = new(*l.LambdaFunctionInfo)
		}
		t.LambdaTarget = l
	}
	if e := t.ECSTarget; e != nil {
		t.ECSTarget = new(*e)
	}
	if i := t.InstanceTarget; i != nil {
		t.InstanceTarget = new(*i)
	}
	events := viewOf(t).events
	*events = slices.Clone(*events)
	return t
}

// pendingEvents lists the events of a target that has not begun.
func pendingEvents(names []codedeploy.LifecycleEventName) []codedeploy.LifecycleEvent {
	events := make([]codedeploy.LifecycleEvent, len(names))
	for i, name := range names {
		events[i] = codedeploy.LifecycleEvent{
			LifecycleEventName: name,
			Status:             codedeploy.LifecycleEventStatusPending,
		}
	}
	return events
}

// overview counts the deployment's targets (deployments.md 10); there is one
// on the platforms that the engine runs.
func overview(t *codedeploy.DeploymentTarget) *codedeploy.DeploymentOverview {
	o := &codedeploy.DeploymentOverview{
		Pending: new(int64), InProgress: new(int64), Succeeded: new(int64),
		Failed: new(int64), Skipped: new(int64), Ready: new(int64),
	}
	switch *viewOf(t).status {
	case codedeploy.TargetStatusPending:
		*o.Pending++
	case codedeploy.TargetStatusInProgress:
		*o.InProgress++
	case codedeploy.TargetStatusSucceeded:
		*o.Succeeded++
	case codedeploy.TargetStatusFailed, codedeploy.TargetStatusUnknown:
		*o.Failed++
	case codedeploy.TargetStatusSkipped:
		*o.Skipped++
	case codedeploy.TargetStatusReady:
		*o.Ready++
	}
	return o
}
