package api_test

import (
	"testing"
	"time"

	"greenlight/internal/api"
	"greenlight/internal/clock"
	"greenlight/internal/codedeploy"
	"greenlight/internal/ecsdriver/ecstest"
	"greenlight/internal/engine"
)

// ecsStage is a controller that runs deployments of a service on a clock that
// stands still. It asks ECS about groups, too.
type ecsStage struct {
	client
	clock *clock.Clock
	cloud *ecstest.Cloud
}

const ecsListener = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/lb/1/2" // ecsGroup's

// newECSStage has the service s1 and the application ecs, without a group.
func newECSStage(t *testing.T) *ecsStage {
	t.Helper()
	s := &ecsStage{clock: newClock(clock.Manual), cloud: ecstest.New()}
	blue := s.cloud.AddTargetGroup("tgA")
	s.cloud.AddTargetGroup("tgB")
	s.cloud.AddListener(ecsListener, ecstest.Default(ecstest.To(blue)))
	s.cloud.AddService("c1", "s1", 2, "app:1", blue)
	s.cloud.AlwaysSteady(true)
	h := newHarnessOn(t, func(t testing.TB, o *api.Options) {
		running, err := engine.Open(t.Context(), engine.Options{
			Store: o.Store, Clock: o.Clock, ECS: s.cloud, HookBusy: func() bool { return false },
		})
		if err != nil {
			t.Fatal(err)
		}
		run(t, running)
		o.Engine = running
	}, api.Options{Clock: s.clock, ECS: s.cloud})
	s.client = h.client()
	s.applications(t)
	return s
}

// waits are a group's blue/green settings, in minutes; 0 is no wait.
func waits(ready, termination string) string {
	action := "CONTINUE_DEPLOYMENT"
	if ready != "0" {
		action = "STOP_DEPLOYMENT"
	}
	return `{"blueGreenDeploymentConfiguration":{"deploymentReadyOption":{"actionOnTimeout":"` + action + `","waitTimeInMinutes":` + ready + `},
		"terminateBlueInstancesOnDeploymentSuccess":{"action":"TERMINATE","terminationWaitTimeInMinutes":` + termination + `}}}`
}

// ecsRelease deploys app:2.
const ecsRelease = `{"applicationName":"ecs","deploymentGroupName":"g","revision":{"revisionType":"AppSpecContent","appSpecContent":{"content":
	"{\"version\":0.0,\"Resources\":[{\"TargetService\":{\"Type\":\"AWS::ECS::Service\",\"Properties\":{\"TaskDefinition\":\"app:2\",\"LoadBalancerInfo\":{\"ContainerName\":\"web\",\"ContainerPort\":80}}}}]}"}}}`

func (s *ecsStage) advance(t *testing.T, d time.Duration) {
	t.Helper()
	if _, err := s.clock.Advance(t.Context(), d); err != nil {
		t.Fatal(err)
	}
}

// release starts a deployment and lets it go as far as it can by itself.
func (s *ecsStage) release(t *testing.T) (id string) {
	t.Helper()
	id = s.ok(t, "CreateDeployment", ecsRelease)["deploymentId"].(string)
	s.advance(t, time.Minute)
	return id
}

func (s *ecsStage) look(t *testing.T, stage, id string) {
	t.Helper()
	s.golden(t, "GetDeployment", "ECS"+stage, `{"deploymentId":"`+id+`"}`)
	s.golden(t, "GetDeploymentTarget", "ECS"+stage, `{"deploymentId":"`+id+`","targetId":"c1:s1"}`)
}

func TestGoldenECSDeployment(t *testing.T) {
	s := newECSStage(t)
	s.ok(t, "CreateDeploymentGroup", groupOf(t, "ecs", waits("60", "30")))
	id := s.release(t)
	s.look(t, "Ready", id)
	s.golden(t, "ListDeployments", "Ready", `{"applicationName":"ecs","deploymentGroupName":"g","includeOnlyStatuses":["Ready"]}`)
	s.refused(t, "ContinueDeployment", `{"deploymentId":"`+id+`","deploymentWaitType":"TERMINATION_WAIT"}`, codedeploy.InvalidDeploymentStatusException)
	s.golden(t, "ContinueDeployment", "Ready", `{"deploymentId":"`+id+`","deploymentWaitType":"READY_WAIT"}`)
	s.advance(t, time.Minute)
	s.look(t, "TerminationWait", id)
	s.refused(t, "ContinueDeployment", `{"deploymentId":"`+id+`"}`, codedeploy.DeploymentIsNotInReadyStateException)
	s.golden(t, "ContinueDeployment", "TerminationWait", `{"deploymentId":"`+id+`","deploymentWaitType":"TERMINATION_WAIT"}`)
	s.advance(t, 0)
	s.look(t, "Succeeded", id)
}

func TestGoldenSkipWaitTimeForInstanceTermination(t *testing.T) {
	s := newECSStage(t)
	s.ok(t, "CreateDeploymentGroup", groupOf(t, "ecs", waits("0", "30")))
	id := s.release(t)
	s.golden(t, "SkipWaitTimeForInstanceTermination", "", `{"deploymentId":"`+id+`"}`)
	s.advance(t, 0)
	if status := s.ok(t, "GetDeployment", `{"deploymentId":"`+id+`"}`)["deploymentInfo"].(object)["status"]; status != "Succeeded" {
		t.Errorf("after the wait was skipped, the deployment is %s", status)
	}
}

// TestGoldenECSPendingStop stops a deployment whose call to ECS is under way: that
// is let finish.
func TestGoldenECSPendingStop(t *testing.T) {
	s := newECSStage(t)
	s.ok(t, "CreateDeploymentGroup", groupOf(t, "ecs", `{"autoRollbackConfiguration":{"enabled":true,"events":["DEPLOYMENT_FAILURE"]}}`))
	called, held := make(chan struct{}), make(chan struct{})
	s.cloud.OnCall(func(c ecstest.Call) {
		if c.Operation == ecstest.CreateTaskSet {
			close(called)
		}
	})
	s.cloud.Fail(ecstest.CreateTaskSet, 1, ecstest.Failure{Stall: held})
	id := s.ok(t, "CreateDeployment", ecsRelease)["deploymentId"].(string)
	<-called
	s.golden(t, "StopDeployment", "Pending", `{"deploymentId":"`+id+`","autoRollbackEnabled":true}`)
	s.look(t, "Stopping", id)
	s.golden(t, "StopDeployment", "StillPending", `{"deploymentId":"`+id+`","autoRollbackEnabled":false}`)
	close(held)
	s.advance(t, 0)
	s.look(t, "Stopped", id)
	back := s.ok(t, "GetDeployment", `{"deploymentId":"`+id+`"}`)["deploymentInfo"].(object)["rollbackInfo"].(object)["rollbackDeploymentId"].(string)
	s.look(t, "Rollback", back)
	s.refused(t, "ContinueDeployment", `{"deploymentId":"`+back+`"}`, codedeploy.UnsupportedActionForDeploymentTypeException)
}
