package api_test

import (
	"testing"

	"greenlight/internal/api"
	"greenlight/internal/codedeploy"
)

// Good groups of every platform, of the applications that groupClient makes.
const (
	serverGroup = `{"applicationName":"server","deploymentGroupName":"g",` + testRole + `}`
	lambdaGroup = `{"applicationName":"a","deploymentGroupName":"g",` + testRole + `,` + lambdaStyle + `}`
	lambdaStyle = `"deploymentStyle":{"deploymentType":"BLUE_GREEN","deploymentOption":"WITH_TRAFFIC_CONTROL"}`
	ecsGroup    = `{"applicationName":"a","deploymentGroupName":"g",` + testRole + `,
		"deploymentStyle":{"deploymentType":"BLUE_GREEN","deploymentOption":"WITH_TRAFFIC_CONTROL"},
		"ecsServices":[{"serviceName":"s1","clusterName":"c1"}],
		"loadBalancerInfo":{"targetGroupPairInfoList":[{"targetGroups":[{"name":"tgA"},{"name":"tgB"}],
			"prodTrafficRoute":{"listenerArns":["arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/lb/1/2"]}}]},
		"blueGreenDeploymentConfiguration":{"deploymentReadyOption":{"actionOnTimeout":"CONTINUE_DEPLOYMENT"},
			"terminateBlueInstancesOnDeploymentSuccess":{"action":"TERMINATE"}}}`
)

// groupClient has one application of each platform, named like it.
func groupClient(t *testing.T) client {
	t.Helper()
	c := newClient(t)
	c.applications(t)
	return c
}

func (c client) applications(t testing.TB) {
	t.Helper()
	c.ok(t, "CreateApplication", `{"applicationName":"server","computePlatform":"Server"}`)
	c.ok(t, "CreateApplication", `{"applicationName":"lambda","computePlatform":"Lambda"}`)
	c.ok(t, "CreateApplication", `{"applicationName":"ecs","computePlatform":"ECS"}`)
}

// groupOf is a good group of the platform's application with changes.
func groupOf(t *testing.T, application, changes string) string {
	t.Helper()
	base := map[string]string{"server": serverGroup, "lambda": lambdaGroup, "ecs": ecsGroup}[application]
	return with(t, with(t, base, `{"applicationName":"`+application+`"}`), changes)
}

// group reads the group g, without its id.
func (c client) group(t *testing.T, application string) object {
	t.Helper()
	return c.groupNamed(t, application, "g")
}

func (c client) groupNamed(t *testing.T, application, group string) object {
	t.Helper()
	info := c.ok(t, "GetDeploymentGroup", `{"applicationName":"`+application+`","deploymentGroupName":"`+group+`"}`)["deploymentGroupInfo"].(object)
	delete(info, "deploymentGroupId")
	return info
}

// defaults are what GetDeploymentGroup answers for a group of which nothing
// but the demanded members was given.
var defaults = map[string]string{
	"server": `{"applicationName":"server","deploymentGroupName":"g","computePlatform":"Server",` + testRole + `,
		"deploymentConfigName":"CodeDeployDefault.OneAtATime",
		"deploymentStyle":{"deploymentType":"IN_PLACE","deploymentOption":"WITHOUT_TRAFFIC_CONTROL"},
		"outdatedInstancesStrategy":"UPDATE","terminationHookEnabled":false,"autoScalingGroups":[],"triggerConfigurations":[],
		"autoRollbackConfiguration":{"enabled":false},"ec2TagFilters":[],"onPremisesInstanceTagFilters":[]}`,
	"lambda": `{"applicationName":"lambda","deploymentGroupName":"g","computePlatform":"Lambda",` + testRole + `,
		"deploymentConfigName":"CodeDeployDefault.LambdaAllAtOnce",
		"deploymentStyle":{"deploymentType":"BLUE_GREEN","deploymentOption":"WITH_TRAFFIC_CONTROL"},
		"outdatedInstancesStrategy":"UPDATE","terminationHookEnabled":false,"autoScalingGroups":[],"triggerConfigurations":[],
		"autoRollbackConfiguration":{"enabled":false},"ec2TagFilters":[],"onPremisesInstanceTagFilters":[]}`,
	// The two waits are numbers although nobody gave them (E62).
	"ecs": `{"applicationName":"ecs","deploymentGroupName":"g","computePlatform":"ECS",` + testRole + `,
		"deploymentConfigName":"CodeDeployDefault.ECSAllAtOnce",
		"deploymentStyle":{"deploymentType":"BLUE_GREEN","deploymentOption":"WITH_TRAFFIC_CONTROL"},
		"outdatedInstancesStrategy":"UPDATE","terminationHookEnabled":false,"autoScalingGroups":[],"triggerConfigurations":[],
		"autoRollbackConfiguration":{"enabled":false},"ec2TagFilters":[],"onPremisesInstanceTagFilters":[],
		"ecsServices":[{"serviceName":"s1","clusterName":"c1"}],
		"loadBalancerInfo":{"targetGroupPairInfoList":[{"targetGroups":[{"name":"tgA"},{"name":"tgB"}],
			"prodTrafficRoute":{"listenerArns":["arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/lb/1/2"]}}]},
		"blueGreenDeploymentConfiguration":{"deploymentReadyOption":{"actionOnTimeout":"CONTINUE_DEPLOYMENT","waitTimeInMinutes":0},
			"terminateBlueInstancesOnDeploymentSuccess":{"action":"TERMINATE","terminationWaitTimeInMinutes":0}}}`,
}

