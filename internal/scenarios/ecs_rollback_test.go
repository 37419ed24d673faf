package scenarios

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
)

// undone wants a rollback deployment that has succeeded, with all of its events,
// and these task sets (ecs.md 9, 10.1).
func (s *ecsSight) undone(taskSets string) *ecsSight {
	s.Helper()
	s.status("Succeeded").targetStatus("Succeeded").taskSets(taskSets).noRollback()
	if line := s.eventLine(); strings.Trim(line, "S/") != "" {
		s.Errorf("events of the rollback are %s", line)
	}
	if o := s.info.DeploymentOverview; o == nil || o.Succeeded != 1 || s.info.ErrorInformation != nil {
		s.Errorf("the rollback ended with %+v: %s", o, s.why())
	}
	return s
}

func TestE24_HookAfterInstallFails(t *testing.T) {
	w := newECSWorld(t)
	id := w.run(ecsAllAtOnce, ecsSpec("app:2", "AfterInstall:"+ecsHook))
	w.see(id).status("InProgress").events("S/S/I/P/P/P")
	w.fail(id, ecsHook)
	s := w.see(id).status("Failed").failure("HOOK_EXECUTION_FAILURE", hookFailed).events("S/S/F/K/K/K").targetStatus("Failed").
		taskSets("Blue PRIMARY 100.0 tgA, Green ACTIVE 0.0 tgB")
	s.rolledBack().undone("Blue PRIMARY 100.0 tgA, Green DRAINING 0.0 tgB")
	w.wantAllOnA(w.l80)
	w.wantOneSet(w.tgA, "app:1")
	if n := len(w.invoked(ecsHook)); n != 1 {
		t.Errorf("the hook was invoked %d times", n)
	}
	if n := len(w.cloud.called("ModifyListener", "UpdateServicePrimaryTaskSet")); n > 0 {
		t.Errorf("%d calls where there was nothing to do", n)
	}
}

func TestE25_HookFailsWithoutRollback(t *testing.T) {
	w := newECSWorld(t, groupLike(func(in *codedeploy.CreateDeploymentGroupInput) { in.AutoRollbackConfiguration = rollbackOff() }))
	id := w.run(ecsAllAtOnce, ecsSpec("app:2", "AfterInstall:"+ecsHook))
	w.fail(id, ecsHook)
	w.advance(time.Hour)
	w.see(id).status("Failed").failure("HOOK_EXECUTION_FAILURE", hookFailed).events("S/S/F/K/K/K").noRollback()
	w.wantSets("PRIMARY tgA", "ACTIVE tgB")
	w.wantAllOnA(w.l80)
	if ids := w.deployments(); !slices.Equal(ids, []string{id}) {
		t.Errorf("deployments are %q", ids)
	}
}

func TestE26_HookAfterTestTrafficFails(t *testing.T) {
	w := newECSWorld(t, withTestListener)
	id := w.run(ecsAllAtOnce, ecsSpec("app:2", "AfterAllowTestTraffic:"+ecsHook))
	w.wantWeights(w.l8080, 0, 100)
	w.fail(id, ecsHook)
	s := w.see(id).status("Failed").failure("HOOK_EXECUTION_FAILURE", hookFailed).events("S/S/S/S/F/K/K/K").
		taskSets("Blue PRIMARY 100.0 tgA, Green ACTIVE 0.0 tgB")
	s.rolledBack().events("S/S/S/S/S/S/S/S").undone("Blue PRIMARY 100.0 tgA, Green DRAINING 0.0 tgB")
	w.wantWeights(w.l8080, 100, 0)
	w.wantOnly(w.l8080, "app:1")
	w.wantAllOnA(w.l80)
	w.wantOneSet(w.tgA, "app:1")
}

func TestE27_StopInTheMiddleOfTheShift(t *testing.T) {
	w := newECSWorld(t)
	shifts := w.noteShifts(w.l80)
	id := w.firstShift(ecsCanary, ecsSpec("app:2"))
	w.wantWeights(w.l80, 90, 10)
	w.wantStop(id, new(true), "Succeeded")
	w.settle()
	s := w.see(id).status("Stopped").says(manualStop).events("S/S/S/S/F/K").targetStatus("Failed").
		taskSets("Blue PRIMARY 90.0 tgA, Green ACTIVE 10.0 tgB")
	s.rolledBack().undone("Blue PRIMARY 100.0 tgA, Green DRAINING 0.0 tgB")
	shifts.want("100/0 90/10 100/0")
	w.wantWeights(w.l80, 100, 0)
	w.wantOnly(w.l80, "app:1")
	w.wantOneSet(w.tgA, "app:1")
}

