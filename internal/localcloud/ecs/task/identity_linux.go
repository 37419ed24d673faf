package task

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// bootID is part of a birth: start times are counted from the boot, and machines boot alike.
var bootID = sync.OnceValue(func() string {
	text, _ := os.ReadFile("/proc/sys/kernel/random/boot_id") // without it the start time must do
	return strings.TrimSpace(string(text))
})

// look reads /proc/<pid>/stat: when the process was born, "" if there is none, and whether it runs (not a zombie). The
// second field is the program's name in parentheses and may hold anything; the state is the third, the start time the 22nd.
func look(pid int) (birth string, running bool) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return "", false
	}
	after := text[bytes.LastIndexByte(text, ')')+1:]
	fields := strings.Fields(string(after))
	if len(fields) < 20 {
		return "", false
	}
	state := fields[0]
	return bootID() + "/" + fields[19], state != "Z" && state != "X"
}

// await waits without a thread: a pidfd becomes readable when its process ends, whoever the parent is.
func (w identity) await(ending <-chan struct{}) bool {
	fd, err := unix.PidfdOpen(w.pid, 0)
	if err != nil {
		return w.awaitByPolling(ending) // gone, or a kernel before 5.3
	}
	_ = unix.SetNonblock(fd, true) // what makes os.NewFile use the poller
	file := os.NewFile(uintptr(fd), "pidfd")
	defer file.Close()
	if !w.alive() { // only now: the pidfd is of the process that has the id at this moment
		return true
	}
	raw, err := file.SyscallConn()
	if err != nil {
		return w.awaitByPolling(ending)
	}
	done := make(chan struct{})
	defer close(done)
	go func() {
		select {
		case <-ending:
			_ = file.Close() // ends raw.Read
		case <-done:
		}
	}()
	err = raw.Read(func(fd uintptr) bool {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 0)
		return err == nil && n > 0
	})
	return err == nil || w.awaitByPolling(ending)
}

// marked returns the session leaders whose environment has a variable, "NAME=value".
func marked(variable string) []identity {
	entries, _ := os.ReadDir("/proc")
	var found []identity
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		text, err := os.ReadFile(filepath.Join("/proc", e.Name(), "environ"))
		if err != nil || !hasVariable(text, variable) {
			continue
		}
		if session, err := unix.Getsid(pid); err == nil && session == pid {
			found = append(found, identity{pid: pid, birth: birthOf(pid)})
		}
	}
	return found
}

func hasVariable(environ []byte, variable string) bool {
	for one := range bytes.SplitSeq(environ, []byte{0}) {
		if string(one) == variable {
			return true
		}
	}
	return false
}
