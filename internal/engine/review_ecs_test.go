package engine

import (
	"context"
	"slices"
	"testing"
	"time"

	"greenlight/internal/alarmsource"
	"greenlight/internal/awsaccess"
	"greenlight/internal/codedeploy"
	"greenlight/internal/ecsdriver"
	"greenlight/internal/ecsdriver/ecstest"
)

// A green side that somebody deletes while a hook runs never gets traffic: the
// listener stays on tasks that are there, also without a rollback.
func TestTrafficNeverMovesToASideThatIsGone(t *testing.T) {
	for _, test := range []struct {
		name string
		lose func(*ecsRun)
		code codedeploy.ErrorCode
	}{
		{"deleted", func(r *ecsRun) { r.remove(r.green()) }, codedeploy.ErrorCodeInvalidECSService},
		{"draining", func(r *ecsRun) {
			r.cloud.EditTaskSet("c1", "s1", r.green(), func(s *ecsdriver.TaskSet) { s.Status = ecsdriver.StatusDrain })
		}, codedeploy.ErrorCodeInvalidECSService},
		{"the service is gone", func(r *ecsRun) { r.cloud.RemoveService("c1", "s1") }, codedeploy.ErrorCodeInvalidECSService},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newECSRun(t, `{"BeforeAllowTraffic":"h"}`, nil)
			r.until("in the hook", r.runs(codedeploy.EventBeforeAllowTraffic))
			test.lose(r)
			r.report(codedeploy.EventBeforeAllowTraffic)
			r.until("ended", r.ended)
			r.wantEnd(codedeploy.DeploymentStatusFailed, test.code)
			if got := r.weights(); got != "100/0" {
				t.Errorf("the weights are %s, want 100/0", got)
			}
		})
	}
}

// Once the original side's deletion was asked for, nothing fails any more: there
// is no way back.
func TestNothingFailsAfterTheDeletion(t *testing.T) {
	for _, test := range []struct {
		name string
		bad  func(*ecsRun)
	}{
		{"reading is denied", func(r *ecsRun) {
			r.cloud.Fail(ecstest.Service, ecstest.Forever, ecstest.Failure{Err: ecstest.Fault(awsaccess.Denied, awsaccess.ServiceECS, "AccessDeniedException", "no")})
		}},
		{"ECS is out of reach", func(r *ecsRun) {
			r.cloud.Fail(ecstest.Service, ecstest.Forever, ecstest.Failure{Err: ecstest.Fault(awsaccess.Unavailable, awsaccess.ServiceECS, "ServerException", "no")})
		}},
		{"the service is gone", func(r *ecsRun) { r.cloud.RemoveService("c1", "s1") }},
		{"the service is being deleted", func(r *ecsRun) {
			r.cloud.EditService("c1", "s1", func(s *ecsdriver.Service) { s.Status = ecsdriver.StatusDrain })
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newECSRun(t, ``, rollsBack)
			r.beforeCall = func(act Act) {
				if act.Kind == ActDelete {
					test.bad(r)
				}
			}
			r.until("ended", r.ended)
			r.wantEnd(codedeploy.DeploymentStatusSucceeded, "")
			if r.rollback != nil {
				t.Error("it is rolled back")
			}
		})
	}
}

// Five minutes of unsteadiness are five minutes in one go as far as they are
// seen: the time of a hook, in which nobody looks, does not count.
func TestUnsteadyIsCountedAnewAfterAHook(t *testing.T) {
	r := newECSRun(t, `{"AfterAllowTraffic":"h"}`, nil)
	r.beforeCall = func(act Act) {
		if act.Kind == ActShift {
			r.cloud.Unsettle("c1", "s1", r.green())
		}
	}
	r.until("in the hook", r.runs(codedeploy.EventAfterAllowTraffic))
	r.now = r.now.Add(20 * time.Minute)
	r.report(codedeploy.EventAfterAllowTraffic)
	r.until("seen", func() bool { return r.ended() || r.now.After(r.d.Progress.Retire.Until.Add(-29*time.Minute)) })
	if r.ended() {
		t.Fatalf("ended as %s at once: %+v", r.d.Info.Status, r.d.Info.ErrorInformation)
	}
	r.cloud.Settle("c1", "s1")
	r.until("ended", r.ended)
	r.wantEnd(codedeploy.DeploymentStatusSucceeded, "")
}

// A switch of the primary task set whose answer was lost counts when ECS refuses
// to make it again.
func TestPromotedAlready(t *testing.T) {
	r := newECSRun(t, ``, rollsBack)
	refusal := ecstest.Fault(awsaccess.Invalid, awsaccess.ServiceECS, "InvalidParameterException", "The task set is already PRIMARY.")
	r.cloud.Fail(ecstest.PromoteTaskSet, 1, ecstest.Failure{Lost: true, Err: ecstest.Fault(awsaccess.Unavailable, awsaccess.ServiceECS, "", "reset")})
	r.cloud.Fail(ecstest.PromoteTaskSet, ecstest.Forever, ecstest.Failure{Err: refusal})
	r.until("ended", r.ended)
	r.wantEnd(codedeploy.DeploymentStatusSucceeded, "")
}

