package task

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// supervisor is the launcher on top of a backend: it keeps the tasks' states, checks their health, ends tasks that an
// essential container has left, and tells the watchers.
type supervisor struct {
	options Options
	backend backend
	hub     *hub
	life    context.Context // until Close
	endLife context.CancelFunc
	starts  sync.WaitGroup // calls of Start
	work    sync.WaitGroup // everything that runs for the supervisor

	mu     sync.Mutex
	tasks  map[string]*live
	closed bool
}

// open makes a launcher of a backend, with the tasks that it finds.
func open(ctx context.Context, o Options, build func(exits) (backend, error)) (*supervisor, error) {
	life, end := context.WithCancel(context.Background())
	s := &supervisor{options: o, hub: newHub(), life: life, endLife: end, tasks: map[string]*live{}}
	b, err := build(s)
	if err != nil {
		end()
		return nil, err
	}
	s.backend = b
	found, err := b.find(ctx)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	for _, k := range found {
		s.adopt(k.record, k.outcome)
	}
	return s, nil
}

func (s *supervisor) Name() string { return s.backend.name() }

func (s *supervisor) Start(ctx context.Context, spec Spec) (Running, error) {
	if err := spec.check(); err != nil {
		return Running{}, err
	}
	if !s.enter() {
		return Running{}, &StartError{Code: EngineGone, Message: errClosed.Error()}
	}
	defer s.starts.Done()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.life, cancel)()
	r := &record{ID: newID(), Spec: spec}
	if err := s.backend.start(ctx, r); err != nil {
		return Running{}, err
	}
	s.adopt(r, started(r)).awaitListening(ctx)
	return r.running(), nil
}

// enter lets a start in, unless the supervisor is closed.
func (s *supervisor) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.starts.Add(1)
	}
	return !s.closed
}

// adopt begins to look after a task.
func (s *supervisor) adopt(r *record, o outcome) *live {
	l := newLive(s, r, o)
	s.mu.Lock()
	s.tasks[r.ID] = l
	s.mu.Unlock()
	for i, c := range o.States {
		if c.Status == Up {
			s.backend.watch(r, i)
			l.probe(i)
		}
	}
	if !o.over() && o.broken(r.Spec) {
		l.leave()
	}
	s.trim()
	return l
}

func (s *supervisor) lookup(id string) (*live, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.tasks[id]
	return l, ok
}

func (s *supervisor) Stop(ctx context.Context, id string, grace time.Duration) error {
	l, ok := s.lookup(id)
	if !ok {
		return nil
	}
	l.change(func(o *outcome) { o.StopAsked = o.StopAsked || !o.over() && !o.broken(l.record.Spec) })
	return l.end(ctx, grace)
}

func (s *supervisor) Remove(ctx context.Context, id string) error {
	if err := s.Stop(ctx, id, 0); err != nil {
		return err
	}
	s.mu.Lock()
	l, ok := s.tasks[id]
	delete(s.tasks, id)
	s.mu.Unlock()
	if !ok {
		return nil
	}
	if err := s.backend.remove(ctx, l.record); err != nil {
		s.mu.Lock()
		s.tasks[id] = l
		s.mu.Unlock()
		return err
	}
	return nil
}

func (s *supervisor) State(_ context.Context, id string) (State, error) {
	l, ok := s.lookup(id)
	if !ok {
		return State{}, fmt.Errorf("%s: %w", id, ErrUnknown)
	}
	if err := s.backend.ready(); err != nil {
		return State{}, err
	}
	return l.now().state(l.record.Spec), nil
}

func (s *supervisor) Watch(ctx context.Context) <-chan string { return s.hub.watch(ctx) }

func (s *supervisor) Find(context.Context) ([]Found, error) {
	if err := s.backend.ready(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Found, 0, len(s.tasks))
	for _, l := range s.tasks {
		all = append(all, l.record.found())
	}
	slices.SortFunc(all, func(a, b Found) int { return strings.Compare(a.ID, b.ID) })
	return all, nil
}

func (s *supervisor) Logs(ctx context.Context, id string, lines int) (string, error) {
	l, ok := s.lookup(id)
	if !ok {
		return "", fmt.Errorf("%s: %w", id, ErrUnknown)
	}
	containers := l.record.Spec.Containers
	var all strings.Builder
	for i, c := range containers {
		text, err := s.backend.logs(ctx, l.record, i, lines)
		if err != nil {
			return "", err
		}
		if len(containers) > 1 {
			fmt.Fprintf(&all, "==> %s <==\n", c.Name)
		}
		all.WriteString(text)
	}
	return all.String(), nil
}

func (s *supervisor) Close() error {
	s.mu.Lock()
	closed := s.closed
	s.closed = true
	s.mu.Unlock()
	if closed {
		return nil
	}
	s.endLife()
	s.starts.Wait()
	s.hub.close()
	err := s.backend.close()
	s.work.Wait()
	return err
}

// spawn runs f beside, unless the supervisor is closed. f ends soon after s.life.
func (s *supervisor) spawn(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.work.Go(f)
	}
}

// trim removes the tasks that ended longest ago, so that a crash loop that nobody tidies up after stays bounded.
func (s *supervisor) trim() {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ended []*live
	for _, l := range s.tasks {
		if !l.now().Ended.IsZero() {
			ended = append(ended, l)
		}
	}
	if len(ended) <= s.options.KeepStopped || s.closed {
		return
	}
	slices.SortFunc(ended, func(a, b *live) int { return a.now().Ended.Compare(b.now().Ended) })
	for _, l := range ended[:len(ended)-s.options.KeepStopped] {
		delete(s.tasks, l.record.ID)
		s.work.Go(func() {
			if err := s.backend.remove(s.life, l.record); err != nil {
				s.options.Log.Warn("a stopped task could not be removed", "task", l.record.Spec.ARN, "error", err)
			}
		})
	}
}

// exited implements exits.
func (s *supervisor) exited(id string, container int, code *int, reason string) {
	l, ok := s.lookup(id)
	if !ok {
		return
	}
	changed := l.change(func(o *outcome) {
		c := &o.States[container]
		if c.Status == Stopped {
			return
		}
		c.Status, c.ExitCode, c.Reason = Stopped, code, reason
		if o.over() {
			o.Ended = time.Now()
		}
	})
	if !changed {
		return
	}
	l.unprobe(container)
	if o := l.now(); o.over() {
		l.finish()
		s.trim()
	} else if o.broken(l.record.Spec) {
		l.leave()
	}
}

// returned implements exits. Tasks that could not be stopped while the backend was away are stopped now.
func (s *supervisor) returned() {
	s.mu.Lock()
	all := slices.Collect(maps.Values(s.tasks))
	s.mu.Unlock()
	for _, l := range all {
		s.hub.tell(l.record.ID)
		if o := l.now(); !o.over() && o.broken(l.record.Spec) {
			l.leave()
		}
	}
}
