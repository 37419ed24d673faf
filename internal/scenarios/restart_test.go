package scenarios

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"greenlight/internal/clock"
	"greenlight/internal/lambdadriver/lambdatest"
	"greenlight/internal/server"
	"greenlight/internal/store"
)

// downFor ends the controller, lets time pass, and starts it again.
func (w *world) downFor(d time.Duration) {
	w.Helper()
	w.life.end(w.T)
	w.sleep(d)
}

// deadFor kills the controller, lets time pass, and starts it again.
func (w *world) deadFor(d time.Duration) {
	w.Helper()
	w.kill(w.T)
	w.sleep(d)
}

// sleep lets time pass for a controller that has ended, and starts it again.
func (w *world) sleep(d time.Duration) {
	w.Helper()
	kept, err := store.Open(context.Background(), w.path)
	w.must(err)
	asleep, err := server.OpenClock(context.Background(), kept, clock.Manual)
	w.must(err)
	_, err = asleep.Advance(context.Background(), d)
	w.must(err)
	w.must(kept.Close())
	w.open()
	w.settle()
}

func TestL39_RestartDuringTheCanary(t *testing.T) {
	setUp := func(t *testing.T) (*world, string) {
		w := newWorld(t)
		id := w.deploy(canary, appSpec("1", "2", before(pre)))
		w.succeed(id, pre)
		w.advance(2 * time.Minute)
		return w, id
	}
	finish := func(w *world, id string) {
		w.advance(time.Hour)
		w.wantUpdates("1 {2:0.1}", "2 {}")
		w.want(id).status("Succeeded").events("S/S/S")
		if n := len(w.invoked(pre)); n != 1 {
			t.Errorf("the hook was invoked %d times", n)
		}
	}
	t.Run("back in time", func(t *testing.T) {
		w, id := setUp(t)
		w.restart()
		w.settle()
		w.want(id).status("InProgress").events("S/I/P").on("InProgress", 0.1)
		w.advance(3*time.Minute - slack)
		w.wantUpdates("1 {2:0.1}")
		w.advance(2 * slack)
		w.wantPauses(5 * time.Minute)
		finish(w, id)
	})
	t.Run("killed", func(t *testing.T) {
		w, id := setUp(t)
		w.crash()
		w.advance(4 * time.Minute)
		w.wantPauses(5 * time.Minute)
		finish(w, id)
	})
	t.Run("back too late", func(t *testing.T) {
		w, id := setUp(t)
		w.downFor(30 * time.Minute)
		w.wantUpdates("1 {2:0.1}", "2 {}")
		w.wantPauses(32 * time.Minute)
		finish(w, id)
	})
}

func TestL45_KilledBeforeTheInvokeIsAnswered(t *testing.T) {
	w := newWorld(t)
	lost := w.loseAnswer(http.MethodPost)
	id, err := w.create(canary, appSpec("1", "2", before(pre)))
	w.must(err)
	<-lost
	w.crash()
	w.settle()
	calls := w.invoked(pre)
	if len(calls) != 2 || calls[0] != calls[1] || calls[0].DeploymentID != id {
		t.Fatalf("invoked with %+v, want the same twice", calls)
	}
	w.must(w.report(id, calls[0].ExecutionID, "Succeeded"))
	w.refused(w.report(id, calls[1].ExecutionID, "Succeeded"), "LifecycleEventAlreadyCompletedException")
	w.settle()
	w.wantUpdates("1 {2:0.1}")
	w.advance(6 * time.Minute)
	w.want(id).status("Succeeded").events("S/S/S")
	w.wantUpdates("1 {2:0.1}", "2 {}")
}

// A hook has its hour whether or not anybody was there to see it pass: one that
// is over is not begun again (lambda.md 5.4).
func TestHookWhoseHourPassedWhileDown(t *testing.T) {
	for name, c := range map[string]struct {
		call    func(*world) <-chan struct{}
		invokes int
	}{
		"invoked, and not answered": {func(w *world) <-chan struct{} { return w.loseAnswer(http.MethodPost) }, 1},
		"never invoked":             {func(w *world) <-chan struct{} { return w.holdUp(lambdatest.Invoke) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			called := c.call(w)
			id, err := w.create(canary, appSpec("1", "2", before(pre)))
			w.must(err)
			<-called
			w.deadFor(2 * time.Hour)
			w.want(id).status("Failed").failure("TIMEOUT", hookTimeout).events("F/K/K").on("Failed", 0).rolledBack().undone()
			if n := len(w.invoked(pre)); n != c.invokes {
				t.Errorf("the hook was invoked %d times, want %d", n, c.invokes)
			}
		})
	}
}

