package task

import (
	"context"
	"slices"
	"sync"
)

// hub tells every watcher about changes. It never waits for one.
type hub struct {
	mu       sync.Mutex
	watchers map[*watcher]bool
	closed   bool
}

// watcher keeps what one reader has still to hear: every id once.
type watcher struct {
	mu      sync.Mutex
	pending []string
	wake    chan struct{}
	end     context.CancelFunc
}

func newHub() *hub { return &hub{watchers: map[*watcher]bool{}} }

// tell adds ids to what the watchers have to hear.
func (h *hub) tell(ids ...string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for w := range h.watchers {
		w.add(ids)
	}
}

// watch opens a channel that lives as long as ctx and the hub.
func (h *hub) watch(ctx context.Context) <-chan string {
	out := make(chan string)
	ctx, cancel := context.WithCancel(ctx)
	w := &watcher{wake: make(chan struct{}, 1), end: cancel}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		cancel()
		close(out)
		return out
	}
	h.watchers[w] = true
	go func() {
		defer close(out)
		defer h.forget(w)
		w.forward(ctx, out)
	}()
	return out
}

func (h *hub) forget(w *watcher) {
	w.end()
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.watchers, w)
}

func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for w := range h.watchers {
		w.end()
	}
}

func (w *watcher) add(ids []string) {
	w.mu.Lock()
	for _, id := range ids {
		if !slices.Contains(w.pending, id) {
			w.pending = append(w.pending, id)
		}
	}
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default: // it is to be woken already
	}
}

func (w *watcher) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	ids := w.pending
	w.pending = nil
	return ids
}

func (w *watcher) forward(ctx context.Context, out chan<- string) {
	for {
		for _, id := range w.take() {
			select {
			case out <- id:
			case <-ctx.Done():
				return
			}
		}
		select {
		case <-w.wake:
		case <-ctx.Done():
			return
		}
	}
}
