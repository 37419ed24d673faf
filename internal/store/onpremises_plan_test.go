package store

import (
	"strings"
	"testing"

	"greenlight/internal/codedeploy"
)

// TestOnPremisesPlans holds that every list of on-premises instances walks an
// index in list order.
func TestOnPremisesPlans(t *testing.T) {
	s := openForTest(t)
	tagged := func(status codedeploy.RegistrationStatus, key, value string) string {
		query, _ := onPremisesTagQuery(status, codedeploy.Tag{Key: key, Value: value})
		return query
	}
	registered, deregistered := codedeploy.RegistrationStatusRegistered, codedeploy.RegistrationStatusDeregistered
	tests := []struct{ name, query, index string }{
		{"all", onPremisesListQuery(""), "sqlite_autoindex_on_premises_instances_1 "},
		{"registered", onPremisesListQuery(registered), "on_premises_registered "},
		{"deregistered", onPremisesListQuery(deregistered), "on_premises_deregistered "},
		{"key", tagged("", "k", ""), "on_premises_tags_by_key "},
		{"value", tagged("", "", "v"), "on_premises_tags_by_value "},
		{"pair", tagged("", "k", "v"), "on_premises_tags_by_pair "},
		{"key, registered", tagged(registered, "k", ""), "on_premises_tags_by_key "},
		{"value, deregistered", tagged(deregistered, "", "v"), "on_premises_tags_by_value "},
		{"pair, registered", tagged(registered, "k", "v"), "on_premises_tags_by_pair "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			plan := explain(t, s, test.query)
			if !strings.Contains(plan, test.index) || strings.Contains(plan, "USE TEMP B-TREE") {
				t.Errorf("want index %s and no sorting, got\n%s", test.index, plan)
			}
		})
	}
}
