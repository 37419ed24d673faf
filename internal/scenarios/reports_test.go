package scenarios

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// serverDeployment is the id of a deployment on the EC2/On-premises platform.
func (w *world) serverDeployment() string {
	w.Helper()
	w.application("hosts", types.ComputePlatformServer)
	w.group("fleet", func(in *codedeploy.CreateDeploymentGroupInput) {
		in.ApplicationName, in.DeploymentStyle, in.AutoRollbackConfiguration = aws.String("hosts"), nil, nil
	})
	id, err := w.create("CodeDeployDefault.OneAtATime", "", func(r *request) {
		r.ApplicationName, r.DeploymentGroupName, r.Revision = aws.String("hosts"), aws.String("fleet"), inS3(types.BundleTypeZip)
	})
	w.must(err)
	return id
}

func TestA1_ReportMendedOneFaultAtATime(t *testing.T) {
	w := newWorld(t)
	w.group("other")
	other := w.deploy(canary, appSpec("1", "2", before(pre)), in("other"))
	genuine := w.execution(pre)
	hosts := w.serverDeployment()
	for _, c := range []struct {
		id, execution string
		status        types.LifecycleEventStatus
		want          string
	}{
		{"", "abc", "succeeded", "DeploymentIdRequiredException"},
		{"x", "abc", "succeeded", "InvalidDeploymentIdException"},
		{"d-000000000", "abc", "succeeded", "InvalidLifecycleEventHookExecutionStatusException"},
		{"d-000000000", "abc", "", "InvalidLifecycleEventHookExecutionStatusException"},
		{"d-000000000", "abc", "Succeeded", "InvalidLifecycleEventHookExecutionIdException"},
		{"d-000000000", genuine, "Succeeded", "DeploymentDoesNotExistException"},
		{hosts, genuine, "Succeeded", "UnsupportedActionForDeploymentTypeException"},
	} {
		w.refused(w.report(c.id, c.execution, c.status), c.want)
	}
	w.settle()
	w.want(other).status("InProgress").events("I/P/P")
}

// The table of PutLifecycleEventHookExecutionStatus in api.md 7, row by row.
func TestReportRows(t *testing.T) {
	w := newWorld(t)
	w.group("other")
	id := w.deploy(canary, appSpec("1", "2", before(pre)))
	genuine := w.execution(pre)
	second := w.deploy(canary, appSpec("1", "2", before(pre)), in("other"))
	foreign := w.execution(pre)
	hosts := w.serverDeployment()

	const invalidStatus, invalidID = "InvalidLifecycleEventHookExecutionStatusException", "InvalidLifecycleEventHookExecutionIdException"
	row := func(name, id, execution string, status types.LifecycleEventStatus, want string) {
		if err := w.report(id, execution, status); want == "" {
			w.must(err)
		} else {
			t.Log(name)
			w.refused(err, want)
		}
	}
	row("1", "", genuine, "Succeeded", "DeploymentIdRequiredException")
	row("2", "d-abc", genuine, "Succeeded", "InvalidDeploymentIdException")
	for _, status := range []types.LifecycleEventStatus{"Pending", "InProgress", "Skipped", "Unknown", "FAILED", "Done", ""} {
		row("3 "+string(status), id, genuine, status, invalidStatus)
	}
	forged := strings.Replace(genuine, genuine[60:62], string(genuine[61])+string(genuine[60])+"A", 1)
	for _, execution := range []string{"", "%%%", "e30=", forged, genuine + "A", strings.Repeat(genuine, 20)} {
		row("4", id, execution, "Succeeded", invalidID)
	}
	row("5", "d-000000000", genuine, "Succeeded", "DeploymentDoesNotExistException")
	row("6", hosts, genuine, "Succeeded", "UnsupportedActionForDeploymentTypeException")
	row("7", id, foreign, "Succeeded", invalidID)
	w.settle()
	w.want(id).status("InProgress").events("I/P/P")
	row("11", id, genuine, "Succeeded", "")
	w.settle()
	w.want(id).status("InProgress").events("S/I/P")
	row("8 the same", id, genuine, "Succeeded", "LifecycleEventAlreadyCompletedException")
	row("8 another", id, genuine, "Failed", "LifecycleEventAlreadyCompletedException")
	row("11 failed", second, foreign, "Failed", "")
	w.settle()
	w.want(second).status("Failed").events("F/K/K")
	row("10 failed and rolled back", second, foreign, "Failed", "LifecycleEventAlreadyCompletedException")
}

