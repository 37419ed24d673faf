package ecs

import (
	"time"

	"greenlight/internal/sqldb"
)

// What is over is shown for a while.
const (
	keptTasks    = 50        // STOPPED tasks of a service
	keptInactive = time.Hour // an INACTIVE service, by the machine's clock
)

// prune removes the STOPPED tasks of a service that nobody will ask for.
func prune(tx *sqldb.Tx, k serviceKey) error {
	_, err := tx.Exec(`DELETE FROM task WHERE account = $1 AND region = $2 AND cluster = $3 AND service = $4 AND stopped > 0
		AND stopped <= (SELECT stopped FROM task WHERE account = $1 AND region = $2 AND cluster = $3 AND service = $4 AND stopped > 0
			ORDER BY stopped DESC LIMIT 1 OFFSET $5)`, k.Account, k.Region, k.Cluster, k.Name, keptTasks)
	return err
}

// pruneServices removes services that have been INACTIVE for long.
func pruneServices(tx *sqldb.Tx, now time.Time) error {
	inactive, err := list[service](tx, `SELECT document FROM service WHERE status = 'INACTIVE'`)
	if err != nil {
		return err
	}
	for _, v := range inactive {
		if now.Sub(v.Inactive) < keptInactive {
			continue
		}
		if err := forget(tx, v.serviceKey); err != nil {
			return err
		}
	}
	return nil
}

// forget removes all rows of an INACTIVE service.
func forget(tx *sqldb.Tx, k serviceKey) error {
	key := []any{k.Account, k.Region, k.Cluster, k.Name}
	for _, statement := range []string{
		`DELETE FROM task WHERE account = $1 AND region = $2 AND cluster = $3 AND service = $4`,
		`DELETE FROM task_set WHERE account = $1 AND region = $2 AND cluster = $3 AND service = $4`,
		`DELETE FROM service WHERE account = $1 AND region = $2 AND cluster = $3 AND name = $4`,
	} {
		if _, err := tx.Exec(statement, key...); err != nil {
			return err
		}
	}
	return nil
}
