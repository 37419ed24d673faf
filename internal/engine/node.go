package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// A node's lease, in real time whatever the clock's mode: the nodes that watch
// it are other processes.
const (
	leaseTerm   = 4 * time.Second
	leaseBeat   = time.Second
	leaseMargin = time.Second // acts stop so long before the lease ends
	claimBatch  = 500
)

// node is this process among the nodes that share a store. It owns
// deployments as long as its lease lasts.
type node struct {
	mu      sync.Mutex
	id      string
	until   time.Time
	renewed chan struct{} // closed and replaced when the lease is renewed
}

// joinNode makes this process a node. On SQLite the database's file lock
// proves that every other node is dead, so their deployments are free at once.
func joinNode(ctx context.Context, s *store.Store) (*node, error) {
	n := &node{renewed: make(chan struct{})}
	if err := n.join(ctx, s); err != nil {
		return nil, fmt.Errorf("join as a node: %w", err)
	}
	return n, nil
}

func (n *node) join(ctx context.Context, s *store.Store) error {
	id, until := codedeploy.NewUUID(), time.Now().Add(leaseTerm)
	err := s.Tx(ctx, func(tx *store.Tx) error {
		if err := tx.JoinNode(id, until); err != nil {
			return err
		}
		return tx.RetireOthers(id)
	})
	if err == nil {
		n.set(id, until)
	}
	return err
}

// renew prolongs the lease; store.ErrStale when it had lapsed.
func (n *node) renew(ctx context.Context, s *store.Store) error {
	now := time.Now()
	id, until := n.name(), now.Add(leaseTerm)
	err := s.Tx(ctx, func(tx *store.Tx) error { return tx.RenewLease(id, now, until) })
	if err == nil {
		n.set(id, until)
	}
	return err
}

func (n *node) set(id string, until time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.id, n.until = id, until
	close(n.renewed)
	n.renewed = make(chan struct{})
}

func (n *node) name() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.id
}

// awaitLease returns true when, by the local clock and with a margin, the node
// may act under the name owner, and false when it has another name by now or
// ctx ends. A lease that is late to be renewed is no fault of a far side: it is
// waited for.
func (n *node) awaitLease(ctx context.Context, owner string) bool {
	for {
		n.mu.Lock()
		id, until, renewed := n.id, n.until, n.renewed
		n.mu.Unlock()
		switch {
		case id != owner || ctx.Err() != nil:
			return false
		case time.Until(until) > leaseMargin:
			return true
		}
		select {
		case <-renewed:
		case <-ctx.Done():
		}
	}
}

// keepLease renews the lease and sweeps up deployments that nobody owns, until
// ctx ends.
func (e *Engine) keepLease(ctx context.Context) {
	beat := time.NewTicker(leaseBeat)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
		}
		if err := e.beat(ctx); err != nil && ctx.Err() == nil {
			e.log.Error("the lease could not be renewed", "error", err)
		}
	}
}

// beat is one renewal. A node whose lease has lapsed has lost everything: it
// comes back as a new node.
func (e *Engine) beat(ctx context.Context) error {
	err := e.node.renew(ctx, e.store)
	if errors.Is(err, store.ErrStale) {
		e.log.Warn("the lease had lapsed; coming back as a new node", "node", e.node.name())
		e.agenda.clear()
		err = e.node.join(ctx, e.store)
	}
	if err != nil {
		return err
	}
	return e.claim(ctx)
}

// claim takes over the deployments that no living node owns and carries them
// on from their saved state.
func (e *Engine) claim(ctx context.Context) error {
	ticks, err := e.takeOver(ctx)
	e.resume(ticks)
	return err
}

// takeOver makes this node the owner of the deployments that no living node
// owns, and returns a tick for each. They count as under way from here on: the
// clock must not pass over moments that are not on the agenda yet.
func (e *Engine) takeOver(ctx context.Context) ([]flight, error) {
	var ticks []flight
	for {
		var claims []store.Claim
		err := e.store.Tx(ctx, func(tx *store.Tx) (err error) {
			claims, err = tx.ClaimOrphans(e.node.name(), time.Now(), claimBatch)
			return err
		})
		if err != nil {
			return ticks, fmt.Errorf("claim deployments: %w", err)
		}
		for _, c := range claims {
			ticks = append(ticks, e.flights.startTick(c.ID))
		}
		if len(claims) < claimBatch {
			return ticks, nil
		}
	}
}

// resume carries on, beside the caller: however many deployments there are,
// the lease must be renewed meanwhile.
func (e *Engine) resume(ticks []flight) {
	e.work.Go(func() {
		for _, f := range ticks {
			e.goTick(f, Resume{})
		}
	})
}
