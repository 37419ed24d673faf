package scenarios

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// inReadyWait is a deployment that waits an hour for a person's word (the
// beginning of E17).
func inReadyWait(t *testing.T, hooks ...string) (w *ecsWorld, id string) {
	t.Helper()
	w = newECSWorld(t, groupLike(readyWait(60)))
	id = w.run(ecsAllAtOnce, ecsSpec("app:2", hooks...))
	w.see(id).status("Ready").events("S/S/S/P/P/P").targetStatus("Ready").taskSets("Blue PRIMARY 100.0 tgA, Green ACTIVE 0.0 tgB")
	return w, id
}

// wantAllOnA wants a listener's default rule to give tgA everything, whether or
// not it names tgB too.
func (w *ecsWorld) wantAllOnA(listener string) {
	w.Helper()
	if a, b := w.weights(listener); a <= 0 || b > 0 {
		w.Errorf("weights are (%d,%d), want everything on tgA", a, b)
	}
	w.wantOnly(listener, "app:1")
}

// deployments lists those of g1, of all statuses when none is named.
func (w *ecsWorld) deployments(statuses ...types.DeploymentStatus) []string {
	w.Helper()
	out, err := w.ours.ListDeployments(context.Background(), &codedeploy.ListDeploymentsInput{
		ApplicationName: aws.String("a1"), DeploymentGroupName: aws.String("g1"), IncludeOnlyStatuses: statuses,
	})
	w.must(err)
	return out.Deployments
}

func TestE17_ReadyWait(t *testing.T) {
	w, id := inReadyWait(t)
	w.wantAllOnA(w.l80)
	sets := w.service().TaskSets
	if len(sets) != 2 || aws.ToString(sets[1].ExternalId) != id || sets[1].StabilityStatus != "STEADY_STATE" {
		t.Errorf("task sets are %+v", sets)
	}
	for status, want := range map[types.DeploymentStatus][]string{"Ready": {id}, "InProgress": nil} {
		if got := w.deployments(status); !slices.Equal(got, want) {
			t.Errorf("deployments that are %s: %q, want %q", status, got, want)
		}
	}
}

func TestE18_ReadyWaitIsEnded(t *testing.T) {
	for name, wait := range map[string]types.DeploymentWaitType{"told": types.DeploymentWaitTypeReadyWait, "by default": ""} {
		t.Run(name, func(t *testing.T) {
			w, id := inReadyWait(t, "BeforeAllowTraffic:"+ecsHook)
			w.must(w.carryOn(id, wait))
			w.settle()
			w.see(id).status("InProgress").events("S/S/S/I/P/P").targetStatus("InProgress")
			w.refused(w.carryOn(id, wait), "DeploymentIsNotInReadyStateException")
			w.succeed(id, ecsHook)
			w.see(id).status("Succeeded").events("S/S/S/S/S/S").targetStatus("Succeeded")
			w.wantWeights(w.l80, 0, 100)
			w.wantOneSet(w.tgB, "app:2")
		})
	}
}

func TestE19_ReadyWaitRunsOut(t *testing.T) {
	w, id := inReadyWait(t)
	ready := *w.see(id).event("AfterInstall").EndTime
	w.advanceTo(ready.Add(time.Hour - slack))
	w.see(id).status("Ready")
	w.advance(2 * slack)
	s := w.see(id).status("Stopped").events("S/S/S/K/K/K").targetStatus("Failed").
		failure("TIMEOUT", "The deployment timed out while waiting for a notification to continue. This time out period is 60 minutes.")
	if waited := s.info.CompleteTime.Sub(ready); waited < time.Hour || waited > time.Hour+slack {
		t.Errorf("waited %s, want 1h", waited)
	}
	s.rolledBack().undone("Blue PRIMARY 100.0 tgA, Green DRAINING 0.0 tgB")
	w.wantAllOnA(w.l80)
	w.wantOneSet(w.tgA, "app:1")
}

// ecs.md 8.3: while green is not steady there is nothing to continue.
func TestE20_ContinueTooSoon(t *testing.T) {
	w := newECSWorld(t)
	w.sicken("app:2")
	id := w.run(ecsCanary, ecsSpec("app:2"))
	w.refused(w.carryOn(id, types.DeploymentWaitTypeReadyWait), "DeploymentIsNotInReadyStateException")
	w.refused(w.carryOn(id, ""), "DeploymentIsNotInReadyStateException")
	w.refused(w.carryOn(id, types.DeploymentWaitTypeTerminationWait), "InvalidDeploymentStatusException")
	w.see(id).status("InProgress").events("S/I/P/P/P/P").taskSets("Blue PRIMARY 100.0 tgA, Green ACTIVE 0.0 tgB")
}

func TestE21_ContinueWithAnUnknownWait(t *testing.T) {
	w, id := inReadyWait(t)
	w.refused(w.carryOn(id, "FOO"), "InvalidDeploymentWaitTypeException")
	w.settle()
	w.see(id).status("Ready")
	w.wantStop(id, new(false), "Succeeded")
	w.refused(w.carryOn(id, "FOO"), "InvalidDeploymentWaitTypeException")
}

func TestE22_AfterTheEnd(t *testing.T) {
	w := newECSWorld(t)
	succeeded := w.run(ecsAllAtOnce, ecsSpec("app:2"))
	w.see(succeeded).status("Succeeded")
	failed := w.run(ecsAllAtOnce, "{{{")
	w.see(failed).status("Failed")
	stopped := w.run(ecsAllAtOnce, ecsSpec("app:3", "AfterInstall:"+ecsHook))
	w.wantStop(stopped, new(false), "Succeeded")
	w.see(stopped).status("Stopped").events("S/S/F/K/K/K").targetStatus("Failed")
	for _, id := range []string{succeeded, failed, stopped} {
		for _, wait := range []types.DeploymentWaitType{"", types.DeploymentWaitTypeReadyWait, types.DeploymentWaitTypeTerminationWait} {
			w.refused(w.carryOn(id, wait), "DeploymentAlreadyCompletedException")
		}
	}
	for _, id := range []string{succeeded, failed} {
		_, err := w.stop(id, new(true))
		w.refused(err, "DeploymentAlreadyCompletedException")
	}
	w.wantStop(stopped, new(true), "Succeeded")
	w.settle()
	w.see(stopped).status("Stopped").noRollback()
}
