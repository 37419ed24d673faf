package scenarios

import (
	"net/http"
	"testing"
	"time"

	"greenlight/internal/lambdadriver/lambdatest"
)

// After a stop nothing new begins, also not by a controller that finds the stop
// and an unanswered call at its start (deployments.md 7.1). What the call has
// done is looked at.
func TestStopThenKilledDuringTheShift(t *testing.T) {
	for name, c := range map[string]struct {
		config  string
		call    func(*world) <-chan struct{}
		weight  float64
		alias   string
		updates []string
	}{
		"not done":         {allAtOnce, notDone(lambdatest.UpdateAlias), 0, "1", nil},
		"done":             {allAtOnce, doneUnheard(http.MethodPut), 1, "2", []string{"2 {}"}},
		"done by a canary": {canary, doneUnheard(http.MethodPut), 0.1, "1 {2:0.1}", []string{"1 {2:0.1}"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := w.stopThenKill(c.call, c.config, appSpec("1", "2"), new(false))
			w.want(id).status("Stopped").says(manualStop).events("S/F/K").on("Failed", c.weight).noRollback()
			w.advance(time.Hour)
			w.wantUpdates(c.updates...)
			w.wantAlias(c.alias)
		})
		t.Run(name+", rolled back", func(t *testing.T) {
			w := newWorld(t)
			id := w.stopThenKill(c.call, c.config, appSpec("1", "2"), new(true))
			w.want(id).status("Stopped").says(manualStop).on("Failed", c.weight).rolledBack().undone()
			w.wantUpdates(append(c.updates, "1 {}")...)
			w.wantAlias("1")
		})
	}
}

// A hook that was being invoked is not invoked once more only to be stopped.
func TestStopThenKilledDuringTheInvoke(t *testing.T) {
	for name, c := range map[string]struct {
		call    func(*world) <-chan struct{}
		invokes int
	}{
		"not done": {notDone(lambdatest.Invoke), 0},
		"done":     {doneUnheard(http.MethodPost), 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := w.stopThenKill(c.call, canary, appSpec("1", "2", before(pre)), new(false))
			w.want(id).status("Stopped").says(manualStop).events("F/K/K").on("Failed", 0).noRollback()
			w.advance(2 * time.Hour)
			if n := len(w.invoked(pre)); n != c.invokes {
				t.Errorf("the hook was invoked %d times, want %d", n, c.invokes)
			}
			w.wantUpdates()
		})
	}
}

// A look that cannot be had does not hold the stop up.
func TestStopThenKilledAndBlind(t *testing.T) {
	w := newWorld(t)
	id := w.stopThenKill(doneUnheard(http.MethodPut), allAtOnce, appSpec("1", "2"), new(false), func(w *world) {
		w.far.Fail(lambdatest.GetAlias, lambdatest.Forever, lambdatest.ServiceException)
	})
	w.want(id).status("Stopped").says(manualStop).events("S/F/K").noRollback()
	w.wantUpdates("2 {}")
}

// notDone and doneUnheard have a call under way when the controller is killed:
// one that has not reached Lambda, and one that was carried out.
func notDone(operation string) func(*world) <-chan struct{} {
	return func(w *world) <-chan struct{} { return w.holdUp(operation) }
}

func doneUnheard(method string) func(*world) <-chan struct{} {
	return func(w *world) <-chan struct{} { return w.loseAnswer(method) }
}

// stopThenKill stops a deployment during a call, kills the controller before the
// call is answered, and starts it again after what else happens meanwhile.
func (w *world) stopThenKill(call func(*world) <-chan struct{}, config, content string, rollback *bool, meanwhile ...func(*world)) string {
	w.Helper()
	called := call(w)
	id, err := w.create(config, content)
	w.must(err)
	<-called
	w.wantStop(id, rollback, "Pending")
	w.kill(w.T)
	for _, happens := range meanwhile {
		happens(w)
	}
	w.open()
	w.settle()
	return id
}
