package scenarios

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"greenlight/internal/api"
	"greenlight/internal/awsaccess"
	"greenlight/internal/awswire"
	"greenlight/internal/clock"
	"greenlight/internal/server"
	"greenlight/internal/store"
)

// life is one run of the controller, from its start to its end.
type life struct {
	store   *store.Store
	clock   *clock.Clock
	handler http.Handler

	run   func(context.Context) error
	stop  context.CancelFunc // asks run to end
	cut   context.CancelFunc // cuts every connection to the far sides
	ended chan error
}

// settings are what scenarios vary of a controller.
type settings struct {
	assumeRole bool
	quotas     api.Quotas
	more       farSides      // besides those that every world has
	parties    []clock.Party // of the far sides: they hold the controller's clock
}

// conceive puts a controller together; run gives it its life.
func conceive(t *testing.T, path string, far http.RoundTripper, s settings) *life {
	t.Helper()
	ctx := context.Background() // outlives the test's own context, which ends before its clean-up
	kept, err := store.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	l := &life{store: kept, ended: make(chan error, 1)}
	if l.clock, err = server.OpenClock(ctx, kept, clock.Manual); err != nil {
		t.Fatal(err)
	}
	var wires context.Context
	wires, l.cut = context.WithCancel(ctx)
	controller, err := server.Open(ctx, server.Options{
		Store: kept, Clock: l.clock, Auth: awswire.AnyCredentials(), Quotas: s.quotas,
		Access: awsaccess.New(awsaccess.Options{
			Base: aws.Config{
				HTTPClient:  &http.Client{Transport: wire{far, wires}},
				Credentials: credentials.NewStaticCredentialsProvider("CONTROLLER", "secret", ""),
			},
			Endpoint:   "http://aws.test",
			AssumeRole: s.assumeRole, AccountCredentials: !s.assumeRole,
		}),
		HookBusy: func() bool { return false }, // the test says itself when a hook reports
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range s.parties {
		l.clock.Join(p)
	}
	l.handler, l.run = controller.Handler(), controller.Run
	return l
}

func (l *life) begin() {
	var ctx context.Context
	ctx, l.stop = context.WithCancel(context.Background())
	go func() { l.ended <- l.run(ctx) }()
}

// end stops the controller as SIGTERM does.
func (l *life) end(t *testing.T) {
	t.Helper()
	l.stop()
	if err := <-l.ended; err != nil {
		t.Error(err)
	}
	l.cut()
	if err := l.store.Close(); err != nil {
		t.Error(err)
	}
}

// kill is as close to kill -9 as one process can do: from one moment on nothing
// is saved any more and no far side is heard, whatever was under way. Then what
// is left of the controller is cleared away.
func (l *life) kill(t *testing.T) {
	t.Helper()
	if err := l.store.Close(); err != nil {
		t.Error(err)
	}
	l.cut()
	l.stop()
	<-l.ended
}

// wire carries calls to the far sides until its context ends.
type wire struct {
	far  http.RoundTripper
	open context.Context
}

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(w.open, cancel)()
	return w.far.RoundTrip(r.WithContext(ctx))
}

// inProcess calls a handler without a socket.
type inProcess struct{ http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	in := r.Clone(r.Context())
	if in.Body == nil {
		in.Body = http.NoBody
	}
	p.ServeHTTP(w, in)
	return w.Result(), nil
}

// farSides sends a call to the service that its signature is for.
type farSides map[string]http.RoundTripper

func (f farSides) RoundTrip(r *http.Request) (*http.Response, error) {
	_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	if parts := strings.SplitN(scope, "/", 5); len(parts) == 5 && f[parts[3]] != nil {
		return f[parts[3]].RoundTrip(r)
	}
	w := httptest.NewRecorder()
	w.WriteHeader(http.StatusNotFound)
	io.WriteString(w, "no such far side")
	return w.Result(), nil
}
