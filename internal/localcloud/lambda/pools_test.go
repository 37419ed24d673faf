package lambda

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// The directories of functions are with the other data, and those that a killed
// server has left go when the next one opens it.
func TestDirectoriesOfAKilledServerAreRemoved(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	c.write("started")
	run := filepath.Join(c.options.Dir, "lambda", "run")
	if c.pool.options.Dir != run {
		t.Fatalf("functions run in %s, want %s", c.pool.options.Dir, run)
	}
	home := filepath.Join(run, "fn-1", "env-1")
	if err := os.MkdirAll(home, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "left"), nil, 0o400); err != nil {
		t.Fatal(err)
	}
	c.restart()
	if _, err := os.Stat(run); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("still there: %v", err)
	}
}