func TestGroupDefaults(t *testing.T) {
	for application, want := range defaults {
		t.Run(application, func(t *testing.T) {
			c := groupClient(t)
			id := c.ok(t, "CreateDeploymentGroup", groupOf(t, application, `{}`))["deploymentGroupId"]
			info := c.ok(t, "GetDeploymentGroup", `{"applicationName":"`+application+`","deploymentGroupName":"g"}`)["deploymentGroupInfo"].(object)
			if info["deploymentGroupId"] != id {
				t.Errorf("the id is %v, was created as %v", info["deploymentGroupId"], id)
			}
			equal(t, c.group(t, application), want)
		})
	}
}

// roundTrip is a change of a good group, and what the default answer then is
// in other words; "" means that the change itself is answered.
type roundTrip struct{ name, application, given, answered string }

var roundTrips = []roundTrip{
	{"alarms", "lambda", `{"alarmConfiguration":{"enabled":true,"ignorePollAlarmFailure":true,"alarms":[{"name":"x"},{"name":"y"}]}}`, ``},
	{"alarms not said to be enabled", "lambda", `{"alarmConfiguration":{"alarms":[{"name":"x"}]}}`,
		`{"alarmConfiguration":{"enabled":false,"ignorePollAlarmFailure":false,"alarms":[{"name":"x"}]}}`},
	{"disabled alarms keep their list", "ecs", `{"alarmConfiguration":{"enabled":false,"ignorePollAlarmFailure":false,"alarms":[{"name":"x"}]}}`, ``},
	{"disabled alarms alone", "server", `{"alarmConfiguration":{"enabled":false}}`, `{"alarmConfiguration":{"enabled":false,"ignorePollAlarmFailure":false}}`},
	{"rollback", "lambda", `{"autoRollbackConfiguration":{"enabled":true,"events":["DEPLOYMENT_FAILURE","DEPLOYMENT_STOP_ON_ALARM","DEPLOYMENT_STOP_ON_REQUEST"]}}`, ``},
	{"disabled rollback keeps its events", "server", `{"autoRollbackConfiguration":{"enabled":false,"events":["DEPLOYMENT_FAILURE"]}}`, ``},
	{"rollback not said to be enabled", "server", `{"autoRollbackConfiguration":{"events":["DEPLOYMENT_FAILURE"]}}`,
		`{"autoRollbackConfiguration":{"enabled":false,"events":["DEPLOYMENT_FAILURE"]}}`},
	{"triggers", "lambda", `{"triggerConfigurations":[{"triggerName":"t","triggerTargetArn":"arn:aws:sns:eu-west-1:111122223333:topic","triggerEvents":["DeploymentStart","InstanceReady"]},
		{"triggerName":"u","triggerTargetArn":"arn:aws:sns:eu-west-1:111122223333:topic.fifo","triggerEvents":["DeploymentRollback"]}]}`, ``},
	{"outdated instances", "ecs", `{"outdatedInstancesStrategy":"IGNORE"}`, ``},
	{"termination hook", "server", `{"terminationHookEnabled":true}`, ``},
	{"Lambda config", "lambda", `{"deploymentConfigName":"CodeDeployDefault.LambdaCanary10Percent5Minutes"}`, ``},
	{"Lambda style", "lambda", `{"deploymentStyle":{"deploymentType":"BLUE_GREEN","deploymentOption":"WITH_TRAFFIC_CONTROL"}}`, ``},
	{"Lambda empties", "lambda", `{"ec2TagFilters":[],"ec2TagSet":{"ec2TagSetList":[]},"onPremisesInstanceTagFilters":[],"onPremisesTagSet":{"onPremisesTagSetList":[]},
		"autoScalingGroups":[],"loadBalancerInfo":{},"ecsServices":[],"triggerConfigurations":[],"outdatedInstancesStrategy":"UPDATE"}`, `{}`},
	{"ECS config", "ecs", `{"deploymentConfigName":"CodeDeployDefault.ECSLinear10PercentEvery1Minutes"}`, ``},
	{"ECS ARNs verbatim", "ecs", `{"ecsServices":[{"serviceName":"arn:aws:ecs:eu-west-1:111122223333:service/c/s","clusterName":"arn:aws:ecs:eu-west-1:111122223333:cluster/c"}]}`, ``},
	{"ECS service of the default cluster", "ecs", `{"ecsServices":[{"serviceName":"s"}]}`, ``},
	{"ECS test route", "ecs", `{"loadBalancerInfo":{"targetGroupPairInfoList":[{"targetGroups":[{"name":"x"},{"name":"y"}],
		"prodTrafficRoute":{"listenerArns":["l1"]},"testTrafficRoute":{"listenerArns":["l2"]}}]}}`, ``},
	{"E71 one target group", "ecs", `{"loadBalancerInfo":{"targetGroupPairInfoList":[{"targetGroups":[{"name":"x"}],"prodTrafficRoute":{"listenerArns":["l1"]}}]}}`, ``},
	{"ECS waits", "ecs", `{"blueGreenDeploymentConfiguration":{"deploymentReadyOption":{"actionOnTimeout":"STOP_DEPLOYMENT","waitTimeInMinutes":7200},
		"terminateBlueInstancesOnDeploymentSuccess":{"action":"TERMINATE","terminationWaitTimeInMinutes":2880}}}`, ``},
	{"Server config", "server", `{"deploymentConfigName":"CodeDeployDefault.HalfAtATime"}`, ``},
	{"tag filters", "server", `{"ec2TagFilters":[{"Key":"k","Value":"v","Type":"KEY_AND_VALUE"},{"Key":"k","Type":"KEY_ONLY"},{"Value":"v","Type":"VALUE_ONLY"},{"Key":"k"},{"Value":"v"},{"Key":"k","Value":"v"}],
		"onPremisesInstanceTagFilters":[{"Key":"k","Value":"v","Type":"KEY_AND_VALUE"}]}`, ``},
	{"tag filters with the unused half empty", "server", `{"ec2TagFilters":[{"Key":"k","Value":"","Type":"KEY_ONLY"}]}`, `{"ec2TagFilters":[{"Key":"k","Type":"KEY_ONLY"}]}`},
	{"EC2 tag set", "server", `{"ec2TagSet":{"ec2TagSetList":[[{"Key":"k","Type":"KEY_ONLY"}],[{"Key":"l","Value":"v","Type":"KEY_AND_VALUE"}]]}}`,
		`{"ec2TagFilters":null,"onPremisesInstanceTagFilters":null,"onPremisesTagSet":{"onPremisesTagSetList":[]},
		"ec2TagSet":{"ec2TagSetList":[[{"Key":"k","Type":"KEY_ONLY"}],[{"Key":"l","Value":"v","Type":"KEY_AND_VALUE"}]]}}`},
	{"on-premises tag set", "server", `{"onPremisesTagSet":{"onPremisesTagSetList":[[{"Key":"k","Type":"KEY_ONLY"}]]}}`,
		`{"ec2TagFilters":null,"onPremisesInstanceTagFilters":null,"ec2TagSet":{"ec2TagSetList":[]},
		"onPremisesTagSet":{"onPremisesTagSetList":[[{"Key":"k","Type":"KEY_ONLY"}]]}}`},
	{"filters of one family, set of the other", "server", `{"ec2TagFilters":[{"Key":"k"}],"onPremisesTagSet":{"onPremisesTagSetList":[[{"Key":"k"}]]}}`,
		`{"ec2TagFilters":[{"Key":"k"}],"onPremisesInstanceTagFilters":null,"ec2TagSet":{"ec2TagSetList":[]},"onPremisesTagSet":{"onPremisesTagSetList":[[{"Key":"k"}]]}}`},
	{"Auto Scaling groups", "server", `{"autoScalingGroups":["one","two"]}`, `{"autoScalingGroups":[{"name":"one"},{"name":"two"}]}`},
	{"load balancers", "server", `{"deploymentStyle":{"deploymentType":"IN_PLACE","deploymentOption":"WITH_TRAFFIC_CONTROL"},
		"loadBalancerInfo":{"elbInfoList":[{"name":"lb"}],"targetGroupInfoList":[{"name":"tg"}]}}`, ``},
	{"pair on Server", "server", `{"deploymentStyle":{"deploymentType":"IN_PLACE","deploymentOption":"WITH_TRAFFIC_CONTROL"},
		"loadBalancerInfo":{"targetGroupPairInfoList":[{"targetGroups":[{"name":"x"},{"name":"y"}],"prodTrafficRoute":{"listenerArns":["l"]}}]}}`, ``},
	{"empty load balancer info", "server", `{"loadBalancerInfo":{"elbInfoList":[]}}`, `{}`},
	{"blue/green", "server", `{"deploymentStyle":{"deploymentType":"BLUE_GREEN","deploymentOption":"WITH_TRAFFIC_CONTROL"},
		"loadBalancerInfo":{"elbInfoList":[{"name":"lb"}]},"autoScalingGroups":["one"],
		"blueGreenDeploymentConfiguration":{"deploymentReadyOption":{"actionOnTimeout":"STOP_DEPLOYMENT","waitTimeInMinutes":2880},
		"terminateBlueInstancesOnDeploymentSuccess":{"action":"KEEP_ALIVE"},"greenFleetProvisioningOption":{"action":"COPY_AUTO_SCALING_GROUP"}}}`,
		`{"deploymentStyle":{"deploymentType":"BLUE_GREEN","deploymentOption":"WITH_TRAFFIC_CONTROL"},
		"loadBalancerInfo":{"elbInfoList":[{"name":"lb"}]},"autoScalingGroups":[{"name":"one"}],
		"blueGreenDeploymentConfiguration":{"deploymentReadyOption":{"actionOnTimeout":"STOP_DEPLOYMENT","waitTimeInMinutes":2880},
		"terminateBlueInstancesOnDeploymentSuccess":{"action":"KEEP_ALIVE","terminationWaitTimeInMinutes":0},"greenFleetProvisioningOption":{"action":"COPY_AUTO_SCALING_GROUP"}}}`},
	{"blue/green without settings", "server", `{"deploymentStyle":{"deploymentType":"BLUE_GREEN","deploymentOption":"WITH_TRAFFIC_CONTROL"},"loadBalancerInfo":{"elbInfoList":[{"name":"lb"}]}}`, ``},
}

