package scenarios

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

func TestE23_FirstHookFails(t *testing.T) {
	w := newECSWorld(t)
	id := w.run(ecsAllAtOnce, ecsSpec("app:2", "BeforeInstall:"+ecsHook))
	w.see(id).status("InProgress").events("I/P/P/P/P/P").taskSets("Blue PRIMARY 100.0 tgA")
	w.fail(id, ecsHook)
	s := w.see(id).status("Failed").failure("HOOK_EXECUTION_FAILURE", hookFailed).events("F/K/K/K/K/K").targetStatus("Failed").
		taskSets("Blue PRIMARY 100.0 tgA").noRollback()
	if r := s.info.RollbackInfo; r == nil || aws.ToString(r.RollbackMessage) == "" {
		t.Errorf("rollbackInfo is %+v, want a message that there was nothing to roll back", r)
	}
	if n := len(w.cloud.called("CreateTaskSet", "ModifyListener", "ModifyRule")); n > 0 {
		t.Errorf("%d calls changed something", n)
	}
	w.wantOneSet(w.tgA, "app:1")
}

func TestE31_HookIsSilent(t *testing.T) {
	w := newECSWorld(t)
	id := w.run(ecsAllAtOnce, ecsSpec("app:2", "AfterInstall:"+ecsHook))
	began := *w.see(id).status("InProgress").events("S/S/I/P/P/P").event("AfterInstall").StartTime
	w.advanceTo(began.Add(time.Hour - slack))
	w.see(id).status("InProgress").events("S/S/I/P/P/P")
	w.advance(2 * slack)
	s := w.see(id).status("Failed").failure("TIMEOUT", hookTimeout).events("S/S/F/K/K/K").lasted("AfterInstall", time.Hour)
	s.rolledBack().undone("Blue PRIMARY 100.0 tgA, Green DRAINING 0.0 tgB")
	w.refused(w.report(id, w.execution(ecsHook), "Succeeded"), "LifecycleEventAlreadyCompletedException")
	w.wantAllOnA(w.l80)
	w.wantOneSet(w.tgA, "app:1")
}
