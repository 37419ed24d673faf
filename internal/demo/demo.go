package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// Options say how the demo runs. Executable and Stage are needed.
type Options struct {
	Stage Stage
	// Executable is the program that the functions start, with the arguments
	// FunctionVerb, a function's name and its release; it must call RunFunction.
	// The tasks start it too, with TaskVerb and a release; it must call RunTask
	// with a context that SIGTERM ends.
	Executable string
	Command    string // how a person calls that program; default greenlight
	Keep       bool   // leave the data directory

	// Canary is how long, by the wall's clock, the five minutes of a canary
	// take; default 10 s.
	Canary time.Duration
	// Linear is the same for the nine minutes of a linear shift; default 6 s.
	Linear time.Duration
	// Pause is for reading what an act is about before it begins; none by default.
	Pause time.Duration
	// Linger is how long the outcome of a release is looked at; default 1.5 s.
	// The traffic is judged by its last second, so it takes longer if the answers
	// of that second are older than the outcome.
	Linger time.Duration
}

// FunctionVerb is the first argument of a function's process, TaskVerb of a
// task's.
const (
	FunctionVerb = "demo-function"
	TaskVerb     = "demo-task"
)

// atMost bounds the whole demo: whatever hangs is an error, not a long wait. A
// machine that has much else to do needs several times as long as another.
const atMost = 4 * time.Minute

// ErrDiffered reports that the demo did not go as told. The stage has been told
// what differed.
var ErrDiffered = errors.New("the demo did not go as it should")

// Run plays the demo and removes everything that it made. When ctx ends, it ends.
func Run(ctx context.Context, o Options) (err error) {
	o = o.withDefaults()
	ctx, cancel := context.WithTimeoutCause(ctx, atMost, fmt.Errorf("the demo has not ended within %s", atMost))
	defer cancel()
	began := time.Now()
	directory, err := os.MkdirTemp("", "greenlight-demo-")
	if err != nil {
		return err
	}
	defer func() {
		if !o.Keep {
			err = errors.Join(err, os.RemoveAll(directory))
		}
	}()
	again, err := play(ctx, o, directory)
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return err
	}
	o.farewell(time.Since(began), again)
	return nil
}

func (o Options) withDefaults() Options {
	if o.Canary <= 0 {
		o.Canary = 10 * time.Second
	}
	if o.Linear <= 0 {
		o.Linear = 6 * time.Second
	}
	if o.Linger <= 0 {
		o.Linger = 1500 * time.Millisecond
	}
	o.Command = cmp.Or(o.Command, "greenlight")
	return o
}

// play has the server run from before the first call to after the last. It
// answers the arguments that start the same server again.
func play(ctx context.Context, o Options, directory string) (again string, err error) {
	c, err := openCloud(ctx, directory)
	if err != nil {
		return "", err
	}
	again = fmt.Sprintf("dev --data %s --tasks %s --port-offset %d", shellQuote(directory), tasksAs, c.offset)
	defer func() { err = errors.Join(err, c.close()) }()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		<-c.ended
		cancel(errors.New("the server ended before the demo"))
	}()
	s := &story{Options: o, cloud: c}
	return again, s.tell(ctx)
}

func (o Options) farewell(took time.Duration, again string) {
	left := "Nothing is left running and nothing was kept."
	if o.Keep {
		left = "Nothing is left running."
	}
	o.Stage.Title("Done")
	o.Stage.Tell(fmt.Sprintf("All five releases ended as they should, in %.0f seconds. %s", took.Seconds(), left))
	if o.Keep {
		o.Stage.Tell("Go on with what the demo made:")
		o.Stage.Code(o.Command + " " + again)
	}
	o.Stage.Tell("Try next:")
	row := func(what, why string) string {
		return fmt.Sprintf("%-*s   %s", len(o.Command+" deploy --help"), what, why)
	}
	o.Stage.Code(
		row(o.Command+" dev", "the same server and cloud, to stay"),
		row(o.Command+" deploy --help", "your own AppSpec, from another terminal"),
		row("README.md, Use it", "the same with ten commands of the AWS CLI"),
	)
}
