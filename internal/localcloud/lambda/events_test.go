package lambda

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"greenlight/internal/localcloud/lambda/runtime"
)

func asError[T error](err error, target *T) bool { return errors.As(err, target) }

// send invokes f asynchronously.
func (c *cloud) send(payload string) {
	c.t.Helper()
	out := must(c.invoke(client.InvokeInput{InvocationType: types.InvocationTypeEvent, Payload: []byte(payload)}))(c.t)
	if out.StatusCode != 202 || len(out.Payload) != 0 {
		c.t.Fatalf("answer %d %q", out.StatusCode, out.Payload)
	}
}

func (c *cloud) wantCalls(n int) []fakeCall {
	c.t.Helper()
	calls := c.pool.invocations()
	if len(calls) != n {
		c.t.Fatalf("%d invocations, want %d", len(calls), n)
	}
	return calls
}

func TestEventIsDelivered(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	if !c.service.QuietSince().IsZero() {
		t.Error("quiet since something that never ran")
	}
	before := time.Now()
	c.send(`{"DeploymentId":"d-1"}`)
	c.advance(0)
	call := c.wantCalls(1)[0]
	if string(call.In.Payload) != `{"DeploymentId":"d-1"}` || call.In.ARN != testARN || call.Code.Version != "$LATEST" {
		t.Errorf("delivered %s to %s", call.In.Payload, call.In.ARN)
	}
	if c.service.QuietSince().Before(before) || c.service.AsyncRunning() {
		t.Errorf("quiet since %v, running %v", c.service.QuietSince(), c.service.AsyncRunning())
	}
	if _, waits := c.service.NextWake(); waits {
		t.Error("a delivered event still waits")
	}
}

func TestServiceIsBusyWhileAnEventRuns(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	entered, leave := make(chan bool), make(chan bool)
	c.pool.do(func(runtime.Code, runtime.Invocation) (runtime.Result, error) {
		entered <- true
		<-leave
		return runtime.Result{}, nil
	})
	c.send(`{}`)
	if !c.service.Busy() {
		t.Error("not busy with an event that is due")
	}
	<-entered
	if !c.service.Busy() || !c.service.AsyncRunning() {
		t.Error("not busy with an event at work")
	}
	close(leave)
	c.advance(0)
	if c.service.Busy() {
		t.Error("busy with nothing")
	}
}

// A function that fails is tried again after one and after two more minutes,
// under the same request id, and then given up.
func TestFailedEventIsRetriedTwice(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	c.pool.fail()
	c.send(`{}`)
	c.advance(0)
	c.wantCalls(1)
	for i, pause := range []time.Duration{time.Minute, 2 * time.Minute} {
		due, waits := c.service.NextWake()
		if left := due.Sub(c.clock.Now()); !waits || left > pause || left < pause-10*time.Second {
			t.Errorf("retry %d is due in %s, want %s", i+1, left, pause)
		}
		c.advance(pause - 10*time.Second)
		c.wantCalls(1 + i)
		c.advance(10 * time.Second)
		c.wantCalls(2 + i)
	}
	c.advance(7 * time.Hour)
	calls := c.wantCalls(3)
	if calls[0].In.RequestID != calls[2].In.RequestID {
		t.Error("a retry has another request id")
	}
	var lines []string
	err := c.service.Logs(t.Context(), testAccount, testRegion, "f", time.Time{}, false, func(l LogLine) error {
		lines = append(lines, l.Message)
		return nil
	})
	if err != nil || len(lines) != 1 || !strings.Contains(lines[0], calls[0].In.RequestID+" is given up: the function failed") {
		t.Errorf("the log says %q, %v", lines, err)
	}
}

func TestRetryMaySucceed(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	c.pool.fail()
	c.send(`{}`)
	c.advance(0)
	c.pool.do(nil)
	c.advance(time.Hour)
	c.wantCalls(2)
}

// A throttled event waits ever longer, and does not count as failed.
func TestThrottledEventIsKept(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	must(c.PutFunctionConcurrency(t.Context(), &client.PutFunctionConcurrencyInput{FunctionName: name, ReservedConcurrentExecutions: aws.Int32(0)}))(t)
	c.send(`{}`)
	c.advance(time.Hour)
	c.wantCalls(0)
	must(c.DeleteFunctionConcurrency(t.Context(), &client.DeleteFunctionConcurrencyInput{FunctionName: name}))(t)
	c.advance(lastBackoff)
	c.wantCalls(1)
}

