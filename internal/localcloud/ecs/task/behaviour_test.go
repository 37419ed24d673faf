package task

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// loops is a program that goes on until it is stopped, and says when it has begun.
const loops = "trap 'echo told; exit 0' TERM; echo ready; while :; do sleep 0.05; done"

// stubborn ignores SIGTERM.
const stubborn = "trap '' TERM; echo ready; while :; do sleep 0.05; done"

// awaitsEnd goes on until somebody touches "end".
const awaitsEnd = "while [ ! -e end ]; do sleep 0.05; done; "

// behaves is what all launchers have in common.
func behaves(t *testing.T, r rig) {
	for name, test := range map[string]func(*testing.T, rig){
		"serves and stops": servesAndStops, "exit code": exitCode, "essential container": essentialContainer,
		"other container": otherContainer, "grace": graceEnds, "health": healthChanges, "check hangs": checkHangs,
		"found again": foundAgain, "logs": lastLogs, "kept": keepsFew, "unknown": unknownTask, "refused": refusedSpecs,
	} {
		t.Run(name, func(t *testing.T) { test(t, r) })
	}
}

func servesAndStops(t *testing.T, r rig) {
	l := r.launcher(t)
	task := start(t, l, r.server())
	if got := get(t, task.Ports["web"][8080], "/"); got != "hello" {
		t.Errorf("the server says %q", got)
	}
	s, err := l.State(context.Background(), task.ID)
	if err != nil || s.Status != Up || s.Containers[0].Status != Up || s.Containers[0].ExitCode != nil {
		t.Errorf("running: %+v, %v", s, err)
	}
	if err := l.Stop(context.Background(), task.ID, patience); err != nil {
		t.Fatal(err)
	}
	s, err = l.State(context.Background(), task.ID)
	if err != nil || s.Status != Stopped || s.Reason != "" {
		t.Errorf("stopped: %+v, %v", s, err)
	}
	if err := l.Remove(context.Background(), task.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := l.State(context.Background(), task.ID); !errors.Is(err, ErrUnknown) {
		t.Errorf("removed: %v", err)
	}
}

func exitCode(t *testing.T, r rig) {
	l := r.launcher(t)
	task := start(t, l, r.shell("a", "exit 3"))
	s := await(t, l, task.ID, "stopped", stopped)
	if codeOf(s.Containers[0]) != 3 {
		t.Errorf("state: %+v", s)
	}
}

func essentialContainer(t *testing.T, r rig) {
	l := r.launcher(t)
	other := r.shell("other", loops)
	other.Essential = false
	task := start(t, l, other, r.shell("quits", awaitsEnd+"exit 7"))
	touch(t, l, task.ID, 1, "end")
	s := await(t, l, task.ID, "stopped", stopped)
	if s.Reason != EssentialExited || codeOf(s.Containers[1]) != 7 {
		t.Errorf("state: %+v", s)
	}
}

func otherContainer(t *testing.T, r rig) {
	l := r.launcher(t)
	quits := r.shell("quits", "exit 7")
	quits.Essential = false
	task := start(t, l, quits, r.shell("main", loops))
	s := await(t, l, task.ID, "left by one", func(s State) bool { return s.Containers[0].Status == Stopped })
	if s.Status != Up || codeOf(s.Containers[0]) != 7 || s.Containers[1].Status != Up {
		t.Errorf("state: %+v", s)
	}
}

func graceEnds(t *testing.T, r rig) {
	l := r.launcher(t)
	task := start(t, l, r.shell("polite", loops), r.shell("stubborn", stubborn))
	saying(t, l, task.ID, "stubborn <==\nready")
	saying(t, l, task.ID, "polite <==\nready")
	if err := l.Stop(context.Background(), task.ID, 500*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	s, err := l.State(context.Background(), task.ID)
	if err != nil || codeOf(s.Containers[0]) != 0 || codeOf(s.Containers[1]) != 137 || s.Reason != "" {
		t.Errorf("state: %+v, %v", s, err)
	}
	saying(t, l, task.ID, "told")
}

func healthChanges(t *testing.T, r rig) {
	l := r.launcher(t)
	c := r.shell("main", "touch good; echo ready; while [ ! -e stop ]; do sleep 0.05; done")
	c.HealthCheck = &HealthCheck{Command: []string{"CMD-SHELL", "test -e good && rm good"}, Interval: 100 * time.Millisecond, Retries: 2}
	silent := r.shell("silent", loops)
	task := start(t, l, c, silent)
	health := func(wanted string) func(State) bool {
		return func(s State) bool {
			return s.Containers[0].Health == wanted && s.Containers[1].Health == Unknown && s.Health([]Container{c, silent}) == wanted
		}
	}
	// The first success is made impossible to repeat.
	await(t, l, task.ID, "healthy", health(Healthy))
	await(t, l, task.ID, "unhealthy", health(Unhealthy))
	if s, err := l.State(context.Background(), task.ID); err != nil || s.Status != Up {
		t.Errorf("health is the scheduler's to act on: %+v, %v", s, err)
	}
}

func checkHangs(t *testing.T, r rig) {
	l := r.launcher(t)
	c := r.shell("main", loops)
	c.HealthCheck = &HealthCheck{Command: []string{"CMD", "sleep", "1000"}, Interval: 50 * time.Millisecond,
		Timeout: 300 * time.Millisecond, Retries: 2}
	task := start(t, l, c)
	await(t, l, task.ID, "unhealthy", func(s State) bool { return s.Containers[0].Health == Unhealthy })
}

func foundAgain(t *testing.T, r rig) {
	first := r.open(t)
	alive := start(t, first, r.server())
	dead := start(t, first, r.shell("a", "exit 3"))
	await(t, first, dead.ID, "stopped", stopped)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	l := r.launcher(t)
	all, err := l.Find(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]Found{}
	for _, f := range all {
		found[f.ID] = f
	}
	f := found[alive.ID]
	if len(found) != 2 || f.ARN != "arn:"+t.Name() || f.Labels["service"] != "web" {
		t.Errorf("found: %+v", all)
	}
	if got := get(t, f.Ports["web"][8080], "/"); got != "hello" || f.Ports["web"][8080] != alive.Ports["web"][8080] {
		t.Errorf("the server at %v says %q", f.Ports, got)
	}
	if s, err := l.State(context.Background(), dead.ID); err != nil || codeOf(s.Containers[0]) != 3 {
		t.Errorf("the dead one: %+v, %v", s, err)
	}
	if err := l.Stop(context.Background(), alive.ID, patience); err != nil {
		t.Fatal(err)
	}
	if s, err := l.State(context.Background(), alive.ID); err != nil || s.Status != Stopped {
		t.Errorf("state: %+v, %v", s, err)
	}
}

func lastLogs(t *testing.T, r rig) {
	l := r.launcher(t)
	task := start(t, l, r.shell("a", "for i in 1 2 3 4 5; do echo line $i; done"))
	await(t, l, task.ID, "stopped", stopped)
	saying(t, l, task.ID, "line 5")
	got, err := l.Logs(context.Background(), task.ID, 2)
	if err != nil || got != "line 4\nline 5\n" {
		t.Errorf("logs: %q, %v", got, err)
	}
	task = start(t, l, r.shell("a", "echo complaint 1>&2"))
	saying(t, l, task.ID, "complaint\n")
}

func keepsFew(t *testing.T, r rig) {
	l := r.launcher(t)
	const more = 2
	var ids []string
	for range keptInTests + more {
		task := start(t, l, r.shell("a", "exit 1"))
		await(t, l, task.ID, "stopped", stopped)
		ids = append(ids, task.ID)
	}
	for i, id := range ids {
		eventually(t, "trimmed", func() bool {
			_, err := l.State(context.Background(), id)
			return errors.Is(err, ErrUnknown) == (i < more)
		})
	}
}

func unknownTask(t *testing.T, r rig) {
	l := r.launcher(t)
	ctx := context.Background()
	if err := l.Stop(ctx, "nobody", 0); err != nil {
		t.Error(err)
	}
	if err := l.Remove(ctx, "nobody"); err != nil {
		t.Error(err)
	}
	if _, err := l.State(ctx, "nobody"); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
	if _, err := l.Logs(ctx, "nobody", 1); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
}

func refusedSpecs(t *testing.T, r rig) {
	l := r.launcher(t)
	for text, containers := range map[string][]Container{
		"at least one container": nil,
		"not unique":             {r.shell("a", ""), r.shell("a", "")},
		"between 1 and 65535":    {{Name: "a", Ports: []int{0}}},
		"healthCheck.command":    {{Name: "a", HealthCheck: &HealthCheck{Command: []string{"NONE"}}}},
	} {
		_, err := l.Start(context.Background(), Spec{Containers: containers})
		if refused, ok := errors.AsType[*StartError](err); !ok || refused.Code != CannotCreate || !strings.Contains(err.Error(), text) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
