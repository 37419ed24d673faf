package task

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestProbe runs health checks on a clock of its own: results[i] is what check i says, the last one for ever.
func TestProbe(t *testing.T) {
	check := HealthCheck{Interval: 10 * time.Second, Retries: 3}
	late := check
	late.StartPeriod = time.Minute
	for name, c := range map[string]struct {
		check   HealthCheck
		results func(since time.Duration) bool
		at      time.Duration // of the verdict
		verdict string
	}{
		"good at once":             {check, func(time.Duration) bool { return true }, 0, Healthy},
		"good after a second":      {check, func(d time.Duration) bool { return d >= time.Second }, 1400 * time.Millisecond, Healthy},
		"never good":               {check, func(time.Duration) bool { return false }, 30 * time.Second, Unhealthy},
		"good in the start period": {late, func(d time.Duration) bool { return d >= 50*time.Second }, 50 * time.Second, Healthy},
		"never good, start period": {late, func(time.Duration) bool { return false }, 90 * time.Second, Unhealthy},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				began, verdict, at := time.Now(), "", time.Duration(0)
				p := probe{check: c.check.paced(1),
					run:  func(context.Context) (bool, error) { return c.results(time.Since(began)), nil },
					tell: func(health string) { verdict, at = health, time.Since(began); cancel() }}
				p.loop(ctx)
				if verdict != c.verdict || at != c.at {
					t.Errorf("%s after %v, want %s after %v", verdict, at, c.verdict, c.at)
				}
			})
		})
	}
}

// TestProbeWithoutVerdict keeps what is not the container's fault from counting, and lets a check that recovers recover.
func TestProbeWithoutVerdict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		began := time.Now()
		var verdicts []string
		p := probe{check: HealthCheck{Interval: 10 * time.Second}.paced(2),
			run: func(context.Context) (bool, error) {
				since := time.Since(began)
				if since < time.Minute {
					return false, errors.New("the engine has gone")
				}
				return since < 2*time.Minute || since > 3*time.Minute, nil
			},
			tell: func(health string) { verdicts = append(verdicts, health) }}
		p.loop(ctx)
		if !slices.Equal(verdicts, []string{Healthy, Unhealthy, Healthy}) {
			t.Errorf("verdicts: %v", verdicts)
		}
	})
}

func TestProbeTimeLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		verdict := ""
		p := probe{check: HealthCheck{Interval: time.Second, Retries: 1}.paced(1),
			run:  func(ctx context.Context) (bool, error) { <-ctx.Done(); return false, nil },
			tell: func(health string) { verdict = health; cancel() }}
		p.loop(ctx)
		if verdict != Unhealthy {
			t.Errorf("verdict: %q", verdict)
		}
	})
}

func TestTaskHealth(t *testing.T) {
	checked := Container{Essential: true, HealthCheck: &HealthCheck{}}
	unchecked := Container{Essential: true}
	extra := Container{HealthCheck: &HealthCheck{}}
	for _, c := range []struct {
		containers []Container
		health     []string
		want       string
	}{
		{[]Container{unchecked}, []string{Unknown}, Unknown},
		{[]Container{checked, unchecked}, []string{Healthy, Unknown}, Healthy},
		{[]Container{checked, checked}, []string{Healthy, Unknown}, Unknown},
		{[]Container{checked, checked}, []string{Unknown, Unhealthy}, Unhealthy},
		{[]Container{checked, extra}, []string{Healthy, Unhealthy}, Healthy},
	} {
		s := State{}
		for _, h := range c.health {
			s.Containers = append(s.Containers, ContainerState{Health: h})
		}
		if got := s.Health(c.containers); got != c.want {
			t.Errorf("%v: %s, want %s", c.health, got, c.want)
		}
	}
}

// TestWatchers has one reader that reads and one that does not.
func TestWatchers(t *testing.T) {
	h := newHub()
	ctx, cancel := context.WithCancel(context.Background())
	lazy := h.watch(context.Background())
	eager := h.watch(ctx)
	for range 1000 {
		h.tell("a", "b")
	}
	seen := map[string]bool{}
	for !seen["a"] || !seen["b"] {
		seen[<-eager] = true
	}
	cancel()
	for range eager { // until it is closed
	}
	h.close()
	count := 0
	for range lazy {
		count++
	}
	if count > 4 {
		t.Errorf("%d ids were kept for a reader who does not read", count)
	}
	if _, ok := <-h.watch(context.Background()); ok {
		t.Error("a closed hub tells something")
	}
}

