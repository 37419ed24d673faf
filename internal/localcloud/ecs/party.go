package ecs

import (
	"sync"
	"time"
)

// patience is how long, in real time, a task set may hold a clock that jumps
// after the last change of what it should have.
const patience = 20 * time.Second

// settling knows until when each service holds the clock.
type settling struct {
	opened time.Time // set before the first pass

	mu    sync.Mutex
	until map[serviceKey]time.Time
}

// update records what a pass found.
func (s *settling) update(k serviceKey, p *picture) {
	var until time.Time
	for _, set := range p.sets {
		since := set.Changed
		if s.opened.After(since) {
			since = s.opened
		}
		if end := since.Add(patience); !set.Steady && end.After(until) && settles(set, p.of(set), p.targets) {
			until = end
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.until == nil {
		s.until = map[serviceKey]time.Time{}
	}
	if until.IsZero() {
		delete(s.until, k)
	} else {
		s.until[k] = until
	}
}

func (s *settling) forget(k serviceKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.until, k)
}

func (s *settling) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.until)
}

func (s *settling) holds(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, until := range s.until {
		if now.Before(until) {
			return true
		}
	}
	return false
}

// NextWake implements clock.Party: the local ECS waits in real time only.
func (s *Service) NextWake() (time.Time, bool) { return time.Time{}, false }

// Busy implements clock.Party: a task is being started for the first time or
// waits for its first verdict. A task set holds the clock for 20 real seconds at
// most, and not while it fails over and over.
func (s *Service) Busy() bool { return s.agenda.atWork() || s.settling.holds(time.Now()) }
