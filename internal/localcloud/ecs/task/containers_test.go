package task

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"greenlight/internal/localcloud/ecs/task/enginetest"
)

const testImage = "greenlight-test/tools:1"

func containerRig(e *enginetest.Engine, endpoint string) rig {
	return rig{
		open: func(t *testing.T) Launcher {
			t.Helper()
			l, err := Containers(context.Background(), Options{
				EngineAddress: e.Address, Instance: t.Name(), KeepStopped: keptInTests, Endpoint: endpoint})
			if err != nil {
				t.Fatal(err)
			}
			return l
		},
		server: func() Container {
			return Container{Name: "web", Image: testImage, Command: []string{"httpd", "-f", "-p", "8080", "-h", "/www"},
				Ports: []int{8080}, Essential: true, CPU: 256, Memory: 64}
		},
		shell: func(name, script string) Container {
			return Container{Name: name, Image: testImage, EntryPoint: []string{"sh", "-c"}, Command: []string{script}, Essential: true}
		},
	}
}

// TestContainers does what TestProcesses does, and what only containers can.
func TestContainers(t *testing.T) {
	e := enginetest.Start(t)
	e.Image(t, testImage, map[string]string{"www/index.html": "hello"})
	r := containerRig(e, "")
	behaves(t, r)
	t.Run("absent image", func(t *testing.T) { absentImage(t, r) })
	t.Run("absent program", func(t *testing.T) { absentProgram(t, r) })
	t.Run("owner exits", func(t *testing.T) { ownerExits(t, r) })
	t.Run("other instance", func(t *testing.T) { otherInstance(t, r) })
	t.Run("shared network", func(t *testing.T) { sharedNetwork(t, r) })
	t.Run("user and directory", func(t *testing.T) { userAndDirectory(t, r) })
	t.Run("removed by hand", func(t *testing.T) { removedByHand(t, r) })
	t.Run("reaches the endpoint", func(t *testing.T) { reachesEndpoint(t, e) })
	t.Run("engine gone", func(t *testing.T) { engineGone(t, e, r) })
}

func absentImage(t *testing.T, r rig) {
	l := r.launcher(t)
	c := r.shell("a", "true")
	c.Image = "localhost:1/greenlight-test/absent:1"
	_, err := l.Start(context.Background(), Spec{Containers: []Container{r.server(), c}})
	if refused, ok := errors.AsType[*StartError](err); !ok || refused.Code != CannotPull || refused.Container != "a" ||
		!strings.Contains(refused.Message, "localhost:1") {
		t.Errorf("start: %v", err)
	}
}

// absentProgram cannot be told from a program that ends: the init process has started.
func absentProgram(t *testing.T, r rig) {
	l := r.launcher(t)
	c := r.shell("a", "true")
	c.EntryPoint = []string{"/no/such/program"}
	task := start(t, l, c)
	if s := await(t, l, task.ID, "stopped", stopped); codeOf(s.Containers[0]) <= 0 || s.Reason != EssentialExited {
		t.Errorf("state: %+v", s)
	}
	saying(t, l, task.ID, "No such file or directory")
}

