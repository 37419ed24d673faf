package api_test

import (
	"strings"
	"testing"

	"greenlight/internal/codedeploy"
)

// unknown is a well-formed id that no deployment has.
const unknown = "d-000000000"

// deploymentRefusals are requests about deployments whose form is good: what is
// wrong shows only in what is stored. They are about what conformanceClient has.
var deploymentRefusals = map[string][]refusal{
	"RegisterApplicationRevision": {
		{"no application", `{"applicationName":"none","revision":` + s3Zip + `}`, codedeploy.ApplicationDoesNotExistException, "none"},
		{"long description before a bad revision", `{"applicationName":"none","description":"` + strings.Repeat("d", 257) + `","revision":{}}`, codedeploy.DescriptionTooLongException, "257"},
	},
	"GetApplicationRevision": {
		{"no application", `{"applicationName":"none","revision":` + s3Zip + `}`, codedeploy.ApplicationDoesNotExistException, "none"},
	},
	"CreateDeployment": {
		{"no application", `{"applicationName":"none","deploymentGroupName":"g","revision":` + s3Zip + `}`, codedeploy.ApplicationDoesNotExistException, "none"},
		{"no group", `{"applicationName":"server","deploymentGroupName":"none","revision":` + s3Zip + `}`, codedeploy.DeploymentGroupDoesNotExistException, "none"},
		{"no configuration", `{"applicationName":"server","deploymentGroupName":"g","deploymentConfigName":"none","revision":` + s3Zip + `}`, codedeploy.DeploymentConfigDoesNotExistException, "none"},
		{"D29 51 alarms", `{"applicationName":"none","deploymentGroupName":"g","revision":` + s3Zip + `,"overrideAlarmConfiguration":{"alarms":` + repeat(51, `{"name":"a%d"}`) + `}}`,
			codedeploy.AlarmsLimitExceededException, "51"},
		{"file behavior on Lambda", lambdaRelease(`"fileExistsBehavior":"RETAIN"`), codedeploy.InvalidFileExistsBehaviorException, "fileExistsBehavior"},
		{"ignored failures on Lambda", lambdaRelease(`"ignoreApplicationStopFailures":true`), codedeploy.InvalidIgnoreApplicationStopFailuresValueException, "ignoreApplicationStopFailures"},
		{"outdated instances on Lambda", lambdaRelease(`"updateOutdatedInstancesOnly":true`), codedeploy.InvalidUpdateOutdatedInstancesOnlyValueException, "updateOutdatedInstancesOnly"},
		{"green instances on Lambda", lambdaRelease(`"targetInstances":{}`), codedeploy.InvalidTargetInstancesException, "Lambda"},
		{"green instances in place", `{"applicationName":"server","deploymentGroupName":"place","revision":` + s3Zip + `,"targetInstances":{"tagFilters":[{"Key":"k"}]}}`,
			codedeploy.InvalidTargetInstancesException, "in place"},
		{"two forms of green instances", greenRelease(`"tagFilters":[{"Key":"k"}],"ec2TagSet":{"ec2TagSetList":[[{"Key":"k"}]]}`), codedeploy.InvalidTargetInstancesException, "both"},
		{"11 filters of green instances", greenRelease(`"tagFilters":` + repeat(11, `{"Key":"k%d"}`)), codedeploy.InvalidTargetInstancesException, "11"},
		{"4 lists of green instances", greenRelease(`"ec2TagSet":{"ec2TagSetList":` + repeat(4, `[{"Key":"k%d"}]`) + `}`), codedeploy.InvalidTargetInstancesException, "4"},
		{"11 groups of green instances", greenRelease(`"autoScalingGroups":` + repeat(11, `"g%d"`)), codedeploy.InvalidTargetInstancesException, "11"},
	},
	"GetDeployment": {
		{"unknown", `{"deploymentId":"` + unknown + `"}`, codedeploy.DeploymentDoesNotExistException, unknown},
	},
	"ListDeployments": {
		{"no application", `{"applicationName":"none","deploymentGroupName":"g"}`, codedeploy.ApplicationDoesNotExistException, "none"},
		{"no group", `{"applicationName":"server","deploymentGroupName":"none"}`, codedeploy.DeploymentGroupDoesNotExistException, "none"},
		{"names and an external id", `{"applicationName":"server","deploymentGroupName":"g","externalId":"x"}`, codedeploy.InvalidInputException, "externalId"},
		{"a range that ends before it starts", `{"createTimeRange":{"start":2,"end":1}}`, codedeploy.InvalidTimeRangeException, "createTimeRange"},
	},
	"StopDeployment": {
		{"unknown", `{"deploymentId":"` + unknown + `"}`, codedeploy.DeploymentDoesNotExistException, unknown},
		{"the group is gone", `{"deploymentId":"d-GROUPGONE"}`, codedeploy.DeploymentGroupDoesNotExistException, "gone"},
	},
	"GetDeploymentTarget": {
		{"unknown", `{"deploymentId":"` + unknown + `","targetId":"orders"}`, codedeploy.DeploymentDoesNotExistException, unknown},
		{"not started", `{"deploymentId":"d-TESTNONE0","targetId":"orders"}`, codedeploy.DeploymentNotStartedException, "Deployment status: CREATED"},
		{"another function", `{"deploymentId":"` + running + `","targetId":"payments"}`, codedeploy.DeploymentTargetDoesNotExistException, "payments"},
		{"not a service", `{"deploymentId":"d-RUNECS000","targetId":"service"}`, codedeploy.InvalidDeploymentTargetIdException, "service"},
		{"not a host", `{"deploymentId":"d-RUNSERVER","targetId":"a/b"}`, codedeploy.InvalidDeploymentTargetIdException, "a/b"},
		{"a service not started", `{"deploymentId":"d-RUNECS000","targetId":"arn:aws:ecs:eu-west-1:111122223333:cluster/c:s"}`, codedeploy.DeploymentNotStartedException, "IN"},
		{"a host not started", `{"deploymentId":"d-RUNSERVER","targetId":"i-0abc"}`, codedeploy.DeploymentNotStartedException, "IN"},
	},
	"BatchGetDeploymentTargets": {
		{"unknown", `{"deploymentId":"` + unknown + `","targetIds":["orders"]}`, codedeploy.DeploymentDoesNotExistException, unknown},
		{"not started", `{"deploymentId":"d-TESTNONE0","targetIds":["orders"]}`, codedeploy.DeploymentNotStartedException, "Deployment status: CREATED"},
		{"two of Lambda", `{"deploymentId":"` + running + `","targetIds":["orders","orders"]}`, codedeploy.DeploymentTargetListSizeExceededException, "at most 1"},
		{"another function", `{"deploymentId":"` + running + `","targetIds":["payments"]}`, codedeploy.DeploymentTargetDoesNotExistException, "payments"},
	},
	"ListDeploymentTargets": {
		{"unknown", `{"deploymentId":"` + unknown + `"}`, codedeploy.DeploymentDoesNotExistException, unknown},
		{"not started", `{"deploymentId":"d-TESTNONE0"}`, codedeploy.DeploymentNotStartedException, "Deployment status: CREATED"},
		{"a filter of another name", `{"deploymentId":"` + unknown + `","targetFilters":{"Color":["Blue"]}}`, codedeploy.InvalidTargetFilterNameException, "Color"},
		{"values before names", `{"deploymentId":"` + unknown + `","targetFilters":{"Color":[],"TargetStatus":["Odd"]}}`, codedeploy.InvalidInstanceStatusException, "Odd"},
	},
}

