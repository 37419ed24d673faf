package awswire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
)

var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// checkFrame checks the headers that every AWS JSON answer has (api.md 1.2).
func checkFrame(t *testing.T, a answer) {
	t.Helper()
	if id := a.header.Get("x-amzn-RequestId"); !uuidForm.MatchString(id) {
		t.Errorf("x-amzn-RequestId is %q", id)
	}
	if got := a.header.Get("Date"); got != testNow.Format(http.TimeFormat) {
		t.Errorf("Date is %q", got)
	}
	if got := a.header.Get("Content-Length"); got != strconv.Itoa(len(a.body)) {
		t.Errorf("Content-Length is %q, the body has %d bytes", got, len(a.body))
	}
	if got := a.header.Get("Content-Type"); got != jsonContentType {
		t.Errorf("Content-Type is %q", got)
	}
}

func TestServerAnswersAndCarriesTheCaller(t *testing.T) {
	var inside string
	var caller Caller
	service := codedeployWith(func(ctx context.Context, body []byte) (any, error) {
		inside, caller = RequestID(ctx), CallerFrom(ctx)
		return map[string]string{"got": string(body)}, nil
	})
	var log logBuffer
	server := NewServer(Options{Auth: Signed(testKeyring, atTestNow), Log: log.logger(), Now: atTestNow}, service)
	first := do(t, server, signedCall(t, `{"a":1}`))
	if first.status != 200 || first.body != `{"got":"{\"a\":1}"}` {
		t.Errorf("got %d %s", first.status, first.body)
	}
	checkFrame(t, first)
	want := Caller{Account: testAccount, Region: "eu-west-1", Partition: "aws", AccessKeyID: longTerm.AccessKeyID,
		PrincipalARN: "arn:aws:iam::111122223333:user/alice"}
	if diff := cmp.Diff(want, caller); diff != "" {
		t.Error(diff)
	}
	if id := first.header.Get("x-amzn-RequestId"); id != inside {
		t.Errorf("the client got request id %q, the operation %q", id, inside)
	}
	if second := do(t, server, signedCall(t, `{"a":1}`)); second.header.Get("x-amzn-RequestId") == first.header.Get("x-amzn-RequestId") {
		t.Error("two requests have one id")
	}
}

func TestEmptyBodies(t *testing.T) {
	var got string
	server := NewServer(Options{Auth: AnyCredentials(), Now: atTestNow}, codedeployWith(func(_ context.Context, body []byte) (any, error) {
		got = string(body)
		return nil, nil
	}))
	a := do(t, server, signedCall(t, ""))
	if got != "{}" || a.status != 200 || a.body != "" {
		t.Errorf("the operation got %q, the client %d %q", got, a.status, a.body)
	}
	checkFrame(t, a)
}

func TestContentTypesAccepted(t *testing.T) {
	server := NewServer(Options{Auth: AnyCredentials()}, codedeployWith(echo))
	for contentType, want := range map[string]int{
		"application/x-amz-json-1.1":                200,
		"application/x-amz-json-1.0":                200,
		"application/x-amz-json-1.1; charset=utf-8": 200,
		"Application/JSON;charset=UTF-8":            200,
		"application/json":                          200,
		"application/xml":                           400,
		"":                                          400,
	} {
		r := signedCall(t, "{}")
		r.Header.Set("Content-Type", contentType)
		if a := do(t, server, r); a.status != want {
			t.Errorf("%q: got %d %s, want %d", contentType, a.status, a.body, want)
		}
	}
}

type modelled struct{}

func (modelled) Error() string        { return "modelled" }
func (modelled) ErrorCode() string    { return "ApplicationDoesNotExistException" }
func (modelled) ErrorMessage() string { return "No application found for name: Foo" }

func TestErrorsOfOperations(t *testing.T) {
	upstream := &smithy.GenericAPIError{Code: "AccessDenied", Message: "somebody else's answer"}
	tests := []struct {
		name   string
		err    error
		status int
		body   string
		logged string
	}{
		{"modelled", fmt.Errorf("wrapped: %w", modelled{}), 400,
			`{"__type":"ApplicationDoesNotExistException","message":"No application found for name: Foo"}`, ""},
		{"own", fmt.Errorf("wrapped: %w", &Error{Status: 400, Code: "ThrottlingException", Message: "Rate exceeded", Cause: modelled{}}), 400,
			`{"__type":"ThrottlingException","message":"Rate exceeded"}`, ""},
		{"own server fault", &Error{Status: 503, Code: "ServiceUnavailable", Message: "later", Cause: errors.New("disk full")}, 503,
			`{"__type":"ServiceUnavailable","message":"later"}`, "disk full"},
		{"any other", errors.New("disk full"), 500, `{"__type":"InternalFailure"}`, "disk full"},
		{"an upstream answer is not ours", fmt.Errorf("call: %w", upstream), 500, `{"__type":"InternalFailure"}`, "somebody else's answer"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var log logBuffer
			server := NewServer(Options{Auth: AnyCredentials(), Log: log.logger(), Now: atTestNow},
				codedeployWith(func(context.Context, []byte) (any, error) { return nil, test.err }))
			a := do(t, server, signedCall(t, `{"secret":"body text"}`))
			if a.status != test.status || a.body != test.body {
				t.Errorf("got %d %s", a.status, a.body)
			}
			checkFrame(t, a)
			checkLog(t, log.String(), test.logged, a)
		})
	}
}

