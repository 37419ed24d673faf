package engine

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// at is a deployment as saved in a version, to be woken after some time; never
// when that is negative.
func at(id string, version int64, after time.Duration) Deployment {
	d := Deployment{Deployment: store.Deployment{ID: id, Version: version}}
	d.Info.Status = codedeploy.DeploymentStatusInProgress
	if after >= 0 {
		d.WakeAt = start.Add(after)
	}
	return d
}

func dueIDs(a *agenda, f *flights, now time.Time) []string {
	var ids []string
	for _, tick := range a.due(now, f) {
		ids = append(ids, tick.deployment)
		f.end(tick)
	}
	return ids
}

func TestAgendaGivesWhatIsDueInOrder(t *testing.T) {
	a, f := newAgenda(), newFlights()
	for id, after := range map[string]time.Duration{"c": 3, "a": 1, "d": 4, "b": 2} {
		a.follow(at(id, 1, after*time.Second))
	}
	a.follow(at("a", 2, 5*time.Second)) // moved
	a.follow(at("d", 2, -1))            // taken off
	if next, ok := a.next(); !ok || !next.Equal(start.Add(2*time.Second)) {
		t.Errorf("next is %s, %v", next, ok)
	}
	if got := dueIDs(a, f, start.Add(2*time.Second-1)); len(got) > 0 {
		t.Errorf("too early: %q", got)
	}
	if got := dueIDs(a, f, start.Add(3*time.Second)); !slices.Equal(got, []string{"b", "c"}) {
		t.Errorf("due are %q, want b and c", got)
	}
	if got := dueIDs(a, f, start.Add(time.Hour)); !slices.Equal(got, []string{"a"}) {
		t.Errorf("due are %q, want a", got)
	}
	if next, ok := a.next(); ok {
		t.Errorf("an empty agenda waits for %s", next)
	}
}

func TestAgendaWakeOnlyHastens(t *testing.T) {
	a, f := newAgenda(), newFlights()
	a.follow(at("d", 1, time.Minute))
	a.wake("d", start.Add(time.Hour))
	if next, _ := a.next(); !next.Equal(start.Add(time.Minute)) {
		t.Errorf("wake put it off to %s", next)
	}
	a.wake("d", start.Add(time.Second))
	a.wake("new", start.Add(2*time.Second))
	if got := dueIDs(a, f, start.Add(2*time.Second)); !slices.Equal(got, []string{"d", "new"}) {
		t.Errorf("due are %q, want d and new", got)
	}
}

// Nobody may find the agenda quiet between what is due and what is under way.
func TestAgendaIsBusyUntilTheTickHasLanded(t *testing.T) {
	a, f := newAgenda(), newFlights()
	a.follow(at("d", 1, time.Minute))
	if a.busy(start, f) {
		t.Error("busy before anything is due")
	}
	now := start.Add(time.Minute)
	if !a.busy(now, f) {
		t.Error("not busy with something due")
	}
	ticks := a.due(now, f)
	if !a.busy(now, f) {
		t.Error("not busy with a tick under way")
	}
	f.end(ticks[0])
	if a.busy(now, f) {
		t.Error("busy with nothing")
	}
}

func TestAgendaKnowsWhoAwaitsAReport(t *testing.T) {
	a := newAgenda()
	waiting := at("d", 1, time.Minute)
	waiting.Progress.Hooks = map[codedeploy.LifecycleEventName]Hook{codedeploy.EventBeforeAllowTraffic: {}}
	a.follow(waiting)
	if !a.awaitsReport() {
		t.Error("a hook owes its report")
	}
	reported := at("d", 2, time.Minute)
	reported.Progress.Hooks = map[codedeploy.LifecycleEventName]Hook{
		codedeploy.EventBeforeAllowTraffic: {Reported: codedeploy.LifecycleEventStatusSucceeded},
	}
	a.follow(reported)
	if a.awaitsReport() {
		t.Error("the hook has reported")
	}
	a.follow(waiting)
	a.clear()
	if _, ok := a.next(); ok || a.awaitsReport() {
		t.Error("clear left something behind")
	}
}

// The agenda against a plain map.
func TestAgendaIsAMapByTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, f, model := newAgenda(), newFlights(), map[string]time.Time{}
		version, now := int64(0), start
		for range rapid.IntRange(1, 100).Draw(t, "steps") {
			id := fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "id"))
			version++
			switch after := time.Duration(rapid.IntRange(-1, 20).Draw(t, "after")); rapid.IntRange(0, 2).Draw(t, "step") {
			case 0:
				now = now.Add(max(after, 0))
				for _, got := range dueIDs(a, f, now) {
					if moment, ok := model[got]; !ok || moment.After(now) {
						t.Fatalf("%s came at %s, want %s", got, now, moment)
					}
					delete(model, got)
				}
			default:
				d := at(id, version, now.Sub(start)+after)
				if after < 0 {
					d.WakeAt = time.Time{}
				}
				a.follow(d)
				delete(model, id)
				if after >= 0 {
					model[id] = d.WakeAt
				}
			}
			checkNext(t, a, model)
		}
	})
}

func checkNext(t *rapid.T, a *agenda, model map[string]time.Time) {
	var earliest time.Time
	for _, moment := range model {
		if earliest.IsZero() || moment.Before(earliest) {
			earliest = moment
		}
	}
	if next, ok := a.next(); ok != (len(model) > 0) || !next.Equal(earliest) {
		t.Fatalf("next is %s, %v, want %s of %v", next, ok, earliest, model)
	}
}
