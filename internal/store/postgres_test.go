package store_test

import (
	"testing"

	"greenlight/internal/sqldb/pgtest"
	"greenlight/internal/store"
	"greenlight/internal/store/storetest"
)

func openPostgres(t *testing.T) *store.Store {
	t.Helper()
	return openAt(t, pgtest.Database(t))
}

func TestPostgres(t *testing.T) { storetest.Run(t, openPostgres) }

func TestPostgresOnPremises(t *testing.T) { storetest.RunOnPremises(t, openPostgres) }
