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
	Executable string
	Command    string // how a person calls that program; default greenlight
	Keep       bool   // leave the data directory

	// Canary is how long, by the wall's clock, the five minutes of a canary
	// take; default 10 s.
	Canary time.Duration
	// Pause is for reading what an act is about before it begins; none by default.
	Pause time.Duration
	// Linger is how long the outcome of a release is looked at; default 1.5 s.
	// The traffic is judged by its last second, so it must be longer than that.
	Linger time.Duration
}

// FunctionVerb is the first argument of a function's process.
const FunctionVerb = "demo-function"

// atMost bounds the whole demo: whatever hangs is an error, not a long wait.
const atMost = 2 * time.Minute

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
	if err := play(ctx, o, directory); err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return err
	}
	o.farewell(time.Since(began), directory)
	return nil
}

func (o Options) withDefaults() Options {
	if o.Canary <= 0 {
		o.Canary = 10 * time.Second
	}
	if o.Linger <= 0 {
		o.Linger = 1500 * time.Millisecond
	}
	o.Command = cmp.Or(o.Command, "greenlight")
	return o
}

// play has the server run from before the first call to after the last.
func play(ctx context.Context, o Options, directory string) (err error) {
	c, err := openCloud(ctx, directory)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		<-c.ended
		cancel(errors.New("the server ended before the demo"))
	}()
	s := &story{Options: o, cloud: c, client: newClient(c.functions)}
	return s.tell(ctx)
}

func (o Options) farewell(took time.Duration, directory string) {
	left := "Nothing is left running and nothing was kept."
	if o.Keep {
		left = "Nothing is left running."
	}
	o.Stage.Title("Done")
	o.Stage.Tell(fmt.Sprintf("All three releases ended as they should, in %.0f seconds. %s", took.Seconds(), left))
	if o.Keep {
		o.Stage.Tell("Go on with what the demo made:")
		o.Stage.Code(o.Command + " dev --data " + shellQuote(directory))
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
