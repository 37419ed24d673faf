package awsaccess_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"greenlight/internal/awsaccess"
)

// answers is an HTTP client that gives one answer.
type answers func(*http.Request) (*http.Response, error)

func (a answers) Do(r *http.Request) (*http.Response, error) { return a(r) }

func answer(status int, code, body string) answers {
	return func(*http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		if code != "" {
			w.Header().Set("X-Amzn-Errortype", code)
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
		return w.Result(), nil
	}
}

func local(client aws.HTTPClient) *awsaccess.Access {
	return awsaccess.New(awsaccess.Options{
		Base: aws.Config{HTTPClient: client}, Endpoint: "http://aws.test", AccountCredentials: true,
	})
}

func wantFault(t *testing.T, err error) *awsaccess.Fault {
	t.Helper()
	var fault *awsaccess.Fault
	if !errors.As(err, &fault) {
		t.Fatalf("error is %v, want a fault", err)
	}
	return fault
}

// Every answer Lambda gives, read by the SDK (lambda.md 4.4; the driver's own tests hold the rows of the table).
func TestClassifyByAnswer(t *testing.T) {
	const message = `{"Message":"so it is"}`
	for _, c := range []struct {
		status int
		code   string
		kind   awsaccess.FaultKind
	}{
		{500, "ServiceException", awsaccess.Unavailable},
		{502, "", awsaccess.Unavailable},
		{503, "", awsaccess.Unavailable},
		{429, "TooManyRequestsException", awsaccess.Throttled},
		{429, "", awsaccess.Throttled},
		{400, "ThrottlingException", awsaccess.Throttled},
		{503, "SlowDown", awsaccess.Throttled},
		{403, "AccessDeniedException", awsaccess.Denied},
		{400, "AccessDeniedException", awsaccess.Denied},
		{403, "UnrecognizedClientException", awsaccess.Denied},
		{401, "", awsaccess.Denied},
		{403, "", awsaccess.Denied},
		{403, "RequestTimeTooSkewed", awsaccess.Unavailable},
		{403, "ExpiredTokenException", awsaccess.Unavailable},
		{403, "InvalidSignatureException", awsaccess.Unavailable},
		{404, "ResourceNotFoundException", awsaccess.NotFound},
		{404, "", awsaccess.NotFound},
		{400, "InvalidParameterValueException", awsaccess.Invalid},
		{413, "RequestEntityTooLargeException", awsaccess.Invalid},
		{301, "PermanentRedirect", awsaccess.Invalid},
		{412, "PreconditionFailedException", awsaccess.Precondition},
		{409, "ResourceConflictException", awsaccess.Conflict},
		{502, "ResourceNotReadyException", awsaccess.Unavailable},
		{408, "", awsaccess.Unavailable},
	} {
		t.Run(fmt.Sprint(c.status, " ", c.code), func(t *testing.T) {
			fault := wantFault(t, getAlias(t, local(answer(c.status, c.code, message)), as))
			if fault.Kind != c.kind || fault.StatusCode != c.status || fault.Service != "AWSLambda" || fault.Operation != "GetAlias" {
				t.Errorf("fault is %+v, want kind %s", fault, c.kind)
			}
			if c.code != "" && (fault.Code != c.code || fault.Message != "so it is") {
				t.Errorf("fault says %s %q, want %s and Lambda's message", fault.Code, fault.Message, c.code)
			}
		})
	}
}

// The messages of ecs.md 11 quote the id; without an answer there is none.
func TestClassifyKeepsTheRequestID(t *testing.T) {
	const id = "01234567-89ab-cdef-0123-456789abcdef"
	withID := answers(func(r *http.Request) (*http.Response, error) {
		resp, err := answer(400, "InvalidParameterValueException", `{}`)(r)
		resp.Header.Set("X-Amzn-Requestid", id)
		return resp, err
	})
	cut := answers(func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF })
	for want, client := range map[string]answers{id: withID, "": cut} {
		if fault := wantFault(t, getAlias(t, local(client), as)); fault.RequestID != want {
			t.Errorf("request id is %q, want %q", fault.RequestID, want)
		}
	}
}

// ECS tells by its words alone that a role may not be passed on to the tasks (ecs.md 11).
func TestClassifyPassRole(t *testing.T) {
	for message, kind := range map[string]awsaccess.FaultKind{
		"User: u is not authorized to perform: iam:PassRole on resource: r": awsaccess.Denied,
		"TaskDefinition is inactive":                                        awsaccess.Invalid,
	} {
		fault := wantFault(t, getAlias(t, local(answer(400, "ClientException", `{"Message":"`+message+`"}`)), as))
		if fault.Kind != kind {
			t.Errorf("%q is %s, want %s", message, fault.Kind, kind)
		}
	}
}

