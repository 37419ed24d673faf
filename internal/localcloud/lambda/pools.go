package lambda

import (
	"context"
	"errors"
	"io"
	"maps"
	"sync"

	"greenlight/internal/localcloud/lambda/runtime"
)

// pool executes code; *runtime.Pool is the one that does.
type pool interface {
	Invoke(ctx context.Context, code runtime.Code, limit int, in runtime.Invocation) (runtime.Result, error)
	Retire(key string)
	Forget(function string)
	Close() error
}

// pools has one pool for each account and region, because each has a limit of
// concurrent invocations of its own.
type pools struct {
	start func(scope) pool

	mu     sync.Mutex
	closed bool
	all    map[scope]pool
}

// in is the pool of a scope, started if need be.
func (p *pools) in(s scope) (pool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, runtime.ErrClosed
	}
	if p.all == nil {
		p.all = map[scope]pool{}
	}
	if p.all[s] == nil {
		p.all[s] = p.start(s)
	}
	return p.all[s], nil
}

// started is the pool of a scope, nil if nothing was invoked there yet.
func (p *pools) started(s scope) pool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.all[s]
}

func (p *pools) close() error {
	p.mu.Lock()
	p.closed = true
	all := maps.Clone(p.all)
	p.mu.Unlock()
	var errs []error
	for _, running := range all {
		errs = append(errs, running.Close())
	}
	return errors.Join(errs...)
}

func (s *Service) startPool(in scope) pool {
	return s.options.newPool(runtime.Options{
		Concurrency: accountConcurrency,
		Dir:         s.run,
		Now:         s.clock.Now,
		Logs: func(function, version, requestID string) io.Writer {
			return s.logs.writer(functionID{in.Account, in.Region, function}, version, requestID)
		},
	})
}

// retire ends the environments of versions that are not shown any more, and what
// is known about the function if it is gone as a whole.
func (s *Service) retire(id functionID, versions []*version, whole bool) {
	running := s.pools.started(id.scope())
	if running == nil {
		return
	}
	for _, v := range versions {
		running.Retire(v.key(id))
	}
	if whole {
		running.Forget(id.Name)
	}
}
