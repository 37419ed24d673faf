//go:build !linux

package runtime

import (
	"os/exec"
	"syscall"
)

// groupAttributes give a program its own process group. This system has no way to tie its life to the server's.
func groupAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}

// launcher starts programs; the thread does not matter here.
type launcher struct{}

func newLauncher() *launcher { return &launcher{} }

func (*launcher) run(start func() error) error { return start() }

func (*launcher) close() {}

// reap waits for the program and ends its group. Between the two the id is free for a moment: this system has no wait
// that leaves the zombie.
func reap(cmd *exec.Cmd, killGroup func()) {
	_ = cmd.Wait() // cmd.ProcessState says all
	killGroup()
}
