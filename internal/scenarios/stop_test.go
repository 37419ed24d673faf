package scenarios

import (
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"

	"greenlight/internal/lambdadriver/lambdatest"
)

const manualStop = "MANUAL_STOP"

func TestL33_StopWithoutRollback(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(canary, appSpec("1", "2"))
	w.wantStop(id, new(false), "Succeeded")
	w.want(id).status("Stopped").says(manualStop).events("S/F/K").on("Failed", 0.1).overview("Failed").noRollback()
	w.wantAlias("1 {2:0.1}")
	next := w.deploy(canary, appSpec("1", "3"))
	w.want(next).status("Failed").says("INVALID_LAMBDA_CONFIGURATION", badAppSpec+" ").notStarted()
	w.advance(time.Hour)
	w.wantUpdates("1 {2:0.1}")
}

func TestL34_StopWithRollback(t *testing.T) {
	w := newWorld(t)
	w.rollback(rollbackOff())
	id := w.deploy(canary, appSpec("1", "2"))
	w.wantStop(id, new(true), "Succeeded")
	w.settle()
	w.want(id).status("Stopped").says(manualStop).events("S/F/K").on("Failed", 0.1).rolledBack().undone()
	w.wantUpdates("1 {2:0.1}", "1 {}")
	w.wantAlias("1")
}

func TestL35_StopAfterTheEnd(t *testing.T) {
	w := newWorld(t)
	done := w.deploy(allAtOnce, appSpec("1", "2"))
	_, err := w.stop(done, nil)
	w.refused(err, "DeploymentAlreadyCompletedException")
	stopped := w.deploy(canary, appSpec("2", "3"))
	w.wantStop(stopped, new(false), "Succeeded")
	w.wantStop(stopped, new(true), "Succeeded")
	w.settle()
	w.want(stopped).status("Stopped").noRollback()
}

func TestD32_StopAfterTheEnd(t *testing.T) {
	w := newWorld(t)
	failed := w.deploy(canary, appSpec("3", "2"))
	w.want(failed).status("Failed")
	_, err := w.stop(failed, nil)
	w.refused(err, "DeploymentAlreadyCompletedException")
	done := w.deploy(allAtOnce, appSpec("1", "2"))
	_, err = w.stop(done, nil)
	w.refused(err, "DeploymentAlreadyCompletedException")
	stopped := w.deploy(canary, appSpec("2", "3"))
	w.wantStop(stopped, nil, "Succeeded")
	w.settle()
	rollback := w.want(stopped).status("Stopped").rolledBack().undone()
	w.wantStop(stopped, nil, "Succeeded")
	w.settle()
	w.want(stopped).status("Stopped").rolledBack().last()
	if ids := w.list(group); ids[0] != rollback.id || len(ids) != 4 {
		t.Errorf("deployments are %q", ids)
	}
}

func TestL36_StopWhileAHookRuns(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(canary, appSpec("1", "2", before(pre)))
	w.wantStop(id, nil, "Succeeded")
	w.want(id).status("Stopped").says(manualStop).events("F/K/K").on("Failed", 0)
	w.refused(w.report(id, w.execution(pre), "Succeeded"), "LifecycleEventAlreadyCompletedException")
	w.settle()
	w.want(id).status("Stopped").events("F/K/K").rolledBack().undone()
	w.wantUpdates("1 {}")
}

func TestD30_StopAsConfigured(t *testing.T) {
	t.Run("rollback on request", func(t *testing.T) {
		w := newWorld(t)
		w.rollback(rollbackOn(types.AutoRollbackEventDeploymentStopOnRequest))
		id := w.deploy(canary, appSpec("1", "2"))
		w.wantStop(id, nil, "Succeeded")
		w.settle()
		w.want(id).status("Stopped").says(manualStop).rolledBack().undone()
	})
	t.Run("rollback on failure only", func(t *testing.T) {
		w := newWorld(t)
		w.rollback(rollbackOn(types.AutoRollbackEventDeploymentFailure))
		id := w.deploy(canary, appSpec("1", "2"))
		w.wantStop(id, nil, "Succeeded")
		w.settle()
		w.want(id).status("Stopped").says(manualStop).noRollback()
	})
}

func TestD31_StopWithoutTheConfiguredRollback(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(canary, appSpec("1", "2"))
	w.wantStop(id, new(false), "Succeeded")
	w.advance(time.Hour)
	w.want(id).status("Stopped").says(manualStop).noRollback()
}

func TestD33_StopBeforeTheStart(t *testing.T) {
	w := newWorld(t)
	release := make(chan struct{})
	w.far.Fail(lambdatest.GetAlias, 1, lambdatest.Failure{Stall: release})
	id, err := w.create(canary, appSpec("1", "2"))
	w.must(err)
	w.want(id).status("Created")
	w.wantStop(id, new(true), "Succeeded")
	w.want(id).status("Stopped").says(manualStop).notStarted().nothingToRollBack()
	close(release)
	w.advance(time.Hour)
	w.want(id).status("Stopped").notStarted().nothingToRollBack()
	w.wantUpdates()
}

// deployments.md 7.1: a call that is under way is let finish, the first stop
// counts, and what the call left behind is seen.
func TestStopWhileACallIsUnderWay(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(linear, appSpec("1", "2"))
	release := make(chan struct{})
	w.far.Fail(lambdatest.UpdateAlias, 1, lambdatest.Failure{Stall: release})
	called := w.watchCalls(http.MethodPut)
	moved := make(chan error, 1)
	go func() {
		_, err := w.clock.Advance(t.Context(), time.Minute)
		moved <- err
	}()
	<-called
	w.wantStop(id, new(false), "Pending")
	w.want(id).status("InProgress")
	w.wantStop(id, new(true), "Pending")
	close(release)
	w.must(<-moved)
	w.want(id).status("Stopped").says(manualStop).events("S/F/K").on("Failed", 0.2).noRollback()
	w.wantStop(id, nil, "Succeeded")
	w.advance(time.Hour)
	w.wantUpdates("1 {2:0.1}", "1 {2:0.2}")
}

func TestL37_ForeignChangeDuringTheCanary(t *testing.T) {
	t.Run("with rollback", func(t *testing.T) {
		w := newWorld(t)
		id := w.deploy(canary, appSpec("1", "2"))
		w.alias("3", nil)
		w.advance(6 * time.Minute)
		w.want(id).status("Failed").says("INVALID_LAMBDA_CONFIGURATION", badAppSpec+" ").events("S/F/K").on("Failed", 0.1).rolledBack().undone()
		w.wantUpdates("1 {2:0.1}", "2 {} refused", "1 {}")
		w.wantAlias("1")
	})
	t.Run("without rollback", func(t *testing.T) {
		w := newWorld(t)
		w.rollback(rollbackOff())
		id := w.deploy(canary, appSpec("1", "2"))
		w.alias("3", nil)
		w.advance(6 * time.Minute)
		w.want(id).status("Failed").says("INVALID_LAMBDA_CONFIGURATION", badAppSpec+" ").events("S/F/K").on("Failed", 0.1).noRollback()
		w.wantUpdates("1 {2:0.1}", "2 {} refused")
		w.wantAlias("3")
	})
	t.Run("only the revision", func(t *testing.T) { // lambda.md 4.4
		w := newWorld(t)
		id := w.deploy(canary, appSpec("1", "2"))
		w.alias("1", map[string]float64{"2": 0.1})
		w.advance(6 * time.Minute)
		w.want(id).status("Succeeded").on("Succeeded", 1)
		w.wantUpdates("1 {2:0.1}", "2 {} refused", "2 {}")
	})
}