func lambdaRelease(more string) string {
	return `{"applicationName":"lambda","deploymentGroupName":"g","revision":` + inlineText + `,` + more + `}`
}

func greenRelease(instances string) string {
	return `{"applicationName":"server","deploymentGroupName":"g","revision":` + s3Zip + `,"targetInstances":{` + instances + `}}`
}

func TestDeploymentRefusals(t *testing.T) {
	c := conformanceClient(t)
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "server", `{"deploymentGroupName":"place"}`))
	c.stored(t, "d-TESTNONE0", codedeploy.ComputePlatformLambda, codedeploy.DeploymentStatusCreated, nil)
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "lambda", `{"deploymentGroupName":"gone"}`))
	c.deploy(t, "lambda", "gone", "d-GROUPGONE", codedeploy.DeploymentStatusInProgress)
	c.ok(t, "DeleteDeploymentGroup", `{"applicationName":"lambda","deploymentGroupName":"gone"}`)
	for operation, refusals := range deploymentRefusals {
		for _, r := range refusals {
			t.Run(operation+" "+r.name, func(t *testing.T) { r.check(t, c, operation, r.body) })
		}
	}
}

// TestReportsOfGenuineIDs needs an execution id that was really issued.
func TestReportsOfGenuineIDs(t *testing.T) {
	s := newStage(t)
	_, report := s.release(t, "Succeeded")
	const put = "PutLifecycleEventHookExecutionStatus"
	s.refused(t, put, with(t, report, `{"deploymentId":"`+unknown+`"}`), codedeploy.DeploymentDoesNotExistException)
	s.applications(t)
	s.ok(t, "CreateDeploymentGroup", groupOf(t, "server", `{}`))
	s.deploy(t, "server", "g", "d-TESTHOSTS", codedeploy.DeploymentStatusInProgress)
	s.refused(t, put, with(t, report, `{"deploymentId":"d-TESTHOSTS"}`), codedeploy.UnsupportedActionForDeploymentTypeException)
}
