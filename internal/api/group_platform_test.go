package api_test

import (
	"strings"
	"testing"

	"greenlight/internal/codedeploy"
)

const (
	badEC2Tag   = codedeploy.InvalidEC2TagException
	badTag      = codedeploy.InvalidTagException
	badStyle    = codedeploy.InvalidDeploymentStyleException
	badScaling  = codedeploy.InvalidAutoScalingGroupException
	badBalancer = codedeploy.InvalidLoadBalancerInfoException
	badColors   = codedeploy.InvalidBlueGreenDeploymentConfigurationException
	badService  = codedeploy.InvalidECSServiceException
	badPair     = codedeploy.InvalidTargetGroupPairException
	badConfig   = codedeploy.InvalidDeploymentConfigNameException
)

// platformRefusals are the changes that make a good group of a platform one
// that its application refuses.
var platformRefusals = map[string][]refusal{
	"lambda": {
		{name: "Server config, as Terraform sends it", body: `{"deploymentConfigName":"CodeDeployDefault.OneAtATime"}`, want: badConfig,
			says: "Compute platform of deployment config CodeDeployDefault.OneAtATime does not match expected compute platform, correct compute platform should be Lambda."},
		{name: "EC2 filters", body: `{"ec2TagFilters":[{"Key":"k"}]}`, want: badEC2Tag, says: "For Lambda deployment group, ec2TagFilters can not be specified"},
		{name: "EC2 set", body: `{"ec2TagSet":{"ec2TagSetList":[[{"Key":"k"}]]}}`, want: badEC2Tag, says: "For Lambda deployment group, ec2TagSet can not be specified"},
		{name: "on-premises filters", body: `{"onPremisesInstanceTagFilters":[{"Key":"k"}]}`, want: badTag, says: "onPremisesInstanceTagFilters can not be specified"},
		{name: "on-premises set", body: `{"onPremisesTagSet":{"onPremisesTagSetList":[[{"Key":"k"}]]}}`, want: badTag, says: "onPremisesTagSet can not be specified"},
		{name: "style", body: style("IN_PLACE", "WITHOUT_TRAFFIC_CONTROL"), want: badStyle,
			says: "For LAMBDA deployment, the deployment type must be BLUE_GREEN, and deployment option must be WITH_TRAFFIC_CONTROL."},
		{name: "no style", body: `{"deploymentStyle":null}`, want: badStyle, says: "For LAMBDA deployment, "},
		{name: "half the style", body: style("BLUE_GREEN", "WITHOUT_TRAFFIC_CONTROL"), want: badStyle, says: "For LAMBDA deployment, "},
		{name: "Auto Scaling", body: `{"autoScalingGroups":["x"]}`, want: badScaling},
		{name: "load balancer", body: `{"loadBalancerInfo":{"elbInfoList":[{"name":"x"}]}}`, want: badBalancer},
		{name: "blue/green", body: colors(``, ``), want: badColors, says: "For Lambda deployment group, blueGreenDeploymentConfiguration can not be specified"},
		{name: "empty blue/green", body: `{"blueGreenDeploymentConfiguration":{}}`, want: badColors},
		{name: "ECS service", body: `{"ecsServices":[{"serviceName":"s"}]}`, want: badService, says: "Lambda Deployment Groups should not define a value for ecsServices, "},
	},
	"ecs": { // E57: the rows of ecs.md 3.2 that need no network
		{name: "Lambda config", body: `{"deploymentConfigName":"CodeDeployDefault.LambdaAllAtOnce"}`, want: badConfig, says: "should be ECS."},
		{name: "no service", body: `{"ecsServices":null}`, want: badService, says: "For ECS deployment group, exactly one ECS service must be specified"},
		{name: "empty services", body: `{"ecsServices":[]}`, want: badService, says: "exactly one ECS service"},
		{name: "two services", body: `{"ecsServices":[{"serviceName":"a"},{"serviceName":"b"}]}`, want: badService, says: "exactly one ECS service"},
		{name: "service without name", body: `{"ecsServices":[{"clusterName":"c"}]}`, want: badService, says: "serviceName"},
		{name: "no style", body: `{"deploymentStyle":null}`, want: badStyle,
			says: "For ECS deployment, the deployment type must be BLUE_GREEN, and deployment option must be WITH_TRAFFIC_CONTROL."},
		{name: "in place", body: style("IN_PLACE", "WITH_TRAFFIC_CONTROL"), want: badStyle, says: "For ECS deployment, "},
		{name: "no traffic control", body: style("BLUE_GREEN", "WITHOUT_TRAFFIC_CONTROL"), want: badStyle, says: "For ECS deployment, "},
		{name: "no load balancer", body: `{"loadBalancerInfo":null}`, want: badBalancer, says: "For ECS deployment group, loadBalancerInfo must be specified"},
		{name: "empty load balancer", body: `{"loadBalancerInfo":{}}`, want: badBalancer, says: "For ECS deployment group, loadBalancerInfo must be specified"},
		{name: "ELB list", body: `{"loadBalancerInfo":{"elbInfoList":[{"name":"x"}]}}`, want: badBalancer, says: "For ECS deployment group, loadBalancerInfo must not contain elbInfo list"},
		{name: "target group list", body: `{"loadBalancerInfo":{"targetGroupInfoList":[{"name":"x"}]}}`, want: badBalancer,
			says: "For ECS deployment group, loadBalancerInfo must not contain targetGroupInfo list"},
		{name: "no pair", body: `{"loadBalancerInfo":{"targetGroupPairInfoList":[]}}`, want: badPair},
		{name: "two pairs", body: `{"loadBalancerInfo":{"targetGroupPairInfoList":[{},{}]}}`, want: badPair},
		{name: "pair of none", body: pair(``, `["l"]`, ``), want: badPair},
		{name: "pair of three", body: pair(`{"name":"a"},{"name":"b"},{"name":"c"}`, `["l"]`, ``), want: badPair},
		{name: "pair of equals", body: pair(`{"name":"a"},{"name":"a"}`, `["l"]`, ``), want: badPair, says: "Target group pair must have distinct target groups."},
		{name: "target group ARN", body: pair(`{"name":"arn:aws:elb:x"},{"name":"b"}`, `["l"]`, ``), want: badPair},
		{name: "empty target group name", body: pair(`{"name":""},{"name":"b"}`, `["l"]`, ``), want: badPair},
		{name: "target group name of 33", body: pair(`{"name":"`+strings.Repeat("a", 33)+`"},{"name":"b"}`, `["l"]`, ``), want: badPair},
		{name: "no production route", body: pair(`{"name":"a"},{"name":"b"}`, ``, ``), want: badPair, says: "prodTrafficRoute"},
		{name: "no production listener", body: pair(`{"name":"a"},{"name":"b"}`, `[]`, ``), want: badPair, says: "prodTrafficRoute"},
		{name: "empty production listener", body: pair(`{"name":"a"},{"name":"b"}`, `[""]`, ``), want: badPair},
		{name: "two production listeners", body: pair(`{"name":"a"},{"name":"b"}`, `["l","m"]`, ``), want: badPair},
		{name: "two test listeners", body: pair(`{"name":"a"},{"name":"b"}`, `["l"]`, `["m","n"]`), want: badPair, says: "testTrafficRoute"},
		{name: "test is production", body: pair(`{"name":"a"},{"name":"b"}`, `["l"]`, `["l"]`), want: badPair},
		{name: "E70 canary on a network load balancer", want: codedeploy.InvalidTrafficRoutingConfigurationException, says: onlyALB,
			body: `{"deploymentConfigName":"` + ecsCanary + `",` + pair(`{"name":"a"},{"name":"b"}`, `["`+networkListener+`"]`, ``)[1:]},
		{name: "no blue/green", body: `{"blueGreenDeploymentConfiguration":null}`, want: badColors, says: "For ECS deployment group, blueGreenDeploymentConfiguration must be specified"},
		{name: "continue after a wait", body: colors(`"actionOnTimeout":"CONTINUE_DEPLOYMENT","waitTimeInMinutes":1`, ``), want: badColors,
			says: "Deployment ready action cannot be set to 'CONTINUE_DEPLOYMENT' when timeout is specified"},
		{name: "stop without a wait", body: colors(`"actionOnTimeout":"STOP_DEPLOYMENT"`, ``), want: badColors},
		{name: "stop after no wait", body: colors(`"actionOnTimeout":"STOP_DEPLOYMENT","waitTimeInMinutes":0`, ``), want: badColors},
		{name: "no ready option", body: `{"blueGreenDeploymentConfiguration":{"terminateBlueInstancesOnDeploymentSuccess":{"action":"TERMINATE"}}}`, want: badColors,
			says: "Deployment ready option cannot be null for blue green deployment"},
		{name: "no termination option", body: `{"blueGreenDeploymentConfiguration":{"deploymentReadyOption":{}}}`, want: badColors,
			says: "Terminate blue instances on deployment success behaviour cannot be set to null for Blue Green deployments"},
		{name: "ready wait of 7201", body: colors(`"actionOnTimeout":"STOP_DEPLOYMENT","waitTimeInMinutes":7201`, ``), want: badColors, says: "7201"},
		{name: "negative ready wait", body: colors(`"waitTimeInMinutes":-1`, ``), want: badColors, says: "-1"},
		{name: "termination wait of 2881", body: colors(``, `"terminationWaitTimeInMinutes":2881`), want: badColors, says: "2881"},
		{name: "negative termination wait", body: colors(``, `"terminationWaitTimeInMinutes":-1`), want: badColors, says: "-1"},
		{name: "unknown ready action", body: colors(`"actionOnTimeout":"x"`, ``), want: badColors, says: `"x"`},
		{name: "unknown termination action", body: colors(``, `"action":"x"`), want: badColors, says: `"x"`},
		{name: "keep alive", body: colors(``, `"action":"KEEP_ALIVE"`), want: badColors, says: "KEEP_ALIVE"},
		{name: "green fleet", body: `{"blueGreenDeploymentConfiguration":{"deploymentReadyOption":{},"terminateBlueInstancesOnDeploymentSuccess":{},"greenFleetProvisioningOption":{"action":"DISCOVER_EXISTING"}}}`, want: badColors},
		{name: "Auto Scaling", body: `{"autoScalingGroups":["x"]}`, want: badScaling, says: "For ECS deployment group, autoScalingGroups can not be specified"},
		{name: "EC2 filters", body: `{"ec2TagFilters":[{"Key":"k"}]}`, want: badEC2Tag, says: "For ECS deployment group, ec2TagFilters can not be specified"},
		{name: "on-premises set", body: `{"onPremisesTagSet":{"onPremisesTagSetList":[[{"Key":"k"}]]}}`, want: badTag},
	},
	"server": {
		{name: "ECS config", body: `{"deploymentConfigName":"CodeDeployDefault.ECSAllAtOnce"}`, want: badConfig, says: "should be Server."},
		{name: "blue/green without traffic control", body: style("BLUE_GREEN", "WITHOUT_TRAFFIC_CONTROL"), want: badStyle},
		{name: "traffic control without balancer", body: style("IN_PLACE", "WITH_TRAFFIC_CONTROL"), want: badBalancer,
			says: "WITH_TRAFFIC_CONTROL, but neither elbInfoList nor targetGroupInfoList"},
		{name: "11 Auto Scaling groups", body: `{"autoScalingGroups":` + repeat(11, `"g%d"`) + `}`, want: badScaling, says: "11"},
		{name: "blank Auto Scaling group", body: `{"autoScalingGroups":[" "]}`, want: badScaling},
		{name: "copy of no Auto Scaling group", body: copying(`[]`), want: badScaling, says: "exactly one Auto Scaling group"},
		{name: "copy of two Auto Scaling groups", body: copying(`["x","y"]`), want: badScaling},
		{name: "11 ELBs", body: `{"loadBalancerInfo":{"elbInfoList":` + repeat(11, `{"name":"x%d"}`) + `}}`, want: badBalancer, says: "11"},
		{name: "11 target groups", body: `{"loadBalancerInfo":{"targetGroupInfoList":` + repeat(11, `{"name":"x%d"}`) + `}}`, want: badBalancer, says: "11"},
		{name: "ELB without name", body: `{"loadBalancerInfo":{"elbInfoList":[{"name":" "}]}}`, want: badBalancer},
		{name: "target group ARN", body: `{"loadBalancerInfo":{"targetGroupInfoList":[{"name":"arn:aws:x"}]}}`, want: badBalancer, says: "not an ARN"},
		{name: "target group name of 33", body: `{"loadBalancerInfo":{"targetGroupInfoList":[{"name":"` + strings.Repeat("x", 33) + `"}]}}`, want: badBalancer},
		{name: "empty blue/green", body: `{"blueGreenDeploymentConfiguration":{}}`, want: badColors},
		{name: "ready wait of 2881", body: colors(`"actionOnTimeout":"STOP_DEPLOYMENT","waitTimeInMinutes":2881`, ``), want: badColors},
		{name: "green fleet action", body: `{"blueGreenDeploymentConfiguration":{"deploymentReadyOption":{},"terminateBlueInstancesOnDeploymentSuccess":{},"greenFleetProvisioningOption":{"action":"x"}}}`, want: badColors},
		{name: "ECS service", body: `{"ecsServices":[{"serviceName":"s"}]}`, want: badService, says: "Server Deployment Groups should not define a value for ecsServices, "},
		{name: "two pairs", body: `{"loadBalancerInfo":{"targetGroupPairInfoList":[{},{}]}}`, want: badPair},
		{name: "pair of equals", body: pair(`{"name":"a"},{"name":"a"}`, ``, ``), want: badPair},
		{name: "two listeners", body: pair(`{"name":"a"}`, `["l","m"]`, ``), want: badPair},
	},
}

