package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

func testLists(t *testing.T, s *suite) {
	in := func(d store.Deployment, status codedeploy.DeploymentStatus) store.Deployment {
		d.Info.Status = status
		return d
	}
	outside := deployment("d-other", "g9", 2)
	outside.Scope = other
	stack := ended(deployment("d-3", "g1", 3), codedeploy.DeploymentStatusStopped, 9)
	stack.Info.ExternalID = "stack"
	s.insert(t, outside, stack,
		ended(deployment("d-1", "g1", 1), codedeploy.DeploymentStatusSucceeded, 9),
		ended(deployment("d-2", "g2", 2), codedeploy.DeploymentStatusFailed, 9),
		in(deployment("d-4", "g1", 4), codedeploy.DeploymentStatusInProgress),
		in(deployment("d-5", "g2", 4), codedeploy.DeploymentStatusReady))
	const (
		succeeded, failed, ready = codedeploy.DeploymentStatusSucceeded, codedeploy.DeploymentStatusFailed, codedeploy.DeploymentStatusReady
		inProgress, created      = codedeploy.DeploymentStatusInProgress, codedeploy.DeploymentStatusCreated
	)
	type statuses = []codedeploy.DeploymentStatus
	tests := []struct {
		name   string
		filter store.DeploymentFilter
		want   []string
	}{
		{"all of a scope", store.DeploymentFilter{}, []string{"d-5", "d-4", "d-3", "d-2", "d-1"}},
		{"other scope", store.DeploymentFilter{Scope: other}, []string{"d-other"}},
		{"group", store.DeploymentFilter{GroupID: "g1"}, []string{"d-4", "d-3", "d-1"}},
		{"group that does not exist", store.DeploymentFilter{GroupID: "none"}, nil},
		{"external id", store.DeploymentFilter{ExternalID: "stack"}, []string{"d-3"}},
		{"external id and status", store.DeploymentFilter{ExternalID: "stack", Statuses: statuses{succeeded}}, nil},
		{"ended status", store.DeploymentFilter{Statuses: statuses{failed}}, []string{"d-2"}},
		{"several statuses", store.DeploymentFilter{Statuses: statuses{succeeded, ready, created, succeeded, inProgress}},
			[]string{"d-5", "d-4", "d-1"}},
		{"group and statuses", store.DeploymentFilter{GroupID: "g2", Statuses: statuses{failed, ready}}, []string{"d-5", "d-2"}},
		{"from", store.DeploymentFilter{From: at(3)}, []string{"d-5", "d-4", "d-3"}},
		{"to", store.DeploymentFilter{To: at(2)}, []string{"d-2", "d-1"}},
		{"one instant", store.DeploymentFilter{From: at(2), To: at(2)}, []string{"d-2"}},
		{"from, to, status", store.DeploymentFilter{From: at(2), To: at(4), Statuses: statuses{succeeded, failed}}, []string{"d-2"}},
	}
	for _, test := range tests {
		if test.filter.Scope == (store.Scope{}) {
			test.filter.Scope = scope
		}
		for _, limit := range []int{1, 2, 100} {
			t.Run(fmt.Sprintf("%s by %d", test.name, limit), func(t *testing.T) {
				same(t, "ids", pages(t, s, test.filter, limit, func(int) {}), test.want)
			})
		}
	}
}

// pages reads a list to its end and calls between after every page.
func pages(t *testing.T, s *suite, f store.DeploymentFilter, limit int, between func(page int)) []string {
	t.Helper()
	var ids []string
	var start store.DeploymentKey
	for n := 0; ; n++ {
		page := view(t, s, func(tx *store.Tx) (page []string, err error) {
			page, start, err = tx.ListDeployments(f, start, limit)
			return page, err
		})
		if len(page) > limit {
			t.Fatalf("page of %d, limit %d", len(page), limit)
		}
		ids = append(ids, page...)
		if start == (store.DeploymentKey{}) {
			return ids
		}
		if len(page) < limit {
			t.Fatalf("page of %d, limit %d, and there are more", len(page), limit)
		}
		between(n)
	}
}

// testListPaging inserts and deletes deployments between the pages: those that
// were there all the time come exactly once, newest first.
func testListPaging(t *testing.T, s *suite) {
	s.orders(t, "live")
	var kept []store.Deployment
	for i := range 30 {
		d := ended(deployment(fmt.Sprintf("d-%02d", (i*7)%30), fmt.Sprintf("g%d", i%3), i/4), codedeploy.DeploymentStatusSucceeded, 40)
		if i%5 == 0 {
			d.ApplicationID = "app-doomed"
		} else {
			kept = append(kept, d)
		}
		s.insert(t, d)
	}
	slices.SortFunc(kept, func(a, b store.Deployment) int {
		return cmp.Or(b.Info.CreateTime.Compare(a.Info.CreateTime.Time), cmp.Compare(b.ID, a.ID))
	})
	var want []string
	for _, d := range kept {
		want = append(want, d.ID)
	}
	filter := store.DeploymentFilter{Scope: scope, Statuses: []codedeploy.DeploymentStatus{codedeploy.DeploymentStatusSucceeded}}
	got := pages(t, s, filter, 4, func(page int) {
		s.insert(t, ended(deployment(fmt.Sprintf("d-new%d", page), "g1", page), codedeploy.DeploymentStatusSucceeded, 41))
		if page == 1 {
			s.tx(t, func(tx *store.Tx) error { return tx.DeleteApplication("app-doomed") })
		}
	})
	seen := map[string]int{}
	for _, id := range got {
		seen[id]++
	}
	survivors := slices.DeleteFunc(slices.Clone(got), func(id string) bool { return !slices.Contains(want, id) })
	same(t, "survivors", survivors, want)
	for id, times := range seen {
		if times > 1 {
			t.Errorf("%s came %d times", id, times)
		}
	}
}
