package task

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// patience is how long anything may take before a test gives up.
const patience = 30 * time.Second

// rig is a kind of launcher under test.
type rig struct {
	open   func(t *testing.T) Launcher // on the same data every time
	server func() Container            // named "web", answers on port 8080
	shell  func(name, script string) Container
}

func (r rig) launcher(t *testing.T) Launcher {
	t.Helper()
	l := r.open(t)
	t.Cleanup(func() { tidy(t, l) })
	return l
}

// tidy ends everything of a launcher.
func tidy(t *testing.T, l Launcher) {
	t.Helper()
	all, err := l.Find(context.Background())
	if err != nil {
		t.Error(err)
	}
	for _, f := range all {
		if err := l.Remove(context.Background(), f.ID); err != nil {
			t.Error(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}

func start(t *testing.T, l Launcher, containers ...Container) Running {
	t.Helper()
	r, err := l.Start(context.Background(), Spec{ARN: "arn:" + t.Name(), Family: "web-app", Containers: containers,
		Labels: map[string]string{"service": "web"}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// await waits until a task is as wanted.
func await(t *testing.T, l Launcher, id, what string, wanted func(State) bool) State {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	changes := l.Watch(ctx)
	for {
		s, err := l.State(ctx, id)
		if err == nil && wanted(s) {
			return s
		}
		if _, ok := <-changes; !ok {
			t.Fatalf("never %s; last: %+v, %v", what, s, err)
		}
	}
}

func stopped(s State) bool { return s.Status == Stopped }

// get asks a server until it answers.
func get(t *testing.T, address, path string) string {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	deadline := time.Now().Add(patience)
	for {
		response, err := http.Get("http://" + address + path)
		if err == nil {
			defer response.Body.Close()
			text, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
		<-tick.C
	}
}

// saying waits until the logs of a task have a text.
func saying(t *testing.T, l Launcher, id, text string) string {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); ; <-tick.C {
		logs, err := l.Logs(context.Background(), id, 100)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(logs, text) {
			return logs
		}
		if time.Now().After(deadline) {
			t.Fatalf("the logs never have %q: %q", text, logs)
		}
	}
}

func codeOf(c ContainerState) int {
	if c.ExitCode == nil {
		return -1
	}
	return *c.ExitCode
}

// eventually waits until something outside of the launcher is so.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); !so(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("never %s", what)
		}
	}
}

// touch makes a file in a container's working directory.
func touch(t *testing.T, l Launcher, id string, container int, path string) {
	t.Helper()
	s := l.(*supervisor)
	known, ok := s.lookup(id)
	if !ok {
		t.Fatal("no such task")
	}
	good, err := s.backend.exec(context.Background(), known.record, container, []string{"touch", path})
	if err != nil || !good {
		t.Fatalf("touch: %v, %v", good, err)
	}
}
