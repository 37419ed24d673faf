package e2e

//lint:file-ignore SA1019 what is deprecated is among the 47 operations, too

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// deprecatedSteps are the older names of what other operations do for a
// deployment that is done.
func deprecatedSteps(api *sdk.Client, done string) []sdkStep {
	one, id := []string{function}, aws.String(function)
	return []sdkStep{
		refuses[types.DeploymentDoesNotExistException](api.SkipWaitTimeForInstanceTermination,
			sdk.SkipWaitTimeForInstanceTerminationInput{DeploymentId: unknownID}),
		answers(api.GetDeploymentInstance, sdk.GetDeploymentInstanceInput{DeploymentId: &done, InstanceId: id},
			func(out *sdk.GetDeploymentInstanceOutput) bool {
				return out.InstanceSummary.Status == types.InstanceStatusSucceeded
			}),
		refuses[types.InstanceDoesNotExistException](api.GetDeploymentInstance,
			sdk.GetDeploymentInstanceInput{DeploymentId: &done, InstanceId: aws.String(nowhere)}),
		answers(api.BatchGetDeploymentInstances, sdk.BatchGetDeploymentInstancesInput{DeploymentId: &done, InstanceIds: []string{function, nowhere}},
			func(out *sdk.BatchGetDeploymentInstancesOutput) bool {
				return len(out.InstancesSummary) == 1 && has(out.ErrorMessage)
			}),
		refuses[types.InstanceIdRequiredException](api.BatchGetDeploymentInstances,
			sdk.BatchGetDeploymentInstancesInput{DeploymentId: &done, InstanceIds: []string{}}),
		answers(api.ListDeploymentInstances, sdk.ListDeploymentInstancesInput{DeploymentId: &done},
			func(out *sdk.ListDeploymentInstancesOutput) bool { return slices.Equal(out.InstancesList, one) }),
		refuses[types.InvalidInstanceStatusException](api.ListDeploymentInstances,
			sdk.ListDeploymentInstancesInput{DeploymentId: &done, InstanceStatusFilter: []types.InstanceStatus{"Gone"}}),
	}
}