// TestGroupRoundTrips gives every member, by creating a group and by updating
// one, and reads it back.
func TestGroupRoundTrips(t *testing.T) {
	c := groupClient(t)
	for _, r := range roundTrips {
		t.Run(r.name, func(t *testing.T) {
			if r.answered == "" {
				r.answered = r.given
			}
			want := with(t, defaults[r.application], r.answered)
			names := `{"applicationName":"` + r.application + `","deploymentGroupName":"g"}`
			c.ok(t, "CreateDeploymentGroup", groupOf(t, r.application, r.given))
			equal(t, c.group(t, r.application), want)
			c.ok(t, "DeleteDeploymentGroup", names)

			c.ok(t, "CreateDeploymentGroup", groupOf(t, r.application, `{}`))
			c.ok(t, "UpdateDeploymentGroup", with(t, r.given, `{"applicationName":"`+r.application+`","currentDeploymentGroupName":"g"}`))
			equal(t, c.group(t, r.application), want)
			c.ok(t, "DeleteDeploymentGroup", names)
		})
	}
}

func TestCreateDeploymentGroupStoresItsTags(t *testing.T) {
	c := groupClient(t)
	id := c.ok(t, "CreateDeploymentGroup", groupOf(t, "server", `{"tags":[{"Key":"k","Value":"v"}]}`))["deploymentGroupId"]
	if tags := c.tags(t, id); len(tags) != 1 || tags[0].Key != "k" {
		t.Errorf("tags are %v", tags)
	}
	if _, shown := c.group(t, "server")["tags"]; shown {
		t.Error("GetDeploymentGroup shows tags")
	}
}

