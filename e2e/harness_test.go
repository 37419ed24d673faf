// Package e2e drives the real binary as its users do: as a process, through the
// AWS SDKs, the AWS CLI and its own command line. The functions it deploys and
// the hooks it asks are programs written for AWS Lambda; the tasks are web servers.
package e2e

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	// The programs below testdata need it. What is there is invisible to go mod
	// tidy, so their requirement is held here.
	_ "github.com/aws/aws-lambda-go/lambda"
)

// What TestMain has built.
var (
	binary    string // greenlight
	helloFile string // bootstrap of testdata/functions/hello
	hookFile  string // bootstrap of testdata/functions/hook
	taskFile  string // testdata/tasks/web
)

func TestMain(m *testing.M) {
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "greenlight-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "greenlight")
	helloFile = filepath.Join(dir, "hello")
	hookFile = filepath.Join(dir, "hook")
	taskFile = filepath.Join(dir, "web")
	err = errors.Join(
		build(binary, "greenlight/cmd/greenlight"),
		build(helloFile, "./testdata/functions/hello"),
		build(hookFile, "./testdata/functions/hook"),
		build(taskFile, "./testdata/tasks/web"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

func build(into, from string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-tags", "lambda.norpc", "-ldflags", "-s -w", "-o", into, from)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build %s: %w\n%s", from, err, said)
	}
	return nil
}

// The archives of the two Go functions.
var (
	helloZip = sync.OnceValues(func() ([]byte, error) { return archive("bootstrap", helloFile) })
	hookZip  = sync.OnceValues(func() ([]byte, error) { return archive("bootstrap", hookFile) })
)

// archive is a zip with one executable file, compressed as fast as possible: the
// race detector makes it slow enough.
func archive(name, file string) ([]byte, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	out := zip.NewWriter(&packed)
	out.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestSpeed)
	})
	header := &zip.FileHeader{Name: name, Method: zip.Deflate}
	header.SetMode(0o755)
	entry, err := out.CreateHeader(header)
	if err != nil {
		return nil, err
	}
	if _, err := entry.Write(content); err != nil {
		return nil, err
	}
	err = out.Close()
	return packed.Bytes(), err
}

// environment is what a child process gets: nothing of the host's AWS settings,
// and a home where there are none.
func environment(t testing.TB, more ...string) []string {
	t.Helper()
	home := t.TempDir()
	all := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TMPDIR=" + home, "LANG=C.UTF-8"}
	return append(all, more...)
}

const (
	pollPeriod = 20 * time.Millisecond
	// patience is for what takes a moment, on a machine that is very busy.
	patience = 30 * time.Second
)

// eventually waits until something holds and fails the test if it does not.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	eventuallyWithin(t, patience, what, holds)
}

func eventuallyWithin(t testing.TB, most time.Duration, what string, holds func() bool) {
	t.Helper()
	limit := time.NewTimer(most)
	defer limit.Stop()
	again := time.NewTicker(pollPeriod)
	defer again.Stop()
	for !holds() {
		select {
		case <-again.C:
		case <-limit.C:
			t.Fatalf("waited %s for %s", most, what)
		}
	}
}

// must is for calls that have to succeed and whose answer is wanted.
func must[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}
