package task

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"time"
)

var errClosed = errors.New("the launcher is closed")

// live is a task that a supervisor looks after.
type live struct {
	supervisor *supervisor
	record     *record
	done       chan struct{} // closed when nothing of the task runs

	mu      sync.Mutex
	outcome outcome
	leaving bool // its essential container has exited, the others are being stopped
	probes  map[int]context.CancelFunc
}

func newLive(s *supervisor, r *record, o outcome) *live {
	l := &live{supervisor: s, record: r, outcome: o, done: make(chan struct{}), probes: map[int]context.CancelFunc{}}
	if o.over() {
		l.finish()
	}
	return l
}

func (l *live) now() outcome {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.outcome.copied()
}

// change edits the outcome, and if that makes a difference saves it and tells the watchers.
func (l *live) change(edit func(*outcome)) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	next := l.outcome.copied()
	edit(&next)
	if reflect.DeepEqual(next, l.outcome) {
		return false
	}
	l.outcome = next
	if err := l.supervisor.backend.save(l.record, next); err != nil {
		l.supervisor.options.Log.Warn("a task's state could not be saved", "task", l.record.Spec.ARN, "error", err)
	}
	l.supervisor.hub.tell(l.record.ID)
	return true
}

func (l *live) finish() {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-l.done:
	default:
		close(l.done)
	}
}

// leave stops what still runs of a task that an essential container has left, once.
func (l *live) leave() {
	l.mu.Lock()
	leaving := l.leaving
	l.leaving = true
	l.mu.Unlock()
	if leaving {
		return
	}
	l.supervisor.spawn(func() {
		if err := l.end(l.supervisor.life, l.record.stopTimeout()); err != nil && l.supervisor.life.Err() == nil {
			l.supervisor.options.Log.Warn("a task could not be stopped", "task", l.record.Spec.ARN, "error", err)
			l.mu.Lock()
			l.leaving = false
			l.mu.Unlock()
		}
	})
}

// end sends SIGTERM to every container, waits for grace and kills what is left. It returns when nothing runs.
func (l *live) end(ctx context.Context, grace time.Duration) error {
	if grace > 0 {
		if err := l.signal(ctx, l.supervisor.backend.terminate); err != nil {
			return err
		}
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-l.done:
			return nil
		case <-timer.C:
		case <-ctx.Done():
			return ctx.Err()
		case <-l.supervisor.life.Done():
			return errClosed
		}
	}
	if err := l.signal(ctx, l.supervisor.backend.kill); err != nil {
		return err
	}
	select {
	case <-l.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-l.supervisor.life.Done():
		return errClosed // nobody watches for the end any more
	}
}

func (l *live) signal(ctx context.Context, send func(context.Context, *record, int) error) error {
	var failed error
	for i, c := range l.now().States {
		if c.Status != Stopped {
			failed = errors.Join(failed, send(ctx, l.record, i))
		}
	}
	return failed
}

// probe begins to check the health of a container that has a health check.
func (l *live) probe(i int) {
	check := l.record.Spec.Containers[i].HealthCheck
	if check == nil {
		return
	}
	argv, err := check.argv()
	if err != nil {
		return // Spec.check has refused it
	}
	ctx, cancel := context.WithCancel(l.supervisor.life)
	l.mu.Lock()
	l.probes[i] = cancel
	gone := l.outcome.States[i].Status == Stopped
	l.mu.Unlock()
	if gone {
		cancel()
		return
	}
	p := probe{
		check: check.paced(l.supervisor.options.Pace),
		run: func(ctx context.Context) (bool, error) {
			return l.supervisor.backend.exec(ctx, l.record, i, argv)
		},
		tell: func(health string) {
			l.change(func(o *outcome) {
				if o.States[i].Status == Up {
					o.States[i].Health = health
				}
			})
		},
	}
	l.supervisor.spawn(func() { p.loop(ctx) })
}

func (l *live) unprobe(i int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if cancel, ok := l.probes[i]; ok {
		cancel()
	}
}
