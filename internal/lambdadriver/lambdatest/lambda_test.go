package lambdatest_test

import (
	"errors"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"greenlight/internal/awsaccess"
	"greenlight/internal/awsaccess/awstest"
	"greenlight/internal/lambdadriver"
	"greenlight/internal/lambdadriver/lambdatest"
)

var as = awstest.As

func newFake() (*lambdatest.Lambda, *lambdadriver.Driver) {
	fake := lambdatest.New()
	fake.AddFunction(as.Account, as.Region, "f", "1", "2", "3")
	fake.SetAlias(as.Account, as.Region, "f", "live", "1", nil)
	return fake, lambdadriver.New(fake.Access())
}

func update(version string, weights map[string]float64) lambdadriver.AliasUpdate {
	return lambdadriver.AliasUpdate{Function: "f", Name: "live", Version: version, Weights: weights}
}

func TestScriptsRunOneAfterTheOther(t *testing.T) {
	fake, driver := newFake()
	fake.Fail(lambdatest.GetAlias, 2, lambdatest.TooManyRequests)
	fake.Fail(lambdatest.GetAlias, 0, lambdatest.AccessDenied)
	fake.Fail(lambdatest.GetAlias, 1, lambdatest.ServiceException)
	var codes []string
	for range 4 {
		_, err := driver.Alias(t.Context(), as, "f", "live")
		codes = append(codes, code(err))
	}
	want := []string{"TooManyRequestsException", "TooManyRequestsException", "ServiceException", ""}
	if diff := cmp.Diff(want, codes); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

func code(err error) string {
	var fault *awsaccess.Fault
	if errors.As(err, &fault) {
		return fault.Code
	}
	return ""
}

func TestForeverLastsUntilHealed(t *testing.T) {
	fake, driver := newFake()
	fake.Fail(lambdatest.GetAlias, lambdatest.Forever, lambdatest.TooManyRequests)
	for range 5 {
		if _, err := driver.Alias(t.Context(), as, "f", "live"); code(err) != "TooManyRequestsException" {
			t.Fatalf("error is %v, want to be throttled", err)
		}
	}
	fake.Heal(lambdatest.GetAlias)
	if _, err := driver.Alias(t.Context(), as, "f", "live"); err != nil {
		t.Error(err)
	}
}

func TestLieShowsTheStateBeforeTheLastWrite(t *testing.T) {
	fake, driver := newFake()
	if _, err := driver.UpdateAlias(t.Context(), as, update("2", nil)); err != nil {
		t.Fatal(err)
	}
	fake.Fail(lambdatest.UpdateAlias, 1, lambdatest.Failure{Lie: true})
	fake.Fail(lambdatest.GetAlias, 1, lambdatest.Failure{Lie: true})
	fake.Fail(lambdatest.Invoke, 1, lambdatest.Failure{Lie: true})
	written, err := driver.UpdateAlias(t.Context(), as, update("3", nil))
	if err != nil || written.Version != "1" {
		t.Errorf("a lying write answers %+v, %v, want version 1", written, err)
	}
	read, err := driver.Alias(t.Context(), as, "f", "live")
	if err != nil || read.Version != "1" {
		t.Errorf("a lying read answers %+v, %v, want version 1", read, err)
	}
	if err := driver.InvokeHook(t.Context(), as, "f", nil); err != nil || len(fake.Invocations("f")) != 0 {
		t.Errorf("a lying invoke answers %v with %d invocations, want neither", err, len(fake.Invocations("f")))
	}
	if a, _ := fake.Alias(as.Account, as.Region, "f", "live"); a.Version != "2" {
		t.Errorf("the alias is on %s after the lies, want 2", a.Version)
	}
}

func TestStallGoesOnWhenReleased(t *testing.T) {
	fake, driver := newFake()
	release := make(chan struct{})
	fake.Fail(lambdatest.UpdateAlias, 1, lambdatest.Failure{Stall: release})
	done := make(chan error)
	go func() {
		_, err := driver.UpdateAlias(t.Context(), as, update("2", nil))
		done <- err
	}()
	select {
	case err := <-done:
		t.Fatal("the call did not stall:", err)
	case release <- struct{}{}: // only a stalled call receives
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestUpdatesAreRecordedAsSent(t *testing.T) {
	fake, driver := newFake()
	steps := []lambdadriver.AliasUpdate{
		update("1", map[string]float64{"2": 0.1}),
		update("1", map[string]float64{"2": 0.1, "3": 0.1}),
		update("1", map[string]float64{"1": 0.1}),
		update("1", map[string]float64{"2": 1.5}),
		update("9", nil),
		update("2", nil),
	}
	for _, u := range steps {
		driver.UpdateAlias(t.Context(), as, u)
	}
	var want []lambdatest.Update
	for i, u := range steps {
		weights := u.Weights
		if weights == nil {
			weights = map[string]float64{}
		}
		want = append(want, lambdatest.Update{
			Account: as.Account, Region: as.Region, Function: "f", Alias: "live",
			Version: u.Version, Weights: weights, Granted: i == 0 || i == len(steps)-1,
		})
	}
	if diff := cmp.Diff(want, fake.Updates("f", "live"), cmpopts.IgnoreFields(lambdatest.Update{}, "Time")); diff != "" {
		t.Errorf("updates (-want +got):\n%s", diff)
	}
}

// L18: a hook may report before Invoke is answered.
func TestL18OnInvokeRunsBeforeTheAnswer(t *testing.T) {
	fake, driver := newFake()
	var told string
	fake.OnInvoke(func(in lambdatest.Invocation) {
		told = string(in.Payload)
		fake.Alias(as.Account, as.Region, "f", "live") // the listener may look at the far side
	})
	if err := driver.InvokeHook(t.Context(), as, "f", []byte(`{"a":1}`)); err != nil {
		t.Fatal(err)
	}
	if told != `{"a":1}` {
		t.Errorf("the listener was told %q before the answer", told)
	}
}

// What Transport makes of a dropped connection, a real server makes too.
func TestDropsOverSocket(t *testing.T) {
	fake, _ := newFake()
	server := httptest.NewServer(fake)
	defer server.Close()
	driver := lambdadriver.New(awstest.Access(server.URL, server.Client()))
	for _, failure := range []lambdatest.Failure{{DropBefore: true}, {DropAfter: true}} {
		fake.Fail(lambdatest.UpdateAlias, lambdatest.Forever, failure)
		var fault *awsaccess.Fault
		_, err := driver.UpdateAlias(t.Context(), as, update("1", nil))
		if !errors.As(err, &fault) || fault.Kind != awsaccess.Unavailable {
			t.Errorf("error is %v, want a fault of kind Unavailable", err)
		}
		fake.Heal(lambdatest.UpdateAlias)
	}
}

func TestAccountIsTheAccessKeyWhenItNamesOne(t *testing.T) {
	fake := lambdatest.New()
	fake.AddFunction(lambdatest.DefaultAccount, as.Region, "f", "1")
	fake.SetAlias(lambdatest.DefaultAccount, as.Region, "f", "live", "1", nil)
	driver := lambdadriver.New(fake.Access())
	for account, found := range map[string]bool{"AKIDEXAMPLE": true, "12345678901x": true, as.Account: false} {
		_, err := driver.Alias(t.Context(), awsaccess.As{Account: account, Region: as.Region}, "f", "live")
		if (err == nil) != found {
			t.Errorf("access key %s: error is %v, want found: %t", account, err, found)
		}
	}
}
