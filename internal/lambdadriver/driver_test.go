package lambdadriver_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"greenlight/internal/awsaccess"
	"greenlight/internal/awsaccess/awstest"
	"greenlight/internal/lambdadriver"
	"greenlight/internal/lambdadriver/lambdatest"
)

var as = awstest.As

// newFake has function f with versions 1 to 3, alias live on 1, and a hook.
func newFake() (*lambdatest.Lambda, *lambdadriver.Driver) {
	fake := lambdatest.New()
	fake.AddFunction(as.Account, as.Region, "f", "1", "2", "3")
	fake.SetAlias(as.Account, as.Region, "f", "live", "1", nil)
	fake.AddFunction(as.Account, as.Region, "CodeDeployHook_pre", "1")
	return fake, lambdadriver.New(fake.Access())
}

func shift(revision string) lambdadriver.AliasUpdate {
	return lambdadriver.AliasUpdate{
		Function: "f", Name: "live", Version: "1", Weights: map[string]float64{"2": 0.1}, RevisionID: revision,
	}
}

func wantKind(t *testing.T, err error, kind awsaccess.FaultKind) {
	t.Helper()
	var fault *awsaccess.Fault
	if !errors.As(err, &fault) || fault.Kind != kind || fault.Service != awsaccess.ServiceLambda {
		t.Errorf("error is %v, want a fault of AWSLambda of kind %s", err, kind)
	}
}

// Every row of lambda.md 4.4.
func TestErrorsWhileShifting(t *testing.T) {
	for _, c := range []struct {
		name    string
		failure lambdatest.Failure
		kind    awsaccess.FaultKind
	}{
		{"5xx", lambdatest.ServiceException, awsaccess.Unavailable},
		{"connection lost before the work", lambdatest.Failure{DropBefore: true}, awsaccess.Unavailable},
		{"connection lost after the work", lambdatest.Failure{DropAfter: true}, awsaccess.Unavailable},
		{"too many requests", lambdatest.TooManyRequests, awsaccess.Throttled},
		{"access denied", lambdatest.AccessDenied, awsaccess.Denied},
		{"gone", lambdatest.NotFound, awsaccess.NotFound},
		{"invalid parameter", lambdatest.InvalidParameter, awsaccess.Invalid},
		{"foreign change", lambdatest.Precondition, awsaccess.Precondition},
		{"conflict", lambdatest.ResourceConflict, awsaccess.Conflict},
	} {
		t.Run(c.name, func(t *testing.T) {
			fake, driver := newFake()
			fake.Fail(lambdatest.UpdateAlias, 1, c.failure)
			_, err := driver.UpdateAlias(t.Context(), as, shift(""))
			wantKind(t, err, c.kind)
			if _, err := driver.UpdateAlias(t.Context(), as, shift("")); err != nil {
				t.Errorf("after one failure: %v", err)
			}
		})
	}
}

func TestLostAnswerMayHaveDoneTheWork(t *testing.T) {
	for name, c := range map[string]struct {
		failure lambdatest.Failure
		done    bool
	}{
		"before": {lambdatest.Failure{DropBefore: true}, false},
		"after":  {lambdatest.Failure{DropAfter: true}, true},
	} {
		t.Run(name, func(t *testing.T) {
			fake, driver := newFake()
			fake.Fail(lambdatest.UpdateAlias, 1, c.failure)
			_, err := driver.UpdateAlias(t.Context(), as, shift(""))
			wantKind(t, err, awsaccess.Unavailable)
			if a, _ := fake.Alias(as.Account, as.Region, "f", "live"); (a.Weights["2"] == 0.1) != c.done {
				t.Errorf("alias is %+v, want shifted: %t", a, c.done)
			}
		})
	}
}

// wire keeps what went over it.
type wire struct {
	http.RoundTripper
	request *http.Request
	body    string
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.request = r
	if r.Body != nil {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		w.body, r.Body = string(text), io.NopCloser(strings.NewReader(string(text)))
	}
	return w.RoundTripper.RoundTrip(r)
}

func onWire(fake *lambdatest.Lambda) (*wire, *lambdadriver.Driver) {
	w := &wire{RoundTripper: fake.Transport()}
	return w, lambdadriver.New(awstest.Access(lambdatest.Endpoint, &http.Client{Transport: w}))
}

