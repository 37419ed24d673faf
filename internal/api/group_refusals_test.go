package api_test

import (
	"fmt"
	"strings"
	"testing"

	"greenlight/internal/codedeploy"
)

// list repeats a JSON value n times; %d in it counts.
func repeat(n int, format string) string {
	values := make([]string, n)
	for i := range values {
		values[i] = fmt.Sprintf(format, i)
	}
	return "[" + strings.Join(values, ",") + "]"
}

// memberRefusals are changes that no platform takes, judged before any
// look-up: the tables send them to an application that does not exist.
var memberRefusals = []refusal{
	{name: "config name", body: `{"deploymentConfigName":"a/b"}`, want: codedeploy.InvalidDeploymentConfigNameException},
	{name: "role is a user", body: `{"serviceRoleArn":"arn:aws:iam::111122223333:user/u"}`, want: codedeploy.InvalidRoleException},
	{name: "role is a name", body: `{"serviceRoleArn":"deploy"}`, want: codedeploy.InvalidRoleException, says: `"deploy"`},
	{name: "outdated strategy", body: `{"outdatedInstancesStrategy":"update"}`, want: codedeploy.InvalidInputException},

	{name: "tag filter type", body: `{"ec2TagFilters":[{"Key":"k","Type":"KEY"}]}`, want: codedeploy.InvalidEC2TagException, says: `"KEY"`},
	{name: "empty tag filter", body: `{"ec2TagFilters":[{}]}`, want: codedeploy.InvalidEC2TagException},
	{name: "null tag filter", body: `{"ec2TagFilters":[null]}`, want: codedeploy.InvalidEC2TagException},
	{name: "KEY_ONLY with a value", body: `{"ec2TagFilters":[{"Key":"k","Value":"v","Type":"KEY_ONLY"}]}`, want: codedeploy.InvalidEC2TagException},
	{name: "KEY_ONLY without a key", body: `{"ec2TagFilters":[{"Value":"v","Type":"KEY_ONLY"}]}`, want: codedeploy.InvalidEC2TagException},
	{name: "VALUE_ONLY with a key", body: `{"ec2TagFilters":[{"Key":"k","Value":"v","Type":"VALUE_ONLY"}]}`, want: codedeploy.InvalidEC2TagException},
	{name: "VALUE_ONLY without a value", body: `{"ec2TagFilters":[{"Key":"k","Type":"VALUE_ONLY"}]}`, want: codedeploy.InvalidEC2TagException},
	{name: "KEY_AND_VALUE without a value", body: `{"ec2TagFilters":[{"Key":"k","Type":"KEY_AND_VALUE"}]}`, want: codedeploy.InvalidEC2TagException},
	{name: "KEY_AND_VALUE without a key", body: `{"ec2TagFilters":[{"Value":"v","Type":"KEY_AND_VALUE"}]}`, want: codedeploy.InvalidEC2TagException},
	{name: "tag filter key of 129", body: `{"ec2TagFilters":[{"Key":"` + strings.Repeat("k", 129) + `"}]}`, want: codedeploy.InvalidEC2TagException},
	{name: "tag filter value of 257", body: `{"ec2TagFilters":[{"Value":"` + strings.Repeat("v", 257) + `"}]}`, want: codedeploy.InvalidEC2TagException},
	{name: "11 tag filters", body: `{"ec2TagFilters":` + repeat(11, `{"Key":"k%d"}`) + `}`, want: codedeploy.InvalidEC2TagException, says: "11"},
	{name: "bad filter in a set", body: `{"ec2TagSet":{"ec2TagSetList":[[{"Key":"k"}],[{}]]}}`, want: codedeploy.InvalidEC2TagException},
	{name: "empty list in a set", body: `{"ec2TagSet":{"ec2TagSetList":[[]]}}`, want: codedeploy.InvalidEC2TagException},
	{name: "11 filters in a set", body: `{"ec2TagSet":{"ec2TagSetList":[` + repeat(11, `{"Key":"k%d"}`) + `]}}`, want: codedeploy.InvalidEC2TagException},
	{name: "on-premises filter type", body: `{"onPremisesInstanceTagFilters":[{"Key":"k","Type":"x"}]}`, want: codedeploy.InvalidTagException},
	{name: "on-premises set", body: `{"onPremisesTagSet":{"onPremisesTagSetList":[[{}]]}}`, want: codedeploy.InvalidTagException},
	{name: "S39 both EC2 forms", body: `{"ec2TagFilters":[{"Key":"k"}],"ec2TagSet":{"ec2TagSetList":[[{"Key":"k"}]]}}`, want: codedeploy.InvalidEC2TagCombinationException},
	{name: "both on-premises forms", body: `{"onPremisesInstanceTagFilters":[{"Key":"k"}],"onPremisesTagSet":{"onPremisesTagSetList":[[{"Key":"k"}]]}}`,
		want: codedeploy.InvalidOnPremisesTagCombinationException},
	{name: "4 EC2 lists", body: `{"ec2TagSet":{"ec2TagSetList":` + repeat(4, `[{"Key":"k%d"}]`) + `}}`, want: codedeploy.TagSetListLimitExceededException},
	{name: "4 on-premises lists", body: `{"onPremisesTagSet":{"onPremisesTagSetList":` + repeat(4, `[{"Key":"k%d"}]`) + `}}`, want: codedeploy.TagSetListLimitExceededException},

	{name: "trigger without name", body: trigger(`{"triggerName":null}`), want: codedeploy.InvalidTriggerConfigException},
	{name: "trigger name of 101", body: trigger(`{"triggerName":"` + strings.Repeat("t", 101) + `"}`), want: codedeploy.InvalidTriggerConfigException},
	{name: "trigger without topic", body: trigger(`{"triggerTargetArn":null}`), want: codedeploy.InvalidTriggerConfigException},
	{name: "trigger to a queue", body: trigger(`{"triggerTargetArn":"arn:aws:sqs:eu-west-1:111122223333:q"}`), want: codedeploy.InvalidTriggerConfigException},
	{name: "topic of another region", body: trigger(`{"triggerTargetArn":"arn:aws:sns:us-east-1:111122223333:q"}`), want: codedeploy.InvalidTriggerConfigException, says: "us-east-1"},
	{name: "trigger without events", body: trigger(`{"triggerEvents":[]}`), want: codedeploy.InvalidTriggerConfigException},
	{name: "trigger event", body: trigger(`{"triggerEvents":["DeploymentStart","x"]}`), want: codedeploy.InvalidTriggerConfigException, says: `"x"`},
	{name: "trigger twice", body: `{"triggerConfigurations":` + repeat(2, `{"triggerName":"t","triggerTargetArn":"arn:aws:sns:eu-west-1:11112222333%d:t","triggerEvents":["DeploymentStart"]}`) + `}`,
		want: codedeploy.InvalidTriggerConfigException},
	{name: "11 triggers", body: `{"triggerConfigurations":` + repeat(11, `{"triggerName":"t%[1]d","triggerTargetArn":"arn:aws:sns:eu-west-1:111122223333:t%[1]d","triggerEvents":["DeploymentStart"]}`) + `}`,
		want: codedeploy.TriggerTargetsLimitExceededException, says: "11"},

	{name: "D29 enabled without alarms", body: `{"alarmConfiguration":{"enabled":true}}`, want: codedeploy.InvalidAlarmConfigException},
	{name: "D29 enabled with no alarm", body: `{"alarmConfiguration":{"enabled":true,"alarms":[]}}`, want: codedeploy.InvalidAlarmConfigException},
	{name: "null alarm", body: `{"alarmConfiguration":{"enabled":false,"alarms":[null]}}`, want: codedeploy.InvalidAlarmConfigException},
	{name: "alarm without name", body: `{"alarmConfiguration":{"alarms":[{"name":""}]}}`, want: codedeploy.InvalidAlarmConfigException},
	{name: "alarm name of 256", body: `{"alarmConfiguration":{"alarms":[{"name":"` + strings.Repeat("a", 256) + `"}]}}`, want: codedeploy.InvalidAlarmConfigException, says: "256"},
	{name: "D29 alarm twice", body: `{"alarmConfiguration":{"enabled":false,"alarms":[{"name":"x"},{"name":"x"}]}}`, want: codedeploy.InvalidAlarmConfigException},
	{name: "D29 51 alarms", body: `{"alarmConfiguration":{"alarms":` + repeat(51, `{"name":"a%d"}`) + `}}`, want: codedeploy.AlarmsLimitExceededException, says: "51"},

	{name: "D23 rollback on nothing", body: `{"autoRollbackConfiguration":{"enabled":true,"events":[]}}`, want: codedeploy.InvalidAutoRollbackConfigException},
	{name: "rollback without events", body: `{"autoRollbackConfiguration":{"enabled":true}}`, want: codedeploy.InvalidAutoRollbackConfigException},
	{name: "rollback event", body: `{"autoRollbackConfiguration":{"enabled":false,"events":["DEPLOYMENT_SUCCESS"]}}`, want: codedeploy.InvalidAutoRollbackConfigException},

	{name: "empty style", body: `{"deploymentStyle":{}}`, want: codedeploy.InvalidDeploymentStyleException},
	{name: "half a style", body: `{"deploymentStyle":{"deploymentType":"IN_PLACE"}}`, want: codedeploy.InvalidDeploymentStyleException},
	{name: "other half of a style", body: `{"deploymentStyle":{"deploymentOption":"WITH_TRAFFIC_CONTROL"}}`, want: codedeploy.InvalidDeploymentStyleException},
	{name: "deployment type", body: `{"deploymentStyle":{"deploymentType":"x","deploymentOption":"WITH_TRAFFIC_CONTROL"}}`, want: codedeploy.InvalidDeploymentStyleException},
	{name: "deployment option", body: `{"deploymentStyle":{"deploymentType":"IN_PLACE","deploymentOption":"x"}}`, want: codedeploy.InvalidDeploymentStyleException},
}

