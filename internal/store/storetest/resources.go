package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

func testApplications(t *testing.T, s *suite) {
	orders := application("orders")
	s.tx(t, func(tx *store.Tx) error {
		elsewhere := orders
		elsewhere.ID, elsewhere.Scope = "app-elsewhere", other
		return errors.Join(tx.CreateApplication(orders), tx.CreateApplication(application("Orders")), tx.CreateApplication(elsewhere))
	})
	read := func(name string) store.Application {
		return view(t, s, func(tx *store.Tx) (store.Application, error) { return tx.Application(scope, name) })
	}
	same(t, "application", read("orders"), orders)
	s.tx(t, func(tx *store.Tx) error {
		again := orders
		again.ID = "app-again"
		if err := tx.CreateApplication(again); !errors.Is(err, store.ErrExists) {
			t.Errorf("create again: %v", err)
		}
		return tx.CreateApplication(application("after-the-clash"))
	})
	s.fails(t, store.ErrExists, func(tx *store.Tx) error { return tx.RenameApplication(orders.ID, "Orders") })
	s.fails(t, store.ErrNotFound, func(tx *store.Tx) error { return tx.RenameApplication("none", "x") })
	exists := func(id string) bool {
		return view(t, s, func(tx *store.Tx) (bool, error) { return tx.ApplicationExists(id) })
	}
	s.tx(t, func(tx *store.Tx) error { return tx.RenameApplication(orders.ID, "renamed") })
	same(t, "exists under its new name", []bool{exists(orders.ID), exists("none"), exists("renamed")}, []bool{true, false, false})
	orders.Name = "renamed"
	same(t, "renamed", read("renamed"), orders)
	s.fails(t, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Application(scope, "orders"); return err })
	names := view(t, s, func(tx *store.Tx) ([]string, error) { return tx.ListApplications(scope, "", 10) })
	same(t, "names", names, []string{"Orders", "after-the-clash", "renamed"})
	count := view(t, s, func(tx *store.Tx) (int, error) { return tx.CountApplications(scope) })
	same(t, "count", count, 3)
	s.tx(t, func(tx *store.Tx) error { return tx.DeleteApplication("none") })
}

func testCascade(t *testing.T, s *suite) {
	s.orders(t, "live", "test")
	s.insert(t,
		ended(deployment("d-ENDED", "orders-live", 1), codedeploy.DeploymentStatusSucceeded, 2),
		ended(deployment("d-GONEGROUP", "orders-deleted", 1), codedeploy.DeploymentStatusFailed, 2),
		deployment("d-ACTIVE", "orders-live", 3))
	tag := []codedeploy.Tag{{Key: "k", Value: "v"}}
	s.tx(t, func(tx *store.Tx) error {
		return errors.Join(tx.CreateApplication(application("kept")), tx.CreateGroup(group("kept", "live")),
			tx.PutTags("app-orders", tag), tx.PutTags("orders-live", tag), tx.PutTags("kept-live", tag),
			tx.RegisterRevision(store.Revision{ApplicationID: "app-orders", Identity: "r", RegisterTime: at(0)}))
	})
	s.tx(t, func(tx *store.Tx) error { return tx.DeleteApplication("app-orders") })
	same(t, "count", view(t, s, func(tx *store.Tx) (int, error) { return tx.CountApplications(scope) }), 1)
	for _, id := range []string{"d-ENDED", "d-GONEGROUP"} {
		s.fails(t, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Deployment(id); return err })
	}
	s.fails(t, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Group("app-orders", "live"); return err })
	s.fails(t, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Revision("app-orders", "r"); return err })
	s.fails(t, store.ErrNotFound, func(tx *store.Tx) error { return tx.CreateGroup(group("orders", "late")) })
	for id, want := range map[string][]codedeploy.Tag{"app-orders": nil, "orders-live": nil, "kept-live": tag} {
		same(t, "tags of "+id, view(t, s, func(tx *store.Tx) ([]codedeploy.Tag, error) { return tx.Tags(id) }), want)
	}
	active := s.deployment(t, "d-ACTIVE")
	if active.ApplicationExists || active.GroupExists || active.ApplicationID != "app-orders" || active.Info.ApplicationName != "orders" {
		t.Errorf("active deployment of a deleted application: %+v", active)
	}
	s.tx(t, func(tx *store.Tx) error {
		return tx.SaveDeployment(ended(active, codedeploy.DeploymentStatusSucceeded, 4))
	})
	same(t, "status after its end", s.deployment(t, "d-ACTIVE").Info.Status, codedeploy.DeploymentStatusSucceeded)
}