// The two bodies of lambda.md 4.3, to the letter: the empty map is there, the description is not.
func TestUpdateAliasBodies(t *testing.T) {
	for name, c := range map[string]struct {
		version string
		weights map[string]float64
		body    string
	}{
		"step":               {"1", map[string]float64{"2": 0.3}, `"RoutingConfig":{"AdditionalVersionWeights":{"2":0.3}}`},
		"final, nil weights": {"2", nil, `"RoutingConfig":{"AdditionalVersionWeights":{}}`},
		"final, no weights":  {"2", map[string]float64{}, `"RoutingConfig":{"AdditionalVersionWeights":{}}`},
	} {
		t.Run(name, func(t *testing.T) {
			fake, _ := newFake()
			w, driver := onWire(fake)
			alias, _ := fake.Alias(as.Account, as.Region, "f", "live")
			_, err := driver.UpdateAlias(t.Context(), as, lambdadriver.AliasUpdate{
				Function: "f", Name: "live", Version: c.version, Weights: c.weights, RevisionID: alias.RevisionID,
			})
			if err != nil {
				t.Fatal(err)
			}
			want := []string{c.body, `"FunctionVersion":"` + c.version + `"`, `"RevisionId":"` + alias.RevisionID + `"`}
			for _, part := range want {
				if !strings.Contains(w.body, part) {
					t.Errorf("body is %s, want %s in it", w.body, part)
				}
			}
			if strings.Contains(w.body, "Description") || w.request.URL.Path != "/2015-03-31/functions/f/aliases/live" {
				t.Errorf("sent %s %s", w.request.URL.Path, w.body)
			}
		})
	}
}

func TestUpdateWithoutRevisionSendsNone(t *testing.T) {
	fake, _ := newFake()
	w, driver := onWire(fake)
	if _, err := driver.UpdateAlias(t.Context(), as, shift("")); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(w.body, "RevisionId") {
		t.Errorf("body is %s, want no RevisionId", w.body)
	}
}

// L37: the second writer with the first one's revision is refused and writes nothing.
func TestL37ForeignChangeIsRefused(t *testing.T) {
	fake, driver := newFake()
	a, err := driver.UpdateAlias(t.Context(), as, shift(""))
	if err != nil {
		t.Fatal(err)
	}
	fake.SetAlias(as.Account, as.Region, "f", "live", "3", nil)
	_, err = driver.UpdateAlias(t.Context(), as, lambdadriver.AliasUpdate{
		Function: "f", Name: "live", Version: "2", RevisionID: a.RevisionID,
	})
	wantKind(t, err, awsaccess.Precondition)
	var granted []bool
	for _, u := range fake.Updates("f", "live") {
		granted = append(granted, u.Granted)
	}
	if diff := cmp.Diff([]bool{true, false}, granted); diff != "" {
		t.Errorf("granted updates (-want +got):\n%s", diff)
	}
}

func TestProvisionedConcurrencyIsReported(t *testing.T) {
	for _, want := range []lambdadriver.Provisioned{
		{Configured: true, Status: "IN_PROGRESS"},
		{Configured: true, Status: "READY"},
		{Configured: true, Status: "FAILED", Reason: "not enough capacity"},
		{},
	} {
		t.Run("status "+want.Status, func(t *testing.T) {
			fake, driver := newFake()
			fake.SetProvisioned(as.Account, as.Region, "f", "live", want.Status, want.Reason)
			got, err := driver.ProvisionedConcurrency(t.Context(), as, "f", "live")
			if err != nil || got != want {
				t.Errorf("got %+v, %v, want %+v", got, err, want)
			}
		})
	}
}

// L40, and the other answers that mean "go on without waiting" (lambda.md 4.5).
func TestL40ProvisionedConcurrencyIsOptional(t *testing.T) {
	for name, failure := range map[string]lambdatest.Failure{
		"no endpoint":        {Status: 404, Message: "page not found"},
		"method not allowed": {Status: 405},
		"not implemented":    {Status: 501, Code: "NotImplemented"},
		"unknown operation":  {Status: 400, Code: "UnknownOperationException"},
		"access denied":      lambdatest.AccessDenied,
		"not found":          lambdatest.NotFound,
	} {
		t.Run(name, func(t *testing.T) {
			fake, driver := newFake()
			fake.SetProvisioned(as.Account, as.Region, "f", "live", "READY", "")
			fake.Fail(lambdatest.GetProvisionedConcurrencyConfig, 1, failure)
			got, err := driver.ProvisionedConcurrency(t.Context(), as, "f", "live")
			if err != nil || got != (lambdadriver.Provisioned{}) {
				t.Errorf("got %+v, %v, want not configured", got, err)
			}
		})
	}
}

