package codedeploy

import "slices"

// nextStatuses is the table of deployments.md section 1. The empty status is
// that of a deployment which does not exist yet. Terminal statuses have no
// entry: they are never left again.
var nextStatuses = map[DeploymentStatus][]DeploymentStatus{
	"": {DeploymentStatusCreated},
	DeploymentStatusCreated: {DeploymentStatusQueued, DeploymentStatusInProgress,
		DeploymentStatusFailed, DeploymentStatusStopped},
	DeploymentStatusQueued: {DeploymentStatusInProgress, DeploymentStatusFailed, DeploymentStatusStopped},
	DeploymentStatusInProgress: {DeploymentStatusReady, DeploymentStatusBaking,
		DeploymentStatusSucceeded, DeploymentStatusFailed, DeploymentStatusStopped},
	DeploymentStatusReady: {DeploymentStatusInProgress, DeploymentStatusStopped},
	DeploymentStatusBaking: {DeploymentStatusInProgress,
		DeploymentStatusSucceeded, DeploymentStatusFailed, DeploymentStatusStopped},
}

// CanBecome says whether a deployment may go from status s straight to next
// (deployments.md section 1). Staying is no step: CanBecome of a status and
// itself is false.
func (s DeploymentStatus) CanBecome(next DeploymentStatus) bool {
	return slices.Contains(nextStatuses[s], next)
}

// Terminal says whether the deployment has ended: Succeeded, Failed or Stopped.
func (s DeploymentStatus) Terminal() bool {
	return s == DeploymentStatusSucceeded || s == DeploymentStatusFailed || s == DeploymentStatusStopped
}

// Finished says whether the event has ended and keeps its status: Succeeded,
// Failed or Skipped. Unknown is not an end: the status may yet be learned.
func (s LifecycleEventStatus) Finished() bool {
	return s.IsVerdict() || s == LifecycleEventStatusSkipped
}

// IsVerdict says whether a hook may report the status through
// PutLifecycleEventHookExecutionStatus: Succeeded or Failed (lambda.md 5.3).
func (s LifecycleEventStatus) IsVerdict() bool {
	return s == LifecycleEventStatusSucceeded || s == LifecycleEventStatusFailed
}

// Finished says whether the target has ended: Succeeded, Failed or Skipped.
func (s TargetStatus) Finished() bool {
	return s == TargetStatusSucceeded || s == TargetStatusFailed || s == TargetStatusSkipped
}
