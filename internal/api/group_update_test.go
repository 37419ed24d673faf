package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenlight/internal/codedeploy"
)

// fullGroup is a Server group with everything that an update could lose.
const fullGroup = `{"deploymentConfigName":"CodeDeployDefault.HalfAtATime",
	"alarmConfiguration":{"enabled":true,"ignorePollAlarmFailure":true,"alarms":[{"name":"x"}]},
	"autoRollbackConfiguration":{"enabled":true,"events":["DEPLOYMENT_FAILURE"]},
	"triggerConfigurations":[{"triggerName":"t","triggerTargetArn":"arn:aws:sns:eu-west-1:111122223333:topic","triggerEvents":["DeploymentStart"]}],
	"ec2TagFilters":[{"Key":"k"}],"onPremisesInstanceTagFilters":[{"Key":"k"}],"autoScalingGroups":["asg"],
	"loadBalancerInfo":{"elbInfoList":[{"name":"lb"}]},
	"blueGreenDeploymentConfiguration":{"deploymentReadyOption":{"actionOnTimeout":"CONTINUE_DEPLOYMENT","waitTimeInMinutes":0},
		"terminateBlueInstancesOnDeploymentSuccess":{"action":"TERMINATE","terminationWaitTimeInMinutes":5}},
	"outdatedInstancesStrategy":"IGNORE","terminationHookEnabled":true}`

// fullAnswer is what GetDeploymentGroup answers for it.
func fullAnswer(t *testing.T, changes string) string {
	t.Helper()
	return with(t, with(t, with(t, defaults["server"], fullGroup), `{"autoScalingGroups":[{"name":"asg"}]}`), changes)
}

func (c client) update(t *testing.T, changes string) object {
	t.Helper()
	return c.ok(t, "UpdateDeploymentGroup", with(t, `{"applicationName":"server","currentDeploymentGroupName":"g"}`, changes))
}

func TestA6UpdateKeepsReplacesAndClears(t *testing.T) {
	nulls := `{"applicationName":"server","currentDeploymentGroupName":"g","newDeploymentGroupName":null,"deploymentConfigName":null,"serviceRoleArn":null,
		"alarmConfiguration":null,"autoRollbackConfiguration":null,"triggerConfigurations":null,"ec2TagFilters":null,"ec2TagSet":null,
		"onPremisesInstanceTagFilters":null,"onPremisesTagSet":null,"autoScalingGroups":null,"loadBalancerInfo":null,"deploymentStyle":null,
		"blueGreenDeploymentConfiguration":null,"outdatedInstancesStrategy":null,"terminationHookEnabled":null,"ecsServices":null}`
	c := groupClient(t)
	for _, u := range []struct{ name, given, changed string }{
		{"nothing", `{}`, `{}`},
		{"triggers cleared", `{"triggerConfigurations":[]}`, `{"triggerConfigurations":[]}`},
		{"Auto Scaling groups cleared", `{"autoScalingGroups":[]}`, `{"autoScalingGroups":[]}`},
		{"EC2 filters cleared", `{"ec2TagFilters":[]}`, `{"ec2TagFilters":[]}`},
		{"on-premises filters cleared", `{"onPremisesInstanceTagFilters":[]}`, `{"onPremisesInstanceTagFilters":[]}`},
		{"load balancers cleared", `{"loadBalancerInfo":{}}`, `{"loadBalancerInfo":null}`},
		{"rollback disabled", `{"autoRollbackConfiguration":{"enabled":false,"events":["DEPLOYMENT_FAILURE"]}}`, `{"autoRollbackConfiguration":{"enabled":false,"events":["DEPLOYMENT_FAILURE"]}}`},
		{"alarms replaced as a whole", `{"alarmConfiguration":{"alarms":[{"name":"y"}]}}`, `{"alarmConfiguration":{"enabled":false,"ignorePollAlarmFailure":false,"alarms":[{"name":"y"}]}}`},
		{"load balancers replaced as a whole", `{"loadBalancerInfo":{"targetGroupInfoList":[{"name":"tg"}]}}`, `{"loadBalancerInfo":{"targetGroupInfoList":[{"name":"tg"}]}}`},
		{"hook off", `{"terminationHookEnabled":false}`, `{"terminationHookEnabled":false}`},
		{"role", `{"serviceRoleArn":"arn:aws:iam::111122223333:role/other"}`, `{"serviceRoleArn":"arn:aws:iam::111122223333:role/other"}`},
		{"EC2 filters give way to a set", `{"ec2TagSet":{"ec2TagSetList":[[{"Key":"k"}]]}}`,
			`{"ec2TagFilters":null,"ec2TagSet":{"ec2TagSetList":[[{"Key":"k"}]]},"onPremisesTagSet":{"onPremisesTagSetList":[]}}`},
		{"on-premises filters give way to a set", `{"onPremisesTagSet":{"onPremisesTagSetList":[[{"Key":"k"}]]}}`,
			`{"onPremisesInstanceTagFilters":null,"onPremisesTagSet":{"onPremisesTagSetList":[[{"Key":"k"}]]},"ec2TagSet":{"ec2TagSetList":[]}}`},
		{"empty set leaves the filters", `{"ec2TagSet":{"ec2TagSetList":[]}}`, `{}`},
	} {
		t.Run(u.name, func(t *testing.T) {
			c.ok(t, "CreateDeploymentGroup", groupOf(t, "server", fullGroup))
			c.update(t, u.given)
			equal(t, c.group(t, "server"), fullAnswer(t, u.changed))
			c.ok(t, "DeleteDeploymentGroup", `{"applicationName":"server","deploymentGroupName":"g"}`)
		})
	}
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "server", fullGroup))
	c.ok(t, "UpdateDeploymentGroup", nulls)
	equal(t, c.group(t, "server"), fullAnswer(t, `{}`))
}

