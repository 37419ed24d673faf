package runtime

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// awaitNoProcess returns when a process is gone. A killed orphan is reaped by init, of which there is no event to wait for.
func awaitNoProcess(t *testing.T, pid string) {
	t.Helper()
	id, err := strconv.Atoi(pid)
	if err != nil {
		t.Fatal(err)
	}
	for giveUp := time.Now().Add(patience); time.Now().Before(giveUp); {
		if err := syscall.Kill(id, 0); errors.Is(err, syscall.ESRCH) || isZombie(pid) {
			return
		}
	}
	t.Fatalf("process %s is still there", pid)
}

func isZombie(pid string) bool {
	stat, _ := os.ReadFile("/proc/" + pid + "/stat")
	return strings.Contains(string(stat), ") Z ")
}

// only answers the one environment of a pool.
func only(t *testing.T, p *Pool) *environment {
	t.Helper()
	p.fleet.mu.Lock()
	defer p.fleet.mu.Unlock()
	if len(p.fleet.all) != 1 {
		t.Fatalf("%d environments", len(p.fleet.all))
	}
	for e := range p.fleet.all {
		return e
	}
	return nil
}

// meeting is a rendezvous with functions: each waits until the test lets it go.
type meeting struct{ path string }

func newMeeting(t *testing.T) meeting {
	t.Helper()
	path := filepath.Join(t.TempDir(), "meeting")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return meeting{path}
}

func (m meeting) payload() string { return fmt.Sprintf(`{"do":"meet","text":%q}`, m.path) }

// release lets those go that wait: opening succeeds only when somebody reads.
func (m meeting) release(t *testing.T) {
	t.Helper()
	f, err := os.OpenFile(m.path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
}

type invoked struct {
	result Result
	err    error
}

func invokeAside(p *Pool, code Code, limit int, payload string) <-chan invoked {
	done := make(chan invoked, 1)
	go func() {
		r, err := p.Invoke(context.Background(), code, limit, event(payload))
		done <- invoked{r, err}
	}()
	return done
}

func TestEnvironmentsAreReused(t *testing.T) {
	p, _ := newTestPool(t, Options{})
	code := goCode(t)
	pid := answer[int](t, invoke(t, p, code, `{"do":"pid"}`))
	for range 20 {
		if again := answer[int](t, invoke(t, p, code, `{"do":"pid"}`)); again != pid {
			t.Fatalf("process %d after %d", again, pid)
		}
	}
	code.Key += "/other"
	if other := answer[int](t, invoke(t, p, code, `{"do":"pid"}`)); other == pid {
		t.Error("two keys shared an environment")
	}
}

func TestLastUsedIsFirstReused(t *testing.T) {
	p, log := newTestPool(t, Options{})
	code, first, second := goCode(t), newMeeting(t), newMeeting(t)
	a := invokeAside(p, code, 0, first.payload())
	first.opened(t, log, 1)
	b := invokeAside(p, code, 0, second.payload())
	second.opened(t, log, 2)
	first.release(t)
	<-a
	second.release(t)
	last := answer[int](t, (<-b).result)
	if got := answer[int](t, invoke(t, p, code, `{"do":"pid"}`)); got != last {
		t.Errorf("process %d was used, not %d", got, last)
	}
}

// opened returns when so many invocations have begun.
func (m meeting) opened(t *testing.T, log *journal, count int) {
	t.Helper()
	log.await(t, "START", count)
}

func TestConcurrencyLimits(t *testing.T) {
	tests := []struct {
		name            string
		capacity, limit int
		other           string // function of the refused invocation
	}{
		{"of the function", 0, 2, "f"},
		{"of the pool", 2, 0, "another"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, log := newTestPool(t, Options{Concurrency: test.capacity})
			code, doors := goCode(t), []meeting{newMeeting(t), newMeeting(t)}
			var done []<-chan invoked
			for i, door := range doors {
				done = append(done, invokeAside(p, code, test.limit, door.payload()))
				door.opened(t, log, i+1)
			}
			if p.Running() != 2 {
				t.Errorf("Running() = %d", p.Running())
			}
			in := event(`{}`)
			in.ARN = "arn:aws:lambda:eu-west-1:000000000000:function:" + test.other
			if _, err := p.Invoke(context.Background(), code, test.limit, in); !errors.Is(err, ErrThrottled) {
				t.Errorf("the third got %v", err)
			}
			pids := map[int]bool{}
			for i, door := range doors {
				door.release(t)
				pids[answer[int](t, (<-done[i]).result)] = true
			}
			if len(pids) != 2 || p.Running() != 0 {
				t.Errorf("processes %v, %d running", pids, p.Running())
			}
			invoke(t, p, code, `{}`)
		})
	}
}

func TestNamesakesOfOtherAccountsHaveTheirOwnLimit(t *testing.T) {
	p, log := newTestPool(t, Options{})
	code, door := goCode(t), newMeeting(t)
	done := invokeAside(p, code, 1, door.payload())
	door.opened(t, log, 1)
	in := event(`{}`)
	in.ARN = "arn:aws:lambda:eu-west-1:111111111111:function:f"
	if _, err := p.Invoke(context.Background(), code, 1, in); err != nil {
		t.Error(err)
	}
	door.release(t)
	<-done
}

