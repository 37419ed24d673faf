package ecstest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"greenlight/internal/awsaccess"
	"greenlight/internal/awsaccess/awstest"
	"greenlight/internal/ecsdriver"
	"greenlight/internal/ecsdriver/ecstest"
)

var as = awstest.As

var l80 = ecstest.ListenerARN("app", "l80")

// newCloud is fixture F of ecs.md 16.
func newCloud() (*ecstest.Cloud, ecsdriver.Pair) {
	c := ecstest.New()
	pair := ecsdriver.Pair{Blue: c.AddTargetGroup("tgA"), Green: c.AddTargetGroup("tgB")}
	c.AddService("c1", "s1", 2, "app:1", pair.Blue)
	c.AddListener(l80, ecstest.Default(ecstest.To(pair.Blue)))
	return c, pair
}

func create(t *testing.T, c *ecstest.Cloud, token string) ecsdriver.TaskSet {
	t.Helper()
	set, err := c.CreateTaskSet(t.Context(), as, ecsdriver.TaskSetSpec{
		Cluster: "c1", Service: "s1", TaskDefinition: "app:2", ExternalID: token, ClientToken: token,
		TargetGroupARN: ecstest.TargetGroupARN("tgB"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func read(t *testing.T, c *ecstest.Cloud) []ecsdriver.TaskSet {
	t.Helper()
	s, err := c.Service(t.Context(), as, "c1", "s1")
	if err != nil {
		t.Fatal(err)
	}
	return s.TaskSets
}

func wantCounts(t *testing.T, set ecsdriver.TaskSet, stability string, desired, pending, running int) {
	t.Helper()
	if set.Stability != stability || set.Desired != desired || set.Pending != pending || set.Running != running {
		t.Errorf("task set is %+v, want %s %d,%d,%d", set, stability, desired, pending, running)
	}
}

func TestTaskSetsBecomeSteadyWhenTold(t *testing.T) {
	c, _ := newCloud()
	wantCounts(t, create(t, c, "d-1"), "STABILIZING", 2, 0, 0)
	c.Settle("c1", "s1")
	green := read(t, c)[1]
	wantCounts(t, green, ecsdriver.Steady, 2, 0, 2)
	c.Unsettle("c1", "s1", green.ID)
	wantCounts(t, read(t, c)[1], "STABILIZING", 2, 1, 1)
	c.Settle("c1", "s1")
	c.Scale("c1", "s1", 6)
	for _, set := range read(t, c) {
		wantCounts(t, set, "STABILIZING", 6, 4, 2)
	}
	c.AlwaysSteady(true)
	wantCounts(t, create(t, c, "d-2"), ecsdriver.Steady, 6, 0, 6)
}

func TestDeletedTaskSetDrainsAndGoes(t *testing.T) {
	for _, keep := range []bool{false, true} {
		t.Run(fmt.Sprint("kept ", keep), func(t *testing.T) {
			c, _ := newCloud()
			c.KeepDraining(keep)
			c.AlwaysSteady(true)
			green := create(t, c, "d-1")
			if err := c.DeleteTaskSet(t.Context(), as, "c1", "s1", green.ARN); err != nil {
				t.Fatal(err)
			}
			sets := read(t, c)
			if len(sets) != 2 || sets[1].Status != ecsdriver.StatusDrain {
				t.Fatalf("task sets are %+v, want the deleted one draining", sets)
			}
			wantCounts(t, sets[1], ecsdriver.Steady, 0, 0, 2)
			if n := len(read(t, c)); (n == 2) != keep {
				t.Errorf("%d task sets at the second look, want the deleted one kept: %t", n, keep)
			}
		})
	}
}

func TestSixthTaskSetIsRefused(t *testing.T) {
	c, _ := newCloud()
	for i := range 4 {
		create(t, c, fmt.Sprint("d-", i))
	}
	_, err := c.CreateTaskSet(t.Context(), as, ecsdriver.TaskSetSpec{Cluster: "c1", Service: "s1", ClientToken: "d-4"})
	fault, ok := errors.AsType[*awsaccess.Fault](err)
	if !ok || fault.Code != "InvalidParameterException" || fault.Operation != ecstest.CreateTaskSet {
		t.Errorf("error is %v, want ECS's limit of five", err)
	}
}

func TestServiceThatIsNotActive(t *testing.T) {
	c, _ := newCloud()
	c.EditService("c1", "s1", func(s *ecsdriver.Service) { s.Status = "DRAINING" })
	err := c.PromoteTaskSet(t.Context(), as, "c1", "s1", "ecs-svc/1")
	if fault, ok := errors.AsType[*awsaccess.Fault](err); !ok || fault.Code != "ServiceNotActiveException" {
		t.Errorf("error is %v, want ServiceNotActiveException", err)
	}
	c.RemoveService("c1", "s1")
	_, err = c.Service(t.Context(), as, "c1", "s1")
	if fault, ok := errors.AsType[*awsaccess.Fault](err); !ok || fault.Code != "MISSING" {
		t.Errorf("error is %v, want MISSING", err)
	}
}

func TestFailuresInARow(t *testing.T) {
	c, pair := newCloud()
	throttled := ecstest.Fault(awsaccess.Throttled, awsaccess.ServiceELB, "Throttling", "Rate exceeded")
	c.Fail(ecstest.Shift, 1, ecstest.Failure{Err: throttled})
	c.Fail(ecstest.Shift, 1, ecstest.Failure{Err: throttled, Lost: true})
	c.Fail(ecstest.Shift, ecstest.Forever, ecstest.Failure{Err: throttled})
	shift := func(green int) error {
		_, err := c.Shift(t.Context(), as, l80, pair, green)
		return err
	}
	for _, want := range []int{1, 90, 90, 90} { // the weight of blue afterwards
		if err := shift(10); err == nil {
			t.Error("a scripted call succeeded")
		}
		if got := c.Weights(l80, l80)[0].Weight; got != want {
			t.Errorf("blue's weight is %d, want %d", got, want)
		}
	}
	c.Heal(ecstest.Shift)
	if err := shift(20); err != nil {
		t.Error(err)
	}
	if err := shift(20); err != nil {
		t.Error(err)
	}
	if got := c.Shifts(l80); !slices.Equal(got, []int{10, 20}) {
		t.Errorf("shifts are %v, want the lost one and the last one, once", got)
	}
	if n := len(c.Calls(ecstest.Shift)); n != 6 {
		t.Errorf("%d calls, want all 6", n)
	}
}

func TestStalledCallGoesOnOrEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := newCloud()
		release := make(chan struct{})
		c.Fail(ecstest.Service, 2, ecstest.Failure{Stall: release})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := c.Service(ctx, as, "c1", "s1"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error is %v, want the context's own", err)
		}
		result := make(chan error)
		go func() {
			_, err := c.Service(t.Context(), as, "c1", "s1")
			result <- err
		}()
		synctest.Wait()
		if calls := c.Calls(); len(calls) != 2 || !calls[0].Done || calls[1].Done {
			t.Errorf("calls are %+v, want the second one under way", calls)
		}
		close(release)
		if err := <-result; err != nil {
			t.Error(err)
		}
	})
}

// E48: the far side changes under a call.
func TestOnCallMayChangeTheFarSide(t *testing.T) {
	c, pair := newCloud()
	c.OnCall(func(call ecstest.Call) {
		if call.Operation == ecstest.Shift {
			c.SetForward(l80, l80, ecstest.To(c.AddTargetGroup("tgX")))
		}
	})
	_, err := c.Shift(t.Context(), as, l80, pair, 10)
	if fault, ok := errors.AsType[*awsaccess.Fault](err); !ok || fault.Code != ecsdriver.CodeNotBehindListener {
		t.Errorf("error is %v, want a listener that was taken over", err)
	}
}

func TestShiftToADeletedTargetGroup(t *testing.T) {
	c, pair := newCloud()
	c.RemoveTargetGroup("tgB")
	_, err := c.Shift(t.Context(), as, l80, pair, 10)
	if fault, ok := errors.AsType[*awsaccess.Fault](err); !ok || fault.Code != "TargetGroupNotFound" || len(c.Shifts(l80)) != 0 {
		t.Errorf("error is %v, want TargetGroupNotFound and nothing written", err)
	}
}

func TestCallsTellWhatWasAsked(t *testing.T) {
	c, pair := newCloud()
	rule := ecstest.RuleARN(l80, 5)
	c.AddListener(l80, ecstest.Default(), ecstest.At(5, ecstest.To(pair.Blue)))
	if _, err := c.Attach(t.Context(), as, l80, pair); err != nil {
		t.Fatal(err)
	}
	call := c.Calls()[0]
	if call.Operation != ecstest.Attach || call.As != as || call.Listener != l80 || call.Pair != pair || !slices.Equal(call.Wrote, []string{rule}) {
		t.Errorf("call is %+v", call)
	}
}

func TestConcurrentUse(t *testing.T) {
	c, pair := newCloud()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			_, _ = c.Shift(t.Context(), as, l80, pair, 10*i)
			_, _ = c.Service(t.Context(), as, "c1", "s1")
			c.Scale("c1", "s1", i)
			c.Settle("c1", "s1")
			_, _ = c.Listener(t.Context(), as, l80)
		})
	}
	all.Wait()
	if n := len(c.Calls()); n != 24 {
		t.Errorf("%d calls recorded, want 24", n)
	}
}
