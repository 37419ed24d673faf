package runtime

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// functionDir holds the bootstrap built from testdata/function.
var functionDir string

func TestMain(m *testing.M) {
	if dir := os.Getenv(serverVariable); dir != "" {
		serveUntilKilled(dir)
	}
	os.Exit(buildAndRun(m))
}

// serverVariable makes the test program play a server whose function is in the directory that it names.
const serverVariable = "TEST_SERVER_FUNCTION_DIRECTORY"

// serveUntilKilled invokes a function and passes its output on.
func serveUntilKilled(dir string) {
	p := NewPool(Options{Logs: func(string, string, string) io.Writer { return os.Stdout }})
	code := Code{Key: "k", Function: "f", Version: "1", Runtime: "provided.al2023", Dir: dir}
	_, err := p.Invoke(context.Background(), code, 0, Invocation{RequestID: "r"})
	fmt.Fprintln(os.Stderr, "the function ended before its server:", err)
	os.Exit(1)
}

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "function")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	build := exec.Command("go", "build", "-o", filepath.Join(dir, "bootstrap"), "./testdata/function")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, said)
		return 1
	}
	functionDir = dir
	return m.Run()
}

// journal collects what functions log and lets a test wait for a text.
type journal struct {
	mu      sync.Mutex
	text    bytes.Buffer
	writers map[string]int // by request id
	changed chan struct{}
}

func newJournal() *journal {
	return &journal{writers: map[string]int{}, changed: make(chan struct{})}
}

func (j *journal) open(_, _, requestID string) io.Writer {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.writers[requestID]++
	return j
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	close(j.changed)
	j.changed = make(chan struct{})
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// patience is how long a test waits for an event before it gives up.
const patience = 30 * time.Second

// await answers the text once it contains what is wanted so many times.
func (j *journal) await(t *testing.T, wanted string, times int) string {
	t.Helper()
	giveUp := time.After(patience)
	for {
		j.mu.Lock()
		text, changed := j.text.String(), j.changed
		j.mu.Unlock()
		if strings.Count(text, wanted) >= times {
			return text
		}
		select {
		case <-changed:
		case <-giveUp:
			t.Fatalf("%q never came in %q", wanted, text)
		}
	}
}

func newTestPool(t testing.TB, o Options) (*Pool, *journal) {
	t.Helper()
	log := newJournal()
	o.Logs = log.open
	p := NewPool(o)
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p, log
}

// goCode is the test function under a key of its own.
func goCode(t testing.TB) Code {
	return Code{
		Key: t.Name(), Function: "f", Version: "1", Runtime: "provided.al2023", Handler: "bootstrap",
		Dir: functionDir, Timeout: time.Minute, MemoryMB: 512,
		Environment: map[string]string{"AWS_REGION": "eu-west-1", "COLOUR": "green"},
	}
}

var requests atomic.Int64

func event(payload string) Invocation {
	return Invocation{
		RequestID: fmt.Sprintf("request-%d", requests.Add(1)),
		ARN:       "arn:aws:lambda:eu-west-1:000000000000:function:f:live",
		Payload:   []byte(payload),
	}
}

func invoke(t testing.TB, p *Pool, code Code, payload string) Result {
	t.Helper()
	r, err := p.Invoke(context.Background(), code, 0, event(payload))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// answer decodes the payload of an invocation that must succeed.
func answer[T any](t testing.TB, r Result) T {
	t.Helper()
	if r.FunctionError != "" {
		t.Fatalf("function failed: %s\n%s", r.Payload, r.LogTail)
	}
	return decoded[T](t, r.Payload)
}

func decoded[T any](t testing.TB, payload []byte) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(payload, &v); err != nil {
		t.Fatalf("%v in %s", err, payload)
	}
	return v
}

type failureObject struct {
	ErrorMessage string `json:"errorMessage"`
	ErrorType    string `json:"errorType"`
	StackTrace   []any  `json:"stackTrace"`
	Trace        []any  `json:"trace"`
}

// failed decodes the error object of an invocation that must fail.
func failed(t testing.TB, r Result) failureObject {
	t.Helper()
	if r.FunctionError != "Unhandled" {
		t.Fatalf("FunctionError = %q with %s", r.FunctionError, r.Payload)
	}
	return decoded[failureObject](t, r.Payload)
}

func mustContain(t testing.TB, text string, wanted ...string) {
	t.Helper()
	for _, w := range wanted {
		if !strings.Contains(text, w) {
			t.Errorf("%q is missing in:\n%s", w, text)
		}
	}
}
