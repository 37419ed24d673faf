package runtime

import (
	"os/exec"
	"runtime"
	"syscall"
)

// groupAttributes give a program its own process group and tie its life to its parent's. The kernel means the parent's
// thread, not its process: see launcher.
func groupAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// launcher starts programs from one thread that lives as long as the launcher. With Pdeathsig a program gets the signal
// when the thread that created it ends, and a Go program ends threads when it likes (a goroutine that returns while it is
// locked takes its thread along). So a goroutine is locked to a thread, nothing else ever runs on it, and it returns only
// after the pool has reaped the last program. If the server dies, however it dies, that thread dies with it.
//
// The signal reaches the programs themselves, not what they started: the group is killed by the pool only.
type launcher struct {
	calls   chan func() error
	results chan error
	done    chan struct{}
}

func newLauncher() *launcher {
	l := &launcher{calls: make(chan func() error), results: make(chan error), done: make(chan struct{})}
	go l.loop()
	return l
}

func (l *launcher) loop() {
	defer close(l.done)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for call := range l.calls {
		l.results <- call()
	}
}

// run calls start on the launcher's thread. The results channel needs no pairing: the loop takes the next call only
// after the result of the last one is received.
func (l *launcher) run(start func() error) error {
	l.calls <- start
	return <-l.results
}

// close ends the thread; every program must have ended.
func (l *launcher) close() {
	close(l.calls)
	<-l.done
}

// The arguments of waitid(2) that the syscall package does not name.
const (
	waitPID      = 1         // P_PID
	waitExited   = 4         // WEXITED
	waitNoReap   = 0x1000000 // WNOWAIT
	noSignalInfo = 0
)

// reap waits for the program, ends its group, and only then frees its id: as long as the program is a zombie, the id of
// the group cannot belong to anybody else.
func reap(cmd *exec.Cmd, killGroup func()) {
	for {
		_, _, errno := syscall.Syscall6(syscall.SYS_WAITID, waitPID, uintptr(cmd.Process.Pid), noSignalInfo, waitExited|waitNoReap, 0, 0)
		if errno != syscall.EINTR {
			break
		}
	}
	killGroup()
	_ = cmd.Wait() // cmd.ProcessState says all
}
