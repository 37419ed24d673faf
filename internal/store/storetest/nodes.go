package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

func testLeases(t *testing.T, s *suite) {
	join := func(id string, until time.Time) func(*store.Tx) error {
		return func(tx *store.Tx) error { return tx.JoinNode(id, until) }
	}
	renew := func(id string, now, until time.Time) func(*store.Tx) error {
		return func(tx *store.Tx) error { return tx.RenewLease(id, now, until) }
	}
	s.tx(t, join("n1", at(2)))
	s.fails(t, store.ErrExists, join("n1", at(9)))
	s.fails(t, store.ErrStale, renew("none", at(0), at(9)))
	s.tx(t, renew("n1", at(1), at(4)))
	s.tx(t, renew("n1", at(3), at(6)))
	// A frozen node comes back: its lease is over and stays over.
	s.fails(t, store.ErrStale, renew("n1", at(6), at(9)))
	s.fails(t, store.ErrStale, renew("n1", at(7), at(9)))
	s.tx(t, renew("n1", at(5), at(8)))
	s.tx(t, join("n2", at(9)))
	s.tx(t, func(tx *store.Tx) error { return tx.RetireOthers("n2") })
	s.fails(t, store.ErrStale, renew("n1", at(6), at(9)))
	s.tx(t, renew("n2", at(6), at(10)))
}

func testClaims(t *testing.T, s *suite) {
	owned := func(id, owner string, n int) store.Deployment {
		d := deployment(id, "g-"+id, n)
		d.Owner, d.WakeAt = owner, at(n+100)
		return d
	}
	finished := ended(owned("d-ended", "", 0), codedeploy.DeploymentStatusFailed, 1)
	unwoken := owned("d-unwoken", "stranger", 4)
	unwoken.WakeAt = time.Time{}
	s.insert(t, finished, owned("d-nobody", "", 1), owned("d-dead", "dead", 2), owned("d-alive", "alive", 3),
		unwoken, owned("d-mine", "me", 5))
	s.tx(t, func(tx *store.Tx) error {
		return errors.Join(tx.JoinNode("dead", at(10)), tx.JoinNode("alive", at(10).Add(time.Millisecond)), tx.JoinNode("me", at(20)))
	})
	claim := func(node string, now time.Time, limit int) (claims []store.Claim) {
		s.tx(t, func(tx *store.Tx) (err error) {
			claims, err = tx.ClaimOrphans(node, now, limit)
			return err
		})
		slices.SortFunc(claims, func(a, b store.Claim) int { return cmp.Compare(a.ID, b.ID) })
		return claims
	}
	same(t, "oldest first, within the limit", claim("me", at(10), 1), []store.Claim{{ID: "d-nobody", WakeAt: at(101)}})
	same(t, "the rest", claim("me", at(10), 10), []store.Claim{{ID: "d-dead", WakeAt: at(102)}, {ID: "d-unwoken"}})
	same(t, "nothing left", claim("me", at(10), 10), nil)
	same(t, "when another lease ends", claim("me", at(11), 10), []store.Claim{{ID: "d-alive", WakeAt: at(103)}})
	taken := s.deployment(t, "d-dead")
	same(t, "owner and version", []any{taken.Owner, taken.Version}, []any{"me", int64(1)})
	s.fails(t, store.ErrStale, func(tx *store.Tx) error { return tx.SaveDeployment(owned("d-dead", "dead", 2)) })
	s.fails(t, store.ErrStale, func(tx *store.Tx) error { _, err := tx.ClaimOrphans("me", at(20), 10); return err })
	s.fails(t, store.ErrStale, func(tx *store.Tx) error { return tx.RenewLease("dead", at(9), at(30)) })
	claimAtOnce(t, s)
}

// claimAtOnce lets nodes claim at the same moment: every orphan goes to one.
func claimAtOnce(t *testing.T, s *suite) {
	const nodes, orphans = 4, 24
	for i := range orphans {
		s.insert(t, deployment(fmt.Sprintf("d-orphan%02d", i), fmt.Sprintf("g-orphan%02d", i), 6))
	}
	var mutex sync.Mutex
	takers := map[string]int{}
	var all sync.WaitGroup
	for i := range nodes {
		node := fmt.Sprintf("taker%d", i)
		s.tx(t, func(tx *store.Tx) error { return tx.JoinNode(node, at(40)) })
		all.Go(func() {
			for range orphans {
				var claims []store.Claim
				err := s.store.Tx(t.Context(), func(tx *store.Tx) (err error) {
					claims, err = tx.ClaimOrphans(node, at(12), 2)
					return err
				})
				if err != nil {
					t.Error(err)
				}
				mutex.Lock()
				for _, c := range claims {
					takers[c.ID]++
				}
				mutex.Unlock()
			}
		})
	}
	all.Wait()
	if len(takers) != orphans {
		t.Errorf("%d of %d orphans were claimed", len(takers), orphans)
	}
	for id, times := range takers {
		if times != 1 {
			t.Errorf("%s was claimed %d times", id, times)
		}
	}
}
