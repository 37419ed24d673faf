package e2e

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// The operations on deployments: one that is done, and one that waits for a
// hook to report.

var unknownID = aws.String("d-000000000")

func deploymentSteps(api *sdk.Client, done, waiting string) []sdkStep {
	both := []string{waiting, done} // the latest first
	inGroup := sdk.ListDeploymentsInput{ApplicationName: aws.String(application), DeploymentGroupName: aws.String(group)}
	return []sdkStep{
		refuses[types.DeploymentLimitExceededException](api.CreateDeployment, *firstRelease("", "").deployment(application, group, allAtOnce)),
		answers(api.GetDeployment, sdk.GetDeploymentInput{DeploymentId: &done}, func(out *sdk.GetDeploymentOutput) bool {
			i := out.DeploymentInfo
			return i.Status == types.DeploymentStatusSucceeded && i.StartTime != nil && !i.CompleteTime.Before(*i.CreateTime) && i.DeploymentOverview.Succeeded == 1
		}),
		refuses[types.DeploymentDoesNotExistException](api.GetDeployment, sdk.GetDeploymentInput{DeploymentId: unknownID}),
		answers(api.BatchGetDeployments, sdk.BatchGetDeploymentsInput{DeploymentIds: both}, func(out *sdk.BatchGetDeploymentsOutput) bool {
			return len(out.DeploymentsInfo) == 2 && out.DeploymentsInfo[0].Status == types.DeploymentStatusInProgress
		}),
		refuses[types.InvalidDeploymentIdException](api.BatchGetDeployments, sdk.BatchGetDeploymentsInput{DeploymentIds: []string{"d-1"}}),
		answers(api.ListDeployments, inGroup, func(out *sdk.ListDeploymentsOutput) bool { return slices.Equal(out.Deployments, both) }),
		refuses[types.DeploymentGroupNameRequiredException](api.ListDeployments, sdk.ListDeploymentsInput{ApplicationName: aws.String(application)}),
		refuses[types.UnsupportedActionForDeploymentTypeException](api.ContinueDeployment, sdk.ContinueDeploymentInput{DeploymentId: &waiting}),
	}
}

func targetSteps(api *sdk.Client, done string) []sdkStep {
	one, id := []string{function}, aws.String(function)
	succeeded := func(target *types.LambdaTarget) bool {
		return target.Status == types.TargetStatusSucceeded && target.LambdaFunctionInfo.TargetVersionWeight == 1 && len(target.LifecycleEvents) == 3
	}
	return []sdkStep{
		answers(api.GetDeploymentTarget, sdk.GetDeploymentTargetInput{DeploymentId: &done, TargetId: id},
			func(out *sdk.GetDeploymentTargetOutput) bool { return succeeded(out.DeploymentTarget.LambdaTarget) }),
		refuses[types.DeploymentTargetDoesNotExistException](api.GetDeploymentTarget,
			sdk.GetDeploymentTargetInput{DeploymentId: &done, TargetId: aws.String(nowhere)}),
		answers(api.BatchGetDeploymentTargets, sdk.BatchGetDeploymentTargetsInput{DeploymentId: &done, TargetIds: one},
			func(out *sdk.BatchGetDeploymentTargetsOutput) bool {
				return succeeded(out.DeploymentTargets[0].LambdaTarget)
			}),
		refuses[types.DeploymentTargetListSizeExceededException](api.BatchGetDeploymentTargets,
			sdk.BatchGetDeploymentTargetsInput{DeploymentId: &done, TargetIds: []string{function, nowhere}}),
		answers(api.ListDeploymentTargets, sdk.ListDeploymentTargetsInput{DeploymentId: &done, TargetFilters: map[string][]string{"TargetStatus": {"Succeeded"}}},
			func(out *sdk.ListDeploymentTargetsOutput) bool { return slices.Equal(out.TargetIds, one) }),
		refuses[types.InvalidTargetFilterNameException](api.ListDeploymentTargets,
			sdk.ListDeploymentTargetsInput{DeploymentId: &done, TargetFilters: map[string][]string{"Colour": {"Blue"}}}),
	}
}

// hookSteps report for the waiting deployment.
func hookSteps(api *sdk.Client, waiting, execution string) []sdkStep {
	report := sdk.PutLifecycleEventHookExecutionStatusInput{DeploymentId: &waiting, LifecycleEventHookExecutionId: &execution,
		Status: types.LifecycleEventStatusSucceeded}
	forged := report
	forged.LifecycleEventHookExecutionId = aws.String("forged")
	return []sdkStep{
		refuses[types.InvalidLifecycleEventHookExecutionIdException](api.PutLifecycleEventHookExecutionStatus, forged),
		answers(api.PutLifecycleEventHookExecutionStatus, report, func(out *sdk.PutLifecycleEventHookExecutionStatusOutput) bool {
			return aws.ToString(out.LifecycleEventHookExecutionId) == execution
		}),
		refuses[types.LifecycleEventAlreadyCompletedException](api.PutLifecycleEventHookExecutionStatus, report),
	}
}

// stopSteps start a deployment whose hook never reports, and stop it.
func stopSteps(api *sdk.Client, done string) []sdkStep {
	started := new(string)
	return []sdkStep{
		answers(api.CreateDeployment, *firstRelease(hookBefore, "").deployment(application, group, allAtOnce), func(out *sdk.CreateDeploymentOutput) bool {
			*started = aws.ToString(out.DeploymentId)
			return *started != ""
		}),
		answers(api.StopDeployment, sdk.StopDeploymentInput{DeploymentId: started, AutoRollbackEnabled: aws.Bool(false)},
			func(out *sdk.StopDeploymentOutput) bool { return out.Status != "" && has(out.StatusMessage) }),
		refuses[types.DeploymentAlreadyCompletedException](api.StopDeployment, sdk.StopDeploymentInput{DeploymentId: &done}),
	}
}