const greenHasWeight = "The ELB could not be updated due to the following error: Green taskset target group cannot have non-zero weight prior to traffic shifting"

func TestE28_E29_StopInTheMiddleOfTheShiftWithoutRollback(t *testing.T) {
	w := newECSWorld(t)
	shifts := w.noteShifts(w.l80)
	id := w.firstShift(ecsCanary, ecsSpec("app:2"))
	w.wantStop(id, new(false), "Succeeded")
	w.advance(time.Hour)
	w.see(id).status("Stopped").says(manualStop).taskSets("Blue PRIMARY 90.0 tgA, Green ACTIVE 10.0 tgB").noRollback()
	w.wantWeights(w.l80, 90, 10)
	w.wantSets("PRIMARY tgA", "ACTIVE tgB")

	next := w.run(ecsCanary, ecsSpec("app:3"))
	w.see(next).status("Failed").failure("ELASTIC_LOAD_BALANCING_INVALID", greenHasWeight).events("S/F/K/K/K/K").
		taskSets("Blue PRIMARY 100.0 tgA").noRollback()
	if n := len(w.cloud.called("CreateTaskSet")); n != 1 {
		t.Errorf("%d task sets were created, want the first deployment's only", n)
	}
	if n := len(w.cloud.called("DeleteTaskSet")); n > 0 {
		t.Errorf("%d task sets were deleted", n)
	}
	shifts.want("100/0 90/10")
	w.wantWeights(w.l80, 90, 10)
	w.wantSets("PRIMARY tgA", "ACTIVE tgB")
}

func TestE30_LastHookFails(t *testing.T) { lastHookFails(t) }

func lastHookFails(t *testing.T, vary ...func(*ecsFixture)) {
	t.Helper()
	w := newECSWorld(t, vary...)
	blue := *w.service().TaskSets[0].Id
	id := w.run(ecsAllAtOnce, ecsSpec("app:2", "AfterAllowTraffic:"+ecsHook))
	w.wantWeights(w.l80, 0, 100)
	w.see(id).events("S/S/S/S/S/I").taskSets("Blue ACTIVE 0.0 tgA, Green PRIMARY 100.0 tgB")
	w.fail(id, ecsHook)
	s := w.see(id).status("Failed").failure("HOOK_EXECUTION_FAILURE", hookFailed).events("S/S/S/S/S/F").targetStatus("Failed").
		taskSets("Blue ACTIVE 0.0 tgA, Green PRIMARY 100.0 tgB")
	s.rolledBack().undone("Blue PRIMARY 100.0 tgA, Green DRAINING 0.0 tgB")
	w.wantWeights(w.l80, 100, 0)
	w.wantOnly(w.l80, "app:1")
	w.wantOneSet(w.tgA, "app:1")
	promotions := w.cloud.called("UpdateServicePrimaryTaskSet")
	if len(promotions) != 2 || !strings.HasSuffix(promoted(t, promotions[1]), blue) || strings.HasSuffix(promoted(t, promotions[0]), blue) {
		t.Errorf("promoted were %+v, want green and then %s", promotions, blue)
	}
}

// promoted is the task set that a call made the primary one.
func promoted(t *testing.T, c ecsCall) string {
	t.Helper()
	var in struct{ PrimaryTaskSet string }
	if err := json.Unmarshal([]byte(c.Body), &in); err != nil {
		t.Fatal(err)
	}
	return in.PrimaryTaskSet
}

// wantSets wants the service's task sets, written like "PRIMARY tgA".
func (w *ecsWorld) wantSets(want ...string) {
	w.Helper()
	names := map[string]string{w.tgA: "tgA", w.tgB: "tgB"}
	var got []string
	for _, set := range w.service().TaskSets {
		got = append(got, *set.Status+" "+names[*set.LoadBalancers[0].TargetGroupArn])
	}
	if !slices.Equal(got, want) {
		w.Errorf("task sets are %q, want %q", got, want)
	}
}
