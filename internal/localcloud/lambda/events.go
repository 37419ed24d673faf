package lambda

import (
	"context"
	"errors"
	"time"

	"greenlight/internal/awswire"
	"greenlight/internal/localcloud/lambda/runtime"
)

// How Lambda retries asynchronous invocations: a function that failed one and
// two minutes later, one that was throttled or met a fault of the server with
// growing pauses; neither when the event has become too old.
const (
	maxFailures  = 3
	retryPause   = time.Minute // times the number of failures
	firstBackoff = time.Second
	lastBackoff  = 5 * time.Minute
	maxEventAge  = 6 * time.Hour
)

// accept stores an asynchronous invocation. When it returns nil the event will
// be delivered at least once, whatever happens to this process.
func (s *Service) accept(ctx context.Context, in *invocation) error {
	if err := s.dryRun(in); err != nil {
		return err
	}
	if s.queue.full() {
		return throttle(reasonRate)
	}
	now := s.clock.Now()
	payload := in.payload
	if payload == nil {
		payload = []byte{}
	}
	e := &event{
		Function: in.functionID, Qualifier: in.Qualifier, RequestID: in.requestID,
		ClientContext: in.clientContext, Accepted: now, Due: now,
	}
	if err := s.insertEvent(ctx, e, payload); err != nil {
		return err
	}
	s.queue.add(e)
	s.clock.Changed()
	return nil
}

// dispatch hands due events to goroutines until ctx ends.
func (s *Service) dispatch(ctx context.Context) {
	for ctx.Err() == nil {
		due, until := s.queue.take(s.clock.Now(), s.options.AsyncConcurrency)
		for _, e := range due {
			s.work.Go(func() { s.deliver(ctx, e) })
		}
		s.clock.Wait(ctx, until, s.queue.wake)
	}
}

// deliver tries an event once and settles what becomes of it.
func (s *Service) deliver(ctx context.Context, e *event) {
	again, err := s.settle(ctx, e, s.attempt(ctx, e))
	if err != nil {
		// The row is still there, and with it the event after a restart.
		s.log.Error("asynchronous event not settled", "function", e.Function.Name, "request", e.RequestID, "error", err)
	}
	if again {
		s.queue.done(e)
	} else {
		s.queue.done(nil)
	}
	s.clock.Changed()
}

// Why an event was not delivered.
var (
	errFunctionFailed = errors.New("the function failed")
	errEventTooOld    = errors.New("the event is older than six hours")
)

// attempt invokes the function that an event is for.
func (s *Service) attempt(ctx context.Context, e *event) error {
	if s.clock.Now().Sub(e.Accepted) > maxEventAge {
		return errEventTooOld
	}
	ctx = context.WithoutCancel(ctx) // Close ends it by closing the pools
	payload, err := s.eventPayload(ctx, e)
	if err != nil {
		return err
	}
	result, _, err := s.execute(ctx, &invocation{
		reference: reference{functionID: e.Function, Qualifier: e.Qualifier},
		requestID: e.RequestID, clientContext: e.ClientContext, payload: payload,
	})
	if err == nil && result.FunctionError != "" {
		return errFunctionFailed
	}
	return err
}

// settle records the outcome of an attempt: the event is finished, given up,
// or due again. An event interrupted by the end of the process stays as it is.
func (s *Service) settle(ctx context.Context, e *event, outcome error) (again bool, err error) {
	if outcome == nil {
		return false, s.removeEvent(ctx, e)
	}
	if errors.Is(outcome, runtime.ErrClosed) {
		return false, nil
	}
	if !s.postpone(e, outcome) {
		s.noteGivenUp(e, outcome)
		return false, s.removeEvent(ctx, e)
	}
	return true, s.postponeEvent(ctx, e)
}

// postpone sets when an event is due again; false when it is given up.
func (s *Service) postpone(e *event, outcome error) bool {
	var pause time.Duration
	if countsAsFailure(outcome) {
		e.Failures++
		e.Throttles = 0
		pause = time.Duration(e.Failures) * retryPause
	} else {
		pause = min(firstBackoff<<min(e.Throttles, 16), lastBackoff)
		e.Throttles++
	}
	e.Due = s.clock.Now().Add(pause)
	return e.Failures < maxFailures && !isGone(outcome) && !errors.Is(outcome, errEventTooOld) &&
		e.Due.Sub(e.Accepted) <= maxEventAge
}

// countsAsFailure says whether the function is to blame, or how it was set up.
// Being throttled is not its fault, nor is an error that Lambda does not model:
// that is one of this server.
func countsAsFailure(outcome error) bool {
	if _, limited := errors.AsType[*throttled](outcome); limited {
		return false
	}
	_, modelled := errors.AsType[*awswire.Error](outcome)
	return modelled || errors.Is(outcome, errFunctionFailed)
}

// isGone reports that there is no such function, version or alias any more.
func isGone(err error) bool {
	e, ok := errors.AsType[*awswire.Error](err)
	return ok && e.Code == resourceNotFound.code
}

// noteGivenUp tells the function's log, where somebody will look.
func (s *Service) noteGivenUp(e *event, outcome error) {
	s.logs.note(e.Function, e.RequestID, "greenlight: the asynchronous event "+e.RequestID+" is given up: "+outcome.Error())
}

// NextWake is when the next event is due (clock.Party).
func (s *Service) NextWake() (time.Time, bool) { return s.queue.next() }

// Busy reports an event that is due or being delivered (clock.Party).
func (s *Service) Busy() bool { return s.AsyncRunning() }

// AsyncRunning reports whether an asynchronous invocation is at work or due.
func (s *Service) AsyncRunning() bool { return s.queue.busy(s.clock.Now()) }

// QuietSince is when, by the machine's clock, the last asynchronous invocation
// ended; zero if there was none in this process.
func (s *Service) QuietSince() time.Time { return s.queue.quietSince() }
