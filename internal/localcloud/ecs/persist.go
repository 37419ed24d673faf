package ecs

import (
	"database/sql"
	"encoding/json"
	"errors"

	"greenlight/internal/sqldb"
)

// A document is what a row holds besides its key, as JSON.

// read decodes the document of the one row of a query; nil if there is none.
func read[T any](tx *sqldb.Tx, query string, args ...any) (*T, error) {
	var document []byte
	err := tx.QueryRow(query, args...).Scan(&document)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v := new(T)
	return v, json.Unmarshal(document, v)
}

// list decodes the documents of all rows of a query.
func list[T any](tx *sqldb.Tx, query string, args ...any) ([]*T, error) {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []*T
	for rows.Next() {
		var document []byte
		if err := rows.Scan(&document); err != nil {
			return nil, err
		}
		v := new(T)
		if err := json.Unmarshal(document, v); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// save runs a statement whose last argument is a document.
func save(tx *sqldb.Tx, query string, document any, key ...any) error {
	text, err := json.Marshal(document)
	if err != nil {
		return err
	}
	_, err = tx.Exec(query, append(key[:len(key):len(key)], string(text))...)
	return err
}

func saveCluster(tx *sqldb.Tx, c *cluster) error {
	return save(tx, `INSERT INTO cluster (account, region, name, document) VALUES ($1, $2, $3, $4)
		ON CONFLICT (account, region, name) DO UPDATE SET document = excluded.document`,
		c, c.Account, c.Region, c.Name)
}

func findCluster(tx *sqldb.Tx, in scope, name string) (*cluster, error) {
	return read[cluster](tx, `SELECT document FROM cluster WHERE account = $1 AND region = $2 AND name = $3`, in.Account, in.Region, name)
}

// activeCluster is a cluster that can be used.
func activeCluster(tx *sqldb.Tx, in scope, name string) (*cluster, error) {
	c, err := findCluster(tx, in, name)
	if err == nil && (c == nil || c.Status != statusActive) {
		return nil, noCluster()
	}
	return c, err
}

func saveDefinition(tx *sqldb.Tx, d *definition) error {
	return save(tx, `INSERT INTO task_definition (account, region, family, revision, document) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (account, region, family, revision) DO UPDATE SET document = excluded.document`,
		d, d.Account, d.Region, d.Family, d.Revision)
}

func findDefinition(tx *sqldb.Tx, in scope, r definitionReference) (*definition, error) {
	return read[definition](tx, `SELECT document FROM task_definition
		WHERE account = $1 AND region = $2 AND family = $3 AND revision = $4`, in.Account, in.Region, r.Family, r.Revision)
}

func saveService(tx *sqldb.Tx, v *service) error {
	return save(tx, `INSERT INTO service (account, region, cluster, name, status, document) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (account, region, cluster, name) DO UPDATE SET status = excluded.status, document = excluded.document`,
		v, v.Account, v.Region, v.Cluster, v.Name, v.Status)
}

func findService(tx *sqldb.Tx, k serviceKey) (*service, error) {
	return read[service](tx, `SELECT document FROM service WHERE account = $1 AND region = $2 AND cluster = $3 AND name = $4`,
		k.Account, k.Region, k.Cluster, k.Name)
}

func saveTaskSet(tx *sqldb.Tx, k serviceKey, t *taskSet) error {
	return save(tx, `INSERT INTO task_set (account, region, cluster, service, id, document) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (account, region, cluster, service, id) DO UPDATE SET document = excluded.document`,
		t, k.Account, k.Region, k.Cluster, k.Name, t.ID)
}

func removeTaskSet(tx *sqldb.Tx, k serviceKey, id string) error {
	_, err := tx.Exec(`DELETE FROM task_set WHERE account = $1 AND region = $2 AND cluster = $3 AND service = $4 AND id = $5`,
		k.Account, k.Region, k.Cluster, k.Name, id)
	return err
}

func taskSetsOf(tx *sqldb.Tx, k serviceKey) ([]*taskSet, error) {
	return list[taskSet](tx, `SELECT document FROM task_set
		WHERE account = $1 AND region = $2 AND cluster = $3 AND service = $4 ORDER BY rowid`, k.Account, k.Region, k.Cluster, k.Name)
}

func saveTask(tx *sqldb.Tx, t *task) error {
	stopped := int64(0)
	if t.LastStatus == taskStopped {
		stopped = t.Ended.UnixNano()
	}
	return save(tx, `INSERT INTO task (account, region, cluster, service, id, stopped, document) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (account, region, cluster, id) DO UPDATE SET stopped = excluded.stopped, document = excluded.document`,
		t, t.Service.Account, t.Service.Region, t.Service.Cluster, t.Service.Name, t.ID, stopped)
}

func findTask(tx *sqldb.Tx, in scope, cluster, id string) (*task, error) {
	return read[task](tx, `SELECT document FROM task WHERE account = $1 AND region = $2 AND cluster = $3 AND id = $4`,
		in.Account, in.Region, cluster, id)
}

// liveTasks are the service's tasks that are not STOPPED, oldest first.
func liveTasks(tx *sqldb.Tx, k serviceKey) ([]*task, error) {
	return list[task](tx, `SELECT document FROM task
		WHERE account = $1 AND region = $2 AND cluster = $3 AND service = $4 AND stopped = 0 ORDER BY rowid`,
		k.Account, k.Region, k.Cluster, k.Name)
}

// eachKey lists the services that passes have to look after.
func eachKey(tx *sqldb.Tx) ([]serviceKey, error) {
	services, err := list[service](tx, `SELECT document FROM service WHERE status <> 'INACTIVE'`)
	keys := make([]serviceKey, len(services))
	for i, v := range services {
		keys[i] = v.serviceKey
	}
	return keys, err
}