func TestBatchGetDeploymentGroupsSkipsUnknown(t *testing.T) {
	c := groupClient(t)
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "lambda", `{}`))
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "lambda", `{"deploymentGroupName":"h"}`))
	answer := c.ok(t, "BatchGetDeploymentGroups", `{"applicationName":"lambda","deploymentGroupNames":["h","x","g","h","y"]}`)
	equal(t, answer["errorMessage"], `"No deployment group found for name: x, y"`)
	infos := answer["deploymentGroupsInfo"].([]any)
	if len(infos) != 2 || infos[0].(object)["deploymentGroupName"] != "h" || infos[1].(object)["deploymentGroupName"] != "g" {
		t.Fatalf("groups are %v, want h and g", infos)
	}
	delete(infos[1].(object), "deploymentGroupId")
	equal(t, infos[1], defaults["lambda"])
	answer = c.ok(t, "BatchGetDeploymentGroups", `{"applicationName":"lambda","deploymentGroupNames":["x"]}`)
	equal(t, answer["deploymentGroupsInfo"], `[]`)
	answer = c.ok(t, "BatchGetDeploymentGroups", `{"applicationName":"lambda","deploymentGroupNames":["g"]}`)
	equal(t, answer["errorMessage"], `""`)
}

func TestDeletedGroupIsGone(t *testing.T) {
	c := groupClient(t)
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "server", `{}`))
	for range 2 {
		equal(t, any(c.ok(t, "DeleteDeploymentGroup", `{"applicationName":"server","deploymentGroupName":"g"}`)), `{"hooksNotCleanedUp":[]}`)
	}
	c.refused(t, "GetDeploymentGroup", `{"applicationName":"server","deploymentGroupName":"g"}`, codedeploy.DeploymentGroupDoesNotExistException)
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "server", `{}`))
}

