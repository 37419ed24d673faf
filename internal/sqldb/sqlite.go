package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
)

// maxLogBytes is the size to which SQLite cuts its write-ahead log once the
// log has been copied back; a burst of writes may pass it meanwhile.
const maxLogBytes = 64 << 20

func openForWriting(ctx context.Context, path string) (*sql.DB, *conn, error) {
	// The database holds AppSpec texts and keys: its owner alone may read it.
	// SQLite gives its other files the same permissions.
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, nil, err
	}
	if err := file.Close(); err != nil {
		return nil, nil, err
	}
	name, err := sqliteName(path, "rw", fmt.Sprintf("journal_size_limit(%d)", maxLogBytes),
		"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(ON)", "temp_store(MEMORY)")
	if err != nil {
		return nil, nil, err
	}
	pool, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, nil, err
	}
	first, err := newConn(ctx, pool, &sqliteDialect)
	if err != nil {
		return nil, nil, errors.Join(err, pool.Close())
	}
	return pool, first, nil
}

func openForReading(path string) (*sql.DB, error) {
	name, err := sqliteName(path, "ro", "temp_store(MEMORY)")
	if err != nil {
		return nil, err
	}
	return sql.Open("sqlite", name)
}

// sqliteName builds the URI form of a data source name. busy_timeout covers
// a foreign tool that holds the database for a moment; our own process has no
// second writer to wait for.
func sqliteName(path, mode string, pragmas ...string) (string, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	query := url.Values{"mode": {mode}, "_dqs": {"0"}, "_busy_timeout": {"5000"}, "_pragma": pragmas}
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(absolute), RawQuery: query.Encode()}
	return name.String(), nil
}
