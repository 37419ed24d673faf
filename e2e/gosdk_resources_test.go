package e2e

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// The operations on what is set up once, on an application of its own.

const (
	shop     = "shop"
	shopARN  = "arn:aws:codedeploy:" + region + ":" + productionAccount + ":application:" + shop
	machine  = "rack-7"
	userARN  = "arn:aws:iam::" + productionAccount + ":user/rack-7"
	mine     = "mine" // a configuration
	web      = "web"  // a group
	nowhere  = "nowhere"
	badToken = "not a token"
)

func applicationSteps(api *sdk.Client) []sdkStep {
	create := sdk.CreateApplicationInput{ApplicationName: aws.String("first"), ComputePlatform: types.ComputePlatformLambda,
		Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String(shop)}}}
	return []sdkStep{
		answers(api.CreateApplication, create, func(out *sdk.CreateApplicationOutput) bool { return has(out.ApplicationId) }),
		refuses[types.ApplicationAlreadyExistsException](api.CreateApplication, create),
		succeeds(api.UpdateApplication, sdk.UpdateApplicationInput{ApplicationName: aws.String("first"), NewApplicationName: aws.String(shop)}),
		refuses[types.ApplicationDoesNotExistException](api.UpdateApplication,
			sdk.UpdateApplicationInput{ApplicationName: aws.String("first"), NewApplicationName: aws.String("second")}),
		answers(api.GetApplication, sdk.GetApplicationInput{ApplicationName: aws.String(shop)}, func(out *sdk.GetApplicationOutput) bool {
			a := out.Application
			return has(a.ApplicationId) && aws.ToString(a.ApplicationName) == shop && a.ComputePlatform == types.ComputePlatformLambda && a.CreateTime != nil
		}),
		refuses[types.InvalidApplicationNameException](api.GetApplication, sdk.GetApplicationInput{ApplicationName: aws.String("a/b")}),
		answers(api.BatchGetApplications, sdk.BatchGetApplicationsInput{ApplicationNames: []string{shop}},
			func(out *sdk.BatchGetApplicationsOutput) bool { return len(out.ApplicationsInfo) == 1 }),
		refuses[types.ApplicationNameRequiredException](api.BatchGetApplications, sdk.BatchGetApplicationsInput{ApplicationNames: []string{}}),
		answers(api.ListApplications, sdk.ListApplicationsInput{},
			func(out *sdk.ListApplicationsOutput) bool {
				return slices.Equal(out.Applications, []string{shop}) && out.NextToken == nil
			}),
		refuses[types.InvalidNextTokenException](api.ListApplications, sdk.ListApplicationsInput{NextToken: aws.String(badToken)}),
		refuses[types.InvalidApplicationNameException](api.DeleteApplication, sdk.DeleteApplicationInput{ApplicationName: aws.String("a:b")}),
	}
}

func configSteps(api *sdk.Client) []sdkStep {
	create := sdk.CreateDeploymentConfigInput{DeploymentConfigName: aws.String(mine), ComputePlatform: types.ComputePlatformLambda,
		TrafficRoutingConfig: &types.TrafficRoutingConfig{Type: types.TrafficRoutingTypeTimeBasedLinear,
			TimeBasedLinear: &types.TimeBasedLinear{LinearInterval: 3, LinearPercentage: 20}}}
	return []sdkStep{
		answers(api.CreateDeploymentConfig, create, func(out *sdk.CreateDeploymentConfigOutput) bool { return has(out.DeploymentConfigId) }),
		refuses[types.DeploymentConfigAlreadyExistsException](api.CreateDeploymentConfig, create),
		answers(api.GetDeploymentConfig, sdk.GetDeploymentConfigInput{DeploymentConfigName: aws.String(mine)}, func(out *sdk.GetDeploymentConfigOutput) bool {
			config := out.DeploymentConfigInfo
			return config.TrafficRoutingConfig.TimeBasedLinear.LinearPercentage == 20 && config.MinimumHealthyHosts == nil && config.CreateTime != nil
		}),
		refuses[types.DeploymentConfigDoesNotExistException](api.GetDeploymentConfig, sdk.GetDeploymentConfigInput{DeploymentConfigName: aws.String(nowhere)}),
		answers(api.ListDeploymentConfigs, sdk.ListDeploymentConfigsInput{},
			func(out *sdk.ListDeploymentConfigsOutput) bool {
				return out.DeploymentConfigsList[0] == mine && has(out.NextToken)
			}),
		refuses[types.InvalidNextTokenException](api.ListDeploymentConfigs, sdk.ListDeploymentConfigsInput{NextToken: aws.String(badToken)}),
		refuses[types.InvalidOperationException](api.DeleteDeploymentConfig, sdk.DeleteDeploymentConfigInput{DeploymentConfigName: aws.String(allAtOnce)}),
	}
}

