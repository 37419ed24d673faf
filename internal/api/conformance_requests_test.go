package api_test

import (
	"strings"
	"testing"

	"greenlight/internal/api"
	"greenlight/internal/codedeploy"
	"greenlight/internal/engine"
)

// baseline is a request that has nothing wrong with it, with an answer that
// changes nothing: where an operation would, it finds the name taken or the
// like. Together, an operation's baselines have every member of its input.
type baseline struct {
	operation string
	body      string
	answer    codedeploy.ExceptionCode // none: 200
}

// baselines are about the things that conformanceClient has.
var baselines = []baseline{
	{"CreateApplication", `{"applicationName":"server","computePlatform":"Server","tags":[{"Key":"k","Value":"v"}]}`, codedeploy.ApplicationAlreadyExistsException},
	{"GetApplication", `{"applicationName":"server"}`, ""},
	{"UpdateApplication", `{"applicationName":"server","newApplicationName":"lambda"}`, codedeploy.ApplicationAlreadyExistsException},
	{"DeleteApplication", `{"applicationName":"none"}`, ""},
	{"ListApplications", `{"nextToken":"x"}`, codedeploy.InvalidNextTokenException},
	{"BatchGetApplications", `{"applicationNames":["server"]}`, ""},

	{"CreateDeploymentGroup", `{"applicationName":"server","deploymentGroupName":"g",` + commonSettings + `,` + serverSettings + `,"tags":[{"Key":"k","Value":"v"}]}`, codedeploy.DeploymentGroupAlreadyExistsException},
	{"CreateDeploymentGroup", `{"applicationName":"server","deploymentGroupName":"g",` + testRole + `,` + tagSets + `}`, codedeploy.DeploymentGroupAlreadyExistsException},
	{"CreateDeploymentGroup", `{"applicationName":"ecs","deploymentGroupName":"g",` + ecsSettings + `}`, codedeploy.DeploymentGroupAlreadyExistsException},
	{"GetDeploymentGroup", `{"applicationName":"server","deploymentGroupName":"g"}`, ""},
	{"UpdateDeploymentGroup", `{"applicationName":"server","currentDeploymentGroupName":"g","newDeploymentGroupName":"taken",` + commonSettings + `,` + serverSettings + `}`, codedeploy.DeploymentGroupAlreadyExistsException},
	{"UpdateDeploymentGroup", `{"applicationName":"server","currentDeploymentGroupName":"g","newDeploymentGroupName":"taken",` + tagSets + `}`, codedeploy.DeploymentGroupAlreadyExistsException},
	{"UpdateDeploymentGroup", `{"applicationName":"ecs","currentDeploymentGroupName":"g","newDeploymentGroupName":"taken",` + ecsSettings + `}`, codedeploy.DeploymentGroupAlreadyExistsException},
	{"DeleteDeploymentGroup", `{"applicationName":"none","deploymentGroupName":"none"}`, ""},
	{"ListDeploymentGroups", `{"applicationName":"server","nextToken":"x"}`, codedeploy.InvalidNextTokenException},
	{"BatchGetDeploymentGroups", `{"applicationName":"server","deploymentGroupNames":["g"]}`, ""},

	{"CreateDeploymentConfig", `{"deploymentConfigName":"conf","computePlatform":"Server","minimumHealthyHosts":{"type":"HOST_COUNT","value":1},
		"zonalConfig":{"firstZoneMonitorDurationInSeconds":1,"monitorDurationInSeconds":1,"minimumHealthyHostsPerZone":{"type":"FLEET_PERCENT","value":1}}}`, codedeploy.DeploymentConfigAlreadyExistsException},
	{"CreateDeploymentConfig", `{"deploymentConfigName":"conf","computePlatform":"Lambda","trafficRoutingConfig":{"type":"TimeBasedCanary","timeBasedCanary":{"canaryPercentage":1,"canaryInterval":1}}}`, codedeploy.DeploymentConfigAlreadyExistsException},
	{"CreateDeploymentConfig", `{"deploymentConfigName":"conf","computePlatform":"ECS","trafficRoutingConfig":{"type":"TimeBasedLinear","timeBasedLinear":{"linearPercentage":1,"linearInterval":1}}}`, codedeploy.DeploymentConfigAlreadyExistsException},
	{"GetDeploymentConfig", `{"deploymentConfigName":"conf"}`, ""},
	{"DeleteDeploymentConfig", `{"deploymentConfigName":"none"}`, ""},
	{"ListDeploymentConfigs", `{"nextToken":"x"}`, codedeploy.InvalidNextTokenException},

	{"RegisterApplicationRevision", `{"applicationName":"server","description":"d","revision":` + s3Zip + `}`, ""},
	{"RegisterApplicationRevision", `{"applicationName":"server","revision":` + gitHubCommit + `}`, ""},
	{"RegisterApplicationRevision", `{"applicationName":"lambda","revision":` + inlineText + `}`, ""},
	{"RegisterApplicationRevision", `{"applicationName":"lambda","revision":` + rawText + `}`, ""},
	{"GetApplicationRevision", `{"applicationName":"server","revision":` + s3Zip + `}`, codedeploy.RevisionDoesNotExistException},
	{"GetApplicationRevision", `{"applicationName":"server","revision":` + gitHubCommit + `}`, codedeploy.RevisionDoesNotExistException},
	{"GetApplicationRevision", `{"applicationName":"lambda","revision":` + inlineText + `}`, codedeploy.RevisionDoesNotExistException},
	{"GetApplicationRevision", `{"applicationName":"lambda","revision":` + rawText + `}`, codedeploy.RevisionDoesNotExistException},
	{"ListApplicationRevisions", `{"applicationName":"server","sortBy":"registerTime","sortOrder":"ascending","deployed":"ignore","s3Bucket":"bucket","s3KeyPrefix":"k","nextToken":"x"}`, codedeploy.InvalidNextTokenException},
	{"BatchGetApplicationRevisions", `{"applicationName":"server","revisions":[` + s3Zip + `]}`, ""},
	{"BatchGetApplicationRevisions", `{"applicationName":"server","revisions":[` + gitHubCommit + `]}`, ""},
	{"BatchGetApplicationRevisions", `{"applicationName":"server","revisions":[` + inlineText + `]}`, ""},
	{"BatchGetApplicationRevisions", `{"applicationName":"server","revisions":[` + rawText + `]}`, ""},

	{"CreateDeployment", `{"applicationName":"server","deploymentGroupName":"g","deploymentConfigName":"CodeDeployDefault.OneAtATime","description":"d",
		"revision":` + s3Zip + `,` + rollbackAndAlarms + `,"fileExistsBehavior":"RETAIN","ignoreApplicationStopFailures":true,"updateOutdatedInstancesOnly":true,
		"targetInstances":{"autoScalingGroups":["x"],"tagFilters":[{"Key":"k","Value":"v","Type":"KEY_AND_VALUE"}]}}`, codedeploy.DeploymentLimitExceededException},
	{"CreateDeployment", `{"applicationName":"server","deploymentGroupName":"g","revision":` + gitHubCommit + `,
		"targetInstances":{"ec2TagSet":{"ec2TagSetList":[[{"Key":"k","Value":"v","Type":"KEY_AND_VALUE"}]]}}}`, codedeploy.DeploymentLimitExceededException},
	{"CreateDeployment", `{"applicationName":"lambda","deploymentGroupName":"g","revision":` + inlineText + `}`, codedeploy.DeploymentLimitExceededException},
	{"CreateDeployment", `{"applicationName":"lambda","deploymentGroupName":"g","revision":` + rawText + `}`, codedeploy.DeploymentLimitExceededException},
	{"GetDeployment", `{"deploymentId":"` + running + `"}`, ""},
	{"BatchGetDeployments", `{"deploymentIds":["` + running + `"]}`, ""},
	{"ListDeployments", `{"applicationName":"server","deploymentGroupName":"g","includeOnlyStatuses":["Created"],"createTimeRange":{"start":1,"end":2},"nextToken":"x"}`, codedeploy.InvalidNextTokenException},
	{"ListDeployments", `{"externalId":"x"}`, ""},
	{"StopDeployment", `{"deploymentId":"d-SUCCEEDED","autoRollbackEnabled":true}`, codedeploy.DeploymentAlreadyCompletedException},
	{"ContinueDeployment", `{"deploymentId":"` + running + `","deploymentWaitType":"READY_WAIT"}`, codedeploy.UnsupportedActionForDeploymentTypeException},
	{"SkipWaitTimeForInstanceTermination", `{"deploymentId":"` + running + `"}`, codedeploy.UnsupportedActionForDeploymentTypeException},

	{"GetDeploymentTarget", `{"deploymentId":"` + running + `","targetId":"orders"}`, ""},
	{"BatchGetDeploymentTargets", `{"deploymentId":"` + running + `","targetIds":["orders"]}`, ""},
	{"ListDeploymentTargets", `{"deploymentId":"` + running + `","targetFilters":{"TargetStatus":["Pending"],"ServerInstanceLabel":["Blue"]},"nextToken":"x"}`, codedeploy.InvalidNextTokenException},
	{"GetDeploymentInstance", `{"deploymentId":"` + running + `","instanceId":"orders"}`, ""},
	{"BatchGetDeploymentInstances", `{"deploymentId":"` + running + `","instanceIds":["orders"]}`, ""},
	{"ListDeploymentInstances", `{"deploymentId":"` + running + `","instanceStatusFilter":["Pending"],"instanceTypeFilter":["Blue"],"nextToken":"x"}`, codedeploy.InvalidNextTokenException},
	{"PutLifecycleEventHookExecutionStatus", `{"deploymentId":"` + running + `","status":"Succeeded","lifecycleEventHookExecutionId":"x"}`, codedeploy.InvalidLifecycleEventHookExecutionIdException},

	{"RegisterOnPremisesInstance", `{"instanceName":"web1","iamUserArn":"arn:aws:iam::111122223333:user/u"}`, codedeploy.InstanceNameAlreadyRegisteredException},
	{"RegisterOnPremisesInstance", `{"instanceName":"web1","iamSessionArn":"arn:aws:sts::111122223333:assumed-role/r/s"}`, codedeploy.InstanceNameAlreadyRegisteredException},
	{"DeregisterOnPremisesInstance", `{"instanceName":"none"}`, ""},
	{"GetOnPremisesInstance", `{"instanceName":"web1"}`, ""},
	{"BatchGetOnPremisesInstances", `{"instanceNames":["web1"]}`, ""},
	{"ListOnPremisesInstances", `{"registrationStatus":"Registered","tagFilters":[{"Key":"k","Value":"v","Type":"KEY_AND_VALUE"}],"nextToken":"x"}`, codedeploy.InvalidNextTokenException},
	{"AddTagsToOnPremisesInstances", `{"instanceNames":["web1"],"tags":[{"Key":"k","Value":"v"}]}`, ""},
	{"RemoveTagsFromOnPremisesInstances", `{"instanceNames":["web1"],"tags":[{"Key":"k","Value":"v"}]}`, ""},

	{"TagResource", `{"ResourceArn":"arn:aws:codedeploy:eu-west-1:111122223333:application:server","Tags":[{"Key":"k","Value":"v"}]}`, ""},
	{"UntagResource", `{"ResourceArn":"arn:aws:codedeploy:eu-west-1:111122223333:application:server","TagKeys":["k"]}`, ""},
	{"ListTagsForResource", `{"ResourceArn":"arn:aws:codedeploy:eu-west-1:111122223333:application:server","NextToken":"x"}`, "ValidationException"},
	{"ListGitHubAccountTokenNames", `{"nextToken":"x"}`, codedeploy.InvalidNextTokenException},
	{"DeleteGitHubAccountToken", `{"tokenName":"x"}`, codedeploy.GitHubAccountTokenDoesNotExistException},
	{"DeleteResourcesByExternalId", `{"externalId":"x"}`, ""},
}