// journey is a canary with both hooks, in the steps that a test makes.
var journey = []func(w *world, id *string){
	func(w *world, id *string) {
		made, err := w.create(canary, appSpec("1", "2", before(pre), after(post)))
		w.must(err)
		*id = made
	},
	func(w *world, id *string) { w.must(w.report(*id, w.execution(pre), "Succeeded")) },
	func(w *world, id *string) {
		moving := w.clock // an advance that a crash interrupts ends with an error
		go moving.Advance(context.Background(), 5*time.Minute+slack)
	},
	func(w *world, id *string) { w.must(w.report(*id, w.execution(post), "Succeeded")) },
}

// D52: whatever is interrupted, the end is the same and comes at the same time.
func TestD52_RestartInEachPhase(t *testing.T) {
	for _, c := range []struct {
		phase string
		step  int
		loses string // the method of the call under way; "": none is
	}{
		{"before the start", 0, http.MethodGet},
		{"first hook being invoked", 0, http.MethodPost},
		{"first hook at work", 0, ""},
		{"first shift under way", 1, http.MethodPut},
		{"between the shifts", 1, ""},
		{"last shift under way", 2, http.MethodPut},
		{"last hook being invoked", 2, http.MethodPost},
		{"last hook at work", 2, ""},
		{"after the end", 3, ""},
	} {
		t.Run(c.phase, func(t *testing.T) {
			w := newWorld(t)
			w.travel(c.step, c.loses, w.crash)
		})
		if c.loses == "" {
			t.Run(c.phase+", restarted", func(t *testing.T) {
				w := newWorld(t)
				w.travel(c.step, "", w.restart)
			})
		}
	}
}

// travel makes the journey, with an interruption at a step.
func (w *world) travel(at int, loses string, interrupt func()) {
	w.Helper()
	var id string
	for i, step := range journey {
		if i == at && loses != "" {
			lost := w.loseAnswer(loses)
			step(w, &id)
			<-lost
			interrupt()
		} else {
			step(w, &id)
			if i == 2 {
				w.eventually("the last hook is invoked", func() bool { return len(w.far.Invocations(post)) > 0 })
			}
			if i == at {
				w.settle()
				interrupt()
			}
		}
		w.settle()
	}
	w.want(id).status("Succeeded").events("S/S/S").on("Succeeded", 1).overview("Succeeded").noRollback()
	w.wantGranted("1 {2:0.1}", "2 {}")
	for _, hook := range []string{pre, post} {
		calls := w.invoked(hook)
		if again := len(calls) - 1; again > 0 && loses != http.MethodPost || again > 1 || slices.Compact(calls)[0].ExecutionID != w.execution(hook) {
			w.Errorf("%s was invoked with %+v", hook, calls)
		}
	}
}

// A far side that was throttled before the restart is tried again after it, and
// the time that this may take is counted from the first attempt.
func TestD52_RestartBetweenRetries(t *testing.T) {
	w := newWorld(t)
	w.far.Fail(lambdatest.UpdateAlias, lambdatest.Forever, lambdatest.TooManyRequests)
	id := w.deploy(canary, appSpec("1", "2"))
	w.advance(3 * time.Minute)
	w.crash()
	w.advance(time.Minute)
	w.want(id).status("InProgress").events("S/I/P")
	w.advance(90 * time.Second)
	w.want(id).status("Failed").failure("THROTTLED", lambdaThrottled).events("S/F/K")
}

// The rollback is made by the same save as the end of the original, so that a
// kill in between is impossible; one that is under way is carried on.
func TestD52_RestartDuringTheRollback(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(allAtOnce, appSpec("1", "2", after(post)))
	lost := w.loseAnswer(http.MethodPut)
	w.must(w.report(id, w.execution(post), "Failed"))
	<-lost
	w.crash()
	w.settle()
	w.want(id).status("Failed").rolledBack().undone()
	w.wantGranted("2 {}", "1 {}")
}

// An alarm that goes off while nobody looks is seen at the next start.
func TestD52_AlarmWhileDown(t *testing.T) {
	w := newWorld(t)
	w.watch("errors")
	w.alarms.set("errors", "OK")
	id := w.deploy(canary, appSpec("1", "2"))
	w.alarms.set("errors", "ALARM")
	w.restart()
	w.settle()
	w.want(id).status("Stopped").failure("ALARM_ACTIVE", alarmed("errors")).rolledBack().undone()
}
