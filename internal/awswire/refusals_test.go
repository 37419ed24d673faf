package awswire

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// lambdaLike claims a path prefix, as a REST service does.
type lambdaLike struct{ http.Handler }

func (lambdaLike) Name() string                                                 { return "lambda" }
func (lambdaLike) Claims(r *http.Request) bool                                  { return strings.HasPrefix(r.URL.Path, "/2015-03-31/") }
func (lambdaLike) BodyLimit() int64                                             { return 2 << 20 }
func (lambdaLike) WriteError(w http.ResponseWriter, r *http.Request, err error) { RESTError(w, r, err) }

func echoBody(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	_ = WriteJSON(w, http.StatusCreated, map[string]any{"Length": len(body), "Account": CallerFrom(r.Context()).Account})
}

func strictServer(log *logBuffer) *Server {
	return NewServer(Options{Auth: Signed(testKeyring, atTestNow), Log: log.logger(), Now: atTestNow},
		codedeployWith(echo), lambdaLike{http.HandlerFunc(echoBody)})
}

// refusal is one row of the table in api.md 1.5.
type refusal struct {
	name   string
	make   func(*testing.T, *http.Request) *http.Request // gets an unsigned call
	status int
	code   string
	text   string // exact, or the beginning if it ends in "..."
}

// resigned signs the call with these credentials.
func resigned(c aws.Credentials, service string, at time.Time) func(*testing.T, *http.Request) *http.Request {
	return func(t *testing.T, r *http.Request) *http.Request { return sign(t, r, "{}", c, service, at) }
}

// after changes a call that was signed well.
func after(change func(*http.Request)) func(*testing.T, *http.Request) *http.Request {
	return func(t *testing.T, r *http.Request) *http.Request {
		r = sign(t, r, "{}", longTerm, "codedeploy", testNow)
		change(r)
		return r
	}
}

func withToken(c aws.Credentials, token string) aws.Credentials {
	c.SessionToken = token
	return c
}

var framingRefusals = []refusal{
	{"not POST", after(func(r *http.Request) { r.Method = http.MethodGet }), 404, "UnknownOperationException", ""},
	{"path not /", after(func(r *http.Request) { r.URL.Path = "/x" }), 404, "UnknownOperationException", ""},
	{"agent's probe", func(*testing.T, *http.Request) *http.Request { return httptest.NewRequest("GET", "/", nil) },
		404, "UnknownOperationException", ""},
	{"no target", after(func(r *http.Request) { r.Header.Del("X-Amz-Target") }), 400, "UnknownOperationException", ""},
	{"wrong prefix", after(func(r *http.Request) { r.Header.Set("X-Amz-Target", "Other.GetApplication") }), 400, "UnknownOperationException", ""},
	{"unknown operation", after(func(r *http.Request) { r.Header.Set("X-Amz-Target", "CodeDeploy_20141006.getApplication") }),
		400, "UnknownOperationException", ""},
	{"unknown operation before authentication", func(_ *testing.T, r *http.Request) *http.Request {
		r.Header.Set("X-Amz-Target", "CodeDeploy_20141006.Nothing")
		return r
	}, 400, "UnknownOperationException", ""},
	{"body too large", func(t *testing.T, _ *http.Request) *http.Request {
		body := `{"a":"` + strings.Repeat("x", DefaultMaxBody) + `"}`
		return sign(t, newCall(body), body, longTerm, "codedeploy", testNow)
	}, 413, "RequestEntityTooLargeException", "The request body is larger than this server accepts."},
	{"body too large without a length", after(func(r *http.Request) {
		r.ContentLength = -1
		r.Body = io.NopCloser(strings.NewReader(strings.Repeat("x", DefaultMaxBody+1)))
	}), 413, "RequestEntityTooLargeException", "The request body is larger than this server accepts."},
	{"not JSON's media type", func(t *testing.T, r *http.Request) *http.Request {
		r.Header.Set("Content-Type", "text/plain")
		return sign(t, r, "{}", longTerm, "codedeploy", testNow)
	}, 400, "SerializationException", "The Content-Type must be application/x-amz-json-1.1."},
}

var malformedRefusals = []refusal{
	{"no signature", func(_ *testing.T, r *http.Request) *http.Request { return r },
		400, "MissingAuthenticationTokenException", "Missing Authentication Token"},
	{"malformed", after(func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }), 400, "IncompleteSignatureException", "..."},
	{"no Credential", after(func(r *http.Request) {
		r.Header.Set("Authorization", algorithm+" SignedHeaders=host, Signature=0")
	}), 400, "IncompleteSignatureException", "Authorization header requires 'Credential' parameter."},
	{"no SignedHeaders", after(func(r *http.Request) {
		r.Header.Set("Authorization", algorithm+" Credential=a/20260304/r/s/aws4_request, Signature=0")
	}), 400, "IncompleteSignatureException", "Authorization header requires 'SignedHeaders' parameter."},
	{"no Signature", after(func(r *http.Request) {
		r.Header.Set("Authorization", algorithm+" Credential=a/20260304/r/s/aws4_request, SignedHeaders=host")
	}), 400, "IncompleteSignatureException", "Authorization header requires 'Signature' parameter."},
	{"no date", after(func(r *http.Request) { r.Header.Del("X-Amz-Date") }), 400, "IncompleteSignatureException", "..."},
}

