package scenarios

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// loseCall has the controller's next call of an operation carried out and not
// answered while the controller lives. What it returns closes when the call has
// been carried out.
func (w *ecsWorld) loseCall(operation string) <-chan struct{} {
	lost := make(chan struct{})
	w.cloud.onNext(operation, func(_ http.ResponseWriter, r *http.Request) {
		w.cloud.handler.ServeHTTP(httptest.NewRecorder(), r.WithContext(context.WithoutCancel(r.Context())))
		close(lost)
		<-r.Context().Done()
	})
	return lost
}

// await waits, in real time, for something that a channel tells.
func (w *ecsWorld) await(what string, happened <-chan struct{}) {
	w.Helper()
	w.eventually(what, func() bool {
		select {
		case <-happened:
			return true
		default:
			return false
		}
	})
}

// passUntil lets the controller's clock pass until something has happened, which
// may hold the clock.
func (w *ecsWorld) passUntil(what string, happened <-chan struct{}) {
	w.Helper()
	ctx, enough := context.WithCancel(context.Background())
	defer enough()
	moving := w.clock
	go func() {
		for ctx.Err() == nil {
			moving.Advance(ctx, time.Second) // interrupted, it ends with an error
		}
	}()
	w.await(what, happened)
}

func TestE67_KilledAfterTheTaskSetWasCreated(t *testing.T) {
	w := newECSWorld(t)
	lost := w.loseCall("CreateTaskSet")
	id, err := w.start(ecsAllAtOnce, ecsSpec("app:2"))
	w.must(err)
	w.await("CreateTaskSet", lost)
	w.crash()
	w.settle()
	if sets := w.service().TaskSets; len(sets) != 2 || aws.ToString(sets[1].ExternalId) != id {
		t.Fatalf("task sets are %+v, want blue and one green", sets)
	}
	green := *w.service().TaskSets[1].Id
	w.advance(time.Minute)
	s := w.see(id).status("Succeeded").events("S/S/S/S/S/S").taskSets("Blue DRAINING 0.0 tgA, Green PRIMARY 100.0 tgB")
	if got := aws.ToString(s.target.TaskSetsInfo[1].Identifer); got != green {
		t.Errorf("green is %s, was %s", got, green)
	}
	if n := len(w.cloud.called("CreateTaskSet")); n != 1 {
		t.Errorf("CreateTaskSet was called %d times", n)
	}
	w.wantOneSet(w.tgB, "app:2")
}

func TestE68_KilledBetweenTwoShifts(t *testing.T) {
	const all = "100/0 90/10 80/20 70/30 60/40 50/50 40/60 30/70 20/80 10/90 0/100"
	const m = time.Minute
	begin := func(t *testing.T) (*ecsWorld, *shifts, string) {
		w := newECSWorld(t)
		shifts := w.noteShifts(w.l80)
		id := w.firstShift(ecsLinear, ecsSpec("app:2"))
		w.advance(2 * m)
		w.wantWeights(w.l80, 70, 30)
		return w, shifts, id
	}
	t.Run("back in time", func(t *testing.T) {
		w, shifts, id := begin(t)
		w.deadFor(20 * time.Second)
		w.see(id).status("InProgress").taskSets("Blue PRIMARY 70.0 tgA, Green ACTIVE 30.0 tgB")
		w.advance(8 * m)
		w.see(id).status("Succeeded").events("S/S/S/S/S/S").lasted("AllowTraffic", 9*m)
		shifts.want(all)
		shifts.pauses(m)
	})
	t.Run("overdue", func(t *testing.T) {
		w, shifts, id := begin(t)
		w.deadFor(5 * m)
		list := shifts.list()
		if late := list[len(list)-1]; late.weights != "60/40" || late.at.Before(w.clock.Now().Add(-slack)) {
			t.Errorf("overdue, the shift to %s was made at %s, now is %s", late.weights, late.at, w.clock.Now())
		}
		w.see(id).status("InProgress").taskSets("Blue PRIMARY 60.0 tgA, Green ACTIVE 40.0 tgB")
		w.advance(7 * m)
		w.see(id).status("Succeeded").events("S/S/S/S/S/S")
		shifts.want(all)
		shifts.all = shifts.all[len(list)-1:]
		shifts.pauses(m)
	})
}

