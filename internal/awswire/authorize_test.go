package awswire

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// grants allows what it lists, to anybody.
type grants []Permission

func (g grants) Allowed(_ Caller, p Permission) bool { return slices.Contains(g, p) }

func guardedServer(policies Authorizer, limit Limiter, needed PermissionsFunc) *Server {
	service := JSONService("codedeploy", "CodeDeploy_20141006",
		map[string]JSONOperation{"GetApplication": echo}, PermissionsBy(needed))
	return NewServer(Options{Auth: Signed(testKeyring, atTestNow), Authorize: policies, Limit: limit, Now: atTestNow},
		service, lambdaLike{http.HandlerFunc(echoBody)})
}

func TestEveryPermissionIsNeeded(t *testing.T) {
	one, two := Permission{"codedeploy:GetApplication", "arn:one"}, Permission{"codedeploy:Other", "arn:two"}
	needed := func(ctx context.Context, operation string, _ []byte) ([]Permission, error) {
		if CallerFrom(ctx).Account != testAccount || operation != "GetApplication" {
			return nil, errors.New("asked for another call")
		}
		return []Permission{one, two}, nil
	}
	a := do(t, guardedServer(grants{one}, nil, needed), signedCall(t, "{}"))
	const want = "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: codedeploy:Other on resource: arn:two"
	if a.status != 400 || a.code != "AccessDeniedException" || a.text != want {
		t.Errorf("got %d %s", a.status, a.body)
	}
	if a := do(t, guardedServer(grants{one, two}, nil, needed), signedCall(t, "{}")); a.status != 200 {
		t.Errorf("with both permissions: %d %s", a.status, a.body)
	}
	if a := do(t, guardedServer(nil, nil, needed), signedCall(t, "{}")); a.status != 200 {
		t.Errorf("without policies: %d %s", a.status, a.body)
	}
}

func TestUnknownPermissionsAreAFault(t *testing.T) {
	broken := func(context.Context, string, []byte) ([]Permission, error) { return nil, errors.New("disk") }
	a := do(t, guardedServer(grants{}, nil, broken), signedCall(t, "{}"))
	if a.status != 500 || a.code != "InternalFailure" {
		t.Errorf("got %d %s", a.status, a.body)
	}
}

// TestServicesThatNameNoPermissions: nothing is open by being forgotten.
func TestServicesThatNameNoPermissions(t *testing.T) {
	server := func(g grants) *Server {
		return NewServer(Options{Auth: Signed(testKeyring, atTestNow), Authorize: g, Now: atTestNow},
			codedeployWith(echo), lambdaLike{http.HandlerFunc(echoBody)})
	}
	call := func() *http.Request {
		r := httptest.NewRequest(http.MethodGet, "http://example.com/2015-03-31/functions", nil)
		return sign(t, r, "", longTerm, "lambda", testNow)
	}
	if a := do(t, server(nil), call()); a.status != 400 || a.header.Get("X-Amzn-Errortype") != "AccessDeniedException" {
		t.Errorf("lambda without a permission: %d %s", a.status, a.body)
	}
	if a := do(t, server(grants{{"lambda:*", "*"}}), call()); a.status != http.StatusCreated {
		t.Errorf("lambda with its permission: %d %s", a.status, a.body)
	}
	if a := do(t, server(nil), signedCall(t, "{}")); a.code != "AccessDeniedException" {
		t.Errorf("codedeploy without a permission: %d %s", a.status, a.body)
	}
	if a := do(t, server(grants{{"codedeploy:GetApplication", "*"}}), signedCall(t, "{}")); a.status != 200 {
		t.Errorf("codedeploy with its permission: %d %s", a.status, a.body)
	}
}

// TestFaultsComeInOrder: authentication, authorization, throttling, then the
// body (api.md 1.5).
func TestFaultsComeInOrder(t *testing.T) {
	onAnything := func(_ context.Context, operation string, _ []byte) ([]Permission, error) {
		return []Permission{{"codedeploy:" + operation, "*"}}, nil
	}
	const malformed = "{"
	allowed := grants{{"codedeploy:GetApplication", "*"}}
	unsigned, signed := newCall(malformed), signedCall(t, malformed)
	for _, test := range []struct {
		name   string
		server *Server
		call   *http.Request
		want   string
	}{
		{"unsigned", guardedServer(grants{}, PerAccount(1), onAnything), unsigned, "MissingAuthenticationTokenException"},
		{"denied", guardedServer(grants{}, closed{}, onAnything), signed, "AccessDeniedException"},
		{"throttled", guardedServer(allowed, closed{}, onAnything), signedCall(t, malformed), "ThrottlingException"},
	} {
		if a := do(t, test.server, test.call); a.status != 400 || a.code != test.want {
			t.Errorf("%s: got %d %s, want %s", test.name, a.status, a.body, test.want)
		}
	}
}

type closed struct{}

func (closed) Allow(Caller) bool { return false }

func TestPerAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limit := PerAccount(2.5)
		a, b := Caller{Account: testAccount}, Caller{Account: strings.Repeat("4", 12)}
		take := func(c Caller) (n int) {
			for limit.Allow(c) {
				n++
			}
			return n
		}
		if n := take(a); n != 3 {
			t.Errorf("a full bucket gave %d requests, not 3", n)
		}
		if n := take(b); n != 3 {
			t.Errorf("another account got %d requests, not 3", n)
		}
		<-time.After(time.Second) // of the bubble's clock
		if n := take(a); n != 2 {
			t.Errorf("after a second %d requests, not 2", n)
		}
	})
	if !PerAccount(0.1).Allow(Caller{}) {
		t.Error("a slow bucket starts empty")
	}
}