const tokenInvalid = "The security token included in the request is invalid."

var unverifiedRefusals = []refusal{
	{"unknown key", resigned(aws.Credentials{AccessKeyID: "AKIDUNKNOWN", SecretAccessKey: "x"}, "codedeploy", testNow), 400, "UnrecognizedClientException", tokenInvalid},
	{"key without a secret", resigned(aws.Credentials{AccessKeyID: "AKIDEMPTY", SecretAccessKey: "any"}, "codedeploy", testNow), 400, "UnrecognizedClientException", tokenInvalid},
	{"wrong session token", resigned(withToken(session, "wrong"), "codedeploy", testNow), 400, "UnrecognizedClientException", tokenInvalid},
	{"token missing", resigned(withToken(session, ""), "codedeploy", testNow), 400, "UnrecognizedClientException", tokenInvalid},
	{"token where none belongs", resigned(withToken(longTerm, "surplus"), "codedeploy", testNow), 400, "UnrecognizedClientException", tokenInvalid},
	{"session expired", resigned(expired, "codedeploy", testNow), 400, "ExpiredTokenException", "The security token included in the request is expired"},
	{"mismatch", after(func(r *http.Request) { replaceInSignature(r, "Signature=", "Signature=0") }), 400, "InvalidSignatureException", mismatchStart + "..."},
	{"too old", resigned(longTerm, "codedeploy", testNow.Add(-maxSkew-time.Second)), 400, "InvalidSignatureException",
		"Signature expired: 20260304T050106Z is now earlier than 20260304T050107Z (20260304T050607Z - 5 min.)"},
	{"too early", resigned(longTerm, "codedeploy", testNow.Add(maxSkew+time.Second)), 400, "InvalidSignatureException",
		"Signature not yet current: 20260304T051108Z is still later than 20260304T051107Z (20260304T050607Z + 5 min.)"},
	{"another service", resigned(longTerm, "lambda", testNow), 400, "InvalidSignatureException", "Credential should be scoped to correct service: 'codedeploy'."},
	{"another day", after(func(r *http.Request) { replaceInSignature(r, "/20260304/", "/20260303/") }), 400, "InvalidSignatureException", "Credential should be scoped to the date of X-Amz-Date."},
	{"no such region", after(func(r *http.Request) { replaceInSignature(r, "eu-west-1", "EU") }), 400, "InvalidSignatureException", "Credential should be scoped to a valid region."},
	{"wrong terminator", after(func(r *http.Request) { replaceInSignature(r, "aws4_request", "aws5_request") }), 400, "InvalidSignatureException", "Credential should be scoped with a valid terminator: 'aws4_request'."},
	{"host not signed", after(func(r *http.Request) { replaceInSignature(r, "host;", "") }), 400, "InvalidSignatureException", "'Host' must be a 'SignedHeader' in the AWS Authorization."},
	{"target not signed", after(func(r *http.Request) { replaceInSignature(r, ";x-amz-target", "") }), 400, "InvalidSignatureException", "'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization."},
}

// TestFramingAndAuthenticationErrors is the table of api.md 1.5, row by row.
func TestFramingAndAuthenticationErrors(t *testing.T) {
	for _, test := range slices.Concat(framingRefusals, malformedRefusals, unverifiedRefusals) {
		t.Run(test.name, func(t *testing.T) {
			var log logBuffer
			a := do(t, strictServer(&log), test.make(t, newCall("{}")))
			start, partly := strings.CutSuffix(test.text, "...")
			if a.status != test.status || a.code != test.code || !strings.HasPrefix(a.text, start) || !partly && a.text != test.text {
				t.Errorf("got %d %s", a.status, a.body)
			}
			if a.text == "" && strings.Contains(a.body, "message") {
				t.Errorf("an empty message is written: %s", a.body)
			}
			if log.Len() > 0 {
				t.Errorf("the caller's fault was logged: %s", log.String())
			}
			checkFrame(t, a)
		})
	}
}

func TestSkewOfFiveMinutesIsAccepted(t *testing.T) {
	for _, skew := range []time.Duration{-maxSkew, maxSkew} {
		r := sign(t, newCall("{}"), "{}", longTerm, "codedeploy", testNow.Add(skew))
		if a := do(t, strictServer(&logBuffer{}), r); a.status != http.StatusOK {
			t.Errorf("%v: %d %s", skew, a.status, a.body)
		}
	}
}

func TestThrottlingAndDenialAreStatus400(t *testing.T) {
	refusal := &Error{Status: 400, Code: "AccessDeniedException", Message: "User: arn is not authorized"}
	server := NewServer(Options{Auth: AnyCredentials()}, codedeployWith(func(context.Context, []byte) (any, error) { return nil, refusal }))
	a := do(t, server, signedCall(t, "{}"))
	if a.status != 400 || a.body != `{"__type":"AccessDeniedException","message":"User: arn is not authorized"}` {
		t.Errorf("got %d %s", a.status, a.body)
	}
}