func testGroups(t *testing.T, s *suite) {
	s.orders(t, "live", "test")
	read := func(name string) store.Group {
		return view(t, s, func(tx *store.Tx) (store.Group, error) { return tx.Group("app-orders", name) })
	}
	want := group("orders", "live")
	want.Info.ApplicationName, want.Info.ComputePlatform = "orders", codedeploy.ComputePlatformLambda
	want.Info.DeploymentGroupID, want.Info.DeploymentGroupName = "orders-live", "live"
	same(t, "group", read("live"), want)
	if read("live").Info.AutoScalingGroups == nil {
		t.Error("an empty list came back as none")
	}
	s.fails(t, store.ErrExists, func(tx *store.Tx) error {
		again := group("orders", "live")
		again.ID = "again"
		return tx.CreateGroup(again)
	})
	s.fails(t, store.ErrExists, func(tx *store.Tx) error {
		clash := group("orders", "live")
		clash.Name = "test"
		return tx.UpdateGroup(clash)
	})
	s.fails(t, store.ErrNotFound, func(tx *store.Tx) error { return tx.UpdateGroup(group("orders", "none")) })
	changed := read("live")
	changed.Name, changed.Info.DeploymentConfigName, changed.Info.AutoScalingGroups = "renamed", "Other", nil
	s.tx(t, func(tx *store.Tx) error { return tx.UpdateGroup(changed) })
	changed.Info.DeploymentGroupName = "renamed"
	same(t, "changed group", read("renamed"), changed)
	s.tx(t, func(tx *store.Tx) error { return tx.RenameApplication("app-orders", "sales") })
	same(t, "application name", read("renamed").Info.ApplicationName, "sales")
	for config, want := range map[string]bool{"Mine": true, "Other": true, "None": false} {
		used := view(t, s, func(tx *store.Tx) (bool, error) { return tx.GroupsUsingConfig(scope, config) })
		same(t, "use of "+config, used, want)
	}
	same(t, "count", view(t, s, func(tx *store.Tx) (int, error) { return tx.CountGroups("app-orders") }), 2)
	s.tx(t, func(tx *store.Tx) error { return tx.DeleteGroup("orders-live") })
	names := view(t, s, func(tx *store.Tx) ([]string, error) { return tx.ListGroups("app-orders", "", 10) })
	same(t, "names", names, []string{"test"})
}

// testGroupHistory is about what follows from a group's deployments (api.md 8.2).
func testGroupHistory(t *testing.T, s *suite) {
	s.orders(t, "live")
	last := func(id string, status codedeploy.DeploymentStatus, created, completed int) *codedeploy.LastDeploymentInfo {
		info := &codedeploy.LastDeploymentInfo{DeploymentID: id, Status: status, CreateTime: codedeploy.NewTimestamp(at(created))}
		if completed != 0 {
			info.EndTime = codedeploy.NewTimestamp(at(completed))
		}
		return info
	}
	expect := func(step string, attempted, successful *codedeploy.LastDeploymentInfo, target *codedeploy.RevisionLocation) {
		t.Helper()
		info := view(t, s, func(tx *store.Tx) (store.Group, error) { return tx.Group("app-orders", "live") }).Info
		same(t, step+": last attempted", info.LastAttemptedDeployment, attempted)
		same(t, step+": last successful", info.LastSuccessfulDeployment, successful)
		same(t, step+": target revision", info.TargetRevision, target)
	}
	expect("none", nil, nil, nil)
	s.fails(t, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.LastSuccessful("orders-live"); return err })

	first := deployment("d-9", "orders-live", 1)
	first.Info.Revision = appSpec("content that must not come back", "d-9")
	s.insert(t, first)
	expect("running", last("d-9", codedeploy.DeploymentStatusCreated, 1, 0), nil, nil)
	s.tx(t, func(tx *store.Tx) error {
		return tx.SaveDeployment(ended(first, codedeploy.DeploymentStatusSucceeded, 2))
	})
	succeeded := last("d-9", codedeploy.DeploymentStatusSucceeded, 1, 2)
	expect("succeeded", succeeded, succeeded, appSpec("", "d-9"))
	s.insert(t, ended(deployment("d-8", "orders-live", 3), codedeploy.DeploymentStatusFailed, 4))
	expect("failed", last("d-8", codedeploy.DeploymentStatusFailed, 3, 4), succeeded, appSpec("", "d-9"))

	groups := func(identity string) []string {
		return view(t, s, func(tx *store.Tx) ([]string, error) { return tx.RevisionGroups("app-orders", identity) })
	}
	same(t, "groups of the target revision", groups("rev-d-9"), []string{"live"})
	same(t, "groups of the failed revision", groups("rev-d-8"), nil)

	// The later of two within one millisecond is the one that came later,
	// whatever the ids are.
	for _, id := range []string{"d-5", "d-7", "d-6"} {
		s.insert(t, ended(deployment(id, "orders-live", 5), codedeploy.DeploymentStatusSucceeded, 5))
	}
	newest := last("d-6", codedeploy.DeploymentStatusSucceeded, 5, 5)
	expect("same instant", newest, newest, appSpec("", "d-6"))
	good := view(t, s, func(tx *store.Tx) (store.Deployment, error) { return tx.LastSuccessful("orders-live") })
	same(t, "last successful", good, s.deployment(t, "d-6"))
}

