package runtime

import (
	"io"
	"os"
	"time"
)

// environment is one process with its Runtime API. One invocation at a time uses it.
type environment struct {
	code    Code
	api     *runtimeAPI
	output  *output
	process *process
	memory  *meter
	home    string        // private to the process, removed with it
	gone    chan struct{} // closed when nothing of the environment is left

	// Of the invocation at work:
	pending poll          // received in the initialization and not yet answered
	init    time.Duration // what the initialization took, until an invocation has reported it
	peak    int64         // bytes, the most memory seen

	// Of the fleet, under its lock:
	retired bool
	reaper  *time.Timer // while idle
}

// samplePeriod is how often the memory of an environment at work is looked at.
const samplePeriod = 50 * time.Millisecond

// ending says why an environment did not come as far as it was expected to. Its process has ended.
type ending struct {
	late bool   // killed because it took too long
	said *reply // what the runtime reported about its initialization
}

// launch starts a process with its own listener and directories. The error is about this machine or the archive.
func launch(l *launcher, code Code, p program, sink io.Writer, runtimeDir string, now time.Time) (*environment, error) {
	home, err := os.MkdirTemp(runtimeDir, "env-")
	if err != nil {
		return nil, err
	}
	api, err := newRuntimeAPI()
	if err != nil {
		_ = os.RemoveAll(home) // empty
		return nil, err
	}
	e := &environment{code: code, api: api, output: &output{sink: sink}, home: home, gone: make(chan struct{})}
	e.process, err = start(l, command{
		path:      p.path,
		arguments: p.arguments,
		directory: code.Dir,
		variables: variables(code, p, api.address, runtimeDir, home, now),
	}, e.output)
	if err != nil {
		e.dismantle()
		return nil, err
	}
	e.memory = newMeter(e.process.pid)
	return e, nil
}

// dismantle removes what is left when the process has ended.
func (e *environment) dismantle() {
	e.api.close()
	if e.memory != nil {
		e.memory.close()
	}
	_ = os.RemoveAll(e.home) // what a function leaves behind may be unremovable; the rest of the pool's directory is not affected
	close(e.gone)
}

// initialize waits for the first poll.
func (e *environment) initialize(limit time.Duration) *ending {
	began := time.Now()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	offer, end := await(e, e.api.polls, timer.C)
	e.pending, e.init = offer, time.Since(began)
	return end
}

// outcome is what came of one invocation in one environment.
type outcome struct {
	said     reply
	duration time.Duration
	late     bool
	ended    bool // the process is gone
	untaken  bool // the process had ended before it asked for the invocation
}

// serve runs one invocation. begin is called when the process has asked for it and before it gets it.
func (e *environment) serve(in Invocation, deadline time.Time, begin func()) outcome {
	timer := time.NewTimer(time.Until(deadline))
	defer timer.Stop()
	offer := e.pending
	e.pending = nil
	if offer == nil {
		var end *ending
		if offer, end = await(e, e.api.polls, timer.C); end != nil {
			if end.late {
				begin()
			}
			return outcome{late: end.late, ended: true, untaken: true}
		}
	}
	begin()
	began := time.Now()
	d := &delivery{in: in, deadline: deadline, traceID: traceID(began), answered: make(chan reply, 1)}
	e.api.deliver(offer, d)
	said, end := await(e, d.answered, timer.C)
	result := outcome{said: said, duration: time.Since(began)}
	if end != nil {
		result.late, result.ended = end.late, true
		result.said = e.lastWords(in.RequestID, d, end)
	}
	return result
}

// lastWords answers what an ended process said about the invocation before it ended, or says it in its place.
func (e *environment) lastWords(requestID string, d *delivery, end *ending) reply {
	select {
	case said := <-d.answered:
		return said
	default:
		return e.obituary(requestID, end)
	}
}

// obituary says why a process ended that gave no answer.
func (e *environment) obituary(requestID string, end *ending) reply {
	switch {
	case end.said != nil:
		return *end.said
	case end.late:
		return reply{} // the time-out is the reason
	}
	message := exitMessage(requestID, e.process.status)
	e.output.line("%s\n%s", message, exitError)
	return failureReply(exitError, message)
}

// await answers what arrives on a channel while the environment is at work. It keeps the time limit and the memory limit;
// with an ending, the process has ended and its output is read.
func await[T any](e *environment, from <-chan T, limit <-chan time.Time) (value T, end *ending) {
	select {
	case value = <-from: // the usual case of a warm environment: no ticker needed
		return value, nil
	default:
	}
	sample := time.NewTicker(samplePeriod)
	defer sample.Stop()
	for {
		select {
		case value = <-from:
			return value, nil
		case said := <-e.api.initErrors:
			return value, e.stop(&ending{said: &said})
		case <-limit:
			return value, e.stop(&ending{late: true})
		case <-e.process.ended:
			return value, e.ending()
		case <-sample.C:
			e.watchMemory()
		}
	}
}

func (e *environment) stop(end *ending) *ending {
	e.process.kill()
	<-e.process.ended
	return end
}

// ending of a process that ended by itself: its reason may have arrived together with its end.
func (e *environment) ending() *ending {
	select {
	case said := <-e.api.initErrors:
		return &ending{said: &said}
	default:
		return &ending{}
	}
}

// watchMemory kills an environment that uses more than it may. It ends as a process that the system killed.
func (e *environment) watchMemory() {
	e.peak = max(e.peak, e.memory.tree())
	if limit := int64(e.code.MemoryMB) << 20; limit > 0 && e.peak > limit {
		e.output.line("out of memory: %d MB used, %d MB allowed", e.peak>>20, e.code.MemoryMB)
		e.process.kill()
	}
}

// conclude writes the last lines of an invocation and makes its result.
func (e *environment) conclude(in Invocation, out outcome, status string) Result {
	if !out.ended {
		e.peak = max(e.peak, e.memory.process())
	}
	lines := report{
		requestID: in.RequestID,
		duration:  out.duration,
		init:      e.init,
		memoryMB:  e.code.MemoryMB,
		usedMB:    int((e.peak + 1<<20 - 1) >> 20),
		status:    status,
	}
	e.init = 0
	return Result{
		Payload:       out.said.payload,
		FunctionError: out.said.functionError,
		LogTail:       e.output.finish(lines.String()),
		Duration:      out.duration,
	}
}