// trigger is a trigger configuration with one member changed.
func trigger(change string) string {
	members := map[string]string{
		"triggerName": `"t"`, "triggerTargetArn": `"arn:aws:sns:eu-west-1:111122223333:t"`, "triggerEvents": `["DeploymentStart"]`,
	}
	name, value, _ := strings.Cut(strings.Trim(change, "{}"), ":")
	members[strings.Trim(name, `"`)] = value
	return `{"triggerConfigurations":[{"triggerName":` + members["triggerName"] +
		`,"triggerTargetArn":` + members["triggerTargetArn"] + `,"triggerEvents":` + members["triggerEvents"] + `}]}`
}

func TestGroupMembersAreJudgedWithoutLookUp(t *testing.T) {
	c := newClient(t)
	for _, r := range memberRefusals {
		t.Run(r.name, func(t *testing.T) {
			r.check(t, c, "CreateDeploymentGroup", with(t, lambdaGroup, r.body))
			r.check(t, c, "UpdateDeploymentGroup", with(t, r.body, `{"applicationName":"none","currentDeploymentGroupName":"g"}`))
			if message := c.refused(t, "CreateDeploymentGroup", with(t, lambdaGroup, r.body), r.want); strings.Contains(message, "Topic ARN") {
				t.Errorf("%q makes Terraform try for five minutes (api.md 11.4)", message)
			}
		})
	}
	for _, r := range badTags {
		t.Run(r.name, func(t *testing.T) {
			r.want = codedeploy.InvalidTagsToAddException
			r.check(t, c, "CreateDeploymentGroup", with(t, lambdaGroup, `{"tags":`+r.body+`}`))
		})
	}
}