func testConfigs(t *testing.T, s *suite) {
	s.orders(t)
	mine := store.Config{Scope: scope, Info: codedeploy.DeploymentConfigInfo{
		DeploymentConfigID: "config-1", DeploymentConfigName: "Mine", ComputePlatform: codedeploy.ComputePlatformLambda,
		CreateTime: codedeploy.NewTimestamp(at(1)),
		TrafficRoutingConfig: &codedeploy.TrafficRoutingConfig{
			Type:            codedeploy.TrafficRoutingTypeTimeBasedCanary,
			TimeBasedCanary: &codedeploy.TimeBasedCanary{CanaryPercentage: new(int64(10)), CanaryInterval: new(int64(5))},
		}}}
	s.tx(t, func(tx *store.Tx) error {
		return errors.Join(tx.CreateConfig(mine), tx.PutTags("config-1", []codedeploy.Tag{{Key: "k"}}))
	})
	read := func(tx *store.Tx) (store.Config, error) { return tx.Config(scope, "Mine") }
	same(t, "config", view(t, s, read), mine)
	s.fails(t, store.ErrExists, func(tx *store.Tx) error {
		again := mine
		again.Info.DeploymentConfigID = "config-2"
		return tx.CreateConfig(again)
	})
	used := func() bool {
		return view(t, s, func(tx *store.Tx) (bool, error) { return tx.ConfigInUse(scope, "Mine") })
	}
	same(t, "unused", used(), false)
	d := deployment("d-1", "orders-live", 1)
	s.insert(t, d)
	same(t, "used by an active deployment", used(), true)
	s.tx(t, func(tx *store.Tx) error { return tx.SaveDeployment(ended(d, codedeploy.DeploymentStatusFailed, 2)) })
	same(t, "used by an ended deployment", used(), false)
	s.tx(t, func(tx *store.Tx) error { return tx.CreateGroup(group("orders", "live")) })
	same(t, "used by a group", used(), true)
	names := view(t, s, func(tx *store.Tx) ([]string, error) { return tx.ListConfigs(scope, "", 10) })
	same(t, "names", names, []string{"Mine"})
	for range 2 {
		s.tx(t, func(tx *store.Tx) error { return tx.DeleteConfig(scope, "Mine") })
	}
	s.fails(t, store.ErrNotFound, func(tx *store.Tx) error { _, err := read(tx); return err })
	same(t, "count", view(t, s, func(tx *store.Tx) (int, error) { return tx.CountConfigs(scope) }), 0)
	same(t, "tags", view(t, s, func(tx *store.Tx) ([]codedeploy.Tag, error) { return tx.Tags("config-1") }), nil)
}

func testSettings(t *testing.T, s *suite) {
	read := func(tx *store.Tx) ([]byte, error) { return tx.Setting("hook-key") }
	s.fails(t, store.ErrNotFound, func(tx *store.Tx) error { _, err := read(tx); return err })
	for _, value := range [][]byte{{0, 255, '\''}, []byte("second"), {}} {
		s.tx(t, func(tx *store.Tx) error { return tx.SetSetting("hook-key", value) })
		same(t, "value", view(t, s, read), value)
	}
}

func testTags(t *testing.T, s *suite) {
	read := func(tx *store.Tx) ([]codedeploy.Tag, error) { return tx.Tags("app-1") }
	s.tx(t, func(tx *store.Tx) error {
		return errors.Join(tx.PutTags("app-1", []codedeploy.Tag{{Key: "b", Value: "1"}, {Key: "a"}}),
			tx.PutTags("app-1", []codedeploy.Tag{{Key: "b", Value: "2"}, {Key: "c", Value: "3"}}),
			tx.PutTags("app-2", []codedeploy.Tag{{Key: "a", Value: "not mine"}}))
	})
	same(t, "merged", view(t, s, read), []codedeploy.Tag{{Key: "a"}, {Key: "b", Value: "2"}, {Key: "c", Value: "3"}})
	s.tx(t, func(tx *store.Tx) error { return tx.DeleteTags("app-1", []string{"a", "none", "b"}) })
	same(t, "left", view(t, s, read), []codedeploy.Tag{{Key: "c", Value: "3"}})
}

// testPaging changes the list between pages: survivors come once, in order.
func testPaging(t *testing.T, s *suite) {
	s.tx(t, func(tx *store.Tx) (err error) {
		for i := range 10 {
			err = errors.Join(err, tx.CreateApplication(application(fmt.Sprintf("app%02d", i*2))))
		}
		return err
	})
	page := func(after string) []string {
		return view(t, s, func(tx *store.Tx) ([]string, error) { return tx.ListApplications(scope, after, 4) })
	}
	first := page("")
	s.tx(t, func(tx *store.Tx) error {
		return errors.Join(tx.CreateApplication(application("app01")), tx.CreateApplication(application("app07")),
			tx.DeleteApplication("app-app06"), tx.DeleteApplication("app-app10"))
	})
	second := page(first[3])
	third := page(second[3])
	same(t, "pages", slices.Concat(first, second, third), []string{"app00", "app02", "app04", "app06",
		"app07", "app08", "app12", "app14", "app16", "app18"})
	same(t, "behind the last", page("app18"), nil)
}
