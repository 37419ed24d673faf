package cli

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// view is a deployment as a person wants to see it, whatever the platform. It is
// also the document that --output json prints.
type view struct {
	DeploymentID         string       `json:"deploymentId"`
	Application          string       `json:"application"`
	Group                string       `json:"group"`
	Config               string       `json:"config,omitzero"`
	Platform             string       `json:"platform,omitzero"`
	Creator              string       `json:"creator,omitzero"`
	Status               string       `json:"status"`
	CreateTime           *time.Time   `json:"createTime,omitzero"`
	StartTime            *time.Time   `json:"startTime,omitzero"`
	CompleteTime         *time.Time   `json:"completeTime,omitzero"`
	Targets              []targetView `json:"targets,omitzero"`
	ErrorCode            string       `json:"errorCode,omitzero"`
	ErrorMessage         string       `json:"errorMessage,omitzero"`
	Why                  []string     `json:"why,omitzero"` // deploymentStatusMessages
	RollbackDeploymentID string       `json:"rollbackDeploymentId,omitzero"`
	RollbackOf           string       `json:"rollbackOf,omitzero"`
	RollbackMessage      string       `json:"rollbackMessage,omitzero"`
	TerminationWait      bool         `json:"terminationWait,omitzero"` // the wait before the original is removed has begun

	awaitsRollback bool // it ended in a way for which a rollback was ordered
}

// targetView is one thing that is deployed to.
type targetView struct {
	ID       string        `json:"id"`
	Status   string        `json:"status"`
	Shift    *shiftView    `json:"shift,omitzero"`
	TaskSets []taskSetView `json:"taskSets,omitzero"` // of an ECS service: the original, then the replacement
	Events   []eventView   `json:"events,omitzero"`
}

// shiftView says which part of the traffic the new side has, in percent.
type shiftView struct {
	Name    string  `json:"name"` // what the traffic goes through: function:alias, service
	Old     string  `json:"old"`
	New     string  `json:"new"`
	Percent float64 `json:"percent"`
}

// taskSetView is one side of an ECS service. Desired, Pending and Running count
// tasks; Weight is its part of the traffic in percent.
type taskSetView struct {
	Label       string  `json:"label"` // Blue or Green
	ID          string  `json:"id"`
	Status      string  `json:"status"`
	TargetGroup string  `json:"targetGroup,omitzero"`
	Desired     int64   `json:"desired"`
	Pending     int64   `json:"pending"`
	Running     int64   `json:"running"`
	Weight      float64 `json:"weight"`
}

type eventView struct {
	Name      string     `json:"name"`
	Status    string     `json:"status"`
	StartTime *time.Time `json:"startTime,omitzero"`
	EndTime   *time.Time `json:"endTime,omitzero"`
	Message   string     `json:"message,omitzero"` // why it failed
}

func (v view) ended() bool {
	switch types.DeploymentStatus(v.Status) {
	case types.DeploymentStatusSucceeded, types.DeploymentStatusFailed, types.DeploymentStatusStopped:
		return true
	}
	return false
}

func (v view) succeeded() bool {
	return types.DeploymentStatus(v.Status) == types.DeploymentStatusSucceeded
}

// took is how long the deployment ran by the server's clock, 0 while it does.
func (v view) took() time.Duration {
	if v.CompleteTime == nil || v.CreateTime == nil {
		return 0
	}
	return v.CompleteTime.Sub(*v.CreateTime)
}

// took is how long the event ran, 0 while it does and when it was skipped.
func (e eventView) took() time.Duration {
	if e.StartTime == nil || e.EndTime == nil {
		return 0
	}
	return e.EndTime.Sub(*e.StartTime)
}

// waiting tells a person how to end the wait that the deployment is in, and is
// empty when it is in none. Once the original goes away, that wait is over.
func (v view) waiting() string {
	switch {
	case v.ended():
		return ""
	case types.DeploymentStatus(v.Status) == types.DeploymentStatusReady:
		return "to move the traffic now: greenlight continue " + v.DeploymentID
	case v.TerminationWait && !v.draining():
		return "to remove the original now: greenlight continue " + v.DeploymentID + " --wait termination"
	}
	return ""
}

func (v view) draining() bool {
	for _, target := range v.Targets {
		for _, set := range target.TaskSets {
			if set.Status == taskSetDraining {
				return true
			}
		}
	}
	return false
}

// taskSetDraining is the status of a task set that is being deleted (ecs.md 1).
const taskSetDraining = "DRAINING"

func viewOf(info *types.DeploymentInfo, targets []types.DeploymentTarget) view {
	v := view{
		DeploymentID:    aws.ToString(info.DeploymentId),
		Application:     aws.ToString(info.ApplicationName),
		Group:           aws.ToString(info.DeploymentGroupName),
		Config:          aws.ToString(info.DeploymentConfigName),
		Platform:        string(info.ComputePlatform),
		Creator:         string(info.Creator),
		Status:          string(info.Status),
		CreateTime:      info.CreateTime,
		StartTime:       info.StartTime,
		CompleteTime:    info.CompleteTime,
		Why:             info.DeploymentStatusMessages,
		TerminationWait: info.InstanceTerminationWaitTimeStarted && terminationMinutes(info) > 0,
		awaitsRollback:  awaitsRollback(info),
	}
	if info.ErrorInformation != nil {
		v.ErrorCode = string(info.ErrorInformation.Code)
		v.ErrorMessage = aws.ToString(info.ErrorInformation.Message)
	}
	if info.RollbackInfo != nil {
		v.RollbackDeploymentID = aws.ToString(info.RollbackInfo.RollbackDeploymentId)
		v.RollbackOf = aws.ToString(info.RollbackInfo.RollbackTriggeringDeploymentId)
		v.RollbackMessage = aws.ToString(info.RollbackInfo.RollbackMessage)
	}
	for _, target := range targets {
		v.Targets = append(v.Targets, viewOfTarget(target))
	}
	return v
}

// terminationMinutes is how long the original is kept; 0 is not at all, though
// that wait is told to have begun as well (ecs.md 8.2).
func terminationMinutes(info *types.DeploymentInfo) int32 {
	options := info.BlueGreenDeploymentConfiguration
	if options == nil || options.TerminateBlueInstancesOnDeploymentSuccess == nil {
		return 0
	}
	return options.TerminateBlueInstancesOnDeploymentSuccess.TerminationWaitTimeInMinutes
}

// awaitsRollback reports whether a rollback was ordered for the way in which the
// deployment ended (lambda.md 7.4) and nothing is known of it yet: on AWS it may
// be told up to a second later.
func awaitsRollback(info *types.DeploymentInfo) bool {
	settings := info.AutoRollbackConfiguration
	if settings == nil || !settings.Enabled || info.RollbackInfo != nil {
		return false
	}
	ordered := map[types.AutoRollbackEvent]bool{}
	for _, event := range settings.Events {
		ordered[event] = true
	}
	alarm := info.ErrorInformation != nil && info.ErrorInformation.Code == types.ErrorCodeAlarmActive
	switch {
	case info.Status == types.DeploymentStatusFailed:
		return ordered[types.AutoRollbackEventDeploymentFailure]
	case info.Status == types.DeploymentStatusStopped && alarm:
		return ordered[types.AutoRollbackEventDeploymentStopOnAlarm]
	case info.Status == types.DeploymentStatusStopped:
		return ordered[types.AutoRollbackEventDeploymentStopOnRequest]
	}
	return false
}