// TestGroupFaultsAreToldInTheOrderOfTheChain gives every fault at once, then
// mends them one by one in the order of api.md 4.
func TestGroupFaultsAreToldInTheOrderOfTheChain(t *testing.T) {
	c := newClient(t)
	c.ok(t, "CreateApplication", `{"applicationName":"a","computePlatform":"Server"}`)
	c.ok(t, "CreateDeploymentGroup", with(t, serverGroup, `{"applicationName":"a","deploymentGroupName":"taken"}`))
	steps := []struct {
		want codedeploy.ExceptionCode
		mend string
	}{
		{codedeploy.ApplicationNameRequiredException, `{"applicationName":"a/"}`},
		{codedeploy.DeploymentGroupNameRequiredException, `{"deploymentGroupName":"g/"}`},
		{codedeploy.RoleRequiredException, `{"serviceRoleArn":"role"}`},
		{codedeploy.InvalidApplicationNameException, `{"applicationName":"none"}`},
		{codedeploy.InvalidDeploymentGroupNameException, `{"deploymentGroupName":"taken"}`},
		{codedeploy.InvalidDeploymentConfigNameException, `{"deploymentConfigName":"none"}`},
		{codedeploy.InvalidRoleException, `{` + testRole + `}`},
		{codedeploy.InvalidInputException, `{"outdatedInstancesStrategy":"IGNORE"}`},
		{codedeploy.InvalidEC2TagException, `{"ec2TagFilters":[{"Key":"k"}]}`},
		{codedeploy.InvalidTagException, `{"onPremisesInstanceTagFilters":[{"Key":"k"}]}`},
		{codedeploy.InvalidEC2TagCombinationException, `{"ec2TagFilters":[]}`},
		{codedeploy.InvalidOnPremisesTagCombinationException, `{"onPremisesInstanceTagFilters":[]}`},
		{codedeploy.TagSetListLimitExceededException, `{"ec2TagSet":null}`},
		{codedeploy.InvalidTriggerConfigException, `{"triggerConfigurations":` + repeat(11, `{"triggerName":"t%[1]d","triggerTargetArn":"arn:aws:sns:eu-west-1:111122223333:t%[1]d","triggerEvents":["DeploymentStart"]}`) + `}`},
		{codedeploy.TriggerTargetsLimitExceededException, `{"triggerConfigurations":[]}`},
		{codedeploy.InvalidAlarmConfigException, `{"alarmConfiguration":{"alarms":` + repeat(51, `{"name":"a%d"}`) + `}}`},
		{codedeploy.AlarmsLimitExceededException, `{"alarmConfiguration":null}`},
		{codedeploy.InvalidAutoRollbackConfigException, `{"autoRollbackConfiguration":null}`},
		{codedeploy.InvalidDeploymentStyleException, `{"deploymentStyle":{"deploymentType":"BLUE_GREEN","deploymentOption":"WITHOUT_TRAFFIC_CONTROL"}}`},
		{codedeploy.InvalidTagsToAddException, `{"tags":null}`},
		{codedeploy.ApplicationDoesNotExistException, `{"applicationName":"a"}`},
		{codedeploy.DeploymentConfigDoesNotExistException, `{"deploymentConfigName":"CodeDeployDefault.LambdaAllAtOnce"}`},
		{codedeploy.InvalidDeploymentConfigNameException, `{"deploymentConfigName":"CodeDeployDefault.OneAtATime"}`},
		{codedeploy.InvalidDeploymentStyleException, `{"deploymentStyle":{"deploymentType":"BLUE_GREEN","deploymentOption":"WITH_TRAFFIC_CONTROL"}}`},
		{codedeploy.InvalidAutoScalingGroupException, `{"autoScalingGroups":["x"]}`},
		{codedeploy.InvalidLoadBalancerInfoException, `{"loadBalancerInfo":{"targetGroupPairInfoList":[{}]}}`},
		{codedeploy.InvalidBlueGreenDeploymentConfigurationException, `{"blueGreenDeploymentConfiguration":null}`},
		{codedeploy.InvalidECSServiceException, `{"ecsServices":[]}`},
		{codedeploy.InvalidTargetGroupPairException, `{"loadBalancerInfo":{"elbInfoList":[{"name":"x"}]}}`},
		{codedeploy.DeploymentGroupAlreadyExistsException, `{"deploymentGroupName":"g"}`},
	}
	body := `{"deploymentConfigName":"a/b","outdatedInstancesStrategy":"x","ec2TagFilters":[{}],"onPremisesInstanceTagFilters":[{}],
		"ec2TagSet":{"ec2TagSetList":` + repeat(4, `[{"Key":"k%d"}]`) + `},"onPremisesTagSet":{"onPremisesTagSetList":[[{"Key":"k"}]]},
		"triggerConfigurations":[{}],"alarmConfiguration":{"enabled":true},"autoRollbackConfiguration":{"enabled":true},"deploymentStyle":{},
		"tags":[{}],"autoScalingGroups":[""],"loadBalancerInfo":{"elbInfoList":[{}]},"blueGreenDeploymentConfiguration":{},"ecsServices":[{}]}`
	for _, step := range steps {
		c.refused(t, "CreateDeploymentGroup", body, step.want)
		body = with(t, body, step.mend)
	}
	c.ok(t, "CreateDeploymentGroup", body)
}

