package runtime

import (
	"os"
	"os/exec"
	"sync"
	"syscall"
)

// process is a running program with its process group.
type process struct {
	pid    int
	ended  chan struct{} // closed when the program is reaped, its group is killed and its output is read
	status string        // valid once ended is closed: "" after exit code 0, else as "exit status 1", "signal: killed"

	mu     sync.Mutex
	reaped bool // the id may belong to somebody else
}

// command is what to execute for an environment.
type command struct {
	path      string
	arguments []string // after the name of the program
	directory string
	variables []string
}

// start runs a command in a process group of its own. Output gets everything the group writes; the process is not ended
// before that is read. The launcher decides which thread is the parent.
func start(l *launcher, c command, out *output) (*process, error) {
	writeEnd, err := out.pipe()
	if err != nil {
		return nil, err
	}
	cmd := &exec.Cmd{
		Path:        c.path,
		Args:        append([]string{c.path}, c.arguments...),
		Dir:         c.directory,
		Env:         c.variables,
		Stdout:      writeEnd,
		Stderr:      writeEnd,
		SysProcAttr: groupAttributes(),
	}
	err = l.run(cmd.Start)
	_ = writeEnd.Close() // the child has its own
	if err != nil {
		out.close()
		return nil, err
	}
	p := &process{pid: cmd.Process.Pid, ended: make(chan struct{})}
	go p.await(cmd, out)
	return p, nil
}

// await reaps the program and ends what it left behind.
func (p *process) await(cmd *exec.Cmd, out *output) {
	reap(cmd, p.lastKill)
	p.status = describe(cmd.ProcessState)
	out.drain()
	out.close()
	close(p.ended)
}

// kill ends the whole group. It does not wait for the end.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.reaped {
		_ = syscall.Kill(-p.pid, syscall.SIGKILL) // ESRCH: nobody left
	}
}

func (p *process) lastKill() {
	p.kill()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reaped = true
}

func describe(s *os.ProcessState) string {
	if s == nil || s.Success() {
		return ""
	}
	return s.String()
}
