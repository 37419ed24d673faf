package scenarios

import (
	"net/http"

	"greenlight/internal/lambdadriver/lambdatest"
)

// recorded is the Lambda far side with a tap on the wire: it notes when, by the
// controller's clock, an alias was set, says when a call is made, and can lose an
// answer.
type recorded struct{ w *world }

func (f recorded) RoundTrip(r *http.Request) (*http.Response, error) {
	f.w.tell(r.Method)
	answer, err := f.w.far.Transport().RoundTrip(r)
	if err == nil && answer.StatusCode == http.StatusOK && r.Method == http.MethodPut {
		f.w.shows()
	}
	if err == nil && f.w.loses(r.Method) {
		answer.Body.Close()
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return answer, err
}

// watchCalls returns what closes when Lambda is next called with a method: PUT
// is an update of the alias, POST an invoke. The call may be stalled then.
func (w *world) watchCalls(method string) <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	called := make(chan struct{})
	w.calling = map[string]chan struct{}{method: called}
	return called
}

func (w *world) shows() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shown = append(w.shown, w.clock.Now())
}

// loses says whether the answer to this call is to be lost: see loseAnswer.
func (w *world) loses(method string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	lost := w.losing[method]
	if lost != nil {
		close(lost)
		delete(w.losing, method)
	}
	return lost != nil
}

func (w *world) tell(method string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if called := w.calling[method]; called != nil {
		close(called)
		delete(w.calling, method)
	}
}

// loseAnswer has the next call to Lambda with a method carried out and not
// answered while the controller lives. What it returns closes when the call has
// been carried out.
func (w *world) loseAnswer(method string) <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	lost := make(chan struct{})
	w.losing = map[string]chan struct{}{method: lost}
	return lost
}

// holdUp has the next call of one of Lambda's operations under way until the
// controller dies, with nothing done. What it returns closes when the call has
// been made.
func (w *world) holdUp(operation string) <-chan struct{} {
	w.far.Fail(operation, 1, lambdatest.Failure{Stall: make(chan struct{})})
	return w.watchCalls(methodOf[operation])
}

var methodOf = map[string]string{
	lambdatest.GetAlias: http.MethodGet, lambdatest.UpdateAlias: http.MethodPut, lambdatest.Invoke: http.MethodPost,
}
