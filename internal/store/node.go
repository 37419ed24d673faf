package store

import (
	"database/sql"
	"fmt"
	"time"
)

// Claim names an active deployment that a node acts for, and when it must look
// at it; zero means only when something happens.
type Claim struct {
	ID     string
	WakeAt time.Time
}

// JoinNode gives a new node its lease. The id must never have been used:
// ErrExists otherwise, as far as the store remembers.
func (t *Tx) JoinNode(id string, until time.Time) error {
	return t.insert(`INSERT INTO nodes (id, lease_until) VALUES ($1, $2) ON CONFLICT DO NOTHING`, id, millis(until))
}

// RenewLease extends a lease that still runs at now. ErrStale means that it
// had lapsed, so that others may have taken the node's deployments: the node
// must stop acting and come back under a new id.
func (t *Tx) RenewLease(id string, now, until time.Time) error {
	changed, err := t.change(`UPDATE nodes SET lease_until = $3 WHERE id = $1 AND lease_until > $2`,
		id, millis(now), millis(until))
	if err == nil && !changed {
		err = fmt.Errorf("lease of node %q: %w", id, ErrStale)
	}
	return err
}

// RetireOthers ends the leases of all nodes but id. Only a node that knows the
// others to be dead may call it: on SQLite, holding the file lock proves it.
func (t *Tx) RetireOthers(id string) error {
	_, err := t.change(`DELETE FROM nodes WHERE id <> $1`, id)
	return err
}

// claimOrphans names the orphans apart from the update, or PostgreSQL may look
// for them once for every row, each time for others.
const claimOrphans = `WITH orphans AS MATERIALIZED (
		SELECT id FROM deployments
		WHERE active = 1 AND owner NOT IN (SELECT id FROM nodes WHERE lease_until > $2)
		ORDER BY create_time, id LIMIT $3%s)
	UPDATE deployments SET owner = $1, version = version + 1
	WHERE active = 1 AND id IN (SELECT id FROM orphans)
	RETURNING id, wake_at`

// ClaimOrphans makes node the owner of at most limit active deployments that
// have no owner or whose owner's lease does not run at now. Their version is raised, so that a
// save of the old owner is stale. ErrStale means that node's own lease has
// lapsed. Lapsed nodes are forgotten, before anything is claimed: a node whose
// renewal is under way is waited for, and one that comes later finds its lease gone.
func (t *Tx) ClaimOrphans(node string, now time.Time, limit int) ([]Claim, error) {
	alive, err := t.hold(`SELECT id FROM nodes WHERE id = $1 AND lease_until > $2`+t.sql.ForKeyShare(), node, millis(now))
	if err != nil {
		return nil, err
	}
	if !alive {
		return nil, fmt.Errorf("lease of node %q: %w", node, ErrStale)
	}
	if _, err := t.change(`DELETE FROM nodes WHERE lease_until <= $1`, millis(now)); err != nil {
		return nil, err
	}
	query := fmt.Sprintf(claimOrphans, t.sql.SkipLocked())
	return collect(t, readClaim, query, node, millis(now), limit)
}

func readClaim(rows *sql.Rows) (Claim, error) {
	var c Claim
	var wake sql.NullInt64
	err := rows.Scan(&c.ID, &wake)
	c.WakeAt = nullMoment(wake)
	return c, err
}
