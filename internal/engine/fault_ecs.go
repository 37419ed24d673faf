package engine

import (
	"fmt"
	"strings"

	"greenlight/internal/awsaccess"
	"greenlight/internal/codedeploy"
	"greenlight/internal/ecsdriver"
)

// spared takes three faults for no failure: that the original side cannot be
// deleted, when the deployment has succeeded and tells what it leaves behind
// (ecs.md 8.2); that it cannot be seen to go, when there is no way back; and that somebody has deleted the listener or taken it away from
// the pair, when a rollback has nothing to put back there.
func (ecsLife) spared(d *Deployment, act Act, fault *awsaccess.Fault) bool {
	e, back := d.Progress.ECS, d.Snapshot.RollbackOf != ""
	switch {
	case act.Kind == ActDelete && !back:
		e.Spared = true
		d.Progress.Why = append(d.Progress.Why, fmt.Sprintf(
			"The original task set %s could not be deleted and is still there: %s", act.TaskSet, fault.Error()))
		return true
	case act.Kind == ActSteady && !back && e.Deleted:
		e.Spared = true
		d.Progress.Why = append(d.Progress.Why, fmt.Sprintf(
			"Whether the original task set %s is gone could not be seen: %s", e.Original.ID, fault.Error()))
		return true
	case act.Kind == ActShift && back && listenerLost(fault):
		e.Touched.returned(act.Route)
		d.Progress.Why = append(d.Progress.Why, "There was nothing to put back: "+strings.TrimSuffix(fault.Message, ".")+".")
		return true
	case act.Kind == ActCreate && act.Tries == 0 && fault.Kind != awsaccess.Unavailable:
		e.Touched.Green = false // ECS has refused: there is none
	}
	return false
}

// explain is the part of ecs.md 11 that is told by what the far side refused.
func (ecsLife) explain(d *Deployment, _ Act, fault *awsaccess.Fault) (codedeploy.ErrorCode, string) {
	switch {
	case fault.Service == awsaccess.ServiceELB:
		return codedeploy.ErrorCodeElasticLoadBalancingInvalid, codedeploy.LoadBalancerFailure(fault.Message)
	case serviceGone(fault):
		return codedeploy.ErrorCodeInvalidECSService, codedeploy.MessageECSServiceMissing(d.ecs().names())
	default:
		return codedeploy.ErrorCodeECSUpdateError, codedeploy.ECSUpdateFailure(fault.Message, fault.StatusCode, fault.Code, fault.RequestID)
	}
}

// listenerLost tells the faults by which a listener has nothing to do with the
// pair any more.
func listenerLost(fault *awsaccess.Fault) bool {
	return fault.Code == ecsdriver.CodeNotBehindListener || fault.Code == "ListenerNotFound"
}

// serviceGone tells the faults by which ECS says that the service, or its
// cluster, is not there.
func serviceGone(fault *awsaccess.Fault) bool {
	switch fault.Code {
	case "MISSING", "ServiceNotFoundException", "ServiceNotActiveException", "ClusterNotFoundException":
		return true
	}
	return false
}