func TestRotation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "0.log")
	program, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	write := func(text string) {
		if _, err := program.WriteString(text); err != nil {
			t.Fatal(err)
		}
	}
	write(strings.Repeat("old\n", logLimit) + "before\n")
	if err := rotate(path); err != nil {
		t.Fatal(err)
	}
	write("after\n")
	for file, most := range map[string]int64{path: 6, path + ".1": logLimit} {
		if info, err := os.Stat(file); err != nil || info.Size() != most {
			t.Errorf("%s: %v, %v", file, info, err)
		}
	}
	p := &processes{dir: filepath.Dir(filepath.Dir(path))}
	r := &record{ID: filepath.Base(filepath.Dir(path))}
	if got, err := p.logs(t.Context(), r, 0, 2); err != nil || got != "before\nafter\n" {
		t.Errorf("logs: %q, %v", got, err)
	}
}

func TestLastLines(t *testing.T) {
	for _, c := range []struct {
		text  string
		lines int
		want  string
	}{
		{"", 3, ""}, {"a\nb\nc\n", 0, ""}, {"a\nb\nc\n", 2, "b\nc\n"}, {"a\nb\nc", 2, "b\nc"}, {"a\n", 9, "a\n"}, {"\n\n\n", 2, "\n\n"},
	} {
		if got := lastLines(c.text, c.lines); got != c.want {
			t.Errorf("%q, %d: %q, want %q", c.text, c.lines, got, c.want)
		}
	}
}

func TestEnding(t *testing.T) {
	var e ending
	for range 5 {
		if n, err := e.Write(bytes.Repeat([]byte("x"), logLimit)); n != logLimit || err != nil {
			t.Fatal(n, err)
		}
	}
	_, _ = e.Write([]byte("end"))
	if got := e.String(); len(got) != logLimit || !strings.HasSuffix(got, "xend") || cap(e.text) > 8*logLimit {
		t.Errorf("%d bytes kept of %d", len(got), cap(e.text))
	}
}

func TestRewriting(t *testing.T) {
	for endpoint, want := range map[string]string{
		"http://127.0.0.1:4566": "http://host.docker.internal:4566", "http://localhost:80": "http://host.docker.internal:80",
		"http://[::1]:4566/": "http://host.docker.internal:4566", "http://192.0.2.1:4566": "", "http://127.0.0.1": "", "": "", "::": "",
	} {
		if _, got, ok := rewriting(endpoint); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v", endpoint, got, ok)
		}
	}
	e := &engine{options: Options{Endpoint: "http://127.0.0.1:4566"}}
	for value, want := range map[string]string{
		"http://127.0.0.1:4566":   "http://host.docker.internal:4566",
		"http://127.0.0.1:4566/x": "http://host.docker.internal:4566/x",
		"http://127.0.0.1:45667":  "http://127.0.0.1:45667",
		"http://127.0.0.1:9000":   "http://127.0.0.1:9000",
	} {
		if got := e.outward(map[string]string{"URL": value})["URL"]; got != want {
			t.Errorf("%s: %s, want %s", value, got, want)
		}
	}
}

func TestEngineAddresses(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix:///named.sock")
	if got := addresses("unix:///given.sock"); !slices.Equal(got, []string{"unix:///given.sock"}) {
		t.Errorf("given: %v", got)
	}
	if got := addresses(""); !slices.Equal(got, []string{"unix:///named.sock"}) {
		t.Errorf("named: %v", got)
	}
	t.Setenv("DOCKER_HOST", "")
	t.Setenv("XDG_RUNTIME_DIR", "/run/user/1")
	if got := addresses(""); !slices.Equal(got[:4], []string{"unix:///var/run/docker.sock", "unix:///run/user/1/docker.sock",
		"unix:///run/user/1/podman/podman.sock", "unix:///run/podman/podman.sock"}) {
		t.Errorf("usual: %v", got)
	}
	for address, good := range map[string]bool{"unix:///x": true, "tcp://127.0.0.1:2375": true, "tcp://localhost:2375": true,
		"tcp://192.0.2.1:2375": false, "ssh://192.0.2.1": false} {
		if err := onThisMachine(address); (err == nil) != good {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestTitle(t *testing.T) {
	for server, want := range map[string]string{"Libpod/4.3.1 (linux)": "podman 4.3.1", "Docker/20.10.24 (linux)": "docker 20.10.24",
		"": "container engine"} {
		if got := title(server); got != want {
			t.Errorf("%q: %q", server, got)
		}
	}
}

func TestChoose(t *testing.T) {
	o := Options{Dir: t.TempDir(), Instance: "test", EngineAddress: "unix://" + filepath.Join(t.TempDir(), "none.sock")}
	for mode, want := range map[string]string{ModeAuto: "processes", "": "processes", ModeProcesses: "processes", ModeContainers: "", "else": ""} {
		l, err := Choose(t.Context(), mode, o)
		if (err == nil) != (want != "") {
			t.Errorf("%q: %v", mode, err)
			continue
		}
		if err != nil {
			continue
		}
		if l.Name() != want {
			t.Errorf("%q: %s", mode, l.Name())
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestProcessesNeedAFolder(t *testing.T) {
	if _, err := Processes(Options{}); err == nil {
		t.Error("no error")
	}
}
