package s3

import (
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/rclone/gofakes3"

	"greenlight/internal/sqldb"
)

// bucket is a row of the table of that name.
type bucket struct {
	name, account, region string
	versioning            gofakes3.VersioningStatus
	created               time.Time
}

// object is one version of an object.
type object struct {
	bucket, key, version string
	sequence             int64
	latest, marker       bool
	content              content
	metadata             map[string]string
	modified             time.Time
}

// nullVersion is what clients call the version of an object that was put while
// its bucket had no versioning.
const nullVersion = "null"

type scanner interface{ Scan(dest ...any) error }

// each runs a query and hands over its rows, until scan says stop.
func each(tx *sqldb.Tx, scan func(scanner) error, query string, args ...any) error {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // Err tells
	for rows.Next() {
		if err := scan(rows); errors.Is(err, errStop) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return rows.Err()
}

var errStop = errors.New("no more rows are wanted")

const bucketColumns = `SELECT name, account, region, versioning, created_at FROM bucket `

func scanBucket(row scanner) (*bucket, error) {
	var b bucket
	var created int64
	err := row.Scan(&b.name, &b.account, &b.region, &b.versioning, &created)
	b.created = time.UnixMilli(created).UTC()
	return &b, err
}

// findBucket returns a bucket, or nil if there is none.
func findBucket(tx *sqldb.Tx, name string) (*bucket, error) {
	b, err := scanBucket(tx.QueryRow(bucketColumns+`WHERE name = $1`, name))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return b, err
}

// ownBucket returns a bucket of the account. Another's does not exist for it:
// the front has answered AccessDenied already.
func ownBucket(tx *sqldb.Tx, account, name string) (*bucket, error) {
	b, err := findBucket(tx, name)
	if err == nil && (b == nil || b.account != account) {
		return nil, gofakes3.BucketNotFound(name)
	}
	return b, err
}

const objectColumns = `SELECT bucket, key, version, sequence, latest, marker, content, size, md5, metadata, modified_at FROM object `

func scanObject(row scanner) (*object, error) {
	var o object
	var metadata []byte
	var modified int64
	err := row.Scan(&o.bucket, &o.key, &o.version, &o.sequence, &o.latest, &o.marker,
		&o.content.name, &o.content.size, &o.content.md5, &metadata, &modified)
	if err != nil {
		return nil, err
	}
	o.modified = time.UnixMilli(modified).UTC()
	return &o, json.Unmarshal(metadata, &o.metadata)
}

// findObject returns the version of an object that is meant, "" being the
// latest; nil if there is none.
func findObject(tx *sqldb.Tx, bucket, key, version string) (*object, error) {
	query, args := objectColumns+`WHERE bucket = $1 AND key = $2 AND latest = 1`, []any{bucket, key}
	if version != "" {
		query, args = objectColumns+`WHERE bucket = $1 AND key = $2 AND version = $3`, append(args, stored(version))
	}
	o, err := scanObject(tx.QueryRow(query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return o, err
}

// stored is how a version is written in the database.
func stored(version string) string {
	if version == nullVersion {
		return ""
	}
	return version
}

// insertLatest adds o as its key's latest version. A version of the same name
// makes room; its content is returned, to be removed after the commit.
func insertLatest(tx *sqldb.Tx, o *object) (replaced string, err error) {
	metadata, err := json.Marshal(o.metadata)
	if err != nil {
		return "", err
	}
	err = tx.QueryRow(`DELETE FROM object WHERE bucket = $1 AND key = $2 AND version = $3 RETURNING content`,
		o.bucket, o.key, o.version).Scan(&replaced)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", err
	}
	_, err = tx.Exec(`UPDATE object SET latest = 0 WHERE bucket = $1 AND key = $2 AND latest = 1`, o.bucket, o.key)
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(`INSERT INTO object (bucket, key, version, sequence, latest, marker, content, size, md5, metadata, modified_at)
		VALUES ($1, $2, $3, (SELECT COALESCE(MAX(sequence), 0) + 1 FROM object WHERE bucket = $1 AND key = $2), 1, $4, $5, $6, $7, $8, $9)`,
		o.bucket, o.key, o.version, number(o.marker), o.content.name, o.content.size, o.content.md5, string(metadata), o.modified.UnixMilli())
	return replaced, err
}

// deleteVersion removes one version for good and makes the one before it the
// latest, if it was that.
func deleteVersion(tx *sqldb.Tx, o *object) error {
	_, err := tx.Exec(`DELETE FROM object WHERE bucket = $1 AND key = $2 AND version = $3`, o.bucket, o.key, o.version)
	if err != nil || !o.latest {
		return err
	}
	_, err = tx.Exec(`UPDATE object SET latest = 1 WHERE bucket = $1 AND key = $2
		AND sequence = (SELECT MAX(sequence) FROM object WHERE bucket = $1 AND key = $2)`, o.bucket, o.key)
	return err
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

func updateMetadata(tx *sqldb.Tx, o *object) error {
	metadata, err := json.Marshal(o.metadata)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE object SET metadata = $4 WHERE bucket = $1 AND key = $2 AND version = $3`,
		o.bucket, o.key, o.version, string(metadata))
	return err
}
