package reload

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// bench is a value read from one file, with a clock that the test moves.
type bench struct {
	*testing.T
	path  string
	value *Value[string]

	mu    sync.Mutex
	now   time.Time
	log   bytes.Buffer
	reads int
}

func newBench(t *testing.T) *bench {
	b := &bench{T: t, path: filepath.Join(t.TempDir(), "file"), now: time.Unix(1_700_000_000, 0)}
	b.write("one")
	value, err := Open(Source[string]{
		What: "text", Paths: []string{b.path}, Read: b.read, Now: b.clock,
		Log: slog.New(slog.NewTextHandler(&b.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	b.value = value
	return b
}

func (b *bench) read() (string, error) {
	b.reads++
	content, err := os.ReadFile(b.path)
	if err == nil && strings.Contains(string(content), "broken") {
		err = errors.New("it is broken")
	}
	return string(content), err
}

func (b *bench) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *bench) pass(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

func (b *bench) write(content string) {
	b.Helper()
	if err := os.WriteFile(b.path, []byte(content), 0o600); err != nil {
		b.Fatal(err)
	}
}

// replace renames a new file over the old one; its size and time are the old
// one's.
func (b *bench) replace(content string) {
	b.Helper()
	old, err := os.Stat(b.path)
	if err == nil {
		err = os.WriteFile(b.path+".new", []byte(content), 0o600)
	}
	if err == nil {
		err = os.Chtimes(b.path+".new", old.ModTime(), old.ModTime())
	}
	if err == nil {
		err = os.Rename(b.path+".new", b.path)
	}
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bench) want(want string) {
	b.Helper()
	if got := b.value.Get(); got != want {
		b.Errorf("got %q, want %q", got, want)
	}
}

func TestAChangeIsSeenWithinASecond(t *testing.T) {
	b := newBench(t)
	b.want("one")
	b.write("second")
	b.pass(lookPeriod - 1)
	b.want("one")
	b.pass(1)
	b.want("second")
	b.replace("renamd")
	b.pass(lookPeriod)
	b.want("renamd")
	b.pass(lookPeriod)
	b.want("renamd")
	if b.reads != 3 {
		t.Errorf("the file was read %d times, not 3", b.reads)
	}
}

func TestABrokenFileLeavesTheOldContentAndIsToldOnce(t *testing.T) {
	b := newBench(t)
	b.write("broken now")
	for range 5 {
		b.pass(lookPeriod)
		b.want("one")
	}
	if n := strings.Count(b.log.String(), "it is broken"); n != 1 {
		t.Errorf("told %d times:\n%s", n, &b.log)
	}
	if err := os.Remove(b.path); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		b.pass(lookPeriod)
		b.want("one")
	}
	if n := strings.Count(b.log.String(), "level=ERROR"); n != 2 {
		t.Errorf("told of two faults %d times:\n%s", n, &b.log)
	}
	b.write("mended")
	b.pass(lookPeriod)
	b.want("mended")
}

func TestReloadDoesNotWait(t *testing.T) {
	b := newBench(t)
	b.replace("two")
	if err := b.value.Reload(); err != nil {
		t.Fatal(err)
	}
	b.want("two")
	b.write("broken")
	if err := b.value.Reload(); err == nil {
		t.Error("a broken file was reloaded")
	}
	b.want("two")
}

func TestOpenNeedsAGoodFile(t *testing.T) {
	_, err := Open(Source[string]{What: "text", Read: func() (string, error) { return "", os.ErrPermission }})
	if !errors.Is(err, os.ErrPermission) {
		t.Errorf("got %v", err)
	}
}

func TestManyReaders(t *testing.T) {
	b := newBench(t)
	b.write("second")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 100 {
				b.pass(lookPeriod / 10)
				if got := b.value.Get(); got != "one" && got != "second" {
					t.Errorf("got %q", got)
				}
			}
		})
	}
	all.Wait()
	b.pass(lookPeriod)
	b.want("second")
}
