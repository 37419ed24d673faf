package task

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// Processes opens the launcher that runs the containers of a task as process groups on this machine.
//
// The image is a name only, unless it is an absolute path of an existing directory: then the program runs in there. What
// is executed is entryPoint and command, as one argument vector; no shell expands anything in it. A program named without
// a slash is searched for in PATH, one with a relative path is found from the working directory.
//
// A program must listen where its environment tells it to: HOST (127.0.0.1) and PORT, the port that stands for the first
// container port; PORT_<container port> for every one. They replace variables of the same names in the task definition.
// Should somebody else take the port before the program binds it, the program fails as it does on a taken port, and the
// scheduler starts another task. Beside the definition's variables a process has PATH, HOME, TMPDIR and LANG of the server.
//
// Processes are no security boundary, and nothing limits their memory, CPU or user: that needs containers.
func Processes(o Options) (Launcher, error) {
	o = o.withDefaults()
	if o.Dir == "" {
		return nil, errors.New("tasks as processes need a data folder")
	}
	dir, err := filepath.Abs(filepath.Join(o.Dir, "tasks"))
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return open(context.Background(), o, func(e exits) (backend, error) {
		p := &processes{dir: dir, exits: e, log: o.Log, children: map[int]*exec.Cmd{}, ending: make(chan struct{})}
		p.work.Go(p.keepLogsSmall)
		return p, nil
	})
}

// processes is the backend of Processes. Every task has a folder: record.json, and for every container its log and the
// folder it runs in, both named by its place in the task definition.
type processes struct {
	dir    string
	exits  exits
	log    *slog.Logger
	ending chan struct{} // closed by close
	work   sync.WaitGroup

	mu       sync.Mutex
	children map[int]*exec.Cmd // by process id: those that this launcher started and nobody has waited for
}

func (p *processes) name() string { return "processes" }

func (p *processes) ready() error { return nil }

func (p *processes) close() error {
	close(p.ending)
	p.work.Wait()
	return nil
}

// watch waits for the end of a process on the side. Every process is awaited in the same way, whoever started it; only of
// a child the exit code is known.
func (p *processes) watch(r *record, i int) {
	p.work.Go(func() {
		who := identityOf(r.Units[i])
		if !who.await(p.ending) {
			return // closing
		}
		// What the process left behind goes with it, as the processes of a container go with its first.
		_ = who.signalGroup(syscall.SIGKILL)
		code := p.reap(who.pid)
		reason := ""
		if code == nil {
			reason = "the exit code is unknown: it ended while nobody watched, or was started by an earlier run of Greenlight"
		}
		p.exits.exited(r.ID, i, code, reason)
	})
}

// reap takes the exit code of a child that has ended; nil for a process that is no child.
func (p *processes) reap(pid int) *int {
	p.mu.Lock()
	cmd, ok := p.children[pid]
	delete(p.children, pid)
	p.mu.Unlock()
	if !ok {
		return nil
	}
	_ = cmd.Wait() // the process state says more than the error
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	switch {
	case !ok:
		return nil
	case status.Signaled():
		return new(128 + int(status.Signal()))
	}
	return new(status.ExitStatus())
}

func (p *processes) terminate(_ context.Context, r *record, i int) error {
	return identityOf(r.Units[i]).signalGroup(syscall.SIGTERM)
}

func (p *processes) kill(_ context.Context, r *record, i int) error {
	return identityOf(r.Units[i]).signalGroup(syscall.SIGKILL)
}

// exec runs a health check as a process group beside the container, with its environment and working directory.
func (p *processes) exec(ctx context.Context, r *record, i int, argv []string) (bool, error) {
	c := r.Spec.Containers[i]
	where, err := p.place(r, i)
	if err != nil {
		return false, nil
	}
	environment := processEnvironment(c, r.Ports[c.Name])
	path, err := program(argv[0], where, environment)
	if err != nil {
		return false, nil // as in a container that lacks the program
	}
	cmd := exec.CommandContext(ctx, path, argv[1:]...)
	cmd.Dir, cmd.Env = where, environment
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return cmd.Run() == nil, nil
}

func (p *processes) remove(_ context.Context, r *record) error {
	return os.RemoveAll(p.folder(r.ID))
}

func (p *processes) folder(id string) string { return filepath.Join(p.dir, id) }

// find reads the records. Containers that no longer run ended while nobody watched.
func (p *processes) find(context.Context) ([]kept, error) {
	entries, err := os.ReadDir(p.dir)
	if err != nil {
		return nil, err
	}
	var all []kept
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		r, o, err := p.read(e.Name())
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			p.log.Warn("a task is ended because its record cannot be used", "error", err)
		}
		if err == nil && len(o.States) > 0 {
			all = append(all, kept{record: r, outcome: p.recount(r, o)})
			continue
		}
		if err := p.clear(e.Name(), r); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// recount says what has become of a task since its outcome was saved.
func (p *processes) recount(r *record, o outcome) outcome {
	for i := range o.States {
		c := &o.States[i]
		who := identityOf(r.Units[i])
		if c.Status == Stopped || who.alive() {
			continue
		}
		_ = who.signalGroup(syscall.SIGKILL) // what it left behind
		c.Status, c.Reason, c.Health = Stopped, "the exit code is unknown: it ended while Greenlight did not run", Unknown
	}
	if o.over() && o.Ended.IsZero() {
		o.Ended = time.Now()
	}
	return o
}

// clear ends a task whose start was interrupted: of the last process that was started not even the id may be written down,
// so it is searched for by the mark in its environment.
func (p *processes) clear(id string, r *record) error {
	if r != nil {
		for _, u := range r.Units {
			_ = identityOf(u).signalGroup(syscall.SIGKILL)
		}
	}
	for _, who := range marked(markVariable + "=" + id) {
		_ = who.signalGroup(syscall.SIGKILL)
	}
	return os.RemoveAll(p.folder(id))
}
