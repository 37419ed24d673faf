package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// TestMain lets the test program be the program of functions and tasks too.
func TestMain(m *testing.M) {
	var err error
	switch {
	case len(os.Args) == 4 && os.Args[1] == FunctionVerb:
		err = RunFunction(context.Background(), os.Args[2], os.Args[3])
	case len(os.Args) == 3 && os.Args[1] == TaskVerb:
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
		defer stop()
		err = RunTask(ctx, os.Args[2])
	default:
		os.Exit(m.Run())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// recorder is a stage that remembers.
type recorder struct {
	shown    func(Picture) // called with every picture
	acts     int
	last     *Picture
	endings  []string  // of the deployments, with the act
	outcomes []Traffic // at the end of each act
	held     int
	differed []string
}

func (r *recorder) Title(string) {
	if r.last != nil {
		r.outcomes = append(r.outcomes, r.last.Traffic)
		r.last = nil
	}
	r.acts++
}

func (r *recorder) Tell(string)    {}
func (r *recorder) Code(...string) {}

func (r *recorder) Show(p Picture) {
	r.last = &p
	if r.shown != nil {
		r.shown(p)
	}
}

func (r *recorder) Settle() {
	d := r.last.Deployment
	r.endings = append(r.endings, fmt.Sprintf("%s by %s", d.Status, d.Creator))
}

func (r *recorder) Check(held bool, text string) {
	if held {
		r.held++
	} else {
		r.differed = append(r.differed, text)
	}
}

// program writes a program whose path needs quoting. It becomes this test
// program after the shell lines given, which may change its arguments.
func program(t *testing.T, lines string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), `it's "a" $HOME \ program`)
	script := "#!/bin/sh\n" + lines + "\nexec " + shellQuote(self) + ` "$@"` + "\n"
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// quick are settings under which a demo takes a few seconds.
func quick(stage Stage, executable string) Options {
	return Options{
		Stage: stage, Executable: executable, Canary: 2 * time.Second, Linear: 2 * time.Second, Linger: window + 200*time.Millisecond,
	}
}

// nothingLeft sets the temporary directory, and checks at the end of the test
// that it is empty and that no function and no task runs any more.
func nothingLeft(t *testing.T) {
	t.Helper()
	directory := t.TempDir()
	t.Setenv("TMPDIR", directory)
	t.Cleanup(func() {
		left, err := os.ReadDir(directory)
		if err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
		for _, verb := range []string{FunctionVerb, TaskVerb} {
			if running := processes(t, verb); len(running) > 0 {
				t.Errorf("still running: %q", running)
			}
		}
	})
}

// processes lists the command lines of the processes that this test program runs
// as functions or as tasks; empty on systems without /proc.
func processes(t *testing.T, verb string) []string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	var running []string
	for _, file := range files {
		line, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended meanwhile
		}
		arguments := strings.Split(string(line), "\x00")
		if len(arguments) > 1 && arguments[0] == self && arguments[1] == verb {
			running = append(running, strings.Join(arguments, " "))
		}
	}
	return running
}

func TestDemoGoesAsTold(t *testing.T) {
	nothingLeft(t)
	running := map[string]int{}
	stage := &recorder{}
	stage.shown = func(p Picture) {
		if p.Deployment.Status == types.DeploymentStatusSucceeded {
			for _, verb := range []string{FunctionVerb, TaskVerb} {
				running[verb] = max(running[verb], len(processes(t, verb)))
			}
		}
	}
	if err := Run(t.Context(), quick(stage, program(t, ""))); err != nil {
		t.Error(err)
	}
	want := []string{
		"Succeeded by user", "Failed by user", "Failed by user", "Succeeded by codeDeployRollback",
		"Succeeded by user", "Failed by user", "Succeeded by codeDeployRollback",
	}
	if !slices.Equal(stage.endings, want) {
		t.Errorf("the deployments ended as %q, want %q", stage.endings, want)
	}
	if stage.held < 18 || len(stage.differed) > 0 {
		t.Errorf("%d checks held, these did not: %q", stage.held, stage.differed)
	}
	checkOutcomes(t, stage.outcomes)
	if _, err := os.Stat("/proc/self"); err == nil && (running[FunctionVerb] == 0 || running[TaskVerb] < tasks) {
		t.Errorf("%v were seen running, so the look for those left behind is blind", running)
	}
}

