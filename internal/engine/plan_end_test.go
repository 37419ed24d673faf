package engine

import (
	"testing"
	"time"

	"greenlight/internal/awsaccess"
	"greenlight/internal/codedeploy"
	"greenlight/internal/lambdadriver"
	"greenlight/internal/store"
)

// story leads one deployment through a life that is written down.
type story struct {
	*testing.T
	d        Deployment
	now      time.Time
	acts     []Act
	rollback *Deployment
}

// tell begins the story of an all-at-once deployment from version 1 to 2 with
// both hooks and automatic rollback on everything.
func tell(t *testing.T) *story {
	t.Helper()
	s := &story{T: t, now: start, d: Deployment{
		Deployment: store.Deployment{ID: "d-ORIGINAL1", WakeAt: start, GroupExists: true, ApplicationExists: true},
		Snapshot: Snapshot{
			Revision: codedeploy.AppSpecRevision(`{"version":0.0,"Resources":[{"f":{"Type":"AWS::Lambda::Function","Properties":` +
				`{"Name":"f","Alias":"live","CurrentVersion":"1","TargetVersion":"2"}}}],"Hooks":[{"BeforeAllowTraffic":"pre"},{"AfterAllowTraffic":"post"}]}`),
			TrafficRouting: codedeploy.TrafficRoutingConfig{Type: codedeploy.TrafficRoutingTypeAllAtOnce},
			Rollback: &codedeploy.AutoRollbackConfiguration{Enabled: new(true),
				Events: codedeploy.AutoRollbackEvent("").Values()},
			HookSeed: []byte("seed"), RollbackID: "d-ROLLBACK1",
		},
	}}
	s.d.Info.Status = codedeploy.DeploymentStatusCreated
	s.d.Info.ComputePlatform = codedeploy.ComputePlatformLambda
	s.happens(Tick{})
	s.answered(Outcome{Alias: &lambdadriver.Alias{Version: "1"}})
	return s
}

func (s *story) happens(in Input) {
	s.Helper()
	decision := Plan(s.d, in, s.now)
	s.d, s.acts = decision.Deployment, decision.Acts
	if decision.Rollback != nil {
		s.rollback = decision.Rollback
	}
}

// answered gives the answer to the act that was handed out last.
func (s *story) answered(out Outcome) {
	s.Helper()
	if len(s.acts) != 1 {
		s.Fatalf("acts are %+v, want one to answer", s.acts)
	}
	out.Act = s.acts[0]
	s.happens(out)
}

func (s *story) stop(rollback *bool) {
	s.happens(Stop{AutoRollback: rollback, Cause: codedeploy.AutoRollbackEventDeploymentStopOnRequest,
		Failure: failure{Code: codedeploy.ErrorCodeManualStop, Message: codedeploy.MessageManualStop}})
}

func (s *story) wantEnd(status codedeploy.DeploymentStatus, code codedeploy.ErrorCode, rollback bool) {
	s.Helper()
	if s.d.Info.Status != status || s.d.Info.ErrorInformation == nil || s.d.Info.ErrorInformation.Code != code || (s.rollback != nil) != rollback {
		s.Errorf("ended as %s, %+v, rollback %v; want %s, %s, %v",
			s.d.Info.Status, s.d.Info.ErrorInformation, s.rollback != nil, status, code, rollback)
	}
}

// deployments.md 7.1: the first stop counts, whoever asks next.
func TestFirstStopCounts(t *testing.T) {
	s := tell(t)
	invoke := s.acts[0]
	s.stop(new(false))
	if s.d.ended() {
		t.Fatal("stopped with an invoke under way")
	}
	s.stop(new(true))
	s.happens(Stop{Cause: codedeploy.AutoRollbackEventDeploymentStopOnAlarm, Failure: failure{Code: codedeploy.ErrorCodeAlarmActive}})
	s.happens(Outcome{Act: invoke})
	s.wantEnd(codedeploy.DeploymentStatusStopped, codedeploy.ErrorCodeManualStop, false)
}

