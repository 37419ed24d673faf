package awswire

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const (
	testTarget  = "CodeDeploy_20141006.GetApplication"
	testAccount = "111122223333"
)

var (
	testNow     = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	longTerm    = aws.Credentials{AccessKeyID: "AKIDLONGTERM", SecretAccessKey: "the-long-term-secret"}
	session     = aws.Credentials{AccessKeyID: "ASIASESSION", SecretAccessKey: "the-session-secret", SessionToken: "tok/en+with=signs"}
	expired     = aws.Credentials{AccessKeyID: "ASIAEXPIRED", SecretAccessKey: "the-expired-secret", SessionToken: "old-token"}
	testKeyring = keyring{
		longTerm.AccessKeyID: {SecretAccessKey: longTerm.SecretAccessKey, Account: testAccount,
			PrincipalARN: "arn:aws:iam::111122223333:user/alice"},
		session.AccessKeyID: {SecretAccessKey: session.SecretAccessKey, SessionToken: session.SessionToken,
			SessionExpires: testNow.Add(time.Hour), Account: testAccount},
		expired.AccessKeyID: {SecretAccessKey: expired.SecretAccessKey, SessionToken: expired.SessionToken,
			SessionExpires: testNow, Account: testAccount},
		"AKIDEMPTY": {Account: testAccount},
	}
)

type keyring map[string]Secret

func (k keyring) Key(id string) (Secret, bool) {
	s, ok := k[id]
	return s, ok
}

func atTestNow() time.Time { return testNow }

func hashOf(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

// newCall returns an unsigned GetApplication request.
func newCall(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "http://codedeploy.eu-west-1.example.com/", strings.NewReader(body))
	r.Header.Set("Content-Type", jsonContentType)
	r.Header.Set("X-Amz-Target", testTarget)
	return r
}

// sign signs r as an SDK does.
func sign(t testing.TB, r *http.Request, body string, c aws.Credentials, service string, at time.Time) *http.Request {
	t.Helper()
	err := v4.NewSigner().SignHTTP(context.Background(), c, r, hashOf(body), service, "eu-west-1", at)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func signedCall(t testing.TB, body string) *http.Request {
	return sign(t, newCall(body), body, longTerm, "codedeploy", testNow)
}

// logBuffer collects log text.
type logBuffer struct{ bytes.Buffer }

func (b *logBuffer) logger() *slog.Logger { return slog.New(slog.NewTextHandler(&b.Buffer, nil)) }

// echo answers with who called.
func echo(ctx context.Context, _ []byte) (any, error) { return CallerFrom(ctx), nil }

func codedeployWith(operation JSONOperation) Service {
	return JSONService("codedeploy", "CodeDeploy_20141006", map[string]JSONOperation{"GetApplication": operation})
}

type answer struct {
	status int
	header http.Header
	body   string
	code   string // __type
	text   string // message
}

func do(t testing.TB, h http.Handler, r *http.Request) answer {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{status: w.Code, header: w.Result().Header, body: string(body)}
	var e struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	if len(body) > 0 && json.Unmarshal(body, &e) == nil {
		a.code, a.text = e.Type, e.Message
	}
	return a
}