// A task set that ECS does not list yet is not one that was deleted.
func TestANewTaskSetMayBeListedLate(t *testing.T) {
	r := newECSRun(t, ``, rollsBack)
	var hidden []ecsdriver.TaskSet
	r.beforeCall = func(act Act) {
		switch {
		case act.Kind == ActSteady && hidden == nil:
			hidden = slices.Clone(r.cloud.TaskSets("c1", "s1"))
			r.remove(r.green())
		case act.Kind == ActSteady && hidden != nil:
			r.cloud.EditService("c1", "s1", func(s *ecsdriver.Service) { s.TaskSets = hidden })
		}
	}
	r.cloud.AlwaysSteady(false)
	r.until("created", func() bool { return r.d.Progress.ECS != nil && r.green() != "" })
	r.until("seen", func() bool { return r.ended() || len(hidden) > 0 && r.now.Sub(start) > 5*time.Second })
	if r.ended() {
		t.Fatalf("ended as %+v", r.d.Info.ErrorInformation)
	}
}

// A person who speaks at the last moment of the longest Ready wait is heard: the
// time of the wait is not counted against the time to the shift.
func TestTheLongestReadyWaitMayEndInTraffic(t *testing.T) {
	r := newECSRun(t, ``, func(d *Deployment) {
		d.Info.BlueGreenDeploymentConfiguration.DeploymentReadyOption = &codedeploy.DeploymentReadyOption{
			ActionOnTimeout: codedeploy.DeploymentReadyActionStopDeployment, WaitTimeInMinutes: new(int64(7200))}
	})
	r.beforeCall = func(act Act) {
		if act.Kind == ActCreate {
			r.now = r.now.Add(10 * time.Minute)
		}
	}
	r.until("Ready", func() bool { return r.d.Info.Status == codedeploy.DeploymentStatusReady })
	r.now = r.d.Progress.Ready.Until.Add(-time.Second)
	r.plan(Continue{Wait: codedeploy.DeploymentWaitTypeReadyWait})
	r.until("ended", r.ended)
	r.wantEnd(codedeploy.DeploymentStatusSucceeded, "")
}

// An original side that ECS was told to delete and does not remove holds the
// group for a while, and not for ever: nobody could stop the deployment.
func TestADeletionThatDoesNotHappen(t *testing.T) {
	r := newECSRun(t, ``, rollsBack)
	r.hands = ecsHands{deaf{r.cloud}, []string{"CODE_DEPLOY"}}
	var deleted time.Time
	r.until("ended", func() bool {
		if r.d.Progress.ECS != nil && r.d.Progress.ECS.Deleted && deleted.IsZero() {
			deleted = r.now
		}
		return r.ended()
	})
	r.wantEnd(codedeploy.DeploymentStatusSucceeded, "")
	if waited := r.now.Sub(deleted); waited < time.Minute || waited > 10*time.Minute {
		t.Errorf("it waited %s for the original task set to go", waited)
	}
	if len(r.d.Info.DeploymentStatusMessages) != 1 {
		t.Errorf("the messages are %q, want one that names what is left", r.d.Info.DeploymentStatusMessages)
	}
}

// deaf accepts deletions and does nothing.
type deaf struct{ *ecstest.Cloud }

func (deaf) DeleteTaskSet(context.Context, awsaccess.As, string, string, string) error { return nil }

