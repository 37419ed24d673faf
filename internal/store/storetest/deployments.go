package storetest

import (
	"encoding/json"
	"errors"
	"testing"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// full has a value in every field that a deployment can have before its end.
func full() store.Deployment {
	d := deployment("d-1", "orders-live", 1)
	d.Info.StartTime = codedeploy.NewTimestamp(at(2))
	d.Info.Status = codedeploy.DeploymentStatusInProgress
	d.Info.ExternalID = "stack"
	d.Info.IgnoreApplicationStopFailures = new(false)
	d.Info.RollbackInfo = &codedeploy.RollbackInfo{RollbackMessage: "it's \"quoted\" \u2028 ☃"}
	d.Target = &codedeploy.DeploymentTarget{DeploymentTargetType: codedeploy.DeploymentTargetTypeLambdaTarget,
		LambdaTarget: &codedeploy.LambdaTarget{DeploymentID: "d-1", LastUpdatedAt: codedeploy.NewTimestamp(at(3))}}
	d.Progress = json.RawMessage(`{"step":1}`)
	d.WakeAt, d.Owner, d.Version = at(4), "node-1", 7
	return d
}

func testDeployments(t *testing.T, s *suite) {
	s.orders(t, "live")
	want := full()
	d := want
	d.WakeAt = start.Add(4 * 60e9) // in its own zone, with nanoseconds
	s.insert(t, d)
	want.ApplicationExists, want.GroupExists = true, true
	same(t, "read back", s.deployment(t, "d-1"), want)
	s.fails(t, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Deployment("d-2"); return err })
	s.fails(t, store.ErrExists, func(tx *store.Tx) error { return tx.InsertDeployment(d) })
	id, found, err := activeOf(t, s, "orders-live")
	if id != "d-1" || !found || err != nil {
		t.Errorf("active: %q, %v, %v", id, found, err)
	}
	count := func() int { return countActive(t, s, 10) }
	same(t, "active in the scope", count(), 1)
	s.tx(t, func(tx *store.Tx) error { return tx.SaveDeployment(ended(d, codedeploy.DeploymentStatusStopped, 5)) })
	want = ended(want, codedeploy.DeploymentStatusStopped, 5)
	want.Version = 8
	same(t, "read back after its end", s.deployment(t, "d-1"), want)
	if _, found, err := activeOf(t, s, "orders-live"); found || err != nil {
		t.Errorf("active after its end: %v, %v", found, err)
	}
	same(t, "active after its end", count(), 0)
	s.insert(t, deployment("d-2", "orders-live", 1), deployment("d-3", "orders-test", 2), deployment("d-4", "orders-dev", 3))
	same(t, "counted without a need to stop", count(), 3)
	same(t, "counted up to a bound", countActive(t, s, 2), 2)
}

func countActive(t *testing.T, s *suite, atMost int) int {
	t.Helper()
	return view(t, s, func(tx *store.Tx) (int, error) { return tx.CountActive(scope, atMost) })
}

func activeOf(t *testing.T, s *suite, groupID string) (id string, found bool, err error) {
	t.Helper()
	err = s.store.View(t.Context(), func(tx *store.Tx) (err error) {
		id, found, err = tx.Active(groupID)
		return err
	})
	return id, found, err
}

func testNames(t *testing.T, s *suite) {
	s.orders(t, "live")
	s.insert(t, ended(deployment("d-1", "orders-live", 1), codedeploy.DeploymentStatusFailed, 2))
	expect := func(step, app, group string, appExists, groupExists bool) {
		t.Helper()
		d := s.deployment(t, "d-1")
		same(t, step, []any{d.Info.ApplicationName, d.Info.DeploymentGroupName, d.ApplicationExists, d.GroupExists},
			[]any{app, group, appExists, groupExists})
	}
	expect("new", "orders", "live", true, true)
	s.tx(t, func(tx *store.Tx) error {
		renamed := group("orders", "live")
		renamed.Name = "prod"
		return errors.Join(tx.RenameApplication("app-orders", "sales"), tx.UpdateGroup(renamed))
	})
	expect("renamed", "sales", "prod", true, true)
	s.tx(t, func(tx *store.Tx) error { return tx.DeleteGroup("orders-live") })
	expect("without its group", "sales", "live", true, false)
}

func testSaving(t *testing.T, s *suite) {
	s.orders(t, "live")
	d := full()
	s.insert(t, d)
	save := func(d store.Deployment) func(*store.Tx) error {
		return func(tx *store.Tx) error { return tx.SaveDeployment(d) }
	}
	changed := d
	changed.Snapshot, changed.Owner, changed.Scope, changed.GroupID = json.RawMessage(`"other"`), "node-2", other, "x"
	changed.Info.Status, changed.Target, changed.Progress = codedeploy.DeploymentStatusReady, nil, nil
	s.tx(t, save(changed))
	got := s.deployment(t, d.ID)
	same(t, "what a save does not touch", []any{got.Snapshot, got.Owner, got.Scope, got.GroupID},
		[]any{d.Snapshot, d.Owner, d.Scope, d.GroupID})
	same(t, "what a save writes", []any{got.Info.Status, got.Target, got.Progress, got.Version},
		[]any{codedeploy.DeploymentStatusReady, (*codedeploy.DeploymentTarget)(nil), json.RawMessage(nil), d.Version + 1})

	s.fails(t, store.ErrStale, save(d))
	newer := got
	newer.Version++
	s.fails(t, store.ErrStale, save(newer))
	s.fails(t, store.ErrStale, save(store.Deployment{ID: "d-none", Info: d.Info}))

	invalid := map[string]func(*codedeploy.DeploymentInfo){
		"unknown status":               func(i *codedeploy.DeploymentInfo) { i.Status = "Running" },
		"ended without complete time":  func(i *codedeploy.DeploymentInfo) { i.Status = codedeploy.DeploymentStatusFailed },
		"complete time before the end": func(i *codedeploy.DeploymentInfo) { i.CompleteTime = i.CreateTime },
	}
	for name, spoil := range invalid {
		bad := got
		spoil(&bad.Info)
		if err := s.store.Tx(t.Context(), save(bad)); err == nil || errors.Is(err, store.ErrStale) {
			t.Errorf("%s: %v", name, err)
		}
	}
	same(t, "after refusals", s.deployment(t, d.ID), got)

	s.tx(t, save(ended(got, codedeploy.DeploymentStatusSucceeded, 9)))
	final := s.deployment(t, d.ID)
	for _, status := range []codedeploy.DeploymentStatus{codedeploy.DeploymentStatusSucceeded, codedeploy.DeploymentStatusFailed} {
		s.fails(t, store.ErrStale, save(ended(final, status, 10)))
	}
	revived := final
	revived.Info.Status, revived.Info.CompleteTime = codedeploy.DeploymentStatusInProgress, codedeploy.Timestamp{}
	s.fails(t, store.ErrStale, save(revived))
	same(t, "an ended deployment", s.deployment(t, d.ID), final)
}