// The parts that baselines share.
const (
	s3Zip        = `{"revisionType":"S3","s3Location":{"bucket":"b","key":"k","bundleType":"zip","version":"1","eTag":"e"}}`
	gitHubCommit = `{"revisionType":"GitHub","gitHubLocation":{"repository":"o/r","commitId":"c"}}`
	inlineText   = `{"revisionType":"AppSpecContent","appSpecContent":{"content":"{}","sha256":"` + emptyObjectHash + `"}}`
	rawText      = `{"revisionType":"String","string":{"content":"{}","sha256":"` + emptyObjectHash + `"}}`

	emptyObjectHash = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"

	rollbackAndAlarms = `"autoRollbackConfiguration":{"enabled":true,"events":["DEPLOYMENT_FAILURE"]},
		"overrideAlarmConfiguration":{"enabled":true,"ignorePollAlarmFailure":false,"alarms":[{"name":"a"}]}`
	commonSettings = testRole + `,"outdatedInstancesStrategy":"UPDATE","terminationHookEnabled":true,
		"triggerConfigurations":[{"triggerName":"t","triggerTargetArn":"arn:aws:sns:eu-west-1:111122223333:t","triggerEvents":["DeploymentStart"]}],
		"alarmConfiguration":{"enabled":true,"ignorePollAlarmFailure":false,"alarms":[{"name":"a"}]},
		"autoRollbackConfiguration":{"enabled":true,"events":["DEPLOYMENT_FAILURE"]}`
	serverSettings = `"deploymentConfigName":"CodeDeployDefault.OneAtATime",
		"deploymentStyle":{"deploymentType":"BLUE_GREEN","deploymentOption":"WITH_TRAFFIC_CONTROL"},
		"ec2TagFilters":[{"Key":"k","Value":"v","Type":"KEY_AND_VALUE"}],
		"onPremisesInstanceTagFilters":[{"Key":"k","Value":"v","Type":"KEY_AND_VALUE"}],
		"autoScalingGroups":["asg"],
		"loadBalancerInfo":{"elbInfoList":[{"name":"lb"}],"targetGroupInfoList":[{"name":"tg"}]},
		"blueGreenDeploymentConfiguration":{"deploymentReadyOption":{"actionOnTimeout":"STOP_DEPLOYMENT","waitTimeInMinutes":1},
			"terminateBlueInstancesOnDeploymentSuccess":{"action":"TERMINATE","terminationWaitTimeInMinutes":1},
			"greenFleetProvisioningOption":{"action":"COPY_AUTO_SCALING_GROUP"}}`
	tagSets = `"ec2TagSet":{"ec2TagSetList":[[{"Key":"k","Value":"v","Type":"KEY_AND_VALUE"}]]},
		"onPremisesTagSet":{"onPremisesTagSetList":[[{"Key":"k","Value":"v","Type":"KEY_AND_VALUE"}]]}`
	ecsSettings = testRole + `,"deploymentStyle":{"deploymentType":"BLUE_GREEN","deploymentOption":"WITH_TRAFFIC_CONTROL"},
		"ecsServices":[{"serviceName":"s1","clusterName":"c1"}],
		"loadBalancerInfo":{"targetGroupPairInfoList":[{"targetGroups":[{"name":"tgA"},{"name":"tgB"}],
			"prodTrafficRoute":{"listenerArns":["l"]},"testTrafficRoute":{"listenerArns":["m"]}}]},
		"blueGreenDeploymentConfiguration":{"deploymentReadyOption":{"actionOnTimeout":"STOP_DEPLOYMENT","waitTimeInMinutes":1},
			"terminateBlueInstancesOnDeploymentSuccess":{"action":"TERMINATE","terminationWaitTimeInMinutes":1}}`
)

