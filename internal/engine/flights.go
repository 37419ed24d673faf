package engine

import (
	"sync"
	"time"
)

// flight is one piece of work that is under way: a tick, or one attempt at an
// act.
type flight struct {
	deployment string
	tick       bool
	kind       ActKind
	serial     int
	tries      int
}

// flights are all the work that is under way on this node. They keep an act
// from being carried out twice at the same time, and the clock from jumping.
type flights struct {
	mu     sync.Mutex
	active map[flight]int
	invoke time.Time // when, in real time, an invoke was last answered
}

func newFlights() *flights {
	return &flights{active: map[flight]int{}}
}

// start begins an attempt at an act; false when it is already under way.
func (f *flights) start(key flight) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.active[key] > 0 {
		return false
	}
	f.active[key]++
	return true
}

// startTick counts a tick; several of one deployment do no harm.
func (f *flights) startTick(deployment string) flight {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := flight{deployment: deployment, tick: true}
	f.active[key]++
	return key
}

func (f *flights) end(key flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.active[key]--; f.active[key] == 0 {
		delete(f.active, key)
	}
}

func (f *flights) busy() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.active) > 0
}

// invoked notes that a hook's invoke was answered now.
func (f *flights) invoked() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.invoke = time.Now()
}

func (f *flights) lastInvoke() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.invoke
}
