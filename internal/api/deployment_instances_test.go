package api_test

import (
	"strings"
	"testing"

	"greenlight/internal/api"
	"greenlight/internal/codedeploy"
)

// The deployments that instanceClient stores.
const (
	running  = "d-LAMBDA000" // has a target
	waiting  = "d-CREATED00" // on Lambda, has none yet
	onServer = "d-INPLACE00"
	onFleet  = "d-BLUEGREEN" // on Server, blue/green
	onECS    = "d-ECS000000"
)

func instanceClient(t *testing.T) client {
	t.Helper()
	c := newClient(t)
	const created, failed = codedeploy.DeploymentStatusCreated, codedeploy.DeploymentStatusFailed
	c.stored(t, running, codedeploy.ComputePlatformLambda, codedeploy.DeploymentStatusInProgress, setLambdaTarget)
	c.stored(t, waiting, codedeploy.ComputePlatformLambda, created, nil)
	c.stored(t, onServer, codedeploy.ComputePlatformServer, failed, setInPlace)
	c.stored(t, onFleet, codedeploy.ComputePlatformServer, failed, nil)
	c.stored(t, onECS, codedeploy.ComputePlatformECS, created, nil)
	return c
}

const runningInstance = `{"deploymentId":"` + running + `","instanceId":"` + aliasARN + `","status":"InProgress","lastUpdatedAt":1772600827,
	"lifecycleEvents":[{"lifecycleEventName":"BeforeAllowTraffic","status":"Pending"}]}`

func TestGetDeploymentInstance(t *testing.T) {
	c := instanceClient(t)
	for _, id := range []string{"orders", "orders:live", functionARN, aliasARN} {
		equal(t, any(c.ok(t, "GetDeploymentInstance", `{"deploymentId":"`+running+`","instanceId":"`+id+`"}`)),
			`{"instanceSummary":`+runningInstance+`}`)
	}
	for _, r := range []refusal{
		{"nothing", `{"deploymentId":null,"instanceId":null}`, codedeploy.DeploymentIdRequiredException, "deployment ID"},
		{"no instance", `{"deploymentId":"x","instanceId":""}`, codedeploy.InstanceIdRequiredException, "instance ID"},
		{"bad deployment", `{"deploymentId":"x","instanceId":"a/b"}`, codedeploy.InvalidDeploymentIdException, "x"},
		{"bad instance", `{"deploymentId":"d-000000000","instanceId":"a/b"}`, codedeploy.InvalidInstanceNameException, "a/b"},
		{"long instance", `{"instanceId":"` + strings.Repeat("n", 101) + `"}`, codedeploy.InvalidInstanceNameException, "nnn"},
		{"unknown deployment", `{"deploymentId":"d-000000000"}`, codedeploy.DeploymentDoesNotExistException, "d-000000000"},
		{"ECS", `{"deploymentId":"` + onECS + `"}`, codedeploy.InvalidComputePlatformException, "ECS"},
		{"another function", `{"instanceId":"payments"}`, codedeploy.InstanceDoesNotExistException, "payments"},
		{"an EC2 instance", `{"instanceId":"i-0abc1234def567890"}`, codedeploy.InstanceDoesNotExistException, "i-0abc1234def567890"},
		{"an EC2 instance's ARN", `{"instanceId":"arn:aws:ec2:eu-west-1:111122223333:instance/i-0abc"}`, codedeploy.InstanceDoesNotExistException, "i-0abc"},
		{"not started", `{"deploymentId":"` + waiting + `"}`, codedeploy.InstanceDoesNotExistException, waiting},
		{"never on a host", `{"deploymentId":"` + onServer + `"}`, codedeploy.InstanceDoesNotExistException, onServer},
	} {
		t.Run(r.name, func(t *testing.T) {
			r.check(t, c, "GetDeploymentInstance", with(t, `{"deploymentId":"`+running+`","instanceId":"orders"}`, r.body))
		})
	}
}

func TestBatchGetDeploymentInstances(t *testing.T) {
	c := instanceClient(t)
	equal(t, any(c.ok(t, "BatchGetDeploymentInstances", `{"deploymentId":"`+running+`","instanceIds":["orders","orders"]}`)),
		`{"errorMessage":"","instancesSummary":[`+runningInstance+`]}`)
	answer := c.ok(t, "BatchGetDeploymentInstances", `{"deploymentId":"`+running+`","instanceIds":["web1","orders:live","web2"]}`)
	equal(t, answer["instancesSummary"], `[`+runningInstance+`]`)
	if told := answer["errorMessage"].(string); !strings.Contains(told, "web1, web2") {
		t.Errorf("errorMessage is %q, it should name web1 and web2", told)
	}
	equal(t, c.ok(t, "BatchGetDeploymentInstances", `{"deploymentId":"`+waiting+`","instanceIds":["orders"]}`)["instancesSummary"], `[]`)
	for _, r := range []refusal{
		{"nothing", `{"deploymentId":null,"instanceIds":null}`, codedeploy.DeploymentIdRequiredException, "deployment ID"},
		{"no instances", `{"deploymentId":"x","instanceIds":[]}`, codedeploy.InstanceIdRequiredException, "instance ID"},
		{"26", `{"deploymentId":"x","instanceIds":` + strings.Replace(manyNames(26), "n", "/", 1) + `}`, codedeploy.BatchLimitExceededException, "25"},
		{"bad deployment", `{"deploymentId":"x","instanceIds":["a/b"]}`, codedeploy.InvalidDeploymentIdException, "x"},
		{"bad instance", `{"deploymentId":"d-000000000","instanceIds":["orders","a/b"]}`, codedeploy.InvalidInstanceNameException, "a/b"},
		{"empty instance", `{"instanceIds":["orders",""]}`, codedeploy.InstanceIdRequiredException, "instanceIds[1]"},
		{"unknown deployment", `{"deploymentId":"d-000000000"}`, codedeploy.DeploymentDoesNotExistException, "d-000000000"},
		{"ECS", `{"deploymentId":"` + onECS + `"}`, codedeploy.InvalidComputePlatformException, "ECS"},
	} {
		t.Run(r.name, func(t *testing.T) {
			r.check(t, c, "BatchGetDeploymentInstances", with(t, `{"deploymentId":"`+running+`","instanceIds":["orders"]}`, r.body))
		})
	}
}

