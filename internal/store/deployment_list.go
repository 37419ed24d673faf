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
// the first.
type DeploymentKey struct {
	CreateTime time.Time
	ID         string
}

// ListDeployments returns keys, newest first and by descending id within a millisecond,
// from the first one behind after. Every status is read from an index in list
// order and the results are merged, so the cost depends on limit and not on
// how many deployments there are.
func (t *Tx) ListDeployments(f DeploymentFilter, after DeploymentKey, limit int) ([]DeploymentKey, error) {
	if len(f.Statuses) == 0 {
		return t.listDeployments(f, "", after, limit)
	}
	var all []DeploymentKey
	for _, status := range withoutRepeats(f.Statuses) {
		keys, err := t.listDeployments(f, status, after, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, keys...)
	}
	slices.SortFunc(all, func(a, b DeploymentKey) int {
		return cmp.Or(b.CreateTime.Compare(a.CreateTime), cmp.Compare(b.ID, a.ID))
	})
	return all[:min(limit, len(all))], nil
}

func withoutRepeats(list []codedeploy.DeploymentStatus) []codedeploy.DeploymentStatus {
	return slices.Compact(slices.Sorted(slices.Values(list)))
}

func (t *Tx) listDeployments(
	f DeploymentFilter, status codedeploy.DeploymentStatus, after DeploymentKey, limit int,
) ([]DeploymentKey, error) {
	query, args := listQuery(f, status, after, limit)
	return collect(t, readDeploymentKey, query, args...)
}

// listQuery builds one of nine texts. The value of active is written out in
// them, or the partial indexes would not serve.
func listQuery(f DeploymentFilter, status codedeploy.DeploymentStatus, after DeploymentKey, limit int) (string, []any) {
	from, to := f.bounds()
	query := `SELECT create_time, id FROM deployments
		WHERE create_time >= $1 AND create_time <= $2 AND (create_time, id) < ($3, $4)`
	args := []any{from, to, after.millis(), after.ID, limit}
	where := func(condition string, values ...any) {
		for _, value := range values {
			args = append(args, value)
			condition = strings.Replace(condition, "?", "$"+strconv.Itoa(len(args)), 1)
		}
		query += " AND " + condition
	}
	ongoing := status != "" && isActive(status)
	switch {
	case f.GroupID != "" && ongoing: // there is one at most
		where("id = (SELECT id FROM deployments WHERE group_id = ? AND active = 1)", f.GroupID)
	case f.GroupID != "":
		where("group_id = ?", f.GroupID)
	case f.ExternalID != "":
		where("account = ? AND region = ? AND external_id = ?", f.Account, f.Region, f.ExternalID)
	default:
		where("account = ? AND region = ?", f.Account, f.Region)
	}
	switch {
	case ongoing:
		where("active = 1 AND status = ?", string(status))
	case status != "":
		where("active = 0 AND status = ?", string(status))
	}
	return query + ` ORDER BY create_time DESC, id DESC LIMIT $5`, args
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