// A fault of the server, such as a payload that cannot be read, is none of the
// function's three failures.
func TestEventOutlastsAFaultOfTheServer(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	c.pool.fail()
	c.send(`{}`)
	c.advance(0)
	c.execute(`ALTER TABLE event RENAME TO hidden`)
	c.advance(time.Hour)
	c.wantCalls(1)
	c.execute(`ALTER TABLE hidden RENAME TO event`)
	c.advance(time.Hour)
	c.wantCalls(maxFailures)
}

// execute changes the database behind the service's back.
func (c *cloud) execute(statement string) {
	c.t.Helper()
	if err := c.service.save(c.t.Context(), execute(statement)); err != nil {
		c.t.Fatal(err)
	}
}

func TestEventGrowsTooOld(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	must(c.PutFunctionConcurrency(t.Context(), &client.PutFunctionConcurrencyInput{FunctionName: name, ReservedConcurrentExecutions: aws.Int32(0)}))(t)
	c.send(`{}`)
	c.advance(maxEventAge + time.Minute)
	if due, waits := c.service.NextWake(); waits {
		t.Errorf("still due at %s", due)
	}
}

func TestEventOfADeletedFunctionIsDropped(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	c.pool.fail()
	c.send(`{}`)
	c.advance(0)
	must(c.DeleteFunction(t.Context(), &client.DeleteFunctionInput{FunctionName: name}))(t)
	c.advance(time.Minute)
	c.wantCalls(1)
	if _, waits := c.service.NextWake(); waits {
		t.Error("still waiting")
	}
}

func TestWaitingEventSurvivesARestart(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	c.pool.fail()
	c.send(`{"n":1}`)
	c.advance(0)
	c.restart()
	c.pool.do(nil)
	c.advance(30 * time.Second)
	c.wantCalls(1)
	c.advance(30 * time.Second)
	if calls := c.wantCalls(2); string(calls[1].In.Payload) != `{"n":1}` {
		t.Errorf("delivered %s", calls[1].In.Payload)
	}
	c.restart()
	c.advance(time.Hour)
	c.wantCalls(2)
}

// An event at work when the service ends is delivered again by the next one.
func TestInterruptedEventIsDeliveredAgain(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	entered := make(chan bool, 1)
	c.pool.do(func(runtime.Code, runtime.Invocation) (runtime.Result, error) {
		entered <- true
		<-c.pool.closed
		return runtime.Result{}, runtime.ErrClosed
	})
	c.send(`{}`)
	<-entered
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	c.server.Close()
	if err := c.service.Close(ended); err != nil {
		t.Fatal(err)
	}
	c.pool.do(nil)
	c.pool.reopen()
	c.open()
	c.advance(0)
	c.wantCalls(2)
}

// TestKilledServer opens what a process that ends right after the answer 202
// leaves on disk.
func TestKilledServer(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	c.publish("f", "one")
	must(c.CreateAlias(t.Context(), &client.CreateAliasInput{FunctionName: name, Name: live, FunctionVersion: aws.String("1")}))(t)
	entered, leave := make(chan bool), make(chan bool)
	c.pool.do(func(runtime.Code, runtime.Invocation) (runtime.Result, error) {
		entered <- true
		<-leave
		return runtime.Result{}, nil
	})
	c.send(`{"n":1}`)
	<-entered
	left := copyOf(t, c.options.Dir)
	close(leave)

	after := newCloud(t, func(o *Options) { o.Dir = left })
	after.advance(0)
	if calls := after.wantCalls(1); string(calls[0].In.Payload) != `{"n":1}` {
		t.Errorf("delivered %s", calls[0].In.Payload)
	}
	alias := must(after.GetAlias(t.Context(), &client.GetAliasInput{FunctionName: name, Name: live}))(t)
	if *alias.FunctionVersion != "1" {
		t.Errorf("alias on %s", *alias.FunctionVersion)
	}
}

func copyOf(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(to, strings.TrimPrefix(path, dir))
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, content, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}
