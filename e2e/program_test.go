package e2e

import (
	"bytes"
	"errors"
	"os/exec"
	"testing"
)

// outcome is what a program left behind.
type outcome struct {
	stdout, stderr string
	code           int
}

// run runs a program to its end, with this environment and standard input, in
// an empty directory.
func run(t testing.TB, env []string, stdin, name string, args ...string) outcome {
	t.Helper()
	return runIn(t, t.TempDir(), env, stdin, name, args...)
}

func runIn(t testing.TB, dir string, env []string, stdin, name string, args ...string) outcome {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = env
	cmd.Dir = dir
	cmd.Stdin = bytes.NewBufferString(stdin)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if _, failed := errors.AsType[*exec.ExitError](err); err != nil && !failed {
		t.Fatal(err)
	}
	return outcome{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// lookPath finds a program that may be missing, and skips the test if it is.
func lookPath(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	return path
}
