package scenarios

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// The rows of deployments.md 16 that take a platform with waits. Where a row of
// ecs.md says more, it is there: D5 is E53, D26 is E52, D38 and D39 are E11 and
// E12, D41 is E32.

func TestD2_ECSSecondCreateInTheGroup(t *testing.T) {
	refused := func(w *ecsWorld, id string) {
		w.Helper()
		for range 3 {
			_, err := w.start(ecsAllAtOnce, ecsSpec("app:3"))
			w.refused(err, "DeploymentLimitExceededException", "'g1'", "'"+id+"'")
		}
		if all := w.deployments(); len(all) != 1 || all[0] != id {
			w.Errorf("deployments are %q", all)
		}
	}
	t.Run("InProgress", func(t *testing.T) {
		w := newECSWorld(t)
		id := w.run(ecsAllAtOnce, ecsSpec("app:2", "AfterInstall:"+ecsHook))
		w.see(id).status("InProgress")
		refused(w, id)
	})
	t.Run("Ready", func(t *testing.T) {
		w, id := inReadyWait(t)
		refused(w, id)
		w.see(id).status("Ready")
	})
	t.Run("termination wait", func(t *testing.T) {
		w, id := inTerminationWait(t)
		refused(w, id)
		w.see(id).status("InProgress")
	})
}

func TestD27_AlarmDuringInstall(t *testing.T) {
	w := newECSWorld(t, withTestListener, release2Exits, groupLike(func(in *groupRequest) {
		in.AlarmConfiguration = alarmsOn("errors")
		in.AutoRollbackConfiguration = rollbackOn(types.AutoRollbackEventDeploymentStopOnAlarm)
	}))
	w.alarms.set("errors", "OK")
	id := w.run(ecsAllAtOnce, ecsSpec("app:2"))
	w.see(id).status("InProgress").events("S/I/P/P/P/P/P/P")
	w.alarms.set("errors", "ALARM")
	w.advance(25 * time.Second)
	s := w.see(id).status("Stopped").failure("ALARM_ACTIVE", alarmed("errors")).events("S/F/K/K/K/K/K/K")
	s.rolledBack().undone("Blue PRIMARY 100.0 tgA, Green DRAINING 0.0 tgB").events("S/S/S/S/S/S/S/S")
	w.wantOneSet(w.tgA, "app:1")
	if n := len(w.cloud.called("ModifyListener", "ModifyRule")); n > 0 {
		t.Errorf("the listeners were changed %d times", n)
	}
}

// tenMinutes is a deployment that waits ten minutes for a person's word.
func tenMinutes(t *testing.T) (w *ecsWorld, id string) {
	t.Helper()
	w = newECSWorld(t, groupLike(readyWait(10)))
	id = w.run(ecsAllAtOnce, ecsSpec("app:2"))
	w.see(id).status("Ready").events("S/S/S/P/P/P")
	return w, id
}

func TestD34_NobodyContinues(t *testing.T) {
	w, id := tenMinutes(t)
	ready := *w.see(id).event("AfterInstall").EndTime
	w.advance(10 * time.Minute)
	s := w.see(id).status("Stopped").
		failure("TIMEOUT", "The deployment timed out while waiting for a notification to continue. This time out period is 10 minutes.")
	if waited := s.info.CompleteTime.Sub(ready); waited < 10*time.Minute || waited > 10*time.Minute+slack {
		t.Errorf("waited %s, want 10m", waited)
	}
}

func TestD35_Continued(t *testing.T) {
	w, id := tenMinutes(t)
	w.advance(2 * time.Minute)
	shifts := w.noteShifts(w.l80)
	w.must(w.carryOn(id, types.DeploymentWaitTypeReadyWait))
	w.settle()
	w.see(id).status("Succeeded").events("S/S/S/S/S/S")
	shifts.want("0/100")
}

func TestD36_ContinuedTooSoon(t *testing.T) {
	w := newECSWorld(t, groupLike(readyWait(10)))
	id := w.run(ecsAllAtOnce, ecsSpec("app:2", "AfterInstall:"+ecsHook))
	w.refused(w.carryOn(id, types.DeploymentWaitTypeReadyWait), "DeploymentIsNotInReadyStateException")
	w.refused(w.carryOn(id, types.DeploymentWaitTypeTerminationWait), "InvalidDeploymentStatusException")
	w.succeed(id, ecsHook)
	w.see(id).status("Ready")
	w.refused(w.carryOn(id, types.DeploymentWaitTypeTerminationWait), "InvalidDeploymentStatusException")
}

func TestD49_Overview(t *testing.T) {
	w := newECSWorld(t, groupLike(terminationWait(5)))
	id := w.run(ecsAllAtOnce, ecsSpec("app:2", "AfterInstall:"+ecsHook))
	for _, step := range []func(){
		func() {},
		func() { w.succeed(id, ecsHook) },
	} {
		step()
		if o := w.see(id).status("InProgress").info.DeploymentOverview; o != nil {
			t.Errorf("while it runs, the overview is %+v", o)
		}
	}
	w.advance(6 * time.Minute)
	if o := w.see(id).status("Succeeded").info.DeploymentOverview; o == nil || *o != (types.DeploymentOverview{Succeeded: 1}) {
		t.Errorf("at the end the overview is %+v", o)
	}
}
