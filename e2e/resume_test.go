package e2e

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// ends are the ways in which a server ends before it is started again.
var ends = map[string]func(*server){
	"killed": (*server).kill,
	"stopped": func(s *server) {
		s.t.Helper()
		if code := s.stop(); code != 0 {
			s.t.Errorf("SIGTERM: exit code %d", code)
		}
	},
}

// TestResume_CanaryWait (L39): the shift is completed once, when it was due.
func TestResume_CanaryWait(t *testing.T) {
	t.Parallel()
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			s := start(t, "manual")
			hooks := prepare(s, "Succeeded", "Succeeded")
			id := s.deploy(firstRelease(hookBefore, hookAfter), canary)
			due := s.awaitWeight(id, 0.1).LifecycleEvents[1].StartTime.Add(5 * time.Minute)
			s.advance(2 * time.Minute)

			end(s)
			s = s.restart("manual")
			s.advance(due.Sub(s.now()) - time.Minute)
			s.checkTraffic(traffic{Version: "1", Weights: map[string]float64{"2": 0.1}})
			hooks.check(t, id, hookBefore)

			s.advance(due.Sub(s.now()) + time.Second)
			if info := s.awaitEnd(id); info.Status != types.DeploymentStatusSucceeded {
				t.Fatalf("ended %s, %+v", info.Status, info.ErrorInformation)
			}
			if shifted := s.target(id, function).LifecycleEvents[1].EndTime; shifted.Before(due) || shifted.After(due.Add(5*time.Second)) {
				t.Errorf("the shift was completed at %s, due at %s", shifted, due)
			}
			s.checkTraffic(traffic{Version: "2"})
			hooks.check(t, id, hookBefore, hookAfter)
		})
	}
}

// TestResume_ReportAfterRestart (A3): a hook function has returned and reports
// later. The server that restarts in between takes the report, and does not
// invoke again, for Lambda's answer was saved.
func TestResume_ReportAfterRestart(t *testing.T) {
	t.Parallel()
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			s := start(t, "manual")
			hooks := prepare(s, "", "")
			id := s.deploy(firstRelease(hookBefore, hookAfter), allAtOnce)
			before := hooks.await(t, 1)[0]
			s.settle() // the answer to the invoke is saved

			end(s)
			s = s.restart("manual")
			s.settle()
			hooks.check(t, id, hookBefore)
			if err := s.report(before, eventSucceeded); err != nil {
				t.Fatal(err)
			}
			after := hooks.await(t, 2)[1]
			s.settle()

			end(s)
			s = s.restart("manual")
			if err := s.report(before, eventFailed); !isA[*types.LifecycleEventAlreadyCompletedException](err) {
				t.Errorf("the second report of the first event: %v", err)
			}
			if err := s.report(after, eventSucceeded); err != nil {
				t.Fatal(err)
			}
			if info := s.awaitEnd(id); info.Status != types.DeploymentStatusSucceeded {
				t.Fatalf("ended %s, %+v", info.Status, info.ErrorInformation)
			}
			hooks.check(t, id, hookBefore, hookAfter)
			s.checkTraffic(traffic{Version: "2"})
		})
	}
}

// TestResume_HookAtWork: a hook function dies with the server. Lambda gives it
// the same event again, and it reports for the same execution.
func TestResume_HookAtWork(t *testing.T) {
	t.Parallel()
	s := start(t, "fast")
	gate := newGate(t)
	hooks := prepare(s, "Succeeded", "Succeeded", "GATE", gate.file)
	id := s.deploy(firstRelease(hookBefore, ""), allAtOnce)
	hooks.await(t, 1)

	s.kill()
	gate.open()
	s = s.restart("fast")
	if info := s.awaitEnd(id); info.Status != types.DeploymentStatusSucceeded {
		t.Fatalf("ended %s, %+v", info.Status, info.ErrorInformation)
	}
	calls := hooks.calls(t)
	if len(calls) < 2 || calls[0].Request != calls[1].Request {
		t.Errorf("the event was not delivered again: %+v", calls)
	}
	for _, call := range calls {
		if call.Payload != calls[0].Payload {
			t.Errorf("two execution ids: %+v", calls)
		}
	}
}

// TestResume_CreatedAndKilled: a deployment that CreateDeployment has answered
// is there after a kill that follows at once.
func TestResume_CreatedAndKilled(t *testing.T) {
	t.Parallel()
	s := start(t, "fast")
	prepare(s, "Succeeded", "Succeeded")
	id := s.deploy(firstRelease(hookBefore, hookAfter), allAtOnce)
	s.kill()
	s = s.restart("fast")
	if info := s.awaitEnd(id); info.Status != types.DeploymentStatusSucceeded {
		t.Fatalf("ended %s, %+v", info.Status, info.ErrorInformation)
	}
	s.checkTraffic(traffic{Version: "2"})
}