func TestTagSetsGiveWayToFilters(t *testing.T) {
	c := groupClient(t)
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "server", `{"ec2TagSet":{"ec2TagSetList":[[{"Key":"k"}]]},"onPremisesTagSet":{"onPremisesTagSetList":[[{"Key":"k"}]]}}`))
	c.update(t, `{"ec2TagFilters":[{"Key":"f"}]}`)
	c.update(t, `{"onPremisesInstanceTagFilters":[{"Key":"f"}]}`)
	equal(t, c.group(t, "server"), with(t, defaults["server"], `{"ec2TagFilters":[{"Key":"f"}],"onPremisesInstanceTagFilters":[{"Key":"f"}]}`))
}

// TestTerraformRemovalsReadAsNotConfigured sends what the provider sends when
// blocks are taken out of a configuration (api.md 11.4).
func TestTerraformRemovalsReadAsNotConfigured(t *testing.T) {
	const removal = `{"autoRollbackConfiguration":{"enabled":false,"events":[]},
		"alarmConfiguration":{"enabled":false,"alarms":[],"ignorePollAlarmFailure":false},
		"loadBalancerInfo":{},"ec2TagFilters":[],"onPremisesInstanceTagFilters":[],"triggerConfigurations":[],"autoScalingGroups":[],
		"ec2TagSet":{"ec2TagSetList":[]},"serviceRoleArn":"arn:aws:iam::111122223333:role/r",
		"deploymentStyle":{"deploymentType":"IN_PLACE","deploymentOption":"WITHOUT_TRAFFIC_CONTROL"},
		"outdatedInstancesStrategy":"UPDATE","terminationHookEnabled":false}`
	c := groupClient(t)
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "server", with(t, fullGroup, style("IN_PLACE", "WITH_TRAFFIC_CONTROL"))))
	for range 2 {
		c.update(t, removal)
		equal(t, c.group(t, "server"), with(t, fullAnswer(t, removal), `{"loadBalancerInfo":null,"ec2TagSet":null}`))
	}
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "server", `{"deploymentGroupName":"h","ec2TagSet":{"ec2TagSetList":[[{"Key":"k"}]]}}`))
	c.ok(t, "UpdateDeploymentGroup", `{"applicationName":"server","currentDeploymentGroupName":"h","ec2TagSet":{"ec2TagSetList":[]}}`)
	equal(t, c.groupNamed(t, "server", "h"), with(t, defaults["server"], `{"deploymentGroupName":"h"}`))
}

