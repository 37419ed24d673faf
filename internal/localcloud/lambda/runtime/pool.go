package runtime

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"sync"
	"time"
)

// Pool runs invocations in environments. Its methods may be called from any goroutine.
type Pool struct {
	options      Options
	initLimit    time.Duration
	launcher     *launcher
	interpreters interpreters
	admission    admission
	fleet        *fleet

	closing sync.Once
	closed  error

	mu        sync.Mutex
	directory string              // the loaders and the environments' homes; "" until it is needed
	noted     map[string][]string // by function: the notes that its log has already
}

// NewPool makes a pool without environments. It must be closed: processes outlive no pool.
func NewPool(o Options) *Pool {
	o = o.withDefaults()
	return &Pool{
		options:   o,
		initLimit: initLimit,
		launcher:  newLauncher(),
		admission: admission{capacity: o.Concurrency, byFunction: map[string]int{}},
		fleet:     newFleet(o.Concurrency, o.IdleAfter),
		noted:     map[string][]string{},
	}
}

// runtimeDirectory makes the directory when it is needed first. Names in it are short: functions put sockets below, whose
// paths cannot be long.
func (p *Pool) runtimeDirectory() (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.directory != "" {
		return p.directory, nil
	}
	if err := os.MkdirAll(p.options.Dir, 0o700); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(p.options.Dir, "fn-")
	if err != nil {
		return "", err
	}
	if err := unpackLoaders(dir); err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	p.directory = dir
	return dir, nil
}