func TestListDeploymentInstances(t *testing.T) {
	c := instanceClient(t)
	for changes, want := range map[string]string{
		`{}`: `["orders"]`,
		`{"instanceStatusFilter":[],"instanceTypeFilter":[],"nextToken":""}`: `["orders"]`,
		`{"instanceStatusFilter":["Failed","InProgress"]}`:                   `["orders"]`,
		`{"instanceStatusFilter":["Succeeded"]}`:                             `[]`,
		`{"instanceTypeFilter":["Blue","Green"]}`:                            `[]`,
	} {
		t.Run(changes, func(t *testing.T) {
			equal(t, any(c.ok(t, "ListDeploymentInstances", with(t, `{"deploymentId":"`+running+`"}`, changes))), `{"instancesList":`+want+`}`)
		})
	}
	for _, r := range []refusal{
		{"nothing", `{"deploymentId":null}`, codedeploy.DeploymentIdRequiredException, "deployment ID"},
		{"bad deployment", `{"deploymentId":"x","instanceStatusFilter":["x"]}`, codedeploy.InvalidDeploymentIdException, "x"},
		{"bad status", `{"instanceStatusFilter":["Failed","failed"],"instanceTypeFilter":["x"]}`, codedeploy.InvalidInstanceStatusException, "failed"},
		{"bad type", `{"instanceTypeFilter":["blue"],"nextToken":"x"}`, codedeploy.InvalidInstanceTypeException, "blue"},
		{"bad token", `{"deploymentId":"d-000000000","nextToken":"x"}`, codedeploy.InvalidNextTokenException, "ListDeploymentInstances"},
		{"unknown deployment", `{"deploymentId":"d-000000000"}`, codedeploy.DeploymentDoesNotExistException, "d-000000000"},
		{"ECS", `{"deploymentId":"` + onECS + `","instanceTypeFilter":["Blue"]}`, codedeploy.InvalidComputePlatformException, "ECS"},
		{"colors in place", `{"deploymentId":"` + onServer + `","instanceTypeFilter":["Blue"]}`, codedeploy.InvalidDeploymentInstanceTypeException, onServer},
		{"colors of a fleet", `{"deploymentId":"` + onFleet + `","instanceTypeFilter":["Blue"]}`, codedeploy.DeploymentNotStartedException, "FAILED"},
		{"not started", `{"deploymentId":"` + waiting + `"}`, codedeploy.DeploymentNotStartedException, "Deployment status: CREATED"},
	} {
		t.Run(r.name, func(t *testing.T) {
			r.check(t, c, "ListDeploymentInstances", with(t, `{"deploymentId":"`+running+`"}`, r.body))
		})
	}
}

// TestListDeploymentTargetsRefusesColorsInPlace is ListDeploymentInstances' rule
// under its newer name.
func TestListDeploymentTargetsRefusesColorsInPlace(t *testing.T) {
	c := instanceClient(t)
	c.refused(t, "ListDeploymentTargets", `{"deploymentId":"`+onServer+`","targetFilters":{"ServerInstanceLabel":["Blue"]}}`,
		codedeploy.InvalidDeploymentInstanceTypeException)
	equal(t, any(c.ok(t, "ListDeploymentTargets", `{"deploymentId":"`+running+`","targetFilters":{"ServerInstanceLabel":["Blue"]}}`)), `{"targetIds":[]}`)
}

// TestA8DeploymentInstances: a deployment of another account or region is not
// there.
func TestA8DeploymentInstances(t *testing.T) {
	h := newHarness(t, api.Quotas{})
	h.client().stored(t, running, codedeploy.ComputePlatformLambda, codedeploy.DeploymentStatusInProgress, setLambdaTarget)
	for _, c := range []client{{h, "999988887777", testRegion}, {h, testAccount, "us-east-1"}} {
		for operation, body := range map[string]string{
			"GetDeploymentInstance":              `{"deploymentId":"` + running + `","instanceId":"orders"}`,
			"BatchGetDeploymentInstances":        `{"deploymentId":"` + running + `","instanceIds":["orders"]}`,
			"ListDeploymentInstances":            `{"deploymentId":"` + running + `"}`,
			"ContinueDeployment":                 `{"deploymentId":"` + running + `"}`,
			"SkipWaitTimeForInstanceTermination": `{"deploymentId":"` + running + `"}`,
		} {
			c.refused(t, operation, body, codedeploy.DeploymentDoesNotExistException)
		}
	}
}
