package ecs

import (
	"context"
	"errors"
	"sync"
	"time"

	launcher "greenlight/internal/localcloud/ecs/task"
)

// engineStates is what the launcher has told of the tasks that it runs.
type engineStates struct {
	mu     sync.Mutex
	all    map[string]engineState // by the launcher's id
	silent bool                   // it could not say how a task is, and that is logged
}

type engineState struct {
	of    serviceKey
	seen  bool
	state launcher.State
}

// watch begins to take notice of a task.
func (e *engineStates) watch(id string, of serviceKey) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.all == nil {
		e.all = map[string]engineState{}
	}
	e.all[id] = engineState{of: of}
}

// put records a state and returns whose it is; false when nobody's.
func (e *engineStates) put(id string, state launcher.State) (serviceKey, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	known, ok := e.all[id]
	if ok {
		known.seen, known.state = true, state
		e.all[id] = known
	}
	return known.of, ok
}

func (e *engineStates) state(id string) (launcher.State, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	known := e.all[id]
	return known.state, known.seen
}

// turned records whether the launcher is silent, and reports whether that is new.
func (e *engineStates) turned(silent bool) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	turned := e.silent != silent
	e.silent = silent
	return turned
}

func (e *engineStates) watched(id string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	_, ok := e.all[id]
	return ok
}

func (e *engineStates) ids() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	ids := make([]string, 0, len(e.all))
	for id := range e.all {
		ids = append(ids, id)
	}
	return ids
}

func (e *engineStates) forget(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.all, id)
}

// The net below the events.
const (
	sweepEvery   = 30 * time.Second // not paced: it costs calls of the engine
	stateTimeout = 10 * time.Second
)

// watchEngine takes over what the launcher tells, until ctx ends.
func (s *Service) watchEngine(ctx context.Context, changed <-chan string) {
	sweep := time.NewTicker(sweepEvery)
	defer sweep.Stop()
	s.sweep(ctx)
	for {
		select {
		case <-ctx.Done():
			return
		case id, open := <-changed:
			if !open {
				changed = nil // the launcher is closed; the sweeps find out what that means
				continue
			}
			s.look(ctx, id)
		case <-sweep.C:
			s.sweep(ctx)
		}
	}
}

// sweep looks at every task and every service.
func (s *Service) sweep(ctx context.Context) {
	for _, id := range s.engine.ids() {
		s.look(ctx, id)
	}
	s.markAll(ctx)
}

// look asks the launcher how a task is. When it cannot say, the last word
// stands.
func (s *Service) look(ctx context.Context, id string) {
	if !s.engine.watched(id) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, stateTimeout)
	defer cancel()
	state, err := s.launcher.State(ctx, id)
	if errors.Is(err, launcher.ErrUnknown) {
		state, err = launcher.State{Status: launcher.Stopped, Reason: lost}, nil
	}
	if s.engine.turned(err != nil) && err != nil {
		s.log.Warn("the launcher does not say how its tasks are", "launcher", s.launcher.Name(), "error", err)
	}
	if err != nil {
		return
	}
	if k, known := s.engine.put(id, state); known {
		s.mark(k)
	}
}

// lost is the stoppedReason of a task that is not there any more.
const lost = "The task was lost: nothing runs of it any more."

// watchBalancer takes notice of every change of health, until ctx ends. It is
// not told whose, and passes are cheap.
func (s *Service) watchBalancer(ctx context.Context) {
	changed, stop := s.balancer.Watch()
	defer stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-changed:
			s.markAll(ctx)
		}
	}
}
