package runtime

import (
	"bytes"
	"os"
	"strconv"
)

// unlimitedNote tells that memory limits mean nothing here; on Linux they do.
const unlimitedNote = ""

// The limit is kept by looking, not by the kernel. Address space limits (RLIMIT_AS, RLIMIT_DATA) count what Go and Node
// only reserve and would stop healthy functions. Control groups would need rights that a server on a laptop or in a
// container seldom has, and would take processes out of the group whose owner (service manager, container engine, CI
// runner) accounts for them and cleans up by it. What is compared is the private memory in use, as Lambda does.

var pageBytes = int64(os.Getpagesize())

// maxTree bounds how many processes of one environment are looked at.
const maxTree = 256

// meter tells the memory of a process. It keeps the file open: it is read at the end of every invocation.
type meter struct {
	pid   int
	statm *os.File // nil if the process was gone already
}

func newMeter(pid int) *meter {
	statm, err := os.Open(statmPath(pid))
	if err != nil {
		return &meter{pid: pid}
	}
	return &meter{pid, statm}
}

func (m *meter) close() { _ = m.statm.Close() } // of nil too

// process answers the bytes that the process alone has in memory, 0 if it is gone.
func (m *meter) process() int64 {
	var text [128]byte
	n, _ := m.statm.ReadAt(text[:], 0) // io.EOF always: the file is shorter
	return privateBytes(text[:n])
}

// tree adds up the process and its descendants.
func (m *meter) tree() int64 {
	total := m.process()
	tree := children(m.pid)
	for i := 0; i < len(tree) && i < maxTree; i++ {
		text, _ := os.ReadFile(statmPath(tree[i])) // gone meanwhile: nothing in memory
		total += privateBytes(text)
		tree = append(tree, children(tree[i])...)
	}
	return total
}

func statmPath(pid int) string { return "/proc/" + strconv.Itoa(pid) + "/statm" }

// privateBytes reads "size resident shared ...", in pages.
func privateBytes(statm []byte) int64 {
	fields := bytes.Fields(statm)
	if len(fields) < 3 {
		return 0
	}
	resident, _ := strconv.ParseInt(string(fields[1]), 10, 64) // the kernel's own digits
	shared, _ := strconv.ParseInt(string(fields[2]), 10, 64)
	return max(0, resident-shared) * pageBytes
}

// children lists the children of all threads of a process.
func children(pid int) []int {
	threads := "/proc/" + strconv.Itoa(pid) + "/task/"
	entries, err := os.ReadDir(threads)
	if err != nil {
		return nil
	}
	var found []int
	for _, entry := range entries {
		text, err := os.ReadFile(threads + entry.Name() + "/children")
		if err != nil {
			continue
		}
		for field := range bytes.FieldsSeq(text) {
			if child, err := strconv.Atoi(string(field)); err == nil {
				found = append(found, child)
			}
		}
	}
	return found
}
