package awsaccess_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"greenlight/internal/awsaccess"
)

func TestCacheBuildsOnce(t *testing.T) {
	var built atomic.Int64
	cache := awsaccess.NewCache(func(context.Context, awsaccess.As) (*int64, error) {
		return new(built.Add(1)), nil
	})
	first, err := cache.Get(t.Context(), as)
	if err != nil {
		t.Fatal(err)
	}
	again, err := cache.Get(t.Context(), as)
	if err != nil || again != first || built.Load() != 1 {
		t.Errorf("second Get gave %p, %v after %d builds, want %p after 1", again, err, built.Load(), first)
	}
}

func TestCacheKeepsNoErrors(t *testing.T) {
	fails := errors.New("not yet")
	cache := awsaccess.NewCache(func(context.Context, awsaccess.As) (int, error) { return 7, fails })
	if _, err := cache.Get(t.Context(), as); err != fails {
		t.Errorf("error is %v, want %v", err, fails)
	}
	fails = nil
	if v, err := cache.Get(t.Context(), as); v != 7 || err != nil {
		t.Errorf("got %d, %v after the failure passed, want 7", v, err)
	}
}

func TestCacheAgreesOnOneValue(t *testing.T) {
	var all sync.WaitGroup
	var arrived sync.WaitGroup
	arrived.Add(2)
	cache := awsaccess.NewCache(func(context.Context, awsaccess.As) (*int, error) {
		arrived.Done()
		arrived.Wait() // both callers build at the same time
		return new(int), nil
	})
	got := make([]*int, 2)
	for i := range got {
		all.Go(func() { got[i], _ = cache.Get(t.Context(), as) })
	}
	all.Wait()
	if got[0] == nil || got[0] != got[1] {
		t.Errorf("concurrent callers got %p and %p, want one value", got[0], got[1])
	}
}

// A cache of clients must not grow with what people call their roles.
func TestCacheIsBounded(t *testing.T) {
	const tenants = 5000
	var built atomic.Int64
	cache := awsaccess.NewCache(func(context.Context, awsaccess.As) (int64, error) { return built.Add(1), nil })
	for range 2 {
		for i := range tenants {
			if _, err := cache.Get(t.Context(), awsaccess.As{RoleARN: fmt.Sprint(i)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := built.Load(); n <= tenants {
		t.Errorf("%d values built for two rounds of %d: nothing was dropped", n, tenants)
	}
}