func groupSteps(api *sdk.Client) []sdkStep {
	create := sdk.CreateDeploymentGroupInput{ApplicationName: aws.String(shop), DeploymentGroupName: aws.String("first"),
		ServiceRoleArn: aws.String(role), DeploymentConfigName: aws.String(mine), DeploymentStyle: blueGreen}
	return []sdkStep{
		answers(api.CreateDeploymentGroup, create, func(out *sdk.CreateDeploymentGroupOutput) bool { return has(out.DeploymentGroupId) }),
		refuses[types.DeploymentGroupAlreadyExistsException](api.CreateDeploymentGroup, create),
		answers(api.UpdateDeploymentGroup, sdk.UpdateDeploymentGroupInput{ApplicationName: aws.String(shop),
			CurrentDeploymentGroupName: aws.String("first"), NewDeploymentGroupName: aws.String(web),
			AlarmConfiguration: &types.AlarmConfiguration{Enabled: true, Alarms: []types.Alarm{{Name: aws.String("errors")}}}},
			func(out *sdk.UpdateDeploymentGroupOutput) bool { return len(out.HooksNotCleanedUp) == 0 }),
		refuses[types.DeploymentGroupDoesNotExistException](api.UpdateDeploymentGroup,
			sdk.UpdateDeploymentGroupInput{ApplicationName: aws.String(shop), CurrentDeploymentGroupName: aws.String("first")}),
		refuses[types.DeploymentConfigInUseException](api.DeleteDeploymentConfig, sdk.DeleteDeploymentConfigInput{DeploymentConfigName: aws.String(mine)}),
		answers(api.GetDeploymentGroup, sdk.GetDeploymentGroupInput{ApplicationName: aws.String(shop), DeploymentGroupName: aws.String(web)},
			func(out *sdk.GetDeploymentGroupOutput) bool {
				g := out.DeploymentGroupInfo
				return has(g.DeploymentGroupId) && g.AlarmConfiguration.Enabled && g.OutdatedInstancesStrategy == types.OutdatedInstancesStrategyUpdate &&
					g.DeploymentStyle.DeploymentType == types.DeploymentTypeBlueGreen
			}),
		refuses[types.ApplicationDoesNotExistException](api.GetDeploymentGroup,
			sdk.GetDeploymentGroupInput{ApplicationName: aws.String(nowhere), DeploymentGroupName: aws.String(web)}),
		answers(api.BatchGetDeploymentGroups, sdk.BatchGetDeploymentGroupsInput{ApplicationName: aws.String(shop), DeploymentGroupNames: []string{web}},
			func(out *sdk.BatchGetDeploymentGroupsOutput) bool { return len(out.DeploymentGroupsInfo) == 1 }),
		refuses[types.DeploymentGroupNameRequiredException](api.BatchGetDeploymentGroups,
			sdk.BatchGetDeploymentGroupsInput{ApplicationName: aws.String(shop), DeploymentGroupNames: []string{}}),
		answers(api.ListDeploymentGroups, sdk.ListDeploymentGroupsInput{ApplicationName: aws.String(shop)},
			func(out *sdk.ListDeploymentGroupsOutput) bool {
				return slices.Equal(out.DeploymentGroups, []string{web})
			}),
		refuses[types.ApplicationDoesNotExistException](api.ListDeploymentGroups, sdk.ListDeploymentGroupsInput{ApplicationName: aws.String(nowhere)}),
		refuses[types.InvalidDeploymentGroupNameException](api.DeleteDeploymentGroup,
			sdk.DeleteDeploymentGroupInput{ApplicationName: aws.String(shop), DeploymentGroupName: aws.String("a/b")}),
	}
}

func revisionSteps(api *sdk.Client) []sdkStep {
	revision := func(key string) *types.RevisionLocation {
		return &types.RevisionLocation{RevisionType: types.RevisionLocationTypeS3,
			S3Location: &types.S3Location{Bucket: aws.String("releases"), Key: &key, BundleType: types.BundleTypeYaml, ETag: aws.String("abc")}}
	}
	return []sdkStep{
		succeeds(api.RegisterApplicationRevision, sdk.RegisterApplicationRevisionInput{ApplicationName: aws.String(shop), Revision: revision("one"), Description: aws.String("the first")}),
		refuses[types.InvalidRevisionException](api.RegisterApplicationRevision,
			sdk.RegisterApplicationRevisionInput{ApplicationName: aws.String(shop), Revision: &types.RevisionLocation{RevisionType: types.RevisionLocationTypeS3}}),
		answers(api.GetApplicationRevision, sdk.GetApplicationRevisionInput{ApplicationName: aws.String(shop), Revision: revision("one")},
			func(out *sdk.GetApplicationRevisionOutput) bool {
				return aws.ToString(out.RevisionInfo.Description) == "the first" && out.RevisionInfo.RegisterTime != nil && aws.ToString(out.Revision.S3Location.Key) == "one"
			}),
		refuses[types.RevisionDoesNotExistException](api.GetApplicationRevision, sdk.GetApplicationRevisionInput{ApplicationName: aws.String(shop), Revision: revision("two")}),
		answers(api.BatchGetApplicationRevisions, sdk.BatchGetApplicationRevisionsInput{ApplicationName: aws.String(shop),
			Revisions: []types.RevisionLocation{*revision("one"), *revision("two")}},
			func(out *sdk.BatchGetApplicationRevisionsOutput) bool {
				return len(out.Revisions) == 1 && has(out.ErrorMessage)
			}),
		refuses[types.RevisionRequiredException](api.BatchGetApplicationRevisions,
			sdk.BatchGetApplicationRevisionsInput{ApplicationName: aws.String(shop), Revisions: []types.RevisionLocation{}}),
		answers(api.ListApplicationRevisions, sdk.ListApplicationRevisionsInput{ApplicationName: aws.String(shop), S3Bucket: aws.String("releases"),
			SortBy: types.ApplicationRevisionSortByRegisterTime, SortOrder: types.SortOrderDescending},
			func(out *sdk.ListApplicationRevisionsOutput) bool { return len(out.Revisions) == 1 }),
		refuses[types.BucketNameFilterRequiredException](api.ListApplicationRevisions,
			sdk.ListApplicationRevisionsInput{ApplicationName: aws.String(shop), S3KeyPrefix: aws.String("o")}),
	}
}
