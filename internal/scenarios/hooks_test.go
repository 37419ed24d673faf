package scenarios

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"

	"greenlight/internal/lambdadriver/lambdatest"
)

const (
	hookFailed  = "The deployment failed because one or more of the lifecycle event validation functions failed."
	hookTimeout = "The deployment timed out while waiting for a status callback. CodeDeploy expects a status callback within one hour after a deployment hook is invoked."

	lambdaDenied = "The IAM role " + role + " does not give you permission to perform operations in the following AWS service: AWSLambda. " +
		"Contact your AWS administrator if you need help. If you are an AWS administrator, you can grant permissions to your users or groups by creating IAM policies."
	lambdaThrottled = "The deployment failed because the number of requests by the IAM role " + role +
		" exceeded the request limit for AWSLambda. Avoid retrying API requests at a high rate."
)

func TestL7_BothHooksSucceed(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(canary, appSpec("1", "2", before(pre), after(post)))
	w.want(id).status("InProgress").events("I/P/P").on("InProgress", 0)
	w.wantUpdates()
	if got := w.invoked(pre); len(got) != 1 || got[0].DeploymentID != id {
		t.Fatalf("the first hook received %+v", got)
	}
	w.succeed(id, pre)
	w.wantUpdates("1 {2:0.1}")
	w.advance(4 * time.Minute)
	if n := len(w.invoked(post)); n > 0 {
		t.Fatalf("the second hook was invoked %d times before the last shift", n)
	}
	w.advance(2 * time.Minute)
	w.wantUpdates("1 {2:0.1}", "2 {}")
	w.want(id).status("InProgress").events("S/S/I").on("InProgress", 1)
	if got := w.invoked(post); len(got) != 1 || got[0].DeploymentID != id || got[0].ExecutionID == w.execution(pre) {
		t.Fatalf("the second hook received %+v", got)
	}
	w.succeed(id, post)
	w.want(id).status("Succeeded").events("S/S/S").on("Succeeded", 1).overview("Succeeded").noRollback()
	if len(w.invoked(pre)) != 1 || len(w.invoked(post)) != 1 {
		t.Error("a hook was invoked twice")
	}
}

func TestL8_FirstHookFails(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(canary, appSpec("1", "2", before(pre), after(post)))
	w.fail(id, pre)
	s := w.want(id).status("Failed").failure("HOOK_EXECUTION_FAILURE", hookFailed).events("F/K/K").on("Failed", 0).overview("Failed")
	s.rolledBack().undone()
	w.wantUpdates("1 {}")
	if len(w.invoked(pre)) != 1 || len(w.invoked(post)) != 0 {
		t.Error("the rollback invoked a hook")
	}
	w.wantAlias("1")
}

func TestL9_LastHookFails(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(allAtOnce, appSpec("1", "2", after(post)))
	w.fail(id, post)
	s := w.want(id).status("Failed").failure("HOOK_EXECUTION_FAILURE", hookFailed).events("S/S/F").on("Failed", 1).overview("Failed")
	b := s.rolledBack().undone()
	w.wantUpdates("2 {}", "1 {}")
	w.wantAlias("1")
	if f := b.target.LambdaFunctionInfo; *f.CurrentVersion != "2" || *f.TargetVersion != "1" {
		t.Errorf("the rollback went from %s to %s", *f.CurrentVersion, *f.TargetVersion)
	}
	if len(w.invoked(post)) != 1 {
		t.Error("the rollback invoked a hook")
	}
}

// waitsItsHour wants the running first hook to be waited for until 3600 s after
// its event's start, and the deployment to fail then.
func (w *world) waitsItsHour(id string) {
	w.Helper()
	began := *w.want(id).status("InProgress").events("I/P/P").event(0).StartTime
	w.advance(began.Add(3599 * time.Second).Sub(w.clock.Now()))
	w.want(id).status("InProgress").events("I/P/P")
	w.advance(2 * time.Second)
	s := w.want(id).status("Failed").failure("TIMEOUT", hookTimeout).events("F/K/K").on("Failed", 0).overview("Failed")
	if took := s.info.CompleteTime.Sub(began); took < time.Hour || took > time.Hour+time.Second {
		w.Errorf("failed after %s", took)
	}
	s.rolledBack().undone()
	if n := len(w.invoked(pre)); n != 1 {
		w.Errorf("the hook was invoked %d times", n)
	}
}

func TestL10_HookNeverReports(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(canary, appSpec("1", "2", before(pre)))
	w.waitsItsHour(id)
	w.refused(w.report(id, w.execution(pre), "Succeeded"), "LifecycleEventAlreadyCompletedException")
}

// A function that throws looks to us like one that is silent: it was invoked as
// an event. Lambda may run it again with the same event, and then it reports.
func TestL11_HookThrows(t *testing.T) {
	t.Run("and never reports", func(t *testing.T) {
		w := newWorld(t)
		w.waitsItsHour(w.deploy(canary, appSpec("1", "2", before(pre))))
	})
	t.Run("and reports late", func(t *testing.T) {
		w := newWorld(t)
		id := w.deploy(canary, appSpec("1", "2", before(pre)))
		w.advance(59 * time.Minute)
		w.want(id).status("InProgress").events("I/P/P")
		w.succeed(id, pre)
		w.advance(6 * time.Minute)
		w.want(id).status("Succeeded").events("S/S/S")
	})
}

