package scenarios

import (
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// What comes while a deployment is being rolled back, or late.

func TestE72_HookAnswersAfterTheStop(t *testing.T) {
	w := newECSWorld(t)
	id := w.run(ecsAllAtOnce, ecsSpec("app:2", "AfterAllowTraffic:"+ecsHook))
	w.see(id).status("InProgress").events("S/S/S/S/S/I")
	w.wantStop(id, new(true), "Succeeded")
	w.refused(w.report(id, w.execution(ecsHook), types.LifecycleEventStatusSucceeded), "LifecycleEventAlreadyCompletedException")
	w.settle()
	w.refused(w.report(id, w.execution(ecsHook), types.LifecycleEventStatusSucceeded), "LifecycleEventAlreadyCompletedException")
	w.see(id).status("Stopped").says(manualStop).events("S/S/S/S/S/F").rolledBack().undone("Blue PRIMARY 100.0 tgA, Green DRAINING 0.0 tgB")
	w.wantWeights(w.l80, 100, 0)
	w.wantOneSet(w.tgA, "app:1")
}

func TestE74_TwoStops(t *testing.T) {
	t.Run("nothing in flight", func(t *testing.T) {
		w := newECSWorld(t)
		id := w.run(ecsAllAtOnce, ecsSpec("app:2", "AfterInstall:"+ecsHook))
		w.wantStop(id, new(true), "Succeeded")
		w.wantStop(id, new(true), "Succeeded")
		w.settle()
		w.wantTwoDeployments(id)
	})
	t.Run("a call in flight", func(t *testing.T) {
		w := newECSWorld(t)
		called, release := w.stall("CreateTaskSet")
		id, err := w.start(ecsAllAtOnce, ecsSpec("app:2"))
		w.must(err)
		w.await("CreateTaskSet", called)
		w.wantStop(id, new(true), "Pending")
		w.wantStop(id, new(true), "Pending")
		release()
		w.settle()
		w.wantTwoDeployments(id)
	})
}

// wantTwoDeployments wants a stopped deployment of app:2 and its one rollback.
func (w *ecsWorld) wantTwoDeployments(id string) {
	w.Helper()
	w.see(id).status("Stopped").says(manualStop).rolledBack().undone("Blue PRIMARY 100.0 tgA, Green DRAINING 0.0 tgB")
	if all := w.deployments(); len(all) != 2 {
		w.Errorf("deployments are %q", all)
	}
	w.wantOneSet(w.tgA, "app:1")
}

// stall has the next call of an operation wait, with nothing done, until release
// is called. called closes when it has been made.
func (w *ecsWorld) stall(operation string) (called <-chan struct{}, release func()) {
	made, held := make(chan struct{}), make(chan struct{})
	w.cloud.onNext(operation, func(rw http.ResponseWriter, r *http.Request) {
		close(made)
		select {
		case <-held:
		case <-r.Context().Done():
		}
		w.cloud.handler.ServeHTTP(rw, r)
	})
	return made, func() { close(held) }
}

func TestE75_RollbackHoldsTheGroup(t *testing.T) {
	w := newECSWorld(t)
	id := w.run(ecsAllAtOnce, ecsSpec("app:2", "AfterInstall:"+ecsHook))
	called, release := w.stall("DeleteTaskSet")
	w.must(w.report(id, w.execution(ecsHook), types.LifecycleEventStatusFailed))
	w.await("DeleteTaskSet", called)
	back := w.see(id).status("Failed").rolledBack().status("InProgress").id
	_, err := w.start(ecsAllAtOnce, ecsSpec("app:3"))
	w.refused(err, "DeploymentLimitExceededException")
	w.says(err, "The Deployment Group 'g1' already has an active Deployment '"+back+"'")
	release()
	w.settle()
	w.see(back).undone("Blue PRIMARY 100.0 tgA, Green DRAINING 0.0 tgB")
	w.see(w.run(ecsAllAtOnce, ecsSpec("app:3"))).status("Succeeded")
}

func TestE77_TargetOfTheRollback(t *testing.T) {
	w := newECSWorld(t, withTestListener)
	id := w.run(ecsAllAtOnce, ecsSpec("app:2", "BeforeInstall:"+pre, "AfterAllowTestTraffic:"+ecsHook, "AfterAllowTraffic:"+post))
	w.succeed(id, pre)
	w.advance(slack)
	w.fail(id, ecsHook)
	back := w.see(id).status("Failed").rolledBack().undone("Blue PRIMARY 100.0 tgA, Green DRAINING 0.0 tgB").events("S/S/S/S/S/S/S/S")
	if len(back.target.LifecycleEvents) != 8 {
		t.Errorf("events are %+v", back.target.LifecycleEvents)
	}
	if len(w.invoked(pre)) != 1 || len(w.invoked(ecsHook)) != 1 || len(w.invoked(post)) != 0 {
		t.Error("the rollback invoked a hook")
	}
	if _, err := w.ours.ContinueDeployment(t.Context(), &codedeploy.ContinueDeploymentInput{DeploymentId: &back.id}); err == nil {
		t.Error("a rollback was continued")
	} else {
		w.refused(err, "UnsupportedActionForDeploymentTypeException")
	}
}
