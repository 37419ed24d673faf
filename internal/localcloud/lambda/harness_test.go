package lambda

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/smithy-go"

	"greenlight/internal/awswire"
	"greenlight/internal/clock"
	"greenlight/internal/localcloud/lambda/runtime"
)

const (
	testAccount = "123456789012"
	testRegion  = "eu-west-1"
	testRole    = "arn:aws:iam::123456789012:role/f"
	testARN     = "arn:aws:lambda:eu-west-1:123456789012:function:f"
)

// cloud is a running local Lambda with scripted functions and a real client.
type cloud struct {
	*client.Client
	t       *testing.T
	service *Service
	clock   *clock.Clock
	pool    *fakePool
	server  *httptest.Server
	options Options
}

func newCloud(t *testing.T, change ...func(*Options)) *cloud {
	t.Helper()
	c := &cloud{t: t, clock: clock.New(clock.Manual, 0, nil), pool: newFakePool()}
	c.options = Options{
		Dir: t.TempDir(), Clock: c.clock, Endpoint: "http://127.0.0.1:1",
		newPool: func(o runtime.Options) pool { c.pool.options = o; return c.pool },
	}
	for _, fn := range change {
		fn(&c.options)
	}
	c.open()
	t.Cleanup(c.close)
	return c
}

func (c *cloud) open() {
	c.t.Helper()
	service, err := Open(c.t.Context(), c.options)
	if err != nil {
		c.t.Fatal(err)
	}
	c.service = service
	c.server = httptest.NewServer(awswire.NewServer(awswire.Options{Auth: awswire.AnyCredentials()}, service))
	c.Client = c.as(testAccount, testRegion)
}

func (c *cloud) close() {
	c.server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := c.service.Close(ctx); err != nil {
		c.t.Error(err)
	}
}

func (c *cloud) restart() {
	c.t.Helper()
	c.close()
	c.pool.reopen()
	c.open()
}

func (c *cloud) as(account, region string) *client.Client {
	return client.New(client.Options{
		Region: region, BaseEndpoint: aws.String(c.server.URL), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(account, "secret", ""),
	})
}

// advance moves the clock and waits until everything due has settled.
func (c *cloud) advance(d time.Duration) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 30*time.Second)
	defer cancel()
	if _, err := c.clock.Advance(ctx, d); err != nil {
		c.t.Fatal(err)
	}
}

// create makes a function whose code differs by marker.
func (c *cloud) create(name string, change ...func(*client.CreateFunctionInput)) *client.CreateFunctionOutput {
	c.t.Helper()
	in := &client.CreateFunctionInput{
		FunctionName: aws.String(name), Role: aws.String(testRole), Handler: aws.String("bootstrap"),
		Runtime: types.RuntimeProvidedal2023, Code: &types.FunctionCode{ZipFile: codeOf(c.t, name)},
	}
	for _, fn := range change {
		fn(in)
	}
	out, err := c.CreateFunction(c.t.Context(), in)
	if err != nil {
		c.t.Fatal(err)
	}
	return out
}

// publish uploads code marked with each of the markers and publishes it.
func (c *cloud) publish(name string, markers ...string) {
	c.t.Helper()
	for _, marker := range markers {
		_, err := c.UpdateFunctionCode(c.t.Context(), &client.UpdateFunctionCodeInput{
			FunctionName: aws.String(name), ZipFile: codeOf(c.t, marker), Publish: true,
		})
		if err != nil {
			c.t.Fatal(err)
		}
	}
}

// codeOf packs a bootstrap with the marker as its content.
func codeOf(t testing.TB, marker string) []byte {
	t.Helper()
	return zipOf(t, packed{name: "bootstrap", content: marker})
}

// packed is one entry of an archive for a test.
type packed struct {
	name    string
	content string
	mode    fs.FileMode // 0 leaves the header without one
}

func zipOf(t testing.TB, entries ...packed) []byte {
	t.Helper()
	var buffer bytes.Buffer
	w := zip.NewWriter(&buffer)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.mode != 0 {
			header.SetMode(e.mode)
		}
		f, err := w.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(e.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

// fakePool executes nothing: a test says what a function does. It keeps count
// like the real one.
type fakePool struct {
	options runtime.Options

	mu      sync.Mutex
	does    func(runtime.Code, runtime.Invocation) (runtime.Result, error)
	calls   []fakeCall
	atWork  map[string]int
	retired []string
	forgot  []string
	closed  chan struct{}
}

type fakeCall struct {
	Code runtime.Code
	In   runtime.Invocation
}

func newFakePool() *fakePool {
	return &fakePool{atWork: map[string]int{}, closed: make(chan struct{})}
}

// does sets what every function does from now on.
func (p *fakePool) do(fn func(runtime.Code, runtime.Invocation) (runtime.Result, error)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.does = fn
}

func (p *fakePool) fail() {
	p.do(func(runtime.Code, runtime.Invocation) (runtime.Result, error) {
		return runtime.Result{Payload: []byte(`{"errorMessage":"no"}`), FunctionError: "Unhandled"}, nil
	})
}

func (p *fakePool) Invoke(_ context.Context, code runtime.Code, limit int, in runtime.Invocation) (runtime.Result, error) {
	p.mu.Lock()
	p.calls = append(p.calls, fakeCall{code, in})
	if limit > 0 && p.atWork[code.Function] >= limit {
		p.mu.Unlock()
		return runtime.Result{}, runtime.ErrThrottled
	}
	p.atWork[code.Function]++
	does := p.does
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		p.atWork[code.Function]--
		p.mu.Unlock()
	}()
	if does == nil {
		return runtime.Result{Payload: []byte(`"` + code.Version + `"`)}, nil
	}
	return does(code, in)
}

func (p *fakePool) Retire(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.retired = append(p.retired, key)
}

func (p *fakePool) Forget(function string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forgot = append(p.forgot, function)
}

func (p *fakePool) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.closed)
	return nil
}

func (p *fakePool) reopen() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = make(chan struct{})
}

func (p *fakePool) invocations() []fakeCall {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]fakeCall(nil), p.calls...)
}

// wantCode asserts that err is the exception called code, and that its message
// contains text.
func wantCode(t *testing.T, err error, code, text string) {
	t.Helper()
	apiErr, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		t.Fatalf("error %v, want %s", err, code)
	}
	if apiErr.ErrorCode() != code || !bytes.Contains([]byte(apiErr.ErrorMessage()), []byte(text)) {
		t.Fatalf("error %s %q, want %s with %q", apiErr.ErrorCode(), apiErr.ErrorMessage(), code, text)
	}
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

var name = aws.String("f")

func codeInputOf(t testing.TB, marker string) *types.FunctionCode {
	t.Helper()
	return &types.FunctionCode{ZipFile: codeOf(t, marker)}
}