func TestL12_HookDoesNotExist(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(canary, appSpec("1", "2", before("CodeDeployHook_gone")))
	s := w.want(id).status("Failed").says("HOOK_EXECUTION_FAILURE", "CodeDeployHook_gone").events("F/K/K").on("Failed", 0)
	s.rolledBack().undone()
	w.wantUpdates("1 {}")
}

func TestL13_InvokeDenied(t *testing.T) {
	w := newWorld(t)
	w.far.Fail(lambdatest.Invoke, lambdatest.Forever, lambdatest.AccessDenied)
	id := w.deploy(canary, appSpec("1", "2", before(pre)))
	w.want(id).status("Failed").failure("IAM_ROLE_PERMISSIONS", lambdaDenied).events("F/K/K").rolledBack().undone()
}

func TestL14_InvokeThrottled(t *testing.T) {
	w := newWorld(t)
	w.far.Fail(lambdatest.Invoke, lambdatest.Forever, lambdatest.TooManyRequests)
	id := w.deploy(canary, appSpec("1", "2", before(pre)))
	w.advance(5*time.Minute - slack)
	w.want(id).status("InProgress").events("I/P/P")
	w.advance(time.Minute)
	s := w.want(id).status("Failed").failure("THROTTLED", lambdaThrottled).events("F/K/K")
	if took := s.info.CompleteTime.Sub(*s.event(0).StartTime); took < 5*time.Minute || took > 5*time.Minute+30*time.Second {
		t.Errorf("gave up after %s, want 5m", took)
	}
	s.rolledBack().undone()
}

func TestL15_SecondReport(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(canary, appSpec("1", "2", before(pre)))
	w.succeed(id, pre)
	w.refused(w.report(id, w.execution(pre), "Succeeded"), "LifecycleEventAlreadyCompletedException")
	w.refused(w.report(id, w.execution(pre), "Failed"), "LifecycleEventAlreadyCompletedException")
	w.want(id).status("InProgress").events("S/I/P").on("InProgress", 0.1)
	w.advance(6 * time.Minute)
	w.want(id).status("Succeeded").events("S/S/S")
}

func TestL16_ReportSkipped(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(canary, appSpec("1", "2", before(pre)))
	w.refused(w.report(id, w.execution(pre), "Skipped"), "InvalidLifecycleEventHookExecutionStatusException")
	w.settle()
	w.want(id).status("InProgress").events("I/P/P")
	w.succeed(id, pre)
	w.want(id).status("InProgress").events("S/I/P")
}

func TestL17_ExecutionIDOfAnotherDeployment(t *testing.T) {
	w := newWorld(t)
	w.group("other")
	first := w.deploy(canary, appSpec("1", "2", before(pre)))
	execution := w.execution(pre)
	second := w.deploy(canary, appSpec("1", "2", before(pre)), in("other"))
	w.refused(w.report(second, execution, "Succeeded"), "InvalidLifecycleEventHookExecutionIdException")
	w.settle()
	w.want(first).status("InProgress").events("I/P/P")
	w.want(second).status("InProgress").events("I/P/P")
}

func TestL18_ReportBeforeInvokeReturns(t *testing.T) {
	for verdict, events := range map[types.LifecycleEventStatus]string{"Succeeded": "S/I/P", "Failed": "F/K/K"} {
		t.Run(string(verdict), func(t *testing.T) {
			w := newWorld(t)
			answered := errors.New("not invoked")
			w.far.OnInvoke(func(in lambdatest.Invocation) {
				e := w.payload(in)
				answered = w.report(e.DeploymentID, e.ExecutionID, verdict)
			})
			id := w.deploy(canary, appSpec("1", "2", before(pre)))
			w.must(answered)
			w.want(id).events(events)
			w.advance(6 * time.Minute)
			if verdict == "Succeeded" {
				w.want(id).status("Succeeded").events("S/S/S")
				w.wantUpdates("1 {2:0.1}", "2 {}")
				return
			}
			w.want(id).status("Failed").failure("HOOK_EXECUTION_FAILURE", hookFailed).rolledBack().undone()
		})
	}
}

func TestL44_LastHookFailsWithoutRollback(t *testing.T) {
	w := newWorld(t)
	w.rollback(rollbackOff())
	id := w.deploy(canary, appSpec("1", "2", after(post)))
	w.advance(6 * time.Minute)
	w.fail(id, post)
	w.want(id).status("Failed").failure("HOOK_EXECUTION_FAILURE", hookFailed).events("S/S/F").on("Failed", 1).overview("Failed").noRollback()
	w.wantAlias("2")
	next := w.deploy(allAtOnce, appSpec("2", "3"))
	w.want(next).status("Succeeded").events("S/S/S")
	w.wantAlias("3")
}

// lambda.md 5.1: the function goes out verbatim, with a qualifier and as an ARN.
func TestHookIsInvokedAsWritten(t *testing.T) {
	w := newWorld(t)
	w.far.SetAlias(account, region, pre, "stable", "$LATEST", nil)
	arn := "arn:aws:lambda:" + region + ":" + account + ":function:" + pre + ":stable"
	id := w.deploy(allAtOnce, appSpec("1", "2", before(arn)))
	calls := w.far.Invocations(pre)
	if len(calls) != 1 || calls[0].FunctionName != arn {
		t.Fatalf("invoked as %+v, want %s", calls, arn)
	}
	w.succeed(id, pre)
	w.want(id).status("Succeeded")
}
