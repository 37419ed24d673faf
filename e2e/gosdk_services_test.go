package e2e

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// TestGoSDK_Service releases a service twice through the Go SDK, with visitors
// who must not notice it (E1, E2, E3, E10): all at once, then as a canary that a
// hook function tests through the test listener.
func TestGoSDK_Service(t *testing.T) {
	t.Parallel()
	s := startECS(t, "fast")
	w := s.createService(s.createCloud(), "s1", 2, 80, 81)
	s.createServiceGroup(w, 0)
	hooks := newHookRecord(t)
	s.createHook(hookAfter, "Succeeded", hooks)
	visitors := keepVisiting(t, w.prod.url)

	first := s.deployService(w, ecsAllAtOnce, serviceSpec("app:2"))
	s.checkServiceEnd(first, w, "Blue DRAINING 0 s1-a, Green PRIMARY 100 s1-b")
	s.checkServing(w, first, "app:2", [2]int{0, 100})

	second := s.deployService(w, ecsCanary, serviceSpec("app:3", "AfterAllowTestTraffic:"+hookAfter))
	s.checkServiceEnd(second, w, "Blue DRAINING 0 s1-b, Green PRIMARY 100 s1-a")
	s.checkServing(w, second, "app:3", [2]int{100, 0})
	hooks.check(t, second, hookAfter)
	visitors.stop("app:1", "app:2", "app:3")
}

// checkServiceEnd wants a deployment to have succeeded, and its record to say
// so.
func (c *cloud) checkServiceEnd(id string, w webService, taskSets string) {
	c.t.Helper()
	info := c.awaitEnd(id)
	if info.Status != types.DeploymentStatusSucceeded || info.DeploymentOverview.Succeeded != 1 || !info.InstanceTerminationWaitTimeStarted {
		c.t.Fatalf("%s ended %s (%s), %+v", id, info.Status, describe(info.ErrorInformation), info.DeploymentOverview)
	}
	target := c.serviceTarget(id, w.name)
	events := "SSSSSS"
	if w.test.arn != "" {
		events = "SSSSSSSS"
	}
	if target.Status != types.TargetStatusSucceeded || eventLine(target) != events || taskSetLine(target) != taskSets {
		c.t.Errorf("the target of %s is %s: %s, %s, want %s, %s", id, target.Status, eventLine(target), taskSetLine(target), events, taskSets)
	}
	for _, event := range target.LifecycleEvents {
		if event.EndTime.Before(*event.StartTime) {
			c.t.Errorf("%s ends before it starts", aws.ToString(event.LifecycleEventName))
		}
	}
}

// checkServing wants a deployment's task set to be all that a service has, and
// the listeners to lead there.
func (c *cloud) checkServing(w webService, id, release string, weights [2]int) {
	c.t.Helper()
	var sets []ecstypes.TaskSet
	eventually(c.t, "the original task set to go", func() bool {
		sets = c.service(w.name).TaskSets
		return len(sets) == 1
	})
	if set := sets[0]; aws.ToString(set.Status) != "PRIMARY" || aws.ToString(set.ExternalId) != id || aws.ToString(set.StartedBy) != "CODE_DEPLOY" {
		c.t.Errorf("the task set is %s of %q by %q", aws.ToString(set.Status), aws.ToString(set.ExternalId), aws.ToString(set.StartedBy))
	}
	for _, l := range w.listeners() {
		if got := c.weights(w, l); got != weights {
			c.t.Errorf("%s has the weights %v, want %v", l.arn, got, weights)
		}
		c.checkRelease(l, release)
	}
}
