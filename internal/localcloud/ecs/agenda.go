package ecs

import (
	"sync"
	"time"
)

// agenda knows which services a pass has to look at, and when.
type agenda struct {
	wake chan struct{} // holds one token when there may be something to do

	mu    sync.Mutex
	dirty map[serviceKey]bool
	later map[serviceKey]time.Time
	busy  bool // passes are being made
}

func newAgenda() agenda {
	return agenda{wake: make(chan struct{}, 1), dirty: map[serviceKey]bool{}, later: map[serviceKey]time.Time{}}
}

// mark asks for a pass over each of the services now.
func (a *agenda) mark(keys ...serviceKey) {
	a.mu.Lock()
	for _, k := range keys {
		a.dirty[k] = true
	}
	a.mu.Unlock()
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// at asks for a pass at a moment, in the place of an earlier wish; zero asks for
// none.
func (a *agenda) at(k serviceKey, when time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if when.IsZero() {
		delete(a.later, k)
	} else {
		a.later[k] = when
	}
}

// take removes the services that are due. next is when to come back without
// being called, zero for never. Until the next take, the agenda is busy with
// what it gave out.
func (a *agenda) take(now time.Time) (due []serviceKey, next time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for k, when := range a.later {
		if !when.After(now) {
			a.dirty[k] = true
			delete(a.later, k)
		} else if next.IsZero() || when.Before(next) {
			next = when
		}
	}
	for k := range a.dirty {
		due = append(due, k)
	}
	clear(a.dirty)
	a.busy = len(due) > 0
	return due, next
}

// atWork reports whether a pass is being made or due.
func (a *agenda) atWork() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.busy || len(a.dirty) > 0
}
