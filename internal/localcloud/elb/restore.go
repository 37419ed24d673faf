package elb

import "time"

// retryInterval is how often a port that was taken at the start is tried again.
const retryInterval = time.Second

// restore makes the data plane for the world that was saved.
func (s *Service) restore(w *world) {
	s.changing.Lock()
	defer s.changing.Unlock()
	for arn, l := range w.listeners {
		d := &door{port: l.Port, protocol: l.Protocol}
		if err := s.plane.bind(d, w, l); err != nil {
			s.options.Log.Error("the port of a listener is not bound; it is tried again until it is", "listener", arn, "error", err)
		}
		s.plane.doors[arn] = d
	}
	s.plane.follow(w, nil)
	if s.plane.missing() {
		s.plane.work.Go(s.retry)
	}
}

// retry binds ports that were taken, one after the other as they become free.
func (s *Service) retry() {
	tick := time.NewTicker(retryInterval)
	defer tick.Stop()
	for s.plane.missing() {
		select {
		case <-s.plane.ctx.Done():
			return
		case <-tick.C:
			s.bindMissing()
		}
	}
}

func (s *Service) bindMissing() {
	s.changing.Lock()
	defer s.changing.Unlock()
	if s.closed {
		return
	}
	w, opened := s.world.Load(), doors{}
	for arn, l := range w.listeners {
		if s.plane.doors[arn].bound() {
			continue
		}
		d := &door{port: l.Port, protocol: l.Protocol}
		if err := s.plane.bind(d, w, l); err == nil {
			s.options.Log.Info("the port of a listener is bound", "listener", arn)
			opened[arn] = d
		}
	}
	if len(opened) > 0 {
		s.plane.follow(w, opened)
	}
}

// missing tells whether a listener has no port.
func (p *plane) missing() bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	for _, d := range p.doors {
		if !d.bound() {
			return true
		}
	}
	return false
}