// However and wherever a deployment is stopped, its rollback leaves everything as
// it was; where there is no green side yet, there is none (ecs.md 10.2).
func TestStoppedAtEveryStage(t *testing.T) {
	const blue, canary, green = "100/0", "90/10", "0/100"
	stages := []struct {
		name    string
		reached func(*ecsRun) func() bool
		weights string
		begun   bool
		target  codedeploy.TargetStatus
	}{
		{"BeforeInstall", runs(codedeploy.EventBeforeInstall), blue, false, codedeploy.TargetStatusFailed},
		{"Install", runs(codedeploy.EventInstall), blue, true, codedeploy.TargetStatusFailed},
		{"AfterInstall", runs(codedeploy.EventAfterInstall), blue, true, codedeploy.TargetStatusFailed},
		{"Ready", func(r *ecsRun) func() bool {
			return func() bool { return r.d.Info.Status == codedeploy.DeploymentStatusReady }
		}, blue, true, codedeploy.TargetStatusFailed},
		{"BeforeAllowTraffic", runs(codedeploy.EventBeforeAllowTraffic), blue, true, codedeploy.TargetStatusFailed},
		{"AllowTraffic", runs(codedeploy.EventAllowTraffic), canary, true, codedeploy.TargetStatusFailed},
		{"AfterAllowTraffic", runs(codedeploy.EventAfterAllowTraffic), green, true, codedeploy.TargetStatusFailed},
		{"termination wait", func(r *ecsRun) func() bool { return r.waitsForTermination }, green, true, codedeploy.TargetStatusSucceeded},
	}
	causes := map[string]struct {
		in   Input
		code codedeploy.ErrorCode
	}{
		"by a person": {Stop{Cause: codedeploy.AutoRollbackEventDeploymentStopOnRequest,
			Failure: failure{Code: codedeploy.ErrorCodeManualStop}}, codedeploy.ErrorCodeManualStop},
		"by an alarm": {AlarmStates{States: map[string]alarmsource.State{"a": alarmsource.Alarm}}, codedeploy.ErrorCodeAlarmActive},
	}
	for _, stage := range stages {
		for name, cause := range causes {
			t.Run(stage.name+" "+name, func(t *testing.T) {
				r := newECSRun(t, `{"BeforeInstall":"h"},{"AfterInstall":"h"},{"BeforeAllowTraffic":"h"},{"AfterAllowTraffic":"h"}`, everyStage)
				r.cloud.AlwaysSteady(stage.name != "Install")
				r.goOnUntil(stage.reached(r))
				r.plan(Resume{})
				r.plan(cause.in)
				r.wantEnd(codedeploy.DeploymentStatusStopped, cause.code)
				if got := r.weights(); got != stage.weights {
					t.Errorf("stopped at %s, want %s", got, stage.weights)
				}
				if got := r.d.Target.ECSTarget.Status; got != stage.target {
					t.Errorf("the target is %s, want %s", got, stage.target)
				}
				if (r.rollback != nil) != stage.begun || r.d.Info.RollbackInfo == nil {
					t.Fatalf("rollback: %v, %+v", r.rollback != nil, r.d.Info.RollbackInfo)
				}
				if stage.begun {
					r.goBack()
				}
			})
		}
	}
}

func runs(event codedeploy.LifecycleEventName) func(*ecsRun) func() bool {
	return func(r *ecsRun) func() bool { return r.runs(event) }
}

// everyStage is a deployment with all that one can be stopped in.
func everyStage(d *Deployment) {
	rollsBack(d)
	d.Snapshot.Alarms = &codedeploy.AlarmConfiguration{Enabled: new(true), Alarms: []codedeploy.Alarm{{Name: "a"}}}
	d.Snapshot.TrafficRouting = codedeploy.TrafficRoutingConfig{Type: codedeploy.TrafficRoutingTypeTimeBasedCanary,
		TimeBasedCanary: &codedeploy.TimeBasedCanary{CanaryPercentage: new(int64(10)), CanaryInterval: new(int64(5))}}
	d.Info.BlueGreenDeploymentConfiguration.DeploymentReadyOption = &codedeploy.DeploymentReadyOption{
		ActionOnTimeout: codedeploy.DeploymentReadyActionStopDeployment, WaitTimeInMinutes: new(int64(60))}
}

// goOnUntil answers hooks and waits well until something is so.
func (r *ecsRun) goOnUntil(so func() bool) {
	r.Helper()
	r.until("there", func() bool {
		if so() {
			return true
		}
		for event, hook := range r.d.Progress.Hooks {
			if hook.Reported == "" {
				r.report(event)
				return so()
			}
		}
		if r.d.Info.Status == codedeploy.DeploymentStatusReady {
			r.plan(Continue{Wait: codedeploy.DeploymentWaitTypeReadyWait})
		}
		return so()
	})
}

// goBack runs the rollback and looks at what it has done.
func (r *ecsRun) goBack() {
	r.Helper()
	green := r.green()
	r.d = *r.rollback
	r.until("ended", r.ended)
	r.wantEnd(codedeploy.DeploymentStatusSucceeded, "")
	if got := r.weights(); got != "100/0" {
		r.Errorf("the weights are %s after the rollback", got)
	}
	for _, set := range r.cloud.TaskSets("c1", "s1") {
		if set.ID == r.blue && set.Status != ecsdriver.StatusPrimary || set.ID == green && set.Status != ecsdriver.StatusDrain {
			r.Errorf("the task set %s is %s after the rollback", set.ID, set.Status)
		}
	}
	for _, event := range r.d.Target.ECSTarget.LifecycleEvents {
		if event.Status != codedeploy.LifecycleEventStatusSucceeded {
			r.Errorf("%s of the rollback is %s", event.LifecycleEventName, event.Status)
		}
	}
}
