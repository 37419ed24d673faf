package api_test

import (
	"strings"

	"greenlight/internal/codedeploy"
)

// observedRules are the refusals that the real service made in September 2026, by
// the names under which the public rule set badmintoncryer/cdk-preflight keeps
// them, each beside what is just inside and was accepted. A case without an
// exception is one that must be accepted. The first word of a name is the
// operation, the second a group's application.
var observedRules = map[string][]refusal{
	"app-compute-platform-value": {
		{"CreateApplication", `{"applicationName":"x","computePlatform":"EC2"}`, codedeploy.InvalidComputePlatformException, `"EC2"`},
		{"CreateApplication", `{"applicationName":"x","computePlatform":"Lambda"}`, "", ""},
	},
	"config-fleet-percent-range": {
		aConfig(hosts("FLEET_PERCENT", "100"), badHosts, "100"),
		aConfig(hosts("FLEET_PERCENT", "99"), "", ""),
		aConfig(hosts("FLEET_PERCENT", "1"), "", ""),
		aConfig(hosts("FLEET_PERCENT", "0"), "", ""),
	},
	"config-lambda-forbids-minimum-healthy-hosts": {
		aConfig(lambdaAtOnce+`,`+hosts("FLEET_PERCENT", "75"), badHosts, "minimum healthy hosts should be null for Lambda deployment configuration"),
		aConfig(ecsAtOnce+`,`+hosts("FLEET_PERCENT", "75"), badHosts, "minimum healthy hosts should be null for ECS deployment configuration"),
	},
	"config-lambda-requires-traffic-routing": {
		aConfig(`"computePlatform":"Lambda"`, badRouting, "Traffic routing configuration cannot be null nor empty"),
		aConfig(`"computePlatform":"ECS"`, badRouting, "Traffic routing configuration cannot be null nor empty"),
		aConfig(`"computePlatform":"ECS","trafficRoutingConfig":{}`, badRouting, ""),
		aConfig(lambdaAtOnce, "", ""),
	},
	"config-name-reserved-prefix": {
		aConfig(`"deploymentConfigName":"CodeDeployDefault.MyConfig",`+hosts("HOST_COUNT", "1"), badConfig, "reserved"),
		aConfig(`"deploymentConfigName":"CodeDeployDefault-mine",`+hosts("HOST_COUNT", "1"), "", ""),
		aConfig(`"deploymentConfigName":"CodeDeployDefaultFoo",`+hosts("HOST_COUNT", "1"), "", ""),
		aConfig(`"deploymentConfigName":"codedeploydefault.Foo",`+hosts("HOST_COUNT", "1"), "", ""),
	},
	"config-server-forbids-traffic-routing": {
		aConfig(`"computePlatform":"Server",`+atOnce+`,`+hosts("FLEET_PERCENT", "75"), badRouting, "Traffic routing configuration should be null for Server deployment configuration"),
		aConfig(atOnce+`,`+hosts("FLEET_PERCENT", "75"), badRouting, "should be null for Server deployment configuration"),
	},
	"config-server-requires-minimum-healthy-hosts": {
		aConfig(`"computePlatform":"Server"`, badHosts, "minimum healthy hosts argument is missing"),
		aConfig(``, badHosts, "minimum healthy hosts argument is missing"),
		aConfig(hosts("FLEET_PERCENT", "75"), "", ""),
	},
	"config-traffic-routing-block-matches-type": {
		aConfig(shift("AllAtOnce", canaryOf("10", "5")), badRouting, "timeBasedCanary"),
		aConfig(shift("AllAtOnce", linearOf("10", "5")), badRouting, "timeBasedLinear"),
		aConfig(shift("TimeBasedCanary", linearOf("10", "5")), badRouting, "timeBasedCanary"),
		aConfig(shift("TimeBasedLinear", canaryOf("10", "5")), badRouting, ""),
		aConfig(shift("TimeBasedCanary", ``), badRouting, "timeBasedCanary"),
		aConfig(shift("TimeBasedCanary", canaryOf("10", "5")), "", ""),
	},
	"config-traffic-routing-percentage-range": {
		aConfig(shift("TimeBasedCanary", canaryOf("100", "1")), badRouting, "Valid traffic routing percentage is from 1 to 99"),
		aConfig(shift("TimeBasedLinear", linearOf("0", "1")), badRouting, "Valid traffic routing percentage is from 1 to 99"),
		aConfig(shift("TimeBasedCanary", canaryOf("99", "1")), "", ""),
		aConfig(shift("TimeBasedLinear", linearOf("1", "1")), "", ""),
	},
	"config-traffic-shift-interval-max": {
		aConfig(shift("TimeBasedCanary", canaryOf("10", "2881")), badRouting, "Canary interval must be between 1 and 2880 minutes (2 days)"),
		aConfig(shift("TimeBasedCanary", canaryOf("10", "2880")), "", ""),
		aConfig(shift("TimeBasedLinear", linearOf("67", "2881")), badRouting, "2880 minutes (2 days)"),
		aConfig(shift("TimeBasedLinear", linearOf("67", "2880")), "", ""),
		aConfig(shift("TimeBasedLinear", linearOf("34", "1441")), badRouting, ""),
		aConfig(shift("TimeBasedLinear", linearOf("34", "1440")), "", ""),
	},
	"config-zonal-minimum-healthy-per-zone-range": {
		aConfig(hosts("FLEET_PERCENT", "75")+`,"zonalConfig":{"minimumHealthyHostsPerZone":{"type":"FLEET_PERCENT","value":100}}`, badZonal, "100"),
		aConfig(hosts("FLEET_PERCENT", "75")+`,"zonalConfig":{"minimumHealthyHostsPerZone":{"type":"FLEET_PERCENT","value":99}}`, "", ""),
		aConfig(hosts("FLEET_PERCENT", "75")+`,"zonalConfig":{"minimumHealthyHostsPerZone":{"type":"FLEET_PERCENT","value":0}}`, "", ""),
	},
	"config-zonal-server-only": {
		aConfig(lambdaAtOnce+`,"zonalConfig":{"monitorDurationInSeconds":60}`, badZonal, "Zonal deployments are only supported with EC2 deployments"),
		aConfig(ecsAtOnce+`,"zonalConfig":{"monitorDurationInSeconds":60}`, badZonal, "Zonal deployments are only supported with EC2 deployments"),
		aConfig(hosts("FLEET_PERCENT", "75")+`,"zonalConfig":{"monitorDurationInSeconds":60}`, "", ""),
	},

	"dg-alarm-configuration-enabled-requires-alarms": {
		aGroup("server", `{"alarmConfiguration":{"enabled":true}}`, codedeploy.InvalidAlarmConfigException, ""),
		aGroup("server", `{"alarmConfiguration":{"enabled":true,"alarms":[]}}`, codedeploy.InvalidAlarmConfigException, ""),
		aGroup("server", `{"alarmConfiguration":{"enabled":true,"alarms":[{"name":"there-is-none"}]}}`, "", ""),
	},
	"dg-autorollback-enabled-requires-events": {
		aGroup("server", `{"autoRollbackConfiguration":{"enabled":true}}`, codedeploy.InvalidAutoRollbackConfigException, ""),
		aGroup("server", `{"autoRollbackConfiguration":{"enabled":true,"events":["DEPLOYMENT_FAILURE"]}}`, "", ""),
	},
	"dg-blue-green-config-required-members": { // of a group whose style is not BLUE_GREEN
		aGroup("server", `{"blueGreenDeploymentConfiguration":{`+keepBlue("0")+`}}`, badColors, "Deployment ready option cannot be null for blue green deployment"),
		aGroup("server", `{"blueGreenDeploymentConfiguration":{`+goOn+`}}`, badColors, "Terminate blue instances on deployment success behaviour cannot be set to null"),
		aGroup("server", `{"blueGreenDeploymentConfiguration":{`+goOn+`,`+keepBlue("0")+`}}`, "", ""),
	},
	"dg-bluegreen-requires-traffic-control": {
		aGroup("server", style("BLUE_GREEN", "WITHOUT_TRAFFIC_CONTROL"), badStyle, "WITH_TRAFFIC_CONTROL"),
		aGroup("server", `{`+lambdaStyle+`,"loadBalancerInfo":{"targetGroupInfoList":[{"name":"there-is-none"}]},
			"blueGreenDeploymentConfiguration":{`+goOn+`,`+keepBlue("0")+`}}`, "", ""),
	},
	"dg-copy-asg-requires-asg": {
		aGroup("server", copying(`[]`), badScaling, "exactly one Auto Scaling group"),
		aGroup("server", copying(`["x","y"]`), badScaling, "exactly one Auto Scaling group"),
		aGroup("server", copying(`["x"]`), "", ""),
	},
	"dg-deployment-config-platform-match": {
		aGroup("server", `{"deploymentConfigName":"CodeDeployDefault.LambdaAllAtOnce"}`, badConfig,
			"Compute platform of deployment config CodeDeployDefault.LambdaAllAtOnce does not match expected compute platform, correct compute platform should be Server."),
		aGroup("server", `{"deploymentConfigName":"CodeDeployDefault.ECSAllAtOnce"}`, badConfig, "should be Server."),
		aGroup("server", `{"deploymentConfigName":"of-lambda"}`, badConfig, "deployment config of-lambda does not match"),
		aGroup("lambda", `{"deploymentConfigName":"CodeDeployDefault.AllAtOnce"}`, badConfig, "should be Lambda."),
		aGroup("server", `{"deploymentConfigName":"of-server"}`, "", ""),
	},
	"dg-deployment-ready-continue-no-wait-time": {
		aGroup("server", readyAfter("CONTINUE_DEPLOYMENT", "1"), badColors, "Deployment ready action cannot be set to 'CONTINUE_DEPLOYMENT' when timeout is specified"),
		aGroup("server", readyAfter("CONTINUE_DEPLOYMENT", "0"), "", ""),
	},
	"dg-deployment-ready-stop-requires-wait-time": {
		aGroup("server", readyAfter("STOP_DEPLOYMENT", "0"), badColors, "STOP_DEPLOYMENT"),
		aGroup("server", readyAfter("STOP_DEPLOYMENT", "null"), badColors, "STOP_DEPLOYMENT"),
		aGroup("server", readyAfter("STOP_DEPLOYMENT", "1"), "", ""),
	},
	"dg-ec2-filters-server-platform-only": { // told before a style that is wrong too
		aGroup("lambda", `{"ec2TagFilters":[{"Key":"k"}],"deploymentStyle":null}`, badEC2Tag, "For Lambda deployment group, ec2TagFilters can not be specified"),
		aGroup("lambda", `{"ec2TagSet":{"ec2TagSetList":[[{"Key":"k"}]]}}`, badEC2Tag, "For Lambda deployment group, ec2TagSet can not be specified"),
		aGroup("lambda", `{"onPremisesInstanceTagFilters":[{"Key":"k"}]}`, badTag, "For Lambda deployment group, onPremisesInstanceTagFilters can not be specified"),
		aGroup("lambda", `{"onPremisesTagSet":{"onPremisesTagSetList":[[{"Key":"k"}]]}}`, badTag, "For Lambda deployment group, onPremisesTagSet can not be specified"),
		aGroup("ecs", `{"ec2TagFilters":[{"Key":"k"}]}`, badEC2Tag, "For ECS deployment group, ec2TagFilters can not be specified"),
	},
	"dg-ec2-tag-filters-xor-tag-set": {
		aGroup("server", `{"ec2TagFilters":[{"Key":"k"}],"ec2TagSet":{"ec2TagSetList":[[{"Key":"k"}]]}}`, codedeploy.InvalidEC2TagCombinationException, "both"),
		aGroup("server", `{"ec2TagSet":{"ec2TagSetList":[[{"Key":"k"}]]}}`, "", ""),
	},
	"dg-ecs-services-requires-ecs-platform": {
		aGroup("server", `{"ecsServices":[{"serviceName":"s"}]}`, badService, "Server Deployment Groups should not define a value for ecsServices, "),
		aGroup("server", pair(`{"name":"a"}`, ``, ``), "", ""),
	},
	"dg-lambda-forbids-blue-green-config": {
		aGroup("lambda", `{"blueGreenDeploymentConfiguration":{`+goOn+`,`+keepBlue("0")+`}}`, badColors, "For Lambda deployment group, blueGreenDeploymentConfiguration can not be specified"),
		aGroup("ecs", `{"blueGreenDeploymentConfiguration":null}`, badColors, "For ECS deployment group, blueGreenDeploymentConfiguration must be specified"),
	},
	"dg-lambda-requires-blue-green-traffic-control": {
		aGroup("lambda", style("BLUE_GREEN", "WITHOUT_TRAFFIC_CONTROL"), badStyle, onlyStyleOfLambda),
		aGroup("lambda", style("IN_PLACE", "WITH_TRAFFIC_CONTROL"), badStyle, onlyStyleOfLambda),
		aGroup("lambda", `{"deploymentStyle":null}`, badStyle, onlyStyleOfLambda),
		aGroup("lambda", style("BLUE_GREEN", "WITH_TRAFFIC_CONTROL"), "", ""),
	},
	"dg-onprem-tag-filters-xor-tag-set": {
		aGroup("server", `{"onPremisesInstanceTagFilters":[{"Key":"k"}],"onPremisesTagSet":{"onPremisesTagSetList":[[{"Key":"k"}]]}}`,
			codedeploy.InvalidOnPremisesTagCombinationException, "both"),
		aGroup("server", `{"onPremisesTagSet":{"onPremisesTagSetList":[[{"Key":"k"}]]}}`, "", ""),
	},
	"dg-revision-bundle-type-server": { // told without a look into the bucket
		aRelease("server", `{"revisionType":"S3","s3Location":{"bucket":"there-is-none","key":"k","bundleType":"YAML"}}`,
			codedeploy.InvalidRevisionException, "BundleType must be either tar, zip or tgz"),
	},
	"dg-revision-github-server-only": {
		aRelease("lambda", gitHubCommit, codedeploy.InvalidRevisionException, "Revision type: GitHub is not supported under compute platform: LAMBDA"),
	},
	"dg-tag-filter-type-value-consistency": {
		aGroup("server", `{"ec2TagFilters":[{"Key":"k","Value":"v","Type":"KEY_ONLY"}]}`, badEC2Tag, "Values must not be provided for key-only filters"),
		aGroup("server", `{"ec2TagFilters":[{"Key":"k","Type":"VALUE_ONLY"}]}`, badEC2Tag, "Keys must not be provided for value-only filters"),
		aGroup("server", `{"ec2TagSet":{"ec2TagSetList":[[{"Key":"k","Value":"v","Type":"KEY_ONLY"}]]}}`, badEC2Tag, "key-only filters"),
		aGroup("server", `{"onPremisesInstanceTagFilters":[{"Key":"k","Value":"v","Type":"KEY_ONLY"}]}`, badTag, ""),
		aGroup("server", `{"ec2TagFilters":[{"Key":"k","Type":"KEY_ONLY"},{"Value":"v","Type":"VALUE_ONLY"}]}`, "", ""),
	},
	"dg-target-group-name-max-32": { // whatever the style is
		aGroup("server", targetGroup(strings.Repeat("t", 33)), badBalancer, "32 characters"),
		aGroup("server", targetGroup("arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/tg/0"), badBalancer, "not an ARN"),
		aGroup("server", targetGroup(strings.Repeat("t", 32)), "", ""),
	},
	"dg-termination-wait-max": { // whatever the style and the action are
		aGroup("server", `{"blueGreenDeploymentConfiguration":{`+goOn+`,`+keepBlue("2881")+`}}`, badColors, "2881"),
		aGroup("server", colors(`"actionOnTimeout":"CONTINUE_DEPLOYMENT"`, `"action":"TERMINATE","terminationWaitTimeInMinutes":2881`), badColors, "2881"),
		aGroup("server", colors(`"actionOnTimeout":"CONTINUE_DEPLOYMENT"`, `"action":"TERMINATE","terminationWaitTimeInMinutes":2880`), "", ""),
	},
	"dg-traffic-control-requires-load-balancer": {
		aGroup("server", style("IN_PLACE", "WITH_TRAFFIC_CONTROL"), badBalancer, "WITH_TRAFFIC_CONTROL"),
		aGroup("server", `{"deploymentStyle":{"deploymentType":"IN_PLACE","deploymentOption":"WITH_TRAFFIC_CONTROL"},
			"loadBalancerInfo":{"elbInfoList":[{"name":"there-is-none"}]}}`, "", ""),
	},
	"dg-trigger-name-and-target-unique": {
		aGroup("server", twoTriggers("same", "a", "same", "b"), badTrigger, "Duplicate Trigger target name detected"),
		aGroup("server", twoTriggers("a", "same", "b", "same"), badTrigger, "Duplicate Trigger target arn detected"),
		aGroup("server", twoTriggers("a", "a", "b", "b"), "", ""),
	},
	"dg-trigger-target-region": {
		aGroup("server", trigger(`{"triggerTargetArn":"arn:aws:sns:us-east-1:111122223333:t"}`), badTrigger, "us-east-1"),
		aGroup("server", trigger(`{"triggerTargetArn":"arn:aws:sns:eu-west-1:111122223333:t"}`), "", ""),
	},
	"dg-triggers-max-10": {
		aGroup("server", manyTriggers(11), codedeploy.TriggerTargetsLimitExceededException, "11"),
		aGroup("server", manyTriggers(10), "", ""),
	},
}
