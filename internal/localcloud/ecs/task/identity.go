package task

import (
	"errors"
	"syscall"
	"time"
)

// identity names a process for ever: ids are used again, so the time of its birth belongs to it. A task's process leads
// its session and process group.
type identity struct {
	pid   int
	birth string
}

// pollInterval is how often a process is looked at where the system cannot tell its end.
const pollInterval = 500 * time.Millisecond

// alive reports whether the process runs; a zombie does not.
func (w identity) alive() bool {
	birth, running := look(w.pid)
	return w.pid > 1 && running && birth == w.birth
}

// signalGroup sends a signal to the process group. Nobody left is no error. When the id belongs to a later process, the
// group is gone: an id is not given out again while a group has it.
func (w identity) signalGroup(s syscall.Signal) error {
	if w.pid < 2 {
		return nil
	}
	if birth, _ := look(w.pid); birth != "" && birth != w.birth {
		return nil
	}
	if err := syscall.Kill(-w.pid, s); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return nil
}

// birthOf tells a process from later ones with the same id; "" when there is none.
func birthOf(pid int) string {
	birth, _ := look(pid)
	return birth
}

// awaitByPolling returns true when the process has ended, false when ending is closed first.
func (w identity) awaitByPolling(ending <-chan struct{}) bool {
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for w.alive() {
		select {
		case <-tick.C:
		case <-ending:
			return false
		}
	}
	return true
}