func TestIdleEnvironmentMakesRoom(t *testing.T) {
	p, _ := newTestPool(t, Options{Concurrency: 1})
	code := goCode(t)
	invoke(t, p, code, `{}`)
	old := only(t, p)
	code.Key += "/other"
	invoke(t, p, code, `{}`)
	<-old.gone
}

func TestIdleEnvironmentIsReaped(t *testing.T) {
	p, _ := newTestPool(t, Options{IdleAfter: 300 * time.Millisecond})
	invoke(t, p, goCode(t), `{}`)
	e := only(t, p)
	<-e.gone
	if _, err := os.Stat(e.home); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("home: %v", err)
	}
	invoke(t, p, goCode(t), `{}`)
}

func TestEnvironmentThatEndedWhileIdleIsReplaced(t *testing.T) {
	p, _ := newTestPool(t, Options{})
	pid := answer[int](t, invoke(t, p, goCode(t), `{"do":"pid"}`))
	e := only(t, p)
	e.process.kill()
	<-e.gone
	for range 3 {
		if again := answer[int](t, invoke(t, p, goCode(t), `{"do":"pid"}`)); again == pid {
			t.Error("the killed process answered")
		}
	}
}

func TestRetire(t *testing.T) {
	t.Run("idle", func(t *testing.T) {
		p, _ := newTestPool(t, Options{})
		invoke(t, p, goCode(t), `{}`)
		e := only(t, p)
		p.Retire("of another function")
		p.Retire(goCode(t).Key)
		<-e.gone
	})
	t.Run("at work", func(t *testing.T) {
		p, log := newTestPool(t, Options{})
		door := newMeeting(t)
		done := invokeAside(p, goCode(t), 0, door.payload())
		door.opened(t, log, 1)
		e := only(t, p)
		p.Retire(goCode(t).Key)
		door.release(t)
		answer[int](t, (<-done).result)
		<-e.gone
	})
}

func TestCallerLeaves(t *testing.T) {
	p, log := newTestPool(t, Options{})
	door, in := newMeeting(t), event("")
	in.Payload = []byte(door.payload())
	ctx, leave := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		_, err := p.Invoke(ctx, goCode(t), 0, in)
		done <- err
	}()
	door.opened(t, log, 1)
	leave()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if p.Running() != 1 {
		t.Errorf("Running() = %d", p.Running())
	}
	door.release(t)
	log.await(t, "END RequestId: "+in.RequestID, 1)
}

func TestOutOfMemory(t *testing.T) {
	if unlimitedNote != "" {
		t.Skip(unlimitedNote)
	}
	p, _ := newTestPool(t, Options{})
	code := goCode(t)
	code.MemoryMB = 64
	r := invoke(t, p, code, `{"do":"allocate","count":96}`)
	mustContain(t, failed(t, r).ErrorMessage, "Runtime exited with error: signal: killed")
	mustContain(t, string(r.LogTail), "out of memory", "Memory Size: 64 MB", "Error Type: Runtime.ExitError")
}

func TestCloseKillsAndLeavesNothing(t *testing.T) {
	log := newJournal()
	dir := filepath.Join(t.TempDir(), "run") // made by the pool
	p := NewPool(Options{Logs: log.open, Dir: dir})
	code := goCode(t)
	invoke(t, p, code, `{}`)
	if filepath.Dir(p.directory) != dir {
		t.Errorf("directory %s is not in %s", p.directory, dir)
	}
	busy := code
	busy.Key += "/busy"
	done := invokeAside(p, busy, 0, `{"do":"family"}`)
	child := regexp.MustCompile(`child (\d+)`).FindStringSubmatch(log.await(t, "child ", 1))
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if got := <-done; !errors.Is(got.err, ErrClosed) {
		t.Errorf("the invocation at work got %v, %s", got.err, got.result.Payload)
	}
	awaitNoProcess(t, child[1])
	if _, err := p.Invoke(context.Background(), code, 0, event(`{}`)); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if _, err := os.Stat(p.directory); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("directory: %v", err)
	}
	awaitNoGoroutines(t)
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// awaitNoGoroutines returns when nothing of a pool runs. A goroutine that has done its last act may still be on its way out.
func awaitNoGoroutines(t *testing.T) {
	t.Helper()
	var stacks strings.Builder
	for giveUp := time.Now().Add(patience); time.Now().Before(giveUp); {
		stacks.Reset()
		if err := pprof.Lookup("goroutine").WriteTo(&stacks, 2); err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(`lambda/runtime\.(\(\*(Pool|environment|runtimeAPI|output|process|launcher)\)|reap)|net/http\.\(\*conn\)`).MatchString(stacks.String()) {
			return
		}
	}
	t.Fatalf("still running:\n%s", stacks.String())
}