// deployments.md 4: the first cause wins. A failure that comes to light while a
// stop waits for its call does not make the deployment fail.
func TestStopBeforeFailureIsAStop(t *testing.T) {
	t.Run("report", func(t *testing.T) {
		s := tell(t)
		s.stop(new(false))
		s.happens(Report{Event: codedeploy.EventBeforeAllowTraffic, Status: codedeploy.LifecycleEventStatusFailed})
		s.wantEnd(codedeploy.DeploymentStatusStopped, codedeploy.ErrorCodeManualStop, false)
	})
	t.Run("provisioned concurrency", func(t *testing.T) {
		s := tell(t)
		s.answered(Outcome{})
		s.happens(Report{Event: codedeploy.EventBeforeAllowTraffic, Status: codedeploy.LifecycleEventStatusSucceeded})
		shift := s.acts[0]
		s.stop(new(false))
		s.happens(Outcome{Act: shift, Alias: &lambdadriver.Alias{Version: "2"},
			Provisioned: &lambdadriver.Provisioned{Configured: true, Status: "FAILED"}})
		s.wantEnd(codedeploy.DeploymentStatusStopped, codedeploy.ErrorCodeManualStop, false)
		if w := *s.d.Target.LambdaTarget.LambdaFunctionInfo.TargetVersionWeight; w != 1 {
			t.Errorf("weight is %v: what the call has done must be seen", w)
		}
	})
}

// A failure before the stop stays one.
func TestFailureBeforeStopIsAFailure(t *testing.T) {
	s := tell(t)
	s.happens(Report{Event: codedeploy.EventBeforeAllowTraffic, Status: codedeploy.LifecycleEventStatusFailed})
	s.stop(new(false))
	s.wantEnd(codedeploy.DeploymentStatusFailed, codedeploy.ErrorCodeHookExecutionFailure, true)
}

// deployments.md 5.2: never a rollback of a rollback, whoever asks for one.
func TestRollbackIsNotRolledBack(t *testing.T) {
	s := tell(t)
	s.happens(Report{Event: codedeploy.EventBeforeAllowTraffic, Status: codedeploy.LifecycleEventStatusFailed})
	back := &story{T: t, d: *s.rollback, now: start}
	back.happens(Tick{})
	back.answered(Outcome{Alias: &lambdadriver.Alias{Version: "1"}})
	shift := back.acts[0]
	back.stop(new(true))
	back.happens(Outcome{Act: shift, Alias: &lambdadriver.Alias{Version: "1"}, Provisioned: &lambdadriver.Provisioned{}})
	back.wantEnd(codedeploy.DeploymentStatusStopped, codedeploy.ErrorCodeManualStop, false)
	if back.d.Info.RollbackInfo.RollbackTriggeringDeploymentID != "d-ORIGINAL1" {
		t.Errorf("rollbackInfo is %+v", back.d.Info.RollbackInfo)
	}
}

// lambda.md 1: a run that does not end is ended after 50 hours.
func TestLongestRun(t *testing.T) {
	s := tell(t)
	s.answered(Outcome{})
	s.happens(Report{Event: codedeploy.EventBeforeAllowTraffic, Status: codedeploy.LifecycleEventStatusSucceeded})
	s.answered(Outcome{Alias: &lambdadriver.Alias{Version: "2"}, Provisioned: &lambdadriver.Provisioned{Configured: true, Status: "IN_PROGRESS"}})
	s.now = start.Add(lambdaLimit - 1)
	s.happens(Tick{})
	if s.d.ended() {
		t.Fatal("ended too early")
	}
	s.now = start.Add(lambdaLimit)
	s.happens(Tick{})
	s.wantEnd(codedeploy.DeploymentStatusFailed, codedeploy.ErrorCodeTimeout, true)
}

// A shift that is under way at the limit is let finish, so that the record and
// the platform agree; meanwhile there is no moment to wait for.
func TestLongestRunEndsAfterTheShiftUnderWay(t *testing.T) {
	for name, answer := range map[string]Outcome{
		"done":   {Alias: &lambdadriver.Alias{Version: "2"}, Provisioned: &lambdadriver.Provisioned{}},
		"failed": {Err: &awsaccess.Fault{Kind: awsaccess.Throttled}},
	} {
		t.Run(name, func(t *testing.T) {
			s := tell(t)
			s.answered(Outcome{})
			s.now = start.Add(lambdaLimit - time.Second)
			s.happens(Report{Event: codedeploy.EventBeforeAllowTraffic, Status: codedeploy.LifecycleEventStatusSucceeded})
			shift := s.acts[0]
			s.now = start.Add(lambdaLimit + time.Second)
			s.happens(Tick{})
			if s.d.ended() || !s.d.WakeAt.IsZero() {
				t.Fatalf("%s, to be woken at %q, with a shift under way", s.d.Info.Status, s.d.WakeAt)
			}
			answer.Act = shift
			s.happens(answer)
			s.wantEnd(codedeploy.DeploymentStatusFailed, codedeploy.ErrorCodeTimeout, true)
			want := codedeploy.Weight(0)
			if answer.Err == nil {
				want = codedeploy.Weight(100)
			}
			if got := *s.d.Target.LambdaTarget.LambdaFunctionInfo.TargetVersionWeight; got != want {
				t.Errorf("weight is %v, want %v", got, want)
			}
		})
	}
}
