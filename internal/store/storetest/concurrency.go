package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"

	"greenlight/internal/store"
)

// testOneActive lets 20 callers deploy to one group at the same moment
// (api.md, CreateDeployment: exactly one concurrent caller wins).
func testOneActive(t *testing.T, s *suite) {
	s.orders(t, "live", "test")
	const callers = 20
	failures := make([]error, callers)
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() {
			failures[i] = s.store.Tx(t.Context(), func(tx *store.Tx) error {
				return tx.InsertDeployment(deployment(fmt.Sprintf("d-%02d", i), "orders-live", 1))
			})
		})
	}
	all.Wait()
	winner, found, err := activeOf(t, s, "orders-live")
	if err != nil || !found {
		t.Fatalf("nobody won: %v", err)
	}
	for i, err := range failures {
		var busy *store.BusyError
		switch id := fmt.Sprintf("d-%02d", i); {
		case id == winner && err != nil:
			t.Errorf("winner %s: %v", id, err)
		case id != winner && !errors.As(err, &busy):
			t.Errorf("loser %s: %v", id, err)
		case id != winner && busy.ActiveID != winner:
			t.Errorf("loser %s was told of %s, not of %s", id, busy.ActiveID, winner)
		}
	}
	s.insert(t, deployment("d-elsewhere", "orders-test", 1))
}

// testLostUpdates lets workers add to one deployment's progress, each from
// what it read outside the saving transaction.
func testLostUpdates(t *testing.T, s *suite) {
	s.orders(t, "live")
	d := deployment("d-1", "orders-live", 1)
	d.Progress = json.RawMessage("0")
	s.insert(t, d)
	const workers, each = 8, 10
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for done := 0; done < each; {
				err := addOne(t, s)
				if err == nil {
					done++
				} else if !errors.Is(err, store.ErrStale) {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	got := s.deployment(t, "d-1")
	if string(got.Progress) != fmt.Sprint(workers*each) || got.Version != workers*each {
		t.Errorf("progress %s, version %d; want %d of both", got.Progress, got.Version, workers*each)
	}
}

func addOne(t *testing.T, s *suite) error {
	var d store.Deployment
	err := s.store.View(t.Context(), func(tx *store.Tx) (err error) {
		d, err = tx.Deployment("d-1")
		return err
	})
	if err != nil {
		return err
	}
	var n int
	if err := json.Unmarshal(d.Progress, &n); err != nil {
		return err
	}
	d.Progress = json.RawMessage(fmt.Sprint(n + 1))
	return s.store.Tx(t.Context(), func(tx *store.Tx) error { return tx.SaveDeployment(d) })
}

// testTransactions runs many transactions at once, every third of which fails after it
// wrote: it leaves nothing, gets its own error, and hurts nobody.
func testTransactions(t *testing.T, s *suite) {
	const callers = 60
	mine := make([]error, callers)
	failures := make([]error, callers)
	var all sync.WaitGroup
	for i := range callers {
		if i%3 == 0 {
			mine[i] = fmt.Errorf("caller %d", i)
		}
		all.Go(func() {
			failures[i] = s.store.Tx(t.Context(), func(tx *store.Tx) error {
				if err := tx.CreateApplication(application(fmt.Sprintf("%02d", i))); err != nil {
					return err
				}
				return mine[i]
			})
		})
	}
	all.Wait()
	var want []string
	for i, err := range failures {
		if err != mine[i] {
			t.Errorf("caller %d got %v, want %v", i, err, mine[i])
		}
		if mine[i] == nil {
			want = append(want, fmt.Sprintf("%02d", i))
		}
	}
	names := view(t, s, func(tx *store.Tx) ([]string, error) { return tx.ListApplications(scope, "", callers) })
	same(t, "applications", names, want)
	err := s.store.View(t.Context(), func(tx *store.Tx) error { return tx.CreateApplication(application("view")) })
	if err == nil {
		t.Error("a View could write")
	}
}