// D52: whichever call is interrupted, the end is the same, and nothing is there
// twice.
func TestD52_ECSKilledDuringACall(t *testing.T) {
	for _, c := range []struct {
		operation string
		times     int // that the call may be made in all
	}{
		{"DescribeServices", 100}, {"DescribeListeners", 100}, {"CreateTaskSet", 1},
		{"ModifyListener", 4}, // L80: 0, 10 and 100 %; L8080: 100 %
		{"UpdateServicePrimaryTaskSet", 2}, {"DeleteTaskSet", 2},
	} {
		t.Run(c.operation, func(t *testing.T) {
			w := newECSWorld(t, withTestListener)
			lost := w.loseCall(c.operation)
			id, err := w.start(ecsCanary, ecsSpec("app:2"))
			w.must(err)
			w.passUntil(c.operation, lost)
			w.crash()
			w.advance(10 * time.Minute)
			w.see(id).status("Succeeded").events("S/S/S/S/S/S/S/S").taskSets("Blue DRAINING 0.0 tgA, Green PRIMARY 100.0 tgB").noRollback()
			w.wantWeights(w.l80, 0, 100)
			w.wantWeights(w.l8080, 0, 100)
			w.wantOneSet(w.tgB, "app:2")
			if n := len(w.cloud.called(c.operation)); n > c.times {
				t.Errorf("%s was called %d times, want at most %d", c.operation, n, c.times)
			}
		})
	}
}

func TestD52_ECSRestartInTheWaits(t *testing.T) {
	for name, interrupt := range map[string]func(*ecsWorld){
		"restarted": func(w *ecsWorld) { w.restart() },
		"killed":    func(w *ecsWorld) { w.crash() },
		"dead":      func(w *ecsWorld) { w.deadFor(time.Minute) },
	} {
		t.Run("ready, "+name, func(t *testing.T) {
			w := newECSWorld(t, groupLike(readyWait(10)))
			id := w.run(ecsAllAtOnce, ecsSpec("app:2"))
			ready := *w.see(id).status("Ready").event("AfterInstall").EndTime
			w.advance(3 * time.Minute)
			interrupt(w)
			w.settle()
			w.see(id).status("Ready").targetStatus("Ready")
			w.advance(ready.Add(10*time.Minute - slack).Sub(w.clock.Now()))
			w.see(id).status("Ready")
			w.advance(2 * slack)
			w.see(id).status("Stopped").says("TIMEOUT").rolledBack().undone("Blue PRIMARY 100.0 tgA, Green DRAINING 0.0 tgB")
		})
		t.Run("ready and told, "+name, func(t *testing.T) {
			w := newECSWorld(t, groupLike(readyWait(10)))
			id := w.run(ecsAllAtOnce, ecsSpec("app:2"))
			interrupt(w)
			w.must(w.carryOn(id, types.DeploymentWaitTypeReadyWait))
			w.advance(time.Minute)
			w.see(id).status("Succeeded").events("S/S/S/S/S/S")
		})
		t.Run("termination, "+name, func(t *testing.T) {
			w, id := inTerminationWait(t)
			began := *w.see(id).event("AfterAllowTraffic").EndTime
			w.advance(2 * time.Minute)
			interrupt(w)
			w.settle()
			w.see(id).status("InProgress").targetStatus("Succeeded").taskSets("Blue ACTIVE 0.0 tgA, Green PRIMARY 100.0 tgB")
			w.advance(began.Add(5*time.Minute - slack).Sub(w.clock.Now()))
			w.see(id).status("InProgress")
			w.advance(2 * slack)
			w.see(id).status("Succeeded")
			w.wantOneSet(w.tgB, "app:2")
		})
	}
}

func TestD52_ECSKilledDuringTheRollback(t *testing.T) {
	for _, operation := range []string{"ModifyListener", "UpdateServicePrimaryTaskSet", "DeleteTaskSet"} {
		t.Run(operation, func(t *testing.T) {
			w := newECSWorld(t)
			id := w.run(ecsAllAtOnce, ecsSpec("app:2", "AfterAllowTraffic:"+ecsHook))
			lost := w.loseCall(operation)
			w.must(w.report(id, w.execution(ecsHook), types.LifecycleEventStatusFailed))
			w.await(operation, lost)
			w.crash()
			w.advance(time.Minute)
			w.see(id).status("Failed").rolledBack().undone("Blue PRIMARY 100.0 tgA, Green DRAINING 0.0 tgB")
			w.wantWeights(w.l80, 100, 0)
			w.wantOneSet(w.tgA, "app:1")
			if all := w.deployments(); len(all) != 2 {
				t.Errorf("deployments are %q", all)
			}
		})
	}
}
