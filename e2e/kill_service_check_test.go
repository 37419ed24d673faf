package e2e

import (
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// checkEnd checks how a deployment has ended, what it has made, and that there
// is one rollback if there must be one, and nothing else that is new.
func (c *serviceCrash) checkEnd(d *crashRelease) {
	c.t.Helper()
	c.ended[string(d.info.Status)]++
	switch {
	case d.refuser != "":
		c.checkRefused(d)
	case d.asked && d.info.Status == types.DeploymentStatusStopped:
		c.checkRolledBack(d)
	default:
		c.checkReleased(d)
	}
	if news := c.unknown(d.service); len(news) > 0 {
		c.t.Errorf("%s has the deployments %v, and nobody knows of them", d.service.name, news)
	}
}

func (c *serviceCrash) checkReleased(d *crashRelease) {
	c.t.Helper()
	s := d.service
	if d.info.Status != types.DeploymentStatusSucceeded || d.rollbackID() != "" {
		c.t.Fatalf("%s (%s) ended %s (%s) with the rollback %q", d.id, d.config, d.info.Status, describe(d.info.ErrorInformation), d.rollbackID())
	}
	target := c.target(d.id, s)
	want := fmt.Sprintf("Blue DRAINING 0 %s, Green PRIMARY 100 %s", s.groups[s.live], s.groups[1-s.live])
	if got := taskSetLine(target); got != want {
		c.t.Errorf("the record of %s has %s, want %s", d.id, got, want)
	}
	c.checkGreen(d, target)
	s.live, s.release, s.maker = 1-s.live, d.release, d.id
}

// checkRefused is for a deployment that a hook did not let pass. Before Install
// there is nothing to go back from.
func (c *serviceCrash) checkRefused(d *crashRelease) {
	c.t.Helper()
	if d.info.Status != types.DeploymentStatusFailed || d.info.ErrorInformation.Code != types.ErrorCodeHookExecutionFailure {
		c.t.Fatalf("%s ended %s (%s), want it refused by the hook of %s", d.id, d.info.Status, describe(d.info.ErrorInformation), d.refuser)
	}
	if got := eventOf(c.target(d.id, d.service), d.refuser); got != eventFailed {
		c.t.Errorf("%s of %s is %s", d.refuser, d.id, got)
	}
	if d.refuser != "BeforeInstall" {
		c.checkRolledBack(d)
		return
	}
	if d.rollbackID() != "" || len(d.greens) != 0 {
		c.t.Errorf("%s failed before Install, and has the rollback %q and the task sets %v", d.id, d.rollbackID(), d.greens)
	}
}

func (c *serviceCrash) checkRolledBack(d *crashRelease) {
	c.t.Helper()
	back := d.rollback
	if back.Status != types.DeploymentStatusSucceeded || back.RollbackInfo == nil ||
		aws.ToString(back.RollbackInfo.RollbackTriggeringDeploymentId) != d.id {
		c.t.Fatalf("%s, which ended %s, has the rollback %q, which is %s (%s)", d.id, d.info.Status, d.rollbackID(), back.Status, describe(back.ErrorInformation))
	}
	d.service.known[d.rollbackID()] = true
	c.rollbacks++
	target := c.target(d.rollbackID(), d.service)
	s := d.service
	want := fmt.Sprintf("Blue PRIMARY 100 %s, Green DRAINING 0 %s", s.groups[s.live], s.groups[1-s.live])
	if got := taskSetLine(target); got != want {
		c.t.Errorf("the record of the rollback %s has %s, want %s", d.rollbackID(), got, want)
	}
	c.checkGreen(d, target)
}

// checkGreen wants a deployment to have made one task set, the one that its
// record names.
func (c *serviceCrash) checkGreen(d *crashRelease, target *types.ECSTarget) {
	c.t.Helper()
	green := identifiers(target)["green"]
	d.greens[green] = true
	if len(d.greens) != 1 {
		c.t.Errorf("%s has made the task sets %v, and its record names %s", d.id, slices.Collect(maps.Keys(d.greens)), green)
	}
}

// checkService wants a service to have the one task set that the deployments
// leave it, steady, with the listeners leading there.
func (c *serviceCrash) checkService(s *crashService) {
	c.t.Helper()
	var seen ecstypes.Service
	defer func() {
		if c.t.Failed() {
			c.t.Logf("%s has the task sets %+v", s.name, seen.TaskSets)
		}
	}()
	eventually(c.t, s.name+" to have one steady task set", func() bool {
		seen = c.server.service(s.name)
		return len(seen.TaskSets) == 1 && seen.TaskSets[0].StabilityStatus == ecstypes.StabilityStatusSteadyState
	})
	set := seen.TaskSets[0]
	by := map[bool]string{true: "CODE_DEPLOY"}[s.maker != ""]
	if aws.ToString(set.Status) != "PRIMARY" || aws.ToString(set.ExternalId) != s.maker || aws.ToString(set.StartedBy) != by {
		c.t.Errorf("%s has the %s task set of %q by %q, want the one of %q", s.name,
			aws.ToString(set.Status), aws.ToString(set.ExternalId), aws.ToString(set.StartedBy), s.maker)
	}
	if got := aws.ToString(set.LoadBalancers[0].TargetGroupArn); got != s.groupARNs[s.live] {
		c.t.Errorf("the task set of %s is on %s, want %s", s.name, got, s.groupARNs[s.live])
	}
	want := [2]int{0, 0}
	want[s.live] = 100
	for _, l := range s.listeners() {
		// A listener that no deployment has moved yet is as it was made.
		if got := c.server.weights(s.webService, l); got != want && (s.maker != "" || got != [2]int{1, -1}) {
			c.t.Errorf("%s of %s has the weights %v, want %v", l.arn, s.name, got, want)
		}
		c.server.checkRelease(l, s.release)
	}
}