// conformanceClient has everything that baselines name, and an engine that
// accepts deployments and never runs them.
func conformanceClient(t testing.TB) client {
	t.Helper()
	c := newIdleClient(t)
	c.applications(t)
	for application, settings := range map[string]string{
		"server": commonSettings + `,` + serverSettings, "lambda": testRole + `,` + lambdaStyle, "ecs": ecsSettings,
	} {
		for _, group := range []string{"g", "taken"} {
			if application == "ecs" && group == "taken" {
				settings = strings.Replace(settings, `"s1"`, `"s2"`, 1)
			}
			c.ok(t, "CreateDeploymentGroup", `{"applicationName":"`+application+`","deploymentGroupName":"`+group+`",`+settings+`}`)
		}
		c.deploy(t, application, "g", "d-"+strings.ToUpper(("run" + application + "000000000")[:9]), codedeploy.DeploymentStatusInProgress)
	}
	c.ok(t, "CreateDeploymentConfig", `{"deploymentConfigName":"conf","minimumHealthyHosts":{"type":"HOST_COUNT","value":1}}`)
	c.ok(t, "RegisterOnPremisesInstance", `{"instanceName":"web1","iamUserArn":"arn:aws:iam::111122223333:user/web1"}`)
	c.stored(t, running, codedeploy.ComputePlatformLambda, codedeploy.DeploymentStatusInProgress, setLambdaTarget)
	c.deploy(t, "lambda", "g", "d-SUCCEEDED", codedeploy.DeploymentStatusSucceeded)
	return c
}

// newIdleClient is a client of a fresh API with an engine that never runs.
func newIdleClient(t testing.TB) client {
	t.Helper()
	h := newHarnessOn(t, func(t testing.TB, o *api.Options) {
		idle, err := engine.Open(t.Context(), engine.Options{Store: o.Store, Clock: o.Clock})
		if err != nil {
			t.Fatal(err)
		}
		o.Engine = idle
	}, api.Options{})
	return h.client()
}
