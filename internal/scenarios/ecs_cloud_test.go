package scenarios

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"greenlight/internal/awswire"
	"greenlight/internal/clock"
	"greenlight/internal/localcloud/ecs"
	"greenlight/internal/localcloud/ecs/task"
	"greenlight/internal/localcloud/elb"
)

// ecsCloud is a local ECS with its load balancers, on real processes and ports.
// It lives longer than the controller, as AWS does.
type ecsCloud struct {
	balancers *elb.Service
	launcher  task.Launcher
	services  *ecs.Service
	handler   http.Handler
	ill       string // folder: a file named like a release makes its tasks unhealthy

	mu    sync.Mutex
	calls []ecsCall
	meet  func(ecsCall) http.Handler // answers a call in the place of the service; nil result: the service does
}

// ecsCall is one call of the controller to ECS or ELB.
type ecsCall struct {
	Operation string // "CreateTaskSet", "ModifyListener"
	Body      string // as sent
}

// form is the body of a call to ELB.
func (c ecsCall) form() url.Values {
	v, _ := url.ParseQuery(c.Body)
	return v
}

// healthPace is how much faster than told health checks and drains pass.
const healthPace = 50

func newECSCloud(t *testing.T, between func(task.Launcher) task.Launcher) *ecsCloud {
	t.Helper()
	c := &ecsCloud{ill: t.TempDir()}
	folder, ctx := t.TempDir(), context.Background()
	var err error
	if c.balancers, err = elb.Open(ctx, elb.Options{
		Dir: folder, Pace: healthPace, DeregistrationDelay: 1, Port: func(int) int { return 0 },
	}); err != nil {
		t.Fatal(err)
	}
	if c.launcher, err = task.Processes(task.Options{Dir: folder, Pace: healthPace}); err != nil {
		t.Fatal(err)
	}
	if between != nil {
		c.launcher = between(c.launcher)
	}
	if c.services, err = ecs.Open(ctx, ecs.Options{
		Dir: folder, Clock: clock.New(clock.Real, 0, nil), Launcher: c.launcher, Balancer: c.balancers, Pace: healthPace,
	}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.close(t) })
	c.handler = awswire.NewServer(awswire.Options{Auth: awswire.AnyCredentials()}, c.services, c.balancers)
	return c
}

func (c *ecsCloud) close(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for _, end := range []func() error{
		func() error { return c.services.Close(ctx) }, c.launcher.Close, func() error { return c.balancers.Close(ctx) },
	} {
		if err := end(); err != nil {
			t.Error(err)
		}
	}
}

// RoundTrip is the controller's way to the cloud: every call is noted, and may be
// met by the scenario instead.
func (c *ecsCloud) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	call := ecsCall{Body: string(body)}
	if _, name, ok := strings.Cut(r.Header.Get("X-Amz-Target"), "."); ok {
		call.Operation = name
	} else {
		call.Operation = call.form().Get("Action")
	}
	c.mu.Lock()
	c.calls = append(c.calls, call)
	meet := c.meet
	c.mu.Unlock()
	r.Body = io.NopCloser(bytes.NewReader(body))
	if meet != nil {
		if instead := meet(call); instead != nil {
			return inProcess{instead}.RoundTrip(r)
		}
	}
	return inProcess{c.handler}.RoundTrip(r)
}

// onCall has f meet the controller's calls from now on. What f returns answers
// the call; nil lets it through.
func (c *ecsCloud) onCall(f func(ecsCall) http.Handler) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.meet = f
}

// onNext has serve answer the next call of an operation, and lets all others
// through.
func (c *ecsCloud) onNext(operation string, serve http.HandlerFunc) {
	var once sync.Once
	c.onCall(func(call ecsCall) (instead http.Handler) {
		if call.Operation == operation {
			once.Do(func() { instead = serve })
		}
		return instead
	})
}

// called lists the controller's calls of some operations, of all when none is
// named.
func (c *ecsCloud) called(operations ...string) []ecsCall {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(c.calls), func(call ecsCall) bool {
		return len(operations) > 0 && !slices.Contains(operations, call.Operation)
	})
}

// sicken makes the tasks of a release fail their health checks; heal ends it.
func (w *ecsWorld) sicken(release string) {
	w.must(os.WriteFile(filepath.Join(w.cloud.ill, release), nil, 0o600))
}
func (w *ecsWorld) heal(release string) { w.must(os.Remove(filepath.Join(w.cloud.ill, release))) }

// refusal answers a call to ECS with an error.
func refusal(status int, code, message string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.Header().Set("X-Amzn-Requestid", "01234567-89ab-cdef-0123-456789abcdef")
		w.WriteHeader(status)
		io.WriteString(w, `{"__type":"`+code+`","message":"`+message+`"}`)
	})
}

// queryRefusal answers a call to ELB with an error.
func queryRefusal(status int, code, message string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(status)
		io.WriteString(w, `<ErrorResponse><Error><Type>Sender</Type><Code>`+code+`</Code><Message>`+message+`</Message></Error><RequestId>r</RequestId></ErrorResponse>`)
	})
}
