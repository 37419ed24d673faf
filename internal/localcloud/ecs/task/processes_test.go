package task

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// keptInTests is Options.KeepStopped.
const keptInTests = 3

func processRig(t *testing.T) rig {
	dir := t.TempDir()
	return rig{
		open: func(t *testing.T) Launcher {
			t.Helper()
			l, err := Processes(Options{Dir: dir, KeepStopped: keptInTests})
			if err != nil {
				t.Fatal(err)
			}
			return l
		},
		server: serveHere,
		shell: func(name, script string) Container {
			return Container{Name: name, Image: "shell:1", EntryPoint: []string{"sh", "-c"}, Command: []string{script}, Essential: true}
		},
	}
}

func TestProcesses(t *testing.T) { behaves(t, processRig(t)) }

// TestProcessSurroundings looks at what a process is given.
func TestProcessSurroundings(t *testing.T) {
	t.Setenv("SERVER_SECRET", "leak")
	t.Setenv("LANG", "C.UTF-8")
	l := processRig(t).launcher(t)
	image := t.TempDir()
	if err := os.Mkdir(filepath.Join(image, "app"), 0o700); err != nil {
		t.Fatal(err)
	}
	c := serveHere()
	c.Image, c.WorkingDirectory = image, "app"
	c.Command = []string{"--port=${PORT}", "$HOME", "a b"}
	c.Ports = []int{8080, 9090}
	c.Environment["PORT"], c.Environment["COLOUR"] = "8080", "green"
	task := start(t, l, c)
	address := task.Ports["web"][8080]
	if got := get(t, address, "/args"); got != "--port=${PORT}\n$HOME\na b" {
		t.Errorf("arguments: %q", got)
	}
	if got, _ := filepath.EvalSymlinks(get(t, address, "/cwd")); got != filepath.Join(image, "app") {
		t.Errorf("working directory: %q", got)
	}
	environment := get(t, address, "/env")
	_, port, _ := strings.Cut(address, ":")
	_, other, _ := strings.Cut(task.Ports["web"][9090], ":")
	for _, wanted := range []string{"HOST=127.0.0.1", "PORT=" + port, "PORT_8080=" + port, "PORT_9090=" + other, "COLOUR=green",
		"LANG=C.UTF-8", "PATH=" + os.Getenv("PATH")} {
		if !strings.Contains("\n"+environment+"\n", "\n"+wanted+"\n") {
			t.Errorf("the environment lacks %s", wanted)
		}
	}
	if strings.Contains(environment, "SERVER_SECRET") {
		t.Error("the server's environment leaks")
	}
}

func TestProcessesThatCannotStart(t *testing.T) {
	l := processRig(t).launcher(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "text"), []byte("no program"), 0o600); err != nil {
		t.Fatal(err)
	}
	for text, c := range map[string]Container{
		"no command specified":                 {Image: "nginx"},
		"executable file not found in $PATH":   {Command: []string{"no-such-program"}},
		"no such file or directory":            {Image: dir, Command: []string{"./missing"}},
		"permission denied":                    {Image: dir, Command: []string{"./text"}},
		"\"/nowhere/at/all\" is not a directo": {WorkingDirectory: "/nowhere/at/all", Command: []string{"sh"}},
	} {
		good := serveHere()
		c.Name = "bad"
		_, err := l.Start(context.Background(), Spec{ARN: text, Containers: []Container{good, c}})
		refused, ok := errors.AsType[*StartError](err)
		if !ok || refused.Code != CannotStart || refused.Container != "bad" || !strings.Contains(refused.Error(), text) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if all, err := l.Find(context.Background()); err != nil || len(all) != 0 {
		t.Errorf("left behind: %+v, %v", all, err)
	}
}

