package store

import (
	"path/filepath"
	"strings"
	"testing"

	"greenlight/internal/codedeploy"
	"greenlight/internal/sqldb/pgtest"
)

// TestPlans holds what large tables need: lists walk an index in list order, and so do
// the questions that every pass or request asks.
func TestPlans(t *testing.T) {
	s := openForTest(t)
	list := func(f DeploymentFilter, status codedeploy.DeploymentStatus) string {
		query, _ := listQuery(f, status, DeploymentKey{}, 1)
		return query
	}
	group, external := DeploymentFilter{GroupID: "g"}, DeploymentFilter{ExternalID: "e"}
	tests := []struct{ name, query, index string }{
		{"all", list(DeploymentFilter{}, ""), "deployments_newest "},
		{"all active", list(DeploymentFilter{}, codedeploy.DeploymentStatusReady), "deployments_active "},
		{"all ended", list(DeploymentFilter{}, codedeploy.DeploymentStatusFailed), "deployments_ended "},
		{"group", list(group, ""), "deployments_newest_in_group "},
		{"group active", list(group, codedeploy.DeploymentStatusReady), "deployments_active_in_group "},
		{"group ended", list(group, codedeploy.DeploymentStatusFailed), "deployments_ended_in_group "},
		{"external", list(external, ""), "deployments_by_external_id "},
		{"last attempted", strings.ReplaceAll(strings.Trim(lastAttempted, "()"), "g.id", "$1"), "deployments_newest_in_group "},
		{"last successful", strings.ReplaceAll(strings.Trim(lastSuccessful, "()"), "g.id", "$1"), "deployments_succeeded "},
		{"save", saveActive, "sqlite_autoindex_deployments_1 "},
		{"count active", countActive, "deployments_active "},
		{"orphans", strings.TrimSuffix(strings.ReplaceAll(claimOrphans, "%s", ""), "RETURNING id, wake_at"), "deployments_owned"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			plan := explain(t, s, test.query)
			sorts := strings.Contains(plan, "USE TEMP B-TREE FOR ORDER BY")
			if !strings.Contains(plan, test.index) || sorts && test.name != "orphans" {
				t.Errorf("want index %s and no sorting, got\n%s", test.index, plan)
			}
		})
	}
}

func openForTest(t testing.TB) *Store {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "greenlight.db"))
}

func openPostgresForTest(t testing.TB) *Store {
	t.Helper()
	return openAt(t, pgtest.Database(t))
}

func openAt(t testing.TB, address string) *Store {
	t.Helper()
	s, err := Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func explain(t *testing.T, s *Store, query string) string {
	t.Helper()
	var plan strings.Builder
	err := s.View(t.Context(), func(tx *Tx) error {
		rows, err := tx.sql.Query("EXPLAIN QUERY PLAN "+query, make([]any, strings.Count(query, "$"))...)
		if err != nil {
			return err
		}
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				return err
			}
			plan.WriteString(detail + "\n")
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return plan.String()
}
