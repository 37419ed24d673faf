package runtime

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// TestFunctionsDieWithTheServer kills a server and waits for its function to go, which has no connection to miss.
func TestFunctionsDieWithTheServer(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "bootstrap"), []byte("#!/bin/sh\necho $$\nexec sleep 1000\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	server := exec.Command(os.Args[0])
	server.Env = append(os.Environ(), serverVariable+"="+dir, "TMPDIR="+t.TempDir())
	said, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	pid, err := bufio.NewReader(said).ReadString('\n')
	_ = server.Process.Kill()
	_ = server.Wait() // killed
	if err != nil {
		t.Fatal(err)
	}
	awaitNoProcess(t, strings.TrimSpace(pid))
}

// TestFunctionsOutliveThreads ends the thread of the goroutine that asked for a start: with it, the kernel would end what
// that thread had created.
func TestFunctionsOutliveThreads(t *testing.T) {
	p, _ := newTestPool(t, Options{})
	first := make(chan invoked, 1)
	go onDyingThread(func() {
		r, err := p.perform(goCode(t), event(`{"do":"pid"}`))
		first <- invoked{r, err}
	})
	got := <-first
	if got.err != nil {
		t.Fatal(got.err)
	}
	pid := answer[int](t, got.result)
	for range 200 {
		if again := answer[int](t, invoke(t, p, goCode(t), `{"do":"pid"}`)); again != pid {
			t.Fatalf("process %d has gone", pid)
		}
	}
}

// onDyingThread calls f on a thread that ends with this goroutine: one that stays locked takes its thread along, unless
// that is the first thread of the program, which is held here until another goroutine has had its turn.
func onDyingThread(f func()) {
	runtime.LockOSThread()
	if syscall.Gettid() != os.Getpid() {
		f()
		return
	}
	defer runtime.UnlockOSThread()
	done := make(chan struct{})
	go func() {
		defer close(done)
		onDyingThread(f)
	}()
	<-done
}
