package runtime

import (
	"errors"
	"io"
	"os"
	"time"
)

// Code is one immutable unit that can be executed: a published version, or one state of $LATEST.
type Code struct {
	Key         string            // unique per function, version and state of code and configuration; environments are reused within a key and only there
	Function    string            // bare name
	Version     string            // "$LATEST" or a number
	Runtime     string            // one that Supported accepts
	Handler     string            // "module.function"; provided.* runtimes hand it to the bootstrap as _HANDLER
	Dir         string            // the unpacked archive, never written to
	Timeout     time.Duration     // of one invocation; the first initialization has ten seconds of its own
	MemoryMB    int               // enforced where the system can tell what a process uses
	Environment map[string]string // the function's variables and the control plane's (endpoint, region, credentials)
}

// Invocation is one event for a function.
type Invocation struct {
	RequestID     string // becomes a path segment of the Runtime API
	ARN           string // the ARN that was invoked, with its qualifier if it had one
	Payload       []byte // JSON, at most 6 MiB
	ClientContext string // JSON, or the base64 of it as X-Amz-Client-Context has it; "" for none
}

// Result is what a function made of an invocation. A function that failed is a Result too: FunctionError is set and
// Payload is the error object {"errorMessage", "errorType", ...}.
type Result struct {
	Payload       []byte
	FunctionError string        // "", "Unhandled" or "Handled", the value of X-Amz-Function-Error
	LogTail       []byte        // the last 4 KiB that this invocation wrote, with the START, END and REPORT lines
	Duration      time.Duration // without initialization
}

// Options of a Pool. The zero value is usable.
type Options struct {
	// Concurrency is how many environments may be at work at once, over all functions: 1000 by default, as for an account.
	// It also bounds how many processes there are: an idle environment makes room for a new one.
	Concurrency int
	// IdleAfter is how long an environment waits for another invocation before it is stopped: 5 minutes by default.
	IdleAfter time.Duration
	// Logs answers where the output of an invocation goes, line by line; a writer gets whole lines, from one goroutine at
	// a time. Output of an initialization goes to the invocation that caused it. nil discards.
	Logs func(function, version, requestID string) io.Writer
	// Dir is where the pool makes its directory, with the homes of the environments: the directory for temporary files by
	// default. Whoever owns Dir removes what a server that was killed has left there.
	Dir string
	// Now dates log lines and log streams; time.Now by default. Deadlines follow the machine's clock, because functions
	// compute their remaining time from it.
	Now func() time.Time
}

var (
	// ErrThrottled reports that the pool or the function is at its limit of concurrent invocations.
	ErrThrottled = errors.New("rate exceeded: too many concurrent invocations")
	// ErrUnsupportedRuntime reports a runtime that is unknown, or whose interpreter this machine does not have.
	ErrUnsupportedRuntime = errors.New("unsupported runtime")
	// ErrClosed reports an invocation that met the end of the pool.
	ErrClosed = errors.New("function pool is closed")
)

const (
	defaultConcurrency = 1000
	defaultIdleAfter   = 5 * time.Minute

	defaultTimeout = 3 * time.Second

	// initLimit is how long Lambda waits for the first poll before it starts over within the function's own time-out.
	initLimit = 10 * time.Second
	// maxPayload bounds requests, responses and error objects: 6 MiB and Lambda's small allowance.
	maxPayload = 6<<20 + 100
	// maxDiscard is how much of an oversized body is read to let the sender finish and hear why it was refused.
	maxDiscard = 64 << 20
	logTail    = 4 << 10
	// maxLine is where a line without an end is cut.
	maxLine = 64 << 10
)

func (o Options) withDefaults() Options {
	if o.Concurrency <= 0 {
		o.Concurrency = defaultConcurrency
	}
	if o.IdleAfter <= 0 {
		o.IdleAfter = defaultIdleAfter
	}
	if o.Logs == nil {
		o.Logs = func(string, string, string) io.Writer { return io.Discard }
	}
	if o.Dir == "" {
		o.Dir = os.TempDir()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}