func TestGroupOperationsRefuse(t *testing.T) {
	c := groupClient(t)
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "lambda", `{}`))
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "lambda", `{"deploymentGroupName":"h"}`))
	names := []refusal{
		{body: `{}`, want: codedeploy.ApplicationNameRequiredException},
		{body: `{"applicationName":"a/"}`, want: codedeploy.DeploymentGroupNameRequiredException},
		{body: `{"applicationName":"a/","deploymentGroupName":"g/"}`, want: codedeploy.InvalidApplicationNameException},
		{body: `{"applicationName":"lambda","deploymentGroupName":"g/"}`, want: codedeploy.InvalidDeploymentGroupNameException},
	}
	for operation, refusals := range map[string][]refusal{
		"GetDeploymentGroup": append([]refusal{
			{body: `{"applicationName":"none","deploymentGroupName":"g"}`, want: codedeploy.ApplicationDoesNotExistException},
			{body: `{"applicationName":"ecs","deploymentGroupName":"g"}`, want: codedeploy.DeploymentGroupDoesNotExistException, says: "g"},
		}, names...),
		"DeleteDeploymentGroup": names,
		"UpdateDeploymentGroup": {
			{body: `{}`, want: codedeploy.ApplicationNameRequiredException},
			{body: `{"applicationName":"a/"}`, want: codedeploy.DeploymentGroupNameRequiredException},
			{body: `{"applicationName":"a/","currentDeploymentGroupName":"g/"}`, want: codedeploy.InvalidApplicationNameException},
			{body: `{"applicationName":"none","currentDeploymentGroupName":"g/"}`, want: codedeploy.InvalidDeploymentGroupNameException},
			{body: `{"applicationName":"none","currentDeploymentGroupName":"g","newDeploymentGroupName":"h/"}`, want: codedeploy.InvalidDeploymentGroupNameException},
			{body: `{"applicationName":"none","currentDeploymentGroupName":"g"}`, want: codedeploy.ApplicationDoesNotExistException},
			{body: `{"applicationName":"lambda","currentDeploymentGroupName":"none","deploymentConfigName":"none"}`, want: codedeploy.DeploymentGroupDoesNotExistException},
			{body: `{"applicationName":"lambda","currentDeploymentGroupName":"g","deploymentConfigName":"none"}`, want: codedeploy.DeploymentConfigDoesNotExistException},
			{body: `{"applicationName":"lambda","currentDeploymentGroupName":"g","newDeploymentGroupName":"h"}`, want: codedeploy.DeploymentGroupAlreadyExistsException},
		},
		"ListDeploymentGroups": {
			{body: `{"nextToken":"x"}`, want: codedeploy.ApplicationNameRequiredException},
			{body: `{"applicationName":"a/","nextToken":"x"}`, want: codedeploy.InvalidApplicationNameException},
			{body: `{"applicationName":"none","nextToken":"x"}`, want: codedeploy.InvalidNextTokenException},
			{body: `{"applicationName":"none"}`, want: codedeploy.ApplicationDoesNotExistException},
		},
		"BatchGetDeploymentGroups": {
			{body: `{}`, want: codedeploy.ApplicationNameRequiredException},
			{body: `{"applicationName":"a/","deploymentGroupNames":[]}`, want: codedeploy.DeploymentGroupNameRequiredException},
			{body: `{"applicationName":"a/","deploymentGroupNames":` + manyNames(101) + `}`, want: codedeploy.BatchLimitExceededException},
			{body: `{"applicationName":"a/","deploymentGroupNames":["g/"]}`, want: codedeploy.InvalidApplicationNameException},
			{body: `{"applicationName":"none","deploymentGroupNames":["g","g/"]}`, want: codedeploy.InvalidDeploymentGroupNameException},
			{body: `{"applicationName":"none","deploymentGroupNames":["g"]}`, want: codedeploy.ApplicationDoesNotExistException},
		},
	} {
		for _, r := range refusals {
			t.Run(operation+" "+string(r.want), func(t *testing.T) { r.check(t, c, operation, r.body) })
		}
	}
}
