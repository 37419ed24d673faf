package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

var errUsed = errors.New("in use")

// raceForConfig deletes a configuration while groups that name it are created.
func raceForConfig(t *testing.T, s *suite) {
	s.tx(t, func(tx *store.Tx) error { return tx.CreateApplication(application("config")) })
	for round := range rounds {
		name := fmt.Sprintf("Raced%d", round)
		s.tx(t, func(tx *store.Tx) error { return tx.CreateConfig(config(name)) })
		failures := atOnce(t, s, racers, func(i int, tx *store.Tx) error {
			if i%2 == 0 {
				used, err := tx.ConfigInUse(scope, name)
				if err == nil && used {
					err = errUsed
				}
				if err != nil {
					return err
				}
				return tx.DeleteConfig(scope, name)
			}
			if _, err := tx.Config(scope, name); err != nil {
				return err
			}
			g := group("config", fmt.Sprintf("%d-%d", round, i))
			g.Info.DeploymentConfigName = name
			return tx.CreateGroup(g)
		})
		oneOf(t, failures, errUsed, store.ErrNotFound)
		err := s.store.View(t.Context(), func(tx *store.Tx) error {
			used, err := tx.ConfigInUse(scope, name)
			if err == nil && used {
				_, err = tx.Config(scope, name)
			}
			return err
		})
		if err != nil {
			t.Fatalf("a group uses a configuration that was deleted: %v", err)
		}
	}
}

// raceForGroup changes an idle group's configuration while it is deployed to:
// who finds the group idle and changes it can rely on the deployment having the change.
func raceForGroup(t *testing.T, s *suite) {
	s.tx(t, func(tx *store.Tx) error { return tx.CreateApplication(application("changed")) })
	for round := range rounds {
		name := fmt.Sprint(round)
		id := "d-changed" + name
		s.tx(t, func(tx *store.Tx) error { return tx.CreateGroup(group("changed", name)) })
		var busy bool
		oneOf(t, atOnce(t, s, 2, func(i int, tx *store.Tx) error {
			g, err := tx.Group("app-changed", name)
			if err != nil {
				return err
			}
			if i == 0 {
				d := deployment(id, g.ID, 1)
				d.Info.DeploymentConfigName = g.Info.DeploymentConfigName
				return tx.InsertDeployment(d)
			}
			if _, busy, err = tx.Active(g.ID); err != nil {
				return err
			}
			g.Info.DeploymentConfigName = "Changed"
			return tx.UpdateGroup(g)
		}))
		if d := s.deployment(t, id); !busy && d.Info.DeploymentConfigName != "Changed" {
			t.Fatal("a deployment was created by settings that had been replaced while the group was idle")
		}
	}
}

// raceForTurn creates deployments while the one before them ends: each is told
// of another active one, or succeeds.
func raceForTurn(t *testing.T, s *suite) {
	active := deployment("d-turn", "g-turn", 1)
	s.insert(t, active)
	for round := range rounds {
		created := make([]store.Deployment, racers)
		failures := atOnce(t, s, racers, func(i int, tx *store.Tx) error {
			if i == 0 {
				return tx.SaveDeployment(ended(active, codedeploy.DeploymentStatusSucceeded, 2))
			}
			created[i] = deployment(fmt.Sprintf("d-turn%d-%d", round, i), "g-turn", 1)
			return tx.InsertDeployment(created[i])
		})
		winners := 0
		for i, err := range failures[1:] {
			var busy *store.BusyError
			switch {
			case err == nil:
				active = created[i+1]
				winners++
			case !errors.As(err, &busy):
				t.Errorf("caller %d: %v", i+1, err)
			}
		}
		if winners > 1 || failures[0] != nil {
			t.Fatalf("%d active deployments, end of the one before: %v", winners, failures[0])
		}
		if winners == 0 {
			active = deployment(fmt.Sprintf("d-turn%d", round), "g-turn", 1)
			s.insert(t, active)
		}
	}
}

// raceForRevision deletes an application while its deployment's end inserts a
// rollback, which registers its revision where there is still an application.
func raceForRevision(t *testing.T, s *suite) {
	for round := range rounds {
		app := application(fmt.Sprintf("revised%d", round))
		s.tx(t, func(tx *store.Tx) error { return tx.CreateApplication(app) })
		oneOf(t, atOnce(t, s, racers, func(i int, tx *store.Tx) error {
			if i == racers-1 {
				return tx.DeleteApplication(app.ID)
			}
			exists, err := tx.ApplicationExists(app.ID)
			if err != nil || !exists {
				return err
			}
			err = tx.RegisterRevision(store.Revision{ApplicationID: app.ID, Identity: "sha", RegisterTime: at(1),
				Description: fmt.Sprint(i), Location: *appSpec("version: 0.0", "sha")})
			if err != nil {
				return err
			}
			return tx.UseRevision(app.ID, "sha", at(i))
		}))
	}
}

// raceForLease renews a lease late, when others hold it to be over: the node
// keeps all that it owns, or learns that it has lost it.
func raceForLease(t *testing.T, s *suite) {
	s.tx(t, func(tx *store.Tx) error { return tx.JoinNode("heir", at(90)) })
	for round := range rounds {
		node := fmt.Sprintf("late%d", round)
		d := deployment("d-"+node, "g-"+node, 1)
		d.Owner = node
		s.insert(t, d)
		s.tx(t, func(tx *store.Tx) error { return tx.JoinNode(node, at(10)) })
		failures := atOnce(t, s, 2, func(i int, tx *store.Tx) error {
			if i == 0 {
				return tx.RenewLease(node, at(10).Add(-time.Millisecond), at(60))
			}
			_, err := tx.ClaimOrphans("heir", at(10), 1000)
			return err
		})
		oneOf(t, failures, store.ErrStale)
		owner, want := s.deployment(t, d.ID).Owner, node
		if failures[0] != nil {
			want = "heir"
		}
		if owner != want {
			t.Fatalf("renewal: %v; the owner is %s, want %s", failures[0], owner, want)
		}
	}
}
