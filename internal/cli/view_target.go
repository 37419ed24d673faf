package cli

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

func viewOfTarget(target types.DeploymentTarget) targetView {
	switch {
	case target.LambdaTarget != nil:
		t := target.LambdaTarget
		return targetView{
			ID: aws.ToString(t.TargetId), Status: string(t.Status),
			Shift: lambdaShift(t.LambdaFunctionInfo), Events: viewOfEvents(t.LifecycleEvents),
		}
	case target.EcsTarget != nil:
		t := target.EcsTarget
		return targetView{
			ID: aws.ToString(t.TargetId), Status: string(t.Status),
			Shift: ecsShift(t), TaskSets: viewOfTaskSets(t.TaskSetsInfo), Events: viewOfEvents(t.LifecycleEvents),
		}
	case target.InstanceTarget != nil:
		t := target.InstanceTarget
		return targetView{ID: aws.ToString(t.TargetId), Status: string(t.Status), Events: viewOfEvents(t.LifecycleEvents)}
	case target.CloudFormationTarget != nil:
		t := target.CloudFormationTarget
		return targetView{ID: aws.ToString(t.TargetId), Status: string(t.Status), Events: viewOfEvents(t.LifecycleEvents)}
	}
	return targetView{ID: string(target.DeploymentTargetType), Status: string(types.TargetStatusUnknown)}
}

// lambdaShift reads a weight that is a fraction (api.md 8.3).
func lambdaShift(info *types.LambdaFunctionInfo) *shiftView {
	if info == nil {
		return nil
	}
	return &shiftView{
		Name:    aws.ToString(info.FunctionName) + ":" + aws.ToString(info.FunctionAlias),
		Old:     "version " + aws.ToString(info.CurrentVersion),
		New:     "version " + aws.ToString(info.TargetVersion),
		Percent: info.TargetVersionWeight * 100,
	}
}

// ecsShift reads a weight that is a percentage (api.md 8.3).
func ecsShift(target *types.ECSTarget) *shiftView {
	for _, set := range target.TaskSetsInfo {
		if set.TaskSetLabel == types.TargetLabelGreen {
			return &shiftView{
				Name: aws.ToString(target.TargetId), Old: "original", New: "replacement",
				Percent: set.TrafficWeight,
			}
		}
	}
	return nil
}

func viewOfTaskSets(sets []types.ECSTaskSet) []taskSetView {
	var all []taskSetView
	for _, set := range sets {
		v := taskSetView{
			Label: string(set.TaskSetLabel), ID: aws.ToString(set.Identifer), Status: aws.ToString(set.Status),
			Desired: set.DesiredCount, Pending: set.PendingCount, Running: set.RunningCount, Weight: set.TrafficWeight,
		}
		if set.TargetGroup != nil {
			v.TargetGroup = aws.ToString(set.TargetGroup.Name)
		}
		all = append(all, v)
	}
	return all
}

func viewOfEvents(events []types.LifecycleEvent) []eventView {
	var all []eventView
	for _, event := range events {
		e := eventView{
			Name: aws.ToString(event.LifecycleEventName), Status: string(event.Status),
			StartTime: event.StartTime, EndTime: event.EndTime,
		}
		if event.Diagnostics != nil && event.Status == types.LifecycleEventStatusFailed {
			e.Message = aws.ToString(event.Diagnostics.Message)
		}
		all = append(all, e)
	}
	return all
}
