package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// hookRecord is the file in which hook functions note each invocation.
type hookRecord struct{ file string }

// hookCall is one invocation of a hook function.
type hookCall struct {
	Function string
	Request  string // AWS request id: one for each Invoke, the same when Lambda delivers it again
	At       time.Time
	Payload  struct {
		DeploymentID string `json:"DeploymentId"`
		ExecutionID  string `json:"LifecycleEventHookExecutionId"`
	}
	members int // of the payload
}

func newHookRecord(t testing.TB) *hookRecord {
	return &hookRecord{filepath.Join(t.TempDir(), "hooks")}
}

// calls are the invocations so far, in their order.
func (r *hookRecord) calls(t testing.TB) []hookCall {
	t.Helper()
	text, err := os.ReadFile(r.file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	var calls []hookCall
	for line := range bytes.Lines(text) {
		var call hookCall
		var raw struct{ Payload map[string]any }
		if err := errors.Join(json.Unmarshal(line, &call), json.Unmarshal(line, &raw)); err != nil {
			t.Fatalf("hook record %s: %v", line, err)
		}
		call.members = len(raw.Payload)
		calls = append(calls, call)
	}
	return calls
}

// await waits until so many invocations have begun.
func (r *hookRecord) await(t testing.TB, n int) []hookCall {
	t.Helper()
	var calls []hookCall
	eventually(t, "hook functions to be invoked", func() bool {
		calls = r.calls(t)
		return len(calls) >= n
	})
	return calls
}

// check wants these functions to have been invoked for a deployment, in this
// order and once each.
func (r *hookRecord) check(t testing.TB, deployment string, functions ...string) {
	t.Helper()
	calls := r.calls(t)
	if len(calls) != len(functions) {
		t.Fatalf("%d invocations of hooks, want %v: %+v", len(calls), functions, calls)
	}
	for i, call := range calls {
		if call.Function != functions[i] || call.Payload.DeploymentID != deployment || call.Payload.ExecutionID == "" || call.members != 2 {
			t.Errorf("invocation %d is %+v with %d members, want one of %s for %s with two", i, call, call.members, functions[i], deployment)
		}
	}
}

// gate is a file that a hook function waits for before it reports.
type gate struct {
	t    testing.TB
	file string
}

func newGate(t testing.TB) gate { return gate{t, filepath.Join(t.TempDir(), "gate")} }

func (g gate) open() {
	g.t.Helper()
	if err := os.WriteFile(g.file, nil, 0o600); err != nil {
		g.t.Fatal(err)
	}
}