func style(kind, option string) string {
	return `{"deploymentStyle":{"deploymentType":"` + kind + `","deploymentOption":"` + option + `"}}`
}

// colors are blue/green settings with what the two options hold.
func colors(ready, terminate string) string {
	return `{"blueGreenDeploymentConfiguration":{"deploymentReadyOption":{` + ready + `},"terminateBlueInstancesOnDeploymentSuccess":{` + terminate + `}}}`
}

func copying(groups string) string {
	return `{"autoScalingGroups":` + groups + `,"blueGreenDeploymentConfiguration":{"deploymentReadyOption":{},
		"terminateBlueInstancesOnDeploymentSuccess":{},"greenFleetProvisioningOption":{"action":"COPY_AUTO_SCALING_GROUP"}}}`
}

// pair is a target group pair; a route is its listeners, "" for no route.
func pair(groups, prod, test string) string {
	routes := ""
	if prod != "" {
		routes += `,"prodTrafficRoute":{"listenerArns":` + prod + `}`
	}
	if test != "" {
		routes += `,"testTrafficRoute":{"listenerArns":` + test + `}`
	}
	return `{"loadBalancerInfo":{"targetGroupPairInfoList":[{"targetGroups":[` + groups + `]` + routes + `}]}}`
}

// TestE57GroupsMustSuitTheirPlatform creates every bad group, and makes a good
// one bad by an update, which must leave it as it was.
func TestE57GroupsMustSuitTheirPlatform(t *testing.T) {
	c := groupClient(t)
	for application, refusals := range platformRefusals {
		c.ok(t, "CreateDeploymentGroup", groupOf(t, application, `{}`))
		for _, r := range refusals {
			t.Run(application+" "+r.name, func(t *testing.T) {
				r.check(t, c, "CreateDeploymentGroup", groupOf(t, application, with(t, r.body, `{"deploymentGroupName":"h"}`)))
				if strings.HasSuffix(r.body, ":null}") {
					return // an absent member keeps what is there
				}
				r.check(t, c, "UpdateDeploymentGroup", with(t, r.body, `{"applicationName":"`+application+`","currentDeploymentGroupName":"g"}`))
			})
		}
		equal(t, c.group(t, application), defaults[application])
	}
}
