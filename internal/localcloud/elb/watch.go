package elb

import "sync"

// watchers are those who want to know that health or associations have changed.
type watchers struct {
	mu  sync.Mutex
	all map[chan struct{}]struct{}
}

// Watch returns a channel that holds one token after any change of a target's health, of a group's association with a
// load balancer, or of a listener's port. stop ends it.
func (s *Service) Watch() (changed <-chan struct{}, stop func()) {
	w := &s.watchers
	token := make(chan struct{}, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.all == nil {
		w.all = map[chan struct{}]struct{}{}
	}
	w.all[token] = struct{}{}
	return token, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.all, token)
	}
}

// changed puts a token into every channel that has none.
func (w *watchers) changed() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for token := range w.all {
		select {
		case token <- struct{}{}:
		default:
		}
	}
}