// checkOutcomes holds what the client saw in each act to what its title says.
func checkOutcomes(t *testing.T, acts []Traffic) {
	t.Helper()
	if len(acts) != 5 {
		t.Fatalf("%d acts were played", len(acts))
	}
	for i, traffic := range acts {
		failures := traffic.Total.Failures
		if refusedLate := i == 2; traffic.Total.Calls == 0 || (failures > 0) != refusedLate || traffic.Recent.Failures > 0 {
			t.Errorf("act %d ended with %+v", i+1, traffic)
		}
	}
	if v := acts[2].Recent.Versions; v["4"] > 0 {
		t.Errorf("act 3 ended with answers of version 4: %v", v)
	}
	if v := acts[3].Total.Versions; v["1"] == 0 || v["2"] == 0 {
		t.Errorf("the releases answered %v in act 4", v)
	}
	if v := acts[4].Total.Versions; v["3"] > 0 {
		t.Errorf("release 3 was seen by the client: %v", v)
	}
}

func TestDemoTellsWhenItDiffers(t *testing.T) {
	for name, test := range map[string]struct {
		mend   string // makes the release that should be broken a good one
		titles int    // until it differs
	}{
		"version 3 is good": {`if [ "$2 $3" = "hello 3" ]; then set -- "$1" hello 2; fi`, 3},
		"release 3 is good": {`if [ "$1 $2" = "` + TaskVerb + ` 3" ]; then set -- "$1" 2; fi`, 7},
	} {
		t.Run(name, func(t *testing.T) {
			nothingLeft(t)
			stage := &recorder{}
			o := quick(stage, program(t, test.mend))
			o.Canary = time.Second
			if err := Run(t.Context(), o); !errors.Is(err, ErrDiffered) {
				t.Errorf("it ended with %v", err)
			}
			if len(stage.differed) == 0 || stage.acts != test.titles {
				t.Errorf("after %d titles the stage was told that these differed: %q", stage.acts, stage.differed)
			}
		})
	}
}

func TestDemoFailsWithoutFunctions(t *testing.T) {
	nothingLeft(t)
	stage := &recorder{}
	if err := Run(t.Context(), quick(stage, program(t, "exit 3"))); err == nil {
		t.Error("a demo whose functions cannot run ended well")
	}
}

func TestDemoIsInterrupted(t *testing.T) {
	nothingLeft(t)
	ctx, interrupt := context.WithCancel(t.Context())
	stage := &recorder{}
	stage.shown = func(p Picture) {
		if p.Speed > 1 {
			interrupt()
		}
	}
	if err := Run(ctx, quick(stage, program(t, ""))); !errors.Is(err, context.Canceled) {
		t.Errorf("an interrupted demo ended with %v", err)
	}
	if len(stage.endings) > 0 || stage.acts != 2 {
		t.Errorf("it went on: %q", stage.endings)
	}
}

func TestDemoKeepsItsData(t *testing.T) {
	directory := t.TempDir()
	t.Setenv("TMPDIR", directory)
	ctx, interrupt := context.WithCancel(t.Context())
	stage := &recorder{}
	stage.shown = func(Picture) { interrupt() }
	o := quick(stage, program(t, ""))
	o.Keep = true
	if err := Run(ctx, o); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	kept, err := filepath.Glob(filepath.Join(directory, "*", "greenlight.db"))
	if err != nil || len(kept) != 1 {
		t.Errorf("kept %q, %v", kept, err)
	}
}
