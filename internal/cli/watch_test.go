package cli

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// story is a source that tells one view per poll; the last one stays.
type story struct {
	views map[string][]view
	polls map[string][]time.Duration // when, from the start
	start time.Time
}

func newStory(views map[string][]view) *story {
	return &story{views: views, polls: map[string][]time.Duration{}, start: time.Now()}
}

func (s *story) fetch(_ context.Context, id string) (view, error) {
	views := s.views[id]
	if len(views) == 0 {
		return view{}, errors.New("no such deployment")
	}
	n := len(s.polls[id])
	s.polls[id] = append(s.polls[id], time.Since(s.start))
	return views[min(n, len(views)-1)], nil
}

// audience counts what a progress was told.
type audience struct {
	updates []string // statuses
	ticks   int
	closed  int
}

func (a *audience) update(v view) { a.updates = append(a.updates, v.Status) }
func (a *audience) tick()         { a.ticks++ }
func (a *audience) close()        { a.closed++ }

func TestWatchPollsSlowerWhileNothingChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		running, ended := view{DeploymentID: "d", Status: "InProgress"}, view{DeploymentID: "d", Status: "Succeeded"}
		from := newStory(map[string][]view{"d": {running, running, running, running, running, running, running, running, running, ended}})
		show := &audience{}
		last, err := (&watcher{from: from, show: show}).follow(t.Context(), "d")
		if err != nil || !last.succeeded() {
			t.Fatalf("ended with %v, %v", last.Status, err)
		}
		polls := from.polls["d"]
		var gaps []time.Duration
		for i := 1; i < len(polls); i++ {
			gaps = append(gaps, polls[i]-polls[i-1])
		}
		if gaps[0] != pollSoonest || gaps[len(gaps)-1] != pollLatest || !slices.IsSorted(gaps) {
			t.Errorf("polled after %v, want from %v to %v", gaps, pollSoonest, pollLatest)
		}
		if !slices.Equal(show.updates, []string{"InProgress", "Succeeded"}) || show.ticks < 50 || show.closed != 1 {
			t.Errorf("shown %v with %d ticks, closed %d times", show.updates, show.ticks, show.closed)
		}
	})
}

func TestWatchWaitsForTheRollbackThatWasOrdered(t *testing.T) {
	late := view{DeploymentID: "d", Status: "Failed", awaitsRollback: true}
	told := view{DeploymentID: "d", Status: "Failed", RollbackDeploymentID: "d-back"}
	tests := []struct {
		name  string
		views []view
		want  string
		limit time.Duration
	}{
		{"told a moment later", []view{late, late, told}, "d-back", time.Second},
		{"never told", []view{late}, "", rollbackGrace + pollLatest},
		{"none was ordered", []view{{DeploymentID: "d", Status: "Failed"}}, "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				from := newStory(map[string][]view{"d": tt.views})
				last, err := (&watcher{from: from, show: &audience{}}).follow(t.Context(), "d")
				if err != nil || last.RollbackDeploymentID != tt.want {
					t.Errorf("rollback %q, %v; want %q", last.RollbackDeploymentID, err, tt.want)
				}
				if took := time.Since(from.start); took > tt.limit {
					t.Errorf("it took %v, more than %v", took, tt.limit)
				}
			})
		})
	}
}

func TestWatchEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		show := &audience{}
		from := newStory(map[string][]view{"d": {{DeploymentID: "d", Status: "InProgress"}}})
		_, err := (&watcher{from: from, show: show}).follow(ctx, "d")
		if !errors.Is(err, context.DeadlineExceeded) || show.closed != 1 {
			t.Errorf("ended with %v, closed %d times", err, show.closed)
		}
	})
}
