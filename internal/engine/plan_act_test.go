package engine

import (
	"errors"
	"testing"
	"time"

	"greenlight/internal/awsaccess"
)

func TestBackoff(t *testing.T) {
	for n, want := range map[int]time.Duration{
		1: 500 * time.Millisecond, 2: time.Second, 3: 2 * time.Second, 4: 4 * time.Second, 5: 8 * time.Second,
		6: 16 * time.Second, 7: 20 * time.Second, 8: 20 * time.Second, 1000: 20 * time.Second,
	} {
		if got := backoff(n); got != want {
			t.Errorf("pause after failure %d is %s, want %s", n, got, want)
		}
	}
}

// lambda.md 4.4: what is tried again, and for how long.
func TestPatience(t *testing.T) {
	for kind, want := range map[awsaccess.FaultKind]time.Duration{
		awsaccess.Throttled: 5 * time.Minute, awsaccess.Unavailable: 5 * time.Minute, awsaccess.Conflict: 30 * time.Second,
		awsaccess.NotFound: 0, awsaccess.Denied: 0, awsaccess.Invalid: 0, awsaccess.Precondition: 0,
		awsaccess.RoleDenied: 0, awsaccess.RoleMissing: 0,
	} {
		if got := patience(kind); got != want {
			t.Errorf("%s is tried again for %s, want %s", kind, got, want)
		}
	}
}

func TestAnErrorWithoutAFaultIsAnOutage(t *testing.T) {
	cause := errors.New("a wire was cut")
	if fault := asFault(cause); fault.Kind != awsaccess.Unavailable || !errors.Is(fault, cause) {
		t.Errorf("fault is %+v", fault)
	}
	denied := &awsaccess.Fault{Kind: awsaccess.Denied}
	if fault := asFault(errors.Join(denied)); fault != denied {
		t.Errorf("fault is %+v, want the one inside", fault)
	}
}