// Rows 9 and 10: whatever has ended the event, a report comes too late and
// changes nothing.
func TestReportComesTooLate(t *testing.T) {
	for name, c := range map[string]struct {
		alarm  bool
		end    func(w *world, id string)
		status types.DeploymentStatus
		events string
	}{
		"timed out": {false, func(w *world, _ string) { w.advance(time.Hour) }, "Failed", "F/K/K"},
		"stopped":   {false, func(w *world, id string) { w.wantStop(id, new(false), "Succeeded") }, "Stopped", "F/K/K"},
		"alarm": {true, func(w *world, _ string) {
			w.alarms.set("errors", "ALARM")
			w.advance(15 * time.Second)
		}, "Stopped", "F/K/K"},
		"succeeded": {false, func(w *world, id string) {
			w.succeed(id, pre)
			w.advance(6 * time.Minute)
		}, "Succeeded", "S/S/S"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if w.alarms.set("errors", "OK"); c.alarm {
				w.watch("errors")
			}
			id := w.deploy(canary, appSpec("1", "2", before(pre)))
			c.end(w, id)
			seen := w.want(id).status(c.status).events(c.events)
			w.refused(w.report(id, w.execution(pre), "Succeeded"), "LifecycleEventAlreadyCompletedException")
			w.advance(time.Hour)
			again := w.want(id)
			w.same("deployment after the late report", *seen.info, *again.info)
			w.same("target after the late report", *seen.target, *again.target)
		})
	}
}

func TestA2_TwentyReportsAtOnce(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(canary, appSpec("1", "2", before(pre)))
	execution := w.execution(pre)
	verdicts := []types.LifecycleEventStatus{"Succeeded", "Failed"}
	var all sync.WaitGroup
	errs := make([]error, 20)
	for i := range errs {
		all.Go(func() { errs[i] = w.report(id, execution, verdicts[i%2]) })
	}
	all.Wait()
	w.settle()
	winners := 0
	for i, err := range errs {
		if err != nil {
			w.refused(err, "LifecycleEventAlreadyCompletedException")
			continue
		}
		winners++
		if i%2 == 0 {
			w.want(id).status("InProgress").events("S/I/P")
		} else {
			w.want(id).status("Failed").events("F/K/K").rolledBack().undone()
		}
	}
	if winners != 1 {
		t.Errorf("%d of 20 reports were accepted", winners)
	}
}

func TestA3_ExecutionIDOverRestartAndElsewhere(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(canary, appSpec("1", "2", before(pre)))
	execution := w.execution(pre)
	w.restart()
	w.refused(w.reportAs(w.client("444455556666", region), id, execution, "Succeeded"), "InvalidLifecycleEventHookExecutionIdException")
	w.refused(w.reportAs(w.client(account, "us-east-1"), id, execution, "Succeeded"), "InvalidLifecycleEventHookExecutionIdException")
	w.settle()
	w.want(id).status("InProgress").events("I/P/P")
	w.must(w.report(id, execution, "Succeeded"))
	w.settle()
	w.want(id).status("InProgress").events("S/I/P")
}

func TestA4_TwentyCreatesAtOnce(t *testing.T) {
	w := newWorld(t)
	var all sync.WaitGroup
	ids, errs := make([]string, 20), make([]error, 20)
	for i := range errs {
		all.Go(func() {
			ids[i], errs[i] = w.create(canary, appSpec("1", "2"))
			if errs[i] == nil {
				_, errs[i] = w.ours.GetDeployment(context.Background(), &codedeploy.GetDeploymentInput{DeploymentId: &ids[i]})
			}
		})
	}
	all.Wait()
	won := strings.Join(ids, "")
	if len(won) != len("d-000000000") {
		t.Fatalf("accepted: %q", ids)
	}
	for i, err := range errs {
		if ids[i] == "" {
			w.refused(err, "DeploymentLimitExceededException", won)
		} else {
			w.must(err)
		}
	}
	w.settle()
	w.want(won).status("InProgress").last()
	if all := w.list(group); len(all) != 1 {
		t.Errorf("deployments are %q", all)
	}
}