// checkLog checks that a fault of the server, and only that, is logged once and tells nothing of the request's content.
func checkLog(t *testing.T, log, want string, a answer) {
	t.Helper()
	if want == "" {
		if log != "" {
			t.Errorf("logged: %s", log)
		}
		return
	}
	if strings.Count(log, "\n") != 1 {
		t.Errorf("logged %d times: %s", strings.Count(log, "\n"), log)
	}
	for _, part := range []string{want, "requestId=" + a.header.Get("x-amzn-RequestId"), "service=codedeploy", "operation=GetApplication"} {
		if !strings.Contains(log, part) {
			t.Errorf("log lacks %q: %s", part, log)
		}
	}
	if strings.Contains(log, "body text") || strings.Contains(log, "Signature=") {
		t.Errorf("log shows the request: %s", log)
	}
}

func TestPanicIsInternalFailure(t *testing.T) {
	var log logBuffer
	server := NewServer(Options{Auth: AnyCredentials(), Log: log.logger(), Now: atTestNow},
		codedeployWith(func(context.Context, []byte) (any, error) { panic("boom") }))
	a := do(t, server, signedCall(t, "{}"))
	if a.status != 500 || a.body != `{"__type":"InternalFailure"}` {
		t.Errorf("got %d %s", a.status, a.body)
	}
	checkFrame(t, a)
	checkLog(t, log.String(), "panic: boom", a)
}

func TestPanicAfterTheAnswerBeganCutsTheConnection(t *testing.T) {
	var log logBuffer
	service := lambdaLike{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
		panic("boom")
	})}
	server := NewServer(Options{Auth: AnyCredentials(), Log: log.logger()}, service)
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("recovered %v, want ErrAbortHandler", err)
		}
		if !strings.Contains(log.String(), "panic: boom") {
			t.Errorf("log: %s", log.String())
		}
	}()
	server.ServeHTTP(httptest.NewRecorder(), sign(t, httptest.NewRequest("GET", "/2015-03-31/functions", nil), "", longTerm, "lambda", testNow))
}

func TestAClientThatHungUpIsNotAFault(t *testing.T) {
	var log logBuffer
	ctx, cancel := context.WithCancel(t.Context())
	server := NewServer(Options{Auth: AnyCredentials(), Log: log.logger()},
		codedeployWith(func(ctx context.Context, _ []byte) (any, error) {
			cancel()
			return nil, fmt.Errorf("query: %w", ctx.Err())
		}))
	do(t, server, signedCall(t, "{}").WithContext(ctx))
	if log.Len() > 0 {
		t.Errorf("logged: %s", log.String())
	}
}

func TestNewServerDemandsAnAuthenticator(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a server without authentication was made")
		}
	}()
	NewServer(Options{})
}