func TestProvisionedConcurrencyTellsRealFailures(t *testing.T) {
	for kind, failure := range map[awsaccess.FaultKind]lambdatest.Failure{
		awsaccess.Throttled:   lambdatest.TooManyRequests,
		awsaccess.Unavailable: lambdatest.ServiceException,
		awsaccess.Invalid:     lambdatest.InvalidParameter,
	} {
		t.Run(string(kind), func(t *testing.T) {
			fake, driver := newFake()
			fake.Fail(lambdatest.GetProvisionedConcurrencyConfig, 1, failure)
			_, err := driver.ProvisionedConcurrency(t.Context(), as, "f", "live")
			wantKind(t, err, kind)
		})
	}
}

// The name goes out verbatim in any form Lambda knows (lambda.md 5.1).
func TestHookIsInvokedAsEvent(t *testing.T) {
	const payload = `{"DeploymentId":"d-0B7YUA91L","LifecycleEventHookExecutionId":"e"}`
	for _, name := range []string{
		"CodeDeployHook_pre",
		"CodeDeployHook_pre:1",
		as.Account + ":function:CodeDeployHook_pre",
		"arn:aws:lambda:eu-west-1:" + as.Account + ":function:CodeDeployHook_pre:1",
	} {
		t.Run(name, func(t *testing.T) {
			fake, driver := newFake()
			if err := driver.InvokeHook(t.Context(), as, name, []byte(payload)); err != nil {
				t.Fatal(err)
			}
			got := fake.Invocations("CodeDeployHook_pre")
			if len(got) != 1 {
				t.Fatalf("%d invocations, want 1", len(got))
			}
			in := got[0]
			if in.FunctionName != name || in.Qualifier != "" || in.LogType != "" || in.Type != "Event" || string(in.Payload) != payload {
				t.Errorf("invocation is %+v with payload %s", in, in.Payload)
			}
		})
	}
}

// L12, L13, L14 and their kin (lambda.md 5.4).
func TestHookFaults(t *testing.T) {
	for kind, failure := range map[awsaccess.FaultKind]lambdatest.Failure{
		awsaccess.NotFound:    lambdatest.NotFound,
		awsaccess.Denied:      lambdatest.AccessDenied,
		awsaccess.Throttled:   lambdatest.TooManyRequests,
		awsaccess.Unavailable: {Status: 200, Message: "a far side that ran the function instead of queueing it"},
	} {
		t.Run(string(kind), func(t *testing.T) {
			fake, driver := newFake()
			fake.Fail(lambdatest.Invoke, 1, failure)
			wantKind(t, driver.InvokeHook(t.Context(), as, "CodeDeployHook_pre", []byte("{}")), kind)
		})
	}
}

func TestStalledCallEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake, driver := newFake()
		fake.Fail(lambdatest.GetAlias, 1, lambdatest.Failure{Stall: make(chan struct{})})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := driver.Alias(ctx, as, "f", "live")
		var fault *awsaccess.Fault
		if errors.As(err, &fault) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error is %v, want the context's own", err)
		}
	})
}

func TestAccountsSeeTheirOwnFunctions(t *testing.T) {
	_, driver := newFake()
	for _, other := range []awsaccess.As{
		{Account: "210987654321", Region: as.Region},
		{Account: as.Account, Region: "us-east-1"},
	} {
		_, err := driver.Alias(t.Context(), other, "f", "live")
		wantKind(t, err, awsaccess.NotFound)
	}
}

// An SDK that renames a middleware would fall back to its whole stack unnoticed (see lean): the headers that the removed ones
// would send tell.
func TestCallsStayLean(t *testing.T) {
	fake, _ := newFake()
	w, driver := onWire(fake)
	if _, err := driver.Alias(t.Context(), as, "f", "live"); err != nil {
		t.Fatal(err)
	}
	if agent := w.request.Header.Get("User-Agent"); agent != "greenlight" {
		t.Errorf("user agent is %q", agent)
	}
	for _, header := range []string{"Amz-Sdk-Invocation-Id", "Amz-Sdk-Request"} {
		if _, ok := w.request.Header[header]; ok {
			t.Errorf("header %s is sent: its middleware was not taken out", header)
		}
	}
}
