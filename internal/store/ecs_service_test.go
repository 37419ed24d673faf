package store_test

import (
	"errors"
	"testing"
	"time"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// TestECSServiceBelongsToOneGroup claims, moves and frees services.
func TestECSServiceBelongsToOneGroup(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) { claimServices(t, open(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { claimServices(t, openPostgres(t)) })
}

func claimServices(t *testing.T, s *store.Store) {
	here := store.Scope{Account: "111122223333", Region: "eu-west-1"}
	there := store.Scope{Account: "111122223333", Region: "us-east-1"}
	err := s.Tx(t.Context(), func(tx *store.Tx) error {
		for _, sc := range []store.Scope{here, there} {
			app := store.Application{Scope: sc, ID: "app-" + sc.Region, Name: "a", ComputePlatform: codedeploy.ComputePlatformECS, CreateTime: time.Now()}
			if err := tx.CreateApplication(app); err != nil {
				return err
			}
			for _, name := range []string{"g", "h"} {
				if err := tx.CreateGroup(store.Group{Scope: sc, ID: name + "-" + sc.Region, ApplicationID: app.ID, Name: name, CreateTime: time.Now()}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	claim := func(sc store.Scope, group, service string, want error) {
		t.Helper()
		err := s.Tx(t.Context(), func(tx *store.Tx) error { return tx.ClaimECSService(sc, group, service) })
		if !errors.Is(err, want) {
			t.Errorf("%s claims %s: %v, want %v", group, service, err, want)
		}
	}
	claim(here, "g-eu-west-1", "c/s", nil)
	claim(here, "g-eu-west-1", "c/s", nil)
	claim(here, "h-eu-west-1", "c/s", store.ErrExists)
	claim(there, "g-us-east-1", "c/s", nil)
	claim(here, "none", "c/x", store.ErrNotFound)

	// A refused claim leaves the group the service that it has.
	claim(here, "h-eu-west-1", "c/t", nil)
	claim(here, "h-eu-west-1", "c/s", store.ErrExists)
	claim(here, "g-eu-west-1", "c/t", store.ErrExists)

	claim(here, "g-eu-west-1", "c/u", nil)
	claim(here, "h-eu-west-1", "c/s", nil)
	if err := s.Tx(t.Context(), func(tx *store.Tx) error { return tx.DeleteGroup("h-eu-west-1") }); err != nil {
		t.Fatal(err)
	}
	claim(here, "g-eu-west-1", "c/s", nil)
	if err := s.Tx(t.Context(), func(tx *store.Tx) error { return tx.DeleteApplication("app-us-east-1") }); err != nil {
		t.Fatal(err)
	}
	claim(there, "g-us-east-1", "c/s", store.ErrNotFound)
}