func TestA6RenamedGroupKeepsEverything(t *testing.T) {
	c := groupClient(t)
	id := c.ok(t, "CreateDeploymentGroup", groupOf(t, "lambda", `{"tags":[{"Key":"k","Value":"v"}]}`))["deploymentGroupId"]
	c.deploy(t, "lambda", "g", "d-AAAAAAAAA", codedeploy.DeploymentStatusSucceeded)
	c.deploy(t, "lambda", "g", "d-BBBBBBBBB", codedeploy.DeploymentStatusInProgress)
	before := c.group(t, "lambda")
	for _, member := range []string{"targetRevision", "lastAttemptedDeployment", "lastSuccessfulDeployment"} {
		if before[member] == nil {
			t.Fatalf("no %s in %v", member, before)
		}
	}
	equal(t, any(c.ok(t, "UpdateDeploymentGroup", `{"applicationName":"lambda","currentDeploymentGroupName":"g","newDeploymentGroupName":"h"}`)), `{}`)
	c.refused(t, "GetDeploymentGroup", `{"applicationName":"lambda","deploymentGroupName":"g"}`, codedeploy.DeploymentGroupDoesNotExistException)
	after := c.ok(t, "GetDeploymentGroup", `{"applicationName":"lambda","deploymentGroupName":"h"}`)["deploymentGroupInfo"].(object)
	if after["deploymentGroupId"] != id {
		t.Errorf("the id is %v, was %v", after["deploymentGroupId"], id)
	}
	delete(after, "deploymentGroupId")
	before["deploymentGroupName"] = "h"
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("the rename changed more than the name (-before +after):\n%s", diff)
	}
	if tags := c.tags(t, id); len(tags) != 1 {
		t.Errorf("tags are %v after the rename", tags)
	}
	c.ok(t, "UpdateDeploymentGroup", `{"applicationName":"lambda","currentDeploymentGroupName":"h","newDeploymentGroupName":"h"}`)
}

func TestUpdateTellsOfHooksOnlyWithAutoScaling(t *testing.T) {
	c := groupClient(t)
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "server", `{}`))
	equal(t, any(c.update(t, `{}`)), `{}`)
	equal(t, any(c.update(t, `{"autoScalingGroups":["x"]}`)), `{"hooksNotCleanedUp":[]}`)
	equal(t, any(c.update(t, `{"autoScalingGroups":[]}`)), `{"hooksNotCleanedUp":[]}`)
	equal(t, any(c.update(t, `{}`)), `{}`)
}

// TestRefusedUpdateChangesNothing pairs a good change with a bad one.
func TestRefusedUpdateChangesNothing(t *testing.T) {
	c := groupClient(t)
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "server", fullGroup))
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "server", `{"deploymentGroupName":"taken"}`))
	c.refused(t, "UpdateDeploymentGroup", `{"applicationName":"server","currentDeploymentGroupName":"g","newDeploymentGroupName":"taken","triggerConfigurations":[]}`,
		codedeploy.DeploymentGroupAlreadyExistsException)
	c.refused(t, "UpdateDeploymentGroup", `{"applicationName":"server","currentDeploymentGroupName":"g","triggerConfigurations":[],
		"deploymentStyle":{"deploymentType":"BLUE_GREEN","deploymentOption":"WITHOUT_TRAFFIC_CONTROL"}}`, codedeploy.InvalidDeploymentStyleException)
	equal(t, c.group(t, "server"), fullAnswer(t, `{}`))
}
