// Package storetest is the conformance suite of package store: what every
// database under it must do. A database's test calls Run with a way to open
// an empty store.
package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// Run runs the suite. open returns an empty store, which it closes when the
// test is over.
func Run(t *testing.T, open func(t *testing.T) *store.Store) {
	for name, test := range map[string]func(*testing.T, *suite){
		"Applications":  testApplications,
		"Cascade":       testCascade,
		"Groups":        testGroups,
		"GroupHistory":  testGroupHistory,
		"Configs":       testConfigs,
		"Revisions":     testRevisions,
		"RevisionLists": testRevisionLists,
		"Settings":      testSettings,
		"Tags":          testTags,
		"Paging":        testPaging,
		"Deployments":   testDeployments,
		"Names":         testNames,
		"Saving":        testSaving,
		"OneActive":     testOneActive,
		"LostUpdates":   testLostUpdates,
		"Lists":         testLists,
		"ListPaging":    testListPaging,
		"Leases":        testLeases,
		"Claims":        testClaims,
		"Races":         testRaces,
		"Transactions":  testTransactions,
	} {
		t.Run(name, func(t *testing.T) { test(t, &suite{open(t)}) })
	}
}

// suite is the store under test with shorthand for its use.
type suite struct{ store *store.Store }

var (
	scope = store.Scope{Account: "111122223333", Region: "eu-west-1"}
	other = store.Scope{Account: "111122223333", Region: "us-east-1"}
	// start has more precision than is kept and a zone of its own.
	start = time.Date(2026, 3, 1, 12, 0, 0, 123_456_789, time.FixedZone("", 3600))
)

// at is n minutes after start, as the store gives it back.
func at(n int) time.Time {
	return start.Add(time.Duration(n) * time.Minute).UTC().Truncate(time.Millisecond)
}

func (s *suite) tx(t testing.TB, fn func(*store.Tx) error) {
	t.Helper()
	if err := s.store.Tx(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// fails expects a transaction to end with want.
func (s *suite) fails(t testing.TB, want error, fn func(*store.Tx) error) {
	t.Helper()
	if err := s.store.Tx(context.Background(), fn); !errors.Is(err, want) {
		t.Errorf("got error %v, want %v", err, want)
	}
}

// view returns what read gives in a View.
func view[T any](t testing.TB, s *suite, read func(*store.Tx) (T, error)) T {
	t.Helper()
	var result T
	err := s.store.View(context.Background(), func(tx *store.Tx) (err error) {
		result, err = read(tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// same compares; an empty list is the same as none.
func same[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func application(name string) store.Application {
	return store.Application{Scope: scope, ID: "app-" + name, Name: name,
		ComputePlatform: codedeploy.ComputePlatformLambda, CreateTime: at(0)}
}

func group(app, name string) store.Group {
	return store.Group{Scope: scope, ID: app + "-" + name, ApplicationID: "app-" + app, Name: name, CreateTime: at(0),
		Info: codedeploy.DeploymentGroupInfo{
			DeploymentConfigName: "Mine",
			ServiceRoleARN:       "arn:aws:iam::111122223333:role/deploy",
			AutoScalingGroups:    []codedeploy.AutoScalingGroup{},
		}}
}

// deployment is a new one, made n minutes after start.
func deployment(id, groupID string, n int) store.Deployment {
	return store.Deployment{Scope: scope, ID: id, ApplicationID: "app-orders", GroupID: groupID,
		RevisionIdentity: "rev-" + id,
		Info: codedeploy.DeploymentInfo{
			DeploymentID: id, ApplicationName: "orders", DeploymentGroupName: "live", DeploymentConfigName: "Mine",
			Status: codedeploy.DeploymentStatusCreated, CreateTime: codedeploy.NewTimestamp(at(n)),
			DeploymentStatusMessages: []string{}, Revision: appSpec("", id),
		},
		Snapshot: json.RawMessage(`{"made":"` + id + `"}`),
	}
}

func appSpec(content, sha string) *codedeploy.RevisionLocation {
	return &codedeploy.RevisionLocation{RevisionType: codedeploy.RevisionLocationTypeAppSpecContent,
		AppSpecContent: &codedeploy.AppSpecContent{Content: content, SHA256: sha}}
}

// ended is d after it came to status, n minutes after start.
func ended(d store.Deployment, status codedeploy.DeploymentStatus, n int) store.Deployment {
	d.Info.Status, d.Info.CompleteTime = status, codedeploy.NewTimestamp(at(n))
	d.WakeAt = time.Time{}
	return d
}

// orders creates an application with the groups named.
func (s *suite) orders(t testing.TB, groups ...string) {
	t.Helper()
	s.tx(t, func(tx *store.Tx) error {
		err := tx.CreateApplication(application("orders"))
		for _, name := range groups {
			err = errors.Join(err, tx.CreateGroup(group("orders", name)))
		}
		return err
	})
}

// insert stores deployments as they are, ended ones too.
func (s *suite) insert(t testing.TB, all ...store.Deployment) {
	t.Helper()
	s.tx(t, func(tx *store.Tx) error {
		for _, d := range all {
			if err := tx.InsertDeployment(d); err != nil {
				return fmt.Errorf("%s: %w", d.ID, err)
			}
		}
		return nil
	})
}

func (s *suite) deployment(t testing.TB, id string) store.Deployment {
	t.Helper()
	return view(t, s, func(tx *store.Tx) (store.Deployment, error) { return tx.Deployment(id) })
}