// ownerExits has the container that holds the network end before the others can join it.
func ownerExits(t *testing.T, r rig) {
	l := r.launcher(t)
	_, err := l.Start(context.Background(), Spec{Containers: []Container{r.shell("quits", "exit 7"), r.shell("other", loops)}})
	if err == nil {
		return // the machine was fast: that task ends as in essentialContainer
	}
	if refused, ok := errors.AsType[*StartError](err); !ok || refused.Container != "quits" || !strings.Contains(err.Error(), "exited with code 7") {
		t.Errorf("start: %v", err)
	}
	e := l.(*supervisor).backend.(*engine)
	if left, err := e.list(context.Background()); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// otherInstance has two launchers on one engine, whose instances are named after their tests.
func otherInstance(t *testing.T, r rig) {
	l := r.launcher(t)
	start(t, l, r.shell("a", loops))
	t.Run("other", func(t *testing.T) {
		all, err := r.launcher(t).Find(context.Background())
		if err != nil || len(all) != 0 {
			t.Errorf("found: %+v, %v", all, err)
		}
	})
}

// sharedNetwork has a sidecar ask the server at localhost, as tasks with awsvpc do.
func sharedNetwork(t *testing.T, r rig) {
	l := r.launcher(t)
	side := r.shell("side", "until wget -q -O - http://127.0.0.1:8080/; do sleep 0.05; done; echo; echo done; sleep 1000")
	side.Essential = false
	task := start(t, l, side, r.server())
	if logs := saying(t, l, task.ID, "done"); !strings.Contains(logs, "hello") {
		t.Errorf("logs: %q", logs)
	}
	if err := l.Stop(context.Background(), task.ID, patience); err != nil {
		t.Fatal(err)
	}
}

func userAndDirectory(t *testing.T, r rig) {
	l := r.launcher(t)
	c := r.shell("a", "id -u; pwd; echo $COLOUR")
	c.User, c.WorkingDirectory, c.Environment = "65534", "/tmp", map[string]string{"COLOUR": "green"}
	task := start(t, l, c)
	await(t, l, task.ID, "stopped", stopped)
	saying(t, l, task.ID, "65534\n/tmp\ngreen\n")
}

func removedByHand(t *testing.T, r rig) {
	l := r.launcher(t)
	task := start(t, l, r.shell("a", loops))
	e := l.(*supervisor).backend.(*engine)
	s, err := l.State(context.Background(), task.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.discard(context.Background(), s.Containers[0].RuntimeID); err != nil {
		t.Fatal(err)
	}
	if s := await(t, l, task.ID, "stopped", stopped); s.Containers[0].Reason == "" && s.Containers[0].ExitCode == nil {
		t.Errorf("state: %+v", s)
	}
}

// reachesEndpoint has a container ask a server that listens on the loopback address of this machine only.
func reachesEndpoint(t *testing.T, e *enginetest.Engine) {
	greenlight := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte("this is " + r.URL.Path + " at " + r.Host + "\n"))
	}))
	defer greenlight.Close()
	r := containerRig(e, greenlight.URL)
	l := r.launcher(t)
	c := r.shell("a", "wget -q -O - $AWS_ENDPOINT_URL; wget -q -O - $OTHER")
	c.Environment = map[string]string{"AWS_ENDPOINT_URL": greenlight.URL, "OTHER": greenlight.URL + "/path"}
	task := start(t, l, c)
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(greenlight.URL, "http://"))
	await(t, l, task.ID, "stopped", stopped)
	logs, err := l.Logs(context.Background(), task.ID, 10)
	if err != nil || !strings.Contains(logs, "this is / at "+HostName+":"+port) || !strings.Contains(logs, "this is /path") {
		t.Errorf("logs: %q, %v", logs, err)
	}
}

// engineGone takes the engine's service away and has a task end meanwhile.
func engineGone(t *testing.T, e *enginetest.Engine, r rig) {
	l := r.launcher(t)
	stays := start(t, l, r.server())
	ends := start(t, l, r.shell("a", awaitsEnd+"exit 4"))
	address := stays.Ports["web"][8080]
	e.Down(t)
	eventually(t, "noticed", func() bool { _, err := l.State(context.Background(), stays.ID); return err != nil })
	if _, err := l.Start(context.Background(), Spec{Containers: []Container{r.server()}}); err == nil || !strings.HasPrefix(err.Error(), EngineGone) {
		t.Errorf("start: %v", err)
	}
	if got := get(t, address, "/"); got != "hello" {
		t.Errorf("the server says %q", got)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	changes := l.Watch(ctx)
	e.Up(t)
	told := map[string]bool{}
	for len(told) < 2 {
		id, ok := <-changes
		if !ok {
			t.Fatalf("told only of %v", told)
		}
		told[id] = true
	}
	if s, err := l.State(context.Background(), stays.ID); err != nil || s.Status != Up {
		t.Errorf("state: %+v, %v", s, err)
	}
	touch(t, l, ends.ID, 0, "end")
	if s := await(t, l, ends.ID, "stopped", stopped); codeOf(s.Containers[0]) != 4 {
		t.Errorf("state: %+v", s)
	}
}