func TestDeploymentGroupLimit(t *testing.T) {
	c := newHarness(t, api.Quotas{GroupsPerApplication: 1}).client()
	c.applications(t)
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "server", `{}`))
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "lambda", `{}`))
	c.refused(t, "CreateDeploymentGroup", groupOf(t, "server", `{"deploymentGroupName":"h"}`), codedeploy.DeploymentGroupLimitExceededException)
	c.refused(t, "CreateDeploymentGroup", groupOf(t, "server", `{}`), codedeploy.DeploymentGroupAlreadyExistsException)
}

// TestE59OneGroupPerECSService names one service in several ways, from groups
// of two applications.
func TestE59OneGroupPerECSService(t *testing.T) {
	c := groupClient(t)
	c.ok(t, "CreateApplication", `{"applicationName":"a2","computePlatform":"ECS"}`)
	first := groupOf(t, "ecs", `{"ecsServices":[{"serviceName":"s","clusterName":"default"}]}`)
	c.ok(t, "CreateDeploymentGroup", first)
	second := func(service string) string {
		return groupOf(t, "ecs", `{"applicationName":"a2","deploymentGroupName":"g2","ecsServices":[`+service+`]}`)
	}
	same := []string{
		`{"serviceName":"s"}`,
		`{"serviceName":"s","clusterName":"arn:aws:ecs:eu-west-1:111122223333:cluster/default"}`,
		`{"serviceName":"arn:aws:ecs:eu-west-1:111122223333:service/s"}`,
		`{"serviceName":"arn:aws:ecs:eu-west-1:111122223333:service/default/s"}`,
	}
	for _, service := range same {
		c.refused(t, "CreateDeploymentGroup", second(service), codedeploy.ECSServiceMappingLimitExceededException)
	}
	c.ok(t, "CreateDeploymentGroup", second(`{"serviceName":"s","clusterName":"other"}`))
	update := `{"applicationName":"a2","currentDeploymentGroupName":"g2","ecsServices":[` + same[0] + `]}`
	c.refused(t, "UpdateDeploymentGroup", update, codedeploy.ECSServiceMappingLimitExceededException)
	// A name that is taken is told before the service that is.
	c.refused(t, "CreateDeploymentGroup", first, codedeploy.DeploymentGroupAlreadyExistsException)
	c.ok(t, "UpdateDeploymentGroup", `{"applicationName":"ecs","currentDeploymentGroupName":"g","ecsServices":[`+same[3]+`]}`)
	c.ok(t, "DeleteDeploymentGroup", `{"applicationName":"ecs","deploymentGroupName":"g"}`)
	c.ok(t, "UpdateDeploymentGroup", update)
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "ecs", `{"ecsServices":[{"serviceName":"s","clusterName":"other"}]}`))
	c.ok(t, "DeleteApplication", `{"applicationName":"a2"}`)
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "ecs", `{"deploymentGroupName":"h","ecsServices":[`+same[1]+`]}`))
}