func TestRouting(t *testing.T) {
	named := func(name, prefix string) Service {
		return JSONService(name, prefix, map[string]JSONOperation{"Op": func(context.Context, []byte) (any, error) { return name, nil }})
	}
	server := NewServer(Options{Auth: AnyCredentials()},
		named("codedeploy", "CodeDeploy_20141006"),
		named("codedeploy-commands", "CodeDeployCommandService_v20141006."),
		named("codedeploy-commands-secure", "CodeDeployCommandService_v20141006."),
		lambdaLike{http.HandlerFunc(echoBody)})
	tests := []struct {
		name, method, path, target, scope string
		status                            int
		body                              string
	}{
		{"target and scope", "POST", "/", "CodeDeploy_20141006.Op", "codedeploy", 200, `"codedeploy"`},
		{"target, strange scope", "POST", "/", "CodeDeploy_20141006.Op", "execute-api", 200, `"codedeploy"`},
		{"scope chooses within a prefix", "POST", "/", "CodeDeployCommandService_v20141006.Op", "codedeploy-commands-secure", 200, `"codedeploy-commands-secure"`},
		{"first within a prefix", "POST", "/", "CodeDeployCommandService_v20141006.Op", "x", 200, `"codedeploy-commands"`},
		{"scope", "POST", "/2015-03-31/functions", "", "lambda", 201, `{"Account":"000000000000","Length":2}`},
		{"claimed path", "POST", "/2015-03-31/functions", "", "x", 201, `{"Account":"000000000000","Length":2}`},
		{"nobody's path", "POST", "/other", "", "x", 404, `{"__type":"UnknownOperationException"}`},
		{"nobody's target", "POST", "/", "Other.Op", "x", 400, `{"__type":"UnknownOperationException"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(test.method, test.path, strings.NewReader("{}"))
			r.Header.Set("Content-Type", jsonContentType)
			if test.target != "" {
				r.Header.Set("X-Amz-Target", test.target)
			}
			a := do(t, server, sign(t, r, "{}", longTerm, test.scope, testNow))
			if a.status != test.status || a.body != test.body {
				t.Errorf("got %d %s", a.status, a.body)
			}
		})
	}
}

func TestBodyLimitOfAService(t *testing.T) {
	for size, want := range map[int]int{DefaultMaxBody + 1: 201, 2<<20 + 1: 413} {
		body := strings.Repeat("x", size)
		r := sign(t, httptest.NewRequest("POST", "/2015-03-31/functions", strings.NewReader(body)), body, longTerm, "lambda", testNow)
		if a := do(t, strictServer(&logBuffer{}), r); a.status != want {
			t.Errorf("%d bytes: got %d %s, want %d", size, a.status, a.body, want)
		}
	}
}

// failingBody is a connection that breaks while the body is read.
type failingBody struct{ err error }

func (b failingBody) Read([]byte) (int, error) { return 0, b.err }
func (failingBody) Close() error               { return nil }

func TestBodyThatCannotBeRead(t *testing.T) {
	for _, test := range []struct {
		err    error
		status int
		code   string
	}{
		{fmt.Errorf("read: %w", os.ErrDeadlineExceeded), 408, "RequestTimeoutException"},
		{io.ErrUnexpectedEOF, 400, "SerializationException"},
	} {
		r := signedCall(t, "{}")
		r.Body = failingBody{test.err}
		if a := do(t, strictServer(&logBuffer{}), r); a.status != test.status || a.code != test.code {
			t.Errorf("%v: got %d %s", test.err, a.status, a.body)
		}
	}
}

func TestServiceWithoutTheServer(t *testing.T) {
	service := codedeployWith(func(_ context.Context, body []byte) (any, error) { return string(body), nil })
	if a := do(t, service, newCall(`{"a":1}`)); a.status != 200 || a.body != `"{\"a\":1}"` {
		t.Errorf("got %d %s", a.status, a.body)
	}
	unread := newCall(strings.Repeat("x", DefaultMaxBody+1))
	if a := do(t, service, unread); a.status != 413 {
		t.Errorf("got %d %s", a.status, a.body)
	}
	if a := do(t, service, httptest.NewRequest("GET", "/", nil)); a.status != 404 {
		t.Errorf("got %d %s", a.status, a.body)
	}
}

func TestRESTErrorForm(t *testing.T) {
	var log logBuffer
	r := httptest.NewRequest("GET", "/2015-03-31/functions", nil)
	a := do(t, strictServer(&log), r)
	if a.status != 400 || a.header.Get("x-amzn-ErrorType") != "MissingAuthenticationTokenException" ||
		a.body != `{"Type":"User","Message":"Missing Authentication Token","message":"Missing Authentication Token"}` {
		t.Errorf("got %d %v %s", a.status, a.header, a.body)
	}
	w := httptest.NewRecorder()
	RESTError(w, r.WithContext(context.WithValue(r.Context(), exchangeKey{}, &exchange{log: log.logger()})), errors.New("disk full"))
	if w.Code != 500 || w.Header().Get("x-amzn-ErrorType") != "InternalFailure" || w.Body.String() != `{"Type":"Service"}` {
		t.Errorf("got %d %v %s", w.Code, w.Header(), w.Body)
	}
	if !strings.Contains(log.String(), "disk full") {
		t.Errorf("log: %s", log.String())
	}
}

func TestWriteJSON(t *testing.T) {
	w := httptest.NewRecorder()
	if err := WriteJSON(w, http.StatusAccepted, map[string]int{"b": 1, "a": 2}); err != nil {
		t.Fatal(err)
	}
	if w.Code != 202 || w.Body.String() != `{"a":2,"b":1}` || w.Header().Get("Content-Type") != "application/json" || w.Header().Get("Content-Length") != "13" {
		t.Errorf("got %d %v %s", w.Code, w.Header(), w.Body)
	}
	w = httptest.NewRecorder()
	if err := WriteJSON(w, 200, func() {}); err == nil || w.Body.Len() > 0 || len(w.Header()) > 0 {
		t.Errorf("a value without JSON form: error %v, wrote %v %q", err, w.Header(), w.Body)
	}
}
