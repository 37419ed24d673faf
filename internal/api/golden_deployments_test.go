package api_test

import (
	"context"
	"encoding/json"
	"testing"

	"greenlight/internal/api"
	"greenlight/internal/clock"
	"greenlight/internal/codedeploy"
	"greenlight/internal/engine"
	"greenlight/internal/lambdadriver"
	"greenlight/internal/lambdadriver/lambdatest"
)

// stage is a controller that runs deployments of a function on a clock that
// stands still.
type stage struct {
	client
	clock *clock.Clock
	far   *lambdatest.Lambda
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{clock: newClock(clock.Manual), far: lambdatest.New()}
	s.far.AddFunction(testAccount, testRegion, "orders", "1", "2")
	s.far.AddFunction(testAccount, testRegion, "check")
	s.far.SetAlias(testAccount, testRegion, "orders", "live", "1", nil)
	h := newHarnessOn(t, func(t testing.TB, o *api.Options) {
		running, err := engine.Open(t.Context(), engine.Options{
			Store: o.Store, Clock: o.Clock, Lambda: lambdadriver.New(s.far.Access()), HookBusy: func() bool { return false },
		})
		if err != nil {
			t.Fatal(err)
		}
		run(t, running)
		o.Engine = running
	}, api.Options{Clock: s.clock})
	s.client = h.client()
	s.ok(t, "CreateApplication", `{"applicationName":"shop","computePlatform":"Lambda"}`)
	s.ok(t, "CreateDeploymentGroup", with(t, lambdaGroup, `{"applicationName":"shop",
		"autoRollbackConfiguration":{"enabled":true,"events":["DEPLOYMENT_FAILURE","DEPLOYMENT_STOP_ON_REQUEST"]}}`))
	return s
}

// run turns an engine until the test ends.
func run(t testing.TB, e *engine.Engine) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// settle lets everything happen that is due.
func (s *stage) settle(t *testing.T) {
	t.Helper()
	if _, err := s.clock.Advance(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
}

// shopRelease deploys version 2 of the function, with a hook in front.
const shopRelease = `{"applicationName":"shop","deploymentGroupName":"g","description":"two","revision":{"revisionType":"AppSpecContent","appSpecContent":{"content":
	"{\"version\":0.0,\"Resources\":[{\"orders\":{\"Type\":\"AWS::Lambda::Function\",\"Properties\":{\"Name\":\"orders\",\"Alias\":\"live\",\"CurrentVersion\":\"1\",\"TargetVersion\":\"2\"}}}],\"Hooks\":[{\"BeforeAllowTraffic\":\"check\"}]}"}}}`

// release starts a deployment, waits for its hook and returns its id and the
// hook's report with that status.
func (s *stage) release(t *testing.T, status string) (id, report string) {
	t.Helper()
	id = s.ok(t, "CreateDeployment", shopRelease)["deploymentId"].(string)
	s.settle(t)
	calls := s.far.Invocations("check")
	var event struct{ DeploymentID, LifecycleEventHookExecutionID string }
	if err := json.Unmarshal(calls[len(calls)-1].Payload, &event); err != nil || event.DeploymentID != id {
		t.Fatalf("the hook of %s got %s (%v)", id, calls[len(calls)-1].Payload, err)
	}
	return id, `{"deploymentId":"` + id + `","status":"` + status + `","lifecycleEventHookExecutionId":` + quoted(event.LifecycleEventHookExecutionID) + `}`
}

// look compares all that can be asked about a deployment at a stage.
func (s *stage) look(t *testing.T, stage, id string) {
	t.Helper()
	s.golden(t, "GetDeployment", stage, `{"deploymentId":"`+id+`"}`)
	s.golden(t, "GetDeploymentTarget", stage, `{"deploymentId":"`+id+`","targetId":"orders"}`)
	s.golden(t, "GetDeploymentInstance", stage, `{"deploymentId":"`+id+`","instanceId":"orders"}`)
}

// TestGoldenDeployments takes real deployments through their stages.
func TestGoldenDeployments(t *testing.T) {
	s := newStage(t)
	id, report := s.release(t, "Succeeded")
	s.look(t, "InProgress", id)
	s.golden(t, "PutLifecycleEventHookExecutionStatus", "", report)
	s.refused(t, "PutLifecycleEventHookExecutionStatus", report, codedeploy.LifecycleEventAlreadyCompletedException)
	s.settle(t)
	s.look(t, "Succeeded", id)
	s.golden(t, "BatchGetDeployments", "", `{"deploymentIds":["`+id+`"]}`)
	s.golden(t, "ListDeployments", "", `{"applicationName":"shop","deploymentGroupName":"g"}`)
	s.golden(t, "BatchGetDeploymentTargets", "", `{"deploymentId":"`+id+`","targetIds":["orders"]}`)
	s.golden(t, "ListDeploymentTargets", "", `{"deploymentId":"`+id+`"}`)
	s.golden(t, "BatchGetDeploymentInstances", "", `{"deploymentId":"`+id+`","instanceIds":["orders"]}`)
	s.golden(t, "ListDeploymentInstances", "", `{"deploymentId":"`+id+`"}`)
	s.refused(t, "StopDeployment", `{"deploymentId":"`+id+`"}`, codedeploy.DeploymentAlreadyCompletedException)

	// The first release is live, so back to where the second can begin.
	s.far.SetAlias(testAccount, testRegion, "orders", "live", "1", nil)
	id, report = s.release(t, "Failed")
	s.ok(t, "PutLifecycleEventHookExecutionStatus", report)
	s.settle(t)
	s.look(t, "Failed", id)
}

func TestGoldenStopDeployment(t *testing.T) {
	s := newStage(t)
	id, _ := s.release(t, "Succeeded")
	s.golden(t, "StopDeployment", "", `{"deploymentId":"`+id+`","autoRollbackEnabled":true}`)
	s.golden(t, "StopDeployment", "Again", `{"deploymentId":"`+id+`"}`)
	s.settle(t)
	s.look(t, "Stopped", id)
}

// TestGoldenCreateDeployment accepts a deployment that nothing runs yet, so
// that it is seen as it was created.
func TestGoldenCreateDeployment(t *testing.T) {
	c := newIdleClient(t)
	c.applications(t)
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "server", `{}`))
	id := c.golden(t, "CreateDeployment", "", `{"applicationName":"server","deploymentGroupName":"g","revision":`+s3Zip+`}`)["deploymentId"].(string)
	c.golden(t, "GetDeployment", "Created", `{"deploymentId":"`+id+`"}`)
}