func TestClassifyUnreadableAnswers(t *testing.T) {
	for _, c := range []struct {
		name   string
		client answers
		kind   awsaccess.FaultKind
	}{
		{"a page of HTML as 404", answer(404, "", "<!doctype html><h1>Not Found</h1>"), awsaccess.NotFound},
		{"a page of HTML as 502", answer(502, "", "<html>bad gateway</html>"), awsaccess.Unavailable},
		{"success that is no JSON", answer(200, "", "<html>"), awsaccess.Unavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			if fault := wantFault(t, getAlias(t, local(c.client), as)); fault.Kind != c.kind {
				t.Errorf("fault is %v of kind %s, want %s", fault, fault.Kind, c.kind)
			}
		})
	}
}

func TestClassifyConnectionErrors(t *testing.T) {
	dead := httptest.NewServer(nil)
	dead.Close()
	for name, client := range map[string]aws.HTTPClient{
		"refused": answers(func(r *http.Request) (*http.Response, error) {
			r.URL.Host = dead.Listener.Addr().String()
			return http.DefaultTransport.RoundTrip(r)
		}),
		"cut": answers(func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }),
		// These call themselves context.DeadlineExceeded, though no context ended.
		"timed out": answers(func(*http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Err: timeout{}}
		}),
	} {
		t.Run(name, func(t *testing.T) {
			fault := wantFault(t, getAlias(t, local(client), as))
			if fault.Kind != awsaccess.Unavailable || fault.StatusCode != 0 || fault.Code != "" {
				t.Errorf("fault is %+v, want Unavailable without an answer", fault)
			}
			if strings.Contains(fault.Message, "operation error") {
				t.Errorf("message %q repeats the operation", fault.Message)
			}
		})
	}
}

type timeout struct{}

func (timeout) Error() string   { return "i/o timeout" }
func (timeout) Timeout() bool   { return true }
func (timeout) Is(e error) bool { return e == context.DeadlineExceeded }

func TestClassifyLeavesTheEndOfTheContextAlone(t *testing.T) {
	hangs := answers(func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		cfg, err := local(hangs).Config(ctx, as)
		if err != nil {
			t.Fatal(err)
		}
		_, err = lambda.NewFromConfig(cfg).GetAlias(ctx, &lambda.GetAliasInput{FunctionName: new("f"), Name: new("live")})
		err = awsaccess.Classify(awsaccess.ServiceLambda, "GetAlias", err)
		var fault *awsaccess.Fault
		if errors.As(err, &fault) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error is %v, want the context's own", err)
		}
	})
}

func TestClassifyKeepsNilAndFaults(t *testing.T) {
	if err := awsaccess.Classify(awsaccess.ServiceS3, "GetObject", nil); err != nil {
		t.Errorf("nil became %v", err)
	}
	known := fmt.Errorf("on the way: %w", &awsaccess.Fault{Kind: awsaccess.RoleMissing})
	if err := awsaccess.Classify(awsaccess.ServiceS3, "GetObject", known); err != known {
		t.Errorf("a fault became %v", err)
	}
	joined := errors.Join(errors.New("other"), context.Canceled)
	if err := awsaccess.Classify(awsaccess.ServiceS3, "GetObject", joined); err != joined {
		t.Errorf("a joined cancellation became %v", err)
	}
}

// An absent name never leaves the machine: the SDK refuses it.
func TestClassifyRefusedInput(t *testing.T) {
	cfg, err := local(answer(200, "", "{}")).Config(t.Context(), as)
	if err != nil {
		t.Fatal(err)
	}
	_, err = lambda.NewFromConfig(cfg).GetAlias(t.Context(), &lambda.GetAliasInput{})
	fault := wantFault(t, awsaccess.Classify(awsaccess.ServiceLambda, "GetAlias", err))
	if fault.Kind != awsaccess.Invalid {
		t.Errorf("fault is %v of kind %s, want Invalid", fault, fault.Kind)
	}
}

func TestFaultTellsCallAndAnswer(t *testing.T) {
	fault := &awsaccess.Fault{
		Service: "AWSLambda", Operation: "UpdateAlias", Code: "ResourceNotFoundException", Message: "gone", StatusCode: 404,
	}
	if got, want := fault.Error(), "AWSLambda UpdateAlias: ResourceNotFoundException: gone (HTTP 404)"; got != want {
		t.Errorf("error is %q, want %q", got, want)
	}
}