// TestTasksOutliveGreenlight kills a launcher's process and takes its task over.
func TestTasksOutliveGreenlight(t *testing.T) {
	dir := t.TempDir()
	id := launchAndKill(t, dir)
	l, err := Processes(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer tidy(t, l)
	all, err := l.Find(context.Background())
	if err != nil || len(all) != 1 || all[0].ID != id || all[0].ARN != "arn:survivor" || all[0].Labels["service"] != "web" {
		t.Fatalf("found: %+v, %v", all, err)
	}
	if got := get(t, all[0].Ports["web"][8080], "/"); got != "hello" {
		t.Errorf("the survivor says %q", got)
	}
	if err := l.Stop(context.Background(), id, patience); err != nil {
		t.Fatal(err)
	}
	s, err := l.State(context.Background(), id)
	if err != nil || s.Status != Stopped || s.Containers[0].ExitCode != nil || s.Containers[0].Reason == "" {
		t.Errorf("state: %+v, %v", s, err)
	}
	saying(t, l, id, "ended by SIGTERM")
}

// TestSurvivorsAreWatched ends a task that is nobody's child.
func TestSurvivorsAreWatched(t *testing.T) {
	dir := t.TempDir()
	id := launchAndKill(t, dir)
	l, err := Processes(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer tidy(t, l)
	s, err := l.State(context.Background(), id)
	if err != nil || s.Status != Up {
		t.Fatalf("state: %+v, %v", s, err)
	}
	pid, err := strconv.Atoi(s.Containers[0].RuntimeID)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if s := await(t, l, id, "stopped", stopped); s.Reason != EssentialExited {
		t.Errorf("state: %+v", s)
	}
}

// launchAndKill runs a launcher with one task in another process and kills it; the task's id is returned.
func launchAndKill(t *testing.T, dir string) string {
	t.Helper()
	other := exec.Command(os.Args[0])
	other.Env = append(os.Environ(), actVariable+"=launch:"+dir)
	said, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	id, err := bufio.NewReader(said).ReadString('\n')
	_ = other.Process.Kill()
	_ = other.Wait() // killed
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(id)
}

// TestProcessIDsThatAreUsedAgain gives the record of a dead task the id of a living process of somebody else.
func TestProcessIDsThatAreUsedAgain(t *testing.T) {
	dir := t.TempDir()
	id := launchAndKill(t, dir)
	bystander := exec.Command("sh", "-c", "read line") // until its input ends
	bystander.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	input, err := bystander.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := bystander.Start(); err != nil {
		t.Fatal(err)
	}
	p := &processes{dir: filepath.Join(dir, "tasks")}
	r, o, err := p.read(id)
	if err != nil {
		t.Fatal(err)
	}
	if err := identityOf(r.Units[0]).signalGroup(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	r.Units[0].RuntimeID = strconv.Itoa(bystander.Process.Pid)
	if err := p.save(r, o); err != nil {
		t.Fatal(err)
	}
	l, err := Processes(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := l.State(context.Background(), id); err != nil || s.Status != Stopped {
		t.Errorf("state: %+v, %v", s, err)
	}
	tidy(t, l)
	if _, err := input.Write([]byte("\n")); err != nil {
		t.Error(err)
	}
	if err := bystander.Wait(); err != nil {
		t.Errorf("the bystander: %v", err)
	}
}

// TestInterruptedStart leaves a record as a launcher does that is killed between a start and writing it down.
func TestInterruptedStart(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux shows the environment of other processes")
	}
	dir := t.TempDir()
	id := launchAndKill(t, dir)
	p := &processes{dir: filepath.Join(dir, "tasks")}
	r, _, err := p.read(id)
	if err != nil {
		t.Fatal(err)
	}
	orphan := identityOf(r.Units[0])
	r.Units = nil
	if err := p.save(r, outcome{}); err != nil {
		t.Fatal(err)
	}
	l, err := Processes(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer tidy(t, l)
	if all, err := l.Find(context.Background()); err != nil || len(all) != 0 {
		t.Errorf("found: %+v, %v", all, err)
	}
	eventually(t, "ended", func() bool { return !orphan.alive() })
}

// TestDamagedRecords opens a data folder that a full disk has left.
func TestDamagedRecords(t *testing.T) {
	for name, text := range map[string]string{"empty": "", "no JSON": "{", "another": `{"Record":{"ID":"x"}}`} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			folder := filepath.Join(dir, "tasks", "0123456789abcdef")
			if err := os.MkdirAll(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, "record.json"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			l, err := Processes(Options{Dir: dir})
			if err != nil {
				t.Fatal(err)
			}
			defer tidy(t, l)
			if all, err := l.Find(context.Background()); err != nil || len(all) != 0 {
				t.Errorf("found: %+v, %v", all, err)
			}
		})
	}
}

// TestProcessesTakeTheirChildrenAlong ends a program that has left another one behind.
func TestProcessesTakeTheirChildrenAlong(t *testing.T) {
	r := processRig(t)
	l := r.launcher(t)
	task := start(t, l, r.shell("a", "sleep 1000 & echo child $!; exit 0"))
	await(t, l, task.ID, "stopped", stopped)
	_, pid, _ := strings.Cut(strings.TrimSpace(saying(t, l, task.ID, "child")), " ")
	child, err := strconv.Atoi(pid)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "ended", func() bool { _, running := look(child); return !running })
}

func FuzzRecord(f *testing.F) {
	r := &record{ID: "t", Spec: Spec{Containers: []Container{{Name: "a"}}}, Units: []unit{{RuntimeID: "5", Birth: "x"}}}
	good, err := json.Marshal(written{Record: r, Outcome: started(r)})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"Record":{"ID":"t"},"Outcome":{"States":[{}]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		p := &processes{dir: t.TempDir()}
		if err := os.Mkdir(p.folder("t"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(p.folder("t"), "record.json"), text, 0o600); err != nil {
			t.Fatal(err)
		}
		r, o, err := p.read("t")
		if err == nil && len(o.States) > 0 {
			o.state(r.Spec)
			_ = identityOf(r.Units[len(o.States)-1])
		}
	})
}
