package store

import (
	"cmp"
	"database/sql"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"greenlight/internal/codedeploy"
)

// DeploymentFilter says which deployments are wanted. Of GroupID and
// ExternalID one may be given; with a group, Scope does not matter.
type DeploymentFilter struct {
	Scope
	GroupID, ExternalID string
	Statuses            []codedeploy.DeploymentStatus // any of these; none given: all
	From, To            time.Time                     // create time, inclusive; zero: open
}

// DeploymentKey is a deployment's place in a list. The zero key stands before
// the first, and behind the last.
type DeploymentKey struct {
	CreateTime time.Time
	ID         string
}

// ListDeployments returns ids, newest first and by descending id within a millisecond,
// from the one at start on, and where the next page starts; the zero key when
// there is none. Whether start itself still exists does not matter. Every status is
// read from an index in list order and the results are merged, so the cost
// depends on limit and not on how many deployments there are.
func (t *Tx) ListDeployments(f DeploymentFilter, start DeploymentKey, limit int) (ids []string, next DeploymentKey, err error) {
	switch statuses := withoutRepeats(f.Statuses); len(statuses) {
	case 0:
		return t.listDeployments(f, "", start, limit)
	case 1:
		return t.listDeployments(f, statuses[0], start, limit)
	default:
		return t.mergeDeployments(f, statuses, start, limit)
	}
}

func withoutRepeats(list []codedeploy.DeploymentStatus) []codedeploy.DeploymentStatus {
	return slices.Compact(slices.Sorted(slices.Values(list)))
}

// listDeployments reads one list, and one row more, which is where the next page
// starts: the oldest of all that were read.
func (t *Tx) listDeployments(
	f DeploymentFilter, status codedeploy.DeploymentStatus, start DeploymentKey, limit int,
) (ids []string, next DeploymentKey, err error) {
	query, args := listQuery(f, status, start, limit+1)
	var joined sql.NullString
	var oldest sql.NullInt64
	err = t.sql.QueryRow(`SELECT `+joinLines("id")+`, min(create_time) FROM (`+query+`) AS page`, args...).Scan(&joined, &oldest)
	if ids = lines(joined); err != nil || len(ids) <= limit {
		return ids, next, err
	}
	return ids[:limit], DeploymentKey{nullMoment(oldest), ids[limit]}, nil
}

// mergeDeployments reads a list for each status.
func (t *Tx) mergeDeployments(
	f DeploymentFilter, statuses []codedeploy.DeploymentStatus, start DeploymentKey, limit int,
) (ids []string, next DeploymentKey, err error) {
	var all []DeploymentKey
	for _, status := range statuses {
		query, args := listQuery(f, status, start, limit+1)
		keys, err := collect(t, readDeploymentKey, query, args...)
		if err != nil {
			return nil, next, err
		}
		all = append(all, keys...)
	}
	slices.SortFunc(all, func(a, b DeploymentKey) int {
		return cmp.Or(b.CreateTime.Compare(a.CreateTime), cmp.Compare(b.ID, a.ID))
	})
	if len(all) > limit {
		all, next = all[:limit], all[limit]
	}
	for _, key := range all {
		ids = append(ids, key.ID)
	}
	return ids, next, nil
}

// listQuery builds one of twelve texts. Bounds of time that nobody wants would be
// tried on every row; with a status they stay, for SQLite would think another
// index just as good without them. The value of active is written out in them, or the partial
// indexes would not serve.
func listQuery(f DeploymentFilter, status codedeploy.DeploymentStatus, start DeploymentKey, limit int) (string, []any) {
	var args []any
	bind := func(condition string, values ...any) string {
		for _, value := range values {
			args = append(args, value)
			condition = strings.Replace(condition, "?", "$"+strconv.Itoa(len(args)), 1)
		}
		return condition
	}
	ongoing := status != "" && isActive(status)
	query := "SELECT create_time, id FROM deployments WHERE "
	switch {
	case f.GroupID != "" && ongoing: // there is one at most
		query += bind("id = (SELECT id FROM deployments WHERE group_id = ? AND active = 1)", f.GroupID)
	case f.GroupID != "":
		query += bind("group_id = ?", f.GroupID)
	case f.ExternalID != "":
		query += bind("account = ? AND region = ? AND external_id = ?", f.Account, f.Region, f.ExternalID)
	default:
		query += bind("account = ? AND region = ?", f.Account, f.Region)
	}
	switch {
	case ongoing:
		query += bind(" AND active = 1 AND status = ?", string(status))
	case status != "":
		query += bind(" AND active = 0 AND status = ?", string(status))
	}
	if from, to := f.bounds(); status != "" || from != math.MinInt64 || to != math.MaxInt64 {
		query += bind(" AND create_time >= ? AND create_time <= ?", from, to)
	}
	query += bind(" AND (create_time, id) <= (?, ?)", start.millis(), start.ID)
	return query + bind(" ORDER BY create_time DESC, id DESC LIMIT ?", limit), args
}

// bounds are the create times wanted, in milliseconds.
func (f DeploymentFilter) bounds() (from, to int64) {
	from, to = math.MinInt64, math.MaxInt64
	if !f.From.IsZero() {
		from = millis(f.From)
	}
	if !f.To.IsZero() {
		to = millis(f.To)
	}
	return from, to
}

func (k DeploymentKey) millis() int64 {
	if k == (DeploymentKey{}) {
		return math.MaxInt64
	}
	return millis(k.CreateTime)
}

func readDeploymentKey(rows *sql.Rows) (DeploymentKey, error) {
	var key DeploymentKey
	var created int64
	err := rows.Scan(&created, &key.ID)
	key.CreateTime = moment(created)
	return key, err
}
