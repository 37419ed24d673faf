package e2e

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

func onPremisesSteps(api *sdk.Client) []sdkStep {
	register := sdk.RegisterOnPremisesInstanceInput{InstanceName: aws.String(machine), IamUserArn: aws.String(userARN)}
	tags := []types.Tag{{Key: aws.String("rack"), Value: aws.String("7")}}
	one := []string{machine}
	return []sdkStep{
		succeeds(api.RegisterOnPremisesInstance, register),
		refuses[types.InstanceNameAlreadyRegisteredException](api.RegisterOnPremisesInstance, register),
		succeeds(api.AddTagsToOnPremisesInstances, sdk.AddTagsToOnPremisesInstancesInput{InstanceNames: one, Tags: tags}),
		refuses[types.InstanceNotRegisteredException](api.AddTagsToOnPremisesInstances,
			sdk.AddTagsToOnPremisesInstancesInput{InstanceNames: []string{nowhere}, Tags: tags}),
		answers(api.GetOnPremisesInstance, sdk.GetOnPremisesInstanceInput{InstanceName: aws.String(machine)}, func(out *sdk.GetOnPremisesInstanceOutput) bool {
			i := out.InstanceInfo
			return aws.ToString(i.IamUserArn) == userARN && len(i.Tags) == 1 && has(i.InstanceArn) && i.RegisterTime != nil && i.DeregisterTime == nil
		}),
		refuses[types.InstanceNotRegisteredException](api.GetOnPremisesInstance, sdk.GetOnPremisesInstanceInput{InstanceName: aws.String(nowhere)}),
		answers(api.BatchGetOnPremisesInstances, sdk.BatchGetOnPremisesInstancesInput{InstanceNames: one},
			func(out *sdk.BatchGetOnPremisesInstancesOutput) bool { return len(out.InstanceInfos) == 1 }),
		refuses[types.InstanceNameRequiredException](api.BatchGetOnPremisesInstances, sdk.BatchGetOnPremisesInstancesInput{InstanceNames: []string{}}),
		answers(api.ListOnPremisesInstances, sdk.ListOnPremisesInstancesInput{RegistrationStatus: types.RegistrationStatusRegistered,
			TagFilters: []types.TagFilter{{Key: aws.String("rack"), Type: types.TagFilterTypeKeyOnly}}},
			func(out *sdk.ListOnPremisesInstancesOutput) bool { return slices.Equal(out.InstanceNames, one) }),
		refuses[types.InvalidRegistrationStatusException](api.ListOnPremisesInstances, sdk.ListOnPremisesInstancesInput{RegistrationStatus: "Gone"}),
		succeeds(api.RemoveTagsFromOnPremisesInstances, sdk.RemoveTagsFromOnPremisesInstancesInput{InstanceNames: one, Tags: tags}),
		refuses[types.TagRequiredException](api.RemoveTagsFromOnPremisesInstances, sdk.RemoveTagsFromOnPremisesInstancesInput{InstanceNames: one, Tags: []types.Tag{}}),
		succeeds(api.DeregisterOnPremisesInstance, sdk.DeregisterOnPremisesInstanceInput{InstanceName: aws.String(machine)}),
		refuses[types.InvalidInstanceNameException](api.DeregisterOnPremisesInstance, sdk.DeregisterOnPremisesInstanceInput{InstanceName: aws.String("i-0123")}),
	}
}

func tagSteps(api *sdk.Client) []sdkStep {
	return []sdkStep{
		succeeds(api.TagResource, sdk.TagResourceInput{ResourceArn: aws.String(shopARN), Tags: []types.Tag{{Key: aws.String("owner"), Value: aws.String("ann")}}}),
		refuses[types.ApplicationDoesNotExistException](api.TagResource,
			sdk.TagResourceInput{ResourceArn: aws.String(shopARN + "-2"), Tags: []types.Tag{{Key: aws.String("owner")}}}),
		succeeds(api.UntagResource, sdk.UntagResourceInput{ResourceArn: aws.String(shopARN), TagKeys: []string{"team"}}),
		refuses[types.InvalidArnException](api.UntagResource, sdk.UntagResourceInput{ResourceArn: aws.String(shop), TagKeys: []string{"team"}}),
		answers(api.ListTagsForResource, sdk.ListTagsForResourceInput{ResourceArn: aws.String(shopARN)}, func(out *sdk.ListTagsForResourceOutput) bool {
			return len(out.Tags) == 1 && aws.ToString(out.Tags[0].Key) == "owner" && aws.ToString(out.Tags[0].Value) == "ann"
		}),
		refuses[types.ArnNotSupportedException](api.ListTagsForResource, sdk.ListTagsForResourceInput{ResourceArn: aws.String("arn:aws:s3:::bucket")}),
	}
}

func externalSteps(api *sdk.Client) []sdkStep {
	return []sdkStep{
		answers(api.ListGitHubAccountTokenNames, sdk.ListGitHubAccountTokenNamesInput{},
			func(out *sdk.ListGitHubAccountTokenNamesOutput) bool {
				return out.TokenNameList != nil && len(out.TokenNameList) == 0
			}),
		refuses[types.InvalidNextTokenException](api.ListGitHubAccountTokenNames, sdk.ListGitHubAccountTokenNamesInput{NextToken: aws.String(badToken)}),
		refuses[types.GitHubAccountTokenDoesNotExistException](api.DeleteGitHubAccountToken, sdk.DeleteGitHubAccountTokenInput{TokenName: aws.String("ann")}),
		succeeds(api.DeleteResourcesByExternalId, sdk.DeleteResourcesByExternalIdInput{ExternalId: aws.String("stack")}),
	}
}

// deletionSteps take away what the others have left.
func deletionSteps(api *sdk.Client) []sdkStep {
	return []sdkStep{
		succeeds(api.DeleteDeploymentGroup, sdk.DeleteDeploymentGroupInput{ApplicationName: aws.String(shop), DeploymentGroupName: aws.String(web)}),
		succeeds(api.DeleteDeploymentConfig, sdk.DeleteDeploymentConfigInput{DeploymentConfigName: aws.String(mine)}),
		succeeds(api.DeleteApplication, sdk.DeleteApplicationInput{ApplicationName: aws.String(shop)}),
		refuses[types.ApplicationDoesNotExistException](api.GetApplication, sdk.GetApplicationInput{ApplicationName: aws.String(shop)}),
	}
}