// Invoke runs one invocation and waits for its result. limit is the reserved concurrency of the function, 0 for none.
//
// A function that fails is a Result. The errors are ErrThrottled, ErrUnsupportedRuntime (with the reason), ErrClosed, an
// invocation that is malformed, a machine that cannot start processes, and the end of ctx. As on Lambda, a function whose
// caller has gone away goes on until it is done or its time is up, and counts until then.
func (p *Pool) Invoke(ctx context.Context, code Code, limit int, in Invocation) (Result, error) {
	if err := validate(in); err != nil {
		return Result{}, err
	}
	if len(in.Payload) == 0 {
		in.Payload = []byte("{}")
	}
	function := functionOf(code, in)
	if err := p.admission.enter(function, limit); err != nil {
		return Result{}, err
	}
	type answer struct {
		result Result
		err    error
	}
	done := make(chan answer, 1)
	go func() {
		result, err := p.perform(code, in)
		p.admission.leave(function) // before the answer: whoever has it may count on the place
		done <- answer{result, err}
	}()
	select {
	case a := <-done:
		return a.result, a.err
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
}

func validate(in Invocation) error {
	if in.RequestID == "" || url.PathEscape(in.RequestID) != in.RequestID {
		return fmt.Errorf("request id %q must be usable as a path segment", in.RequestID)
	}
	if len(in.Payload) > maxPayload {
		return fmt.Errorf("payload of %d bytes is larger than %d", len(in.Payload), maxPayload)
	}
	return nil
}

// perform uses an idle environment, or a new one. Idle environments that turn out to have ended cost a try each.
func (p *Pool) perform(code Code, in Invocation) (Result, error) {
	for {
		e := p.fleet.take(code.Key)
		if e == nil {
			break
		}
		out := p.serve(e, in, time.Now().Add(timeout(code)))
		if out.late || !out.untaken {
			return p.settle(e, code, in, out)
		}
	}
	return p.performCold(code, in)
}

// performCold starts an environment for an invocation. A first initialization that takes too long is repeated within the
// function's own time-out, as on Lambda.
func (p *Pool) performCold(code Code, in Invocation) (Result, error) {
	e, end, err := p.initialize(code, in, p.initLimit)
	deadline := time.Now().Add(timeout(code))
	if err == nil && end != nil && end.late {
		e.output.line("INIT_REPORT Init Duration: %.2f ms\tPhase: init\tStatus: timeout", milliseconds(e.init))
		e, end, err = p.initialize(code, in, timeout(code))
	}
	if cause, ok := entrypointFault(err); ok {
		return p.neverStarted(code, in, cause), nil
	}
	if err != nil {
		return Result{}, err
	}
	if end != nil {
		return p.settle(e, code, in, p.failedInit(e, in, end))
	}
	return p.settle(e, code, in, p.serve(e, in, deadline))
}

// initialize starts an environment for its first invocation. With an ending there is an environment too, to conclude with.
func (p *Pool) initialize(code Code, in Invocation, limit time.Duration) (*environment, *ending, error) {
	dir, err := p.runtimeDirectory()
	if err != nil {
		return nil, nil, err
	}
	// A caller that leaves does not end what others may wait for.
	how, err := p.interpreters.resolve(context.Background(), code, dir)
	if err != nil {
		return nil, nil, err
	}
	sink := p.options.Logs(code.Function, code.Version, in.RequestID)
	e, err := launch(p.launcher, code, how, sink, dir, p.options.Now())
	if err != nil {
		return nil, nil, err
	}
	p.admission.work.Go(func() {
		<-e.process.ended
		p.fleet.forget(e)
		e.dismantle()
	})
	p.fleet.add(e)
	p.noteOnce(e, how.note)
	p.noteOnce(e, unlimitedNote)
	return e, e.initialize(limit), nil
}

// noteOnce tells a function's log something that does not change.
func (p *Pool) noteOnce(e *environment, note string) {
	if note == "" {
		return
	}
	p.mu.Lock()
	told := slices.Contains(p.noted[e.code.Function], note)
	if !told {
		p.noted[e.code.Function] = append(p.noted[e.code.Function], note)
	}
	p.mu.Unlock()
	if !told {
		e.output.line("greenlight: %s", note)
	}
}

// serve runs an invocation in an environment, with the line that begins it in the log.
func (p *Pool) serve(e *environment, in Invocation, deadline time.Time) outcome {
	cold := e.pending != nil // then the log is this invocation's already
	return e.serve(in, deadline, func() {
		if !cold {
			e.output.begin(p.options.Logs(e.code.Function, e.code.Version, in.RequestID))
		}
		e.output.line("START RequestId: %s Version: %s", in.RequestID, e.code.Version)
	})
}

// failedInit turns an ending of the initialization into the outcome of the invocation that caused it.
func (p *Pool) failedInit(e *environment, in Invocation, end *ending) outcome {
	e.output.line("START RequestId: %s Version: %s", in.RequestID, e.code.Version)
	out := outcome{duration: e.init, late: end.late, ended: true, said: e.obituary(in.RequestID, end)}
	e.init = 0
	return out
}

// settle makes the result of an outcome and decides what becomes of the environment: one that ended is never used again.
func (p *Pool) settle(e *environment, code Code, in Invocation, out outcome) (Result, error) {
	status := ""
	switch {
	case out.late:
		message := timeoutMessage(p.options.Now(), in.RequestID, timeout(code))
		e.output.line("%s\n", message)
		out.said, status = timeoutReply(message), "Status: timeout"
	case out.ended:
		if p.admission.isClosed() {
			return Result{}, ErrClosed
		}
		status = "Status: error\tError Type: " + out.said.errorType
	}
	result := e.conclude(in, out, status)
	if !out.ended {
		p.fleet.give(e)
	}
	return result, nil
}

// neverStarted is the result of a function that this machine cannot execute: a bootstrap that is missing, or is no program.
func (p *Pool) neverStarted(code Code, in Invocation, cause error) Result {
	said := entrypointReply(in.RequestID, cause)
	log := output{sink: p.options.Logs(code.Function, code.Version, in.RequestID)}
	log.line("START RequestId: %s Version: %s", in.RequestID, code.Version)
	log.line("%s", said.payload)
	lines := report{requestID: in.RequestID, memoryMB: code.MemoryMB, status: "Status: error\tError Type: " + said.errorType}
	return Result{Payload: said.payload, FunctionError: said.functionError, LogTail: log.finish(lines.String())}
}

func timeout(code Code) time.Duration {
	if code.Timeout <= 0 {
		return defaultTimeout
	}
	return code.Timeout
}

// Retire ends the environments of a key: idle ones now, those at work when they are done. An invocation of the key that
// still comes gets a new environment.
func (p *Pool) Retire(key string) { p.fleet.retire(key) }

// Forget drops what the pool remembers about a function that is deleted. Its keys are retired one by one.
func (p *Pool) Forget(function string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.noted, function)
}

// Running answers how many invocations are at work, with those whose caller has gone away.
func (p *Pool) Running() int { return p.admission.count() }

// Close refuses new invocations, kills every process group, and waits until nothing is left. Invocations at work end with
// ErrClosed. Another Close waits for the first and answers the same.
func (p *Pool) Close() error {
	p.closing.Do(func() {
		p.admission.close()
		p.fleet.close()
		p.admission.work.Wait()
		p.launcher.close()
		p.closed = os.RemoveAll(p.directory)
	})
	return p.closed
}
