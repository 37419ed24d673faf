package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// testRaces lets writers do at the same moment what each of them may do alone.
func testRaces(t *testing.T, s *suite) {
	for name, race := range map[string]func(*testing.T, *suite){
		"quotas":                            raceForQuotas,
		"tags of one resource":              raceForTags,
		"services of one group":             raceForServices,
		"application deleted twice":         raceToDelete,
		"setting made once":                 raceForSetting,
		"configuration deleted or used":     raceForConfig,
		"group changed or deployed to":      raceForGroup,
		"next deployment of a group":        raceForTurn,
		"revision of a deleted application": raceForRevision,
		"lease renewed or taken over":       raceForLease,
	} {
		t.Run(name, func(t *testing.T) { race(t, s) })
	}
}

const (
	racers = 8
	rounds = 12
)

// atOnce runs fn for each number in a transaction of its own, all at the same
// moment, and returns their errors.
func atOnce(t testing.TB, s *suite, count int, fn func(i int, tx *store.Tx) error) []error {
	t.Helper()
	failures := make([]error, count)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range count {
		all.Go(func() {
			<-start
			failures[i] = s.store.Tx(t.Context(), func(tx *store.Tx) error { return fn(i, tx) })
		})
	}
	close(start)
	all.Wait()
	return failures
}

// oneOf expects every error to be nil or one of those.
func oneOf(t testing.TB, failures []error, expected ...error) (succeeded int) {
	t.Helper()
	for i, err := range failures {
		known := err == nil
		for _, e := range expected {
			known = known || errors.Is(err, e)
		}
		if !known {
			t.Errorf("caller %d: %v", i, err)
		}
		if err == nil {
			succeeded++
		}
	}
	return succeeded
}

var errQuota = errors.New("quota")

// within fails a transaction when there are more than limit.
func within(limit, count int, err error) error {
	if err == nil && count > limit {
		err = errQuota
	}
	return err
}

// raceForQuotas creates, counts, and gives up what is too much, as the API does.
func raceForQuotas(t *testing.T, s *suite) {
	const limit = 3
	quota := store.Scope{Account: "444455556666", Region: "eu-west-1"}
	app := application("quota")
	app.Scope = quota
	s.tx(t, func(tx *store.Tx) error { return tx.CreateApplication(app) })
	for name, create := range map[string]func(i int, tx *store.Tx) error{
		"applications": func(i int, tx *store.Tx) error {
			a := application(fmt.Sprintf("quota%d", i))
			a.Scope = quota
			if err := tx.CreateApplication(a); err != nil {
				return err
			}
			n, err := tx.CountApplications(quota)
			return within(limit+1, n, err) // with the one that is there
		},
		"groups": func(i int, tx *store.Tx) error {
			if err := tx.CreateGroup(group("quota", fmt.Sprint(i))); err != nil {
				return err
			}
			n, err := tx.CountGroups("app-quota")
			return within(limit, n, err)
		},
		"configurations": func(i int, tx *store.Tx) error {
			c := config(fmt.Sprintf("Quota%d", i))
			c.Scope = quota
			if err := tx.CreateConfig(c); err != nil {
				return err
			}
			n, err := tx.CountConfigs(quota)
			return within(limit, n, err)
		},
		"active deployments": func(i int, tx *store.Tx) error {
			n, err := tx.CountActive(quota, limit)
			if err := within(limit, n+1, err); err != nil {
				return err
			}
			d := deployment(fmt.Sprintf("d-quota%d", i), fmt.Sprintf("g-quota%d", i), 1)
			d.Scope = quota
			return tx.InsertDeployment(d)
		},
	} {
		if made := oneOf(t, atOnce(t, s, 2*racers, create), errQuota); made != limit {
			t.Errorf("%d %s were created, the quota is %d", made, name, limit)
		}
	}
}

func config(name string) store.Config {
	return store.Config{Scope: scope, Info: codedeploy.DeploymentConfigInfo{
		DeploymentConfigID: "config-" + name, DeploymentConfigName: name, CreateTime: codedeploy.NewTimestamp(at(1))}}
}

func raceForTags(t *testing.T, s *suite) {
	const limit = 3
	made := oneOf(t, atOnce(t, s, racers, func(i int, tx *store.Tx) error {
		if err := tx.PutTags("raced", []codedeploy.Tag{{Key: fmt.Sprint(i)}}); err != nil {
			return err
		}
		tags, err := tx.Tags("raced")
		return within(limit, len(tags), err)
	}), errQuota)
	if made != limit {
		t.Errorf("%d tags were put, at most %d are allowed", made, limit)
	}
	// The same tags, each caller in an order of its own.
	oneOf(t, atOnce(t, s, racers, func(i int, tx *store.Tx) error {
		var tags []codedeploy.Tag
		for n := range racers {
			tags = append(tags, codedeploy.Tag{Key: fmt.Sprint((n + i) % racers), Value: fmt.Sprint(i)})
		}
		return tx.PutTags("ordered", tags)
	}))
	tags := view(t, s, func(tx *store.Tx) ([]codedeploy.Tag, error) { return tx.Tags("ordered") })
	for _, tag := range tags {
		if tag.Value != tags[0].Value {
			t.Errorf("tags of two callers: %v", tags)
		}
	}
}

// raceForServices lets one group claim several services, then sees how many
// another group cannot have.
func raceForServices(t *testing.T, s *suite) {
	s.tx(t, func(tx *store.Tx) error {
		return errors.Join(tx.CreateApplication(application("services")),
			tx.CreateGroup(group("services", "one")), tx.CreateGroup(group("services", "two")))
	})
	service := func(i int) string { return fmt.Sprintf("cluster/service%d", i) }
	oneOf(t, atOnce(t, s, racers, func(i int, tx *store.Tx) error {
		return tx.ClaimECSService(scope, "services-one", service(i))
	}))
	taken := 0
	for i := range racers {
		err := s.store.Tx(t.Context(), func(tx *store.Tx) error { return tx.ClaimECSService(scope, "services-two", service(i)) })
		if errors.Is(err, store.ErrExists) {
			taken++
		} else if err != nil {
			t.Error(err)
		}
	}
	if taken != 1 {
		t.Errorf("a group has %d services, want 1", taken)
	}
}

func raceToDelete(t *testing.T, s *suite) {
	deleted := store.Scope{Account: "777788889999", Region: "eu-west-1"}
	for round := range rounds {
		app := application(fmt.Sprintf("deleted%d", round))
		app.Scope = deleted
		s.tx(t, func(tx *store.Tx) error { return tx.CreateApplication(app) })
		oneOf(t, atOnce(t, s, racers, func(_ int, tx *store.Tx) error { return tx.DeleteApplication(app.ID) }))
		if n := view(t, s, func(tx *store.Tx) (int, error) { return tx.CountApplications(deleted) }); n != 0 {
			t.Fatalf("%d applications are counted after the only one was deleted", n)
		}
	}
}

// raceForSetting is how nodes that start together agree on a key.
func raceForSetting(t *testing.T, s *suite) {
	for round := range rounds {
		name := fmt.Sprintf("raced%d", round)
		keys := make([]string, racers)
		oneOf(t, atOnce(t, s, racers, func(i int, tx *store.Tx) error {
			key, err := tx.Setting(name)
			if errors.Is(err, store.ErrNotFound) {
				key = fmt.Append(nil, i)
				err = tx.SetSetting(name, key)
			}
			keys[i] = string(key)
			return err
		}))
		for i, key := range keys {
			if key != keys[0] {
				t.Fatalf("caller %d has key %q, caller 0 has %q", i, key, keys[0])
			}
		}
	}
}
