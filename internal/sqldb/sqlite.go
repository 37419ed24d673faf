package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	// maxLogBytes is the size to which SQLite cuts its write-ahead log once the
	// log has been copied back; a burst of writes may pass it meanwhile.
	maxLogBytes = 64 << 20
	// readerCount is how many Views run at the same time; further ones wait.
	readerCount = 4
)

// sqliteDialect takes the write lock when a transaction begins: a transaction
// that upgrades from reading to writing can fail at any statement. With one
// writer there are no rows to lock.
var sqliteDialect = dialect{
	beginWrite: "BEGIN IMMEDIATE",
	beginRead:  "BEGIN DEFERRED",
	ddl:        func(text string) string { return text },
	unique:     sqliteCode(sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID),
	foreignKey: sqliteCode(sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY),
	conflict:   never[error],
	lost:       never[*sql.Conn],
	aborted:    never[*sql.Conn],
	hangUp:     func(*sql.Conn) {},
}

func sqliteCode(codes ...int) func(error) bool {
	return func(err error) bool {
		failure, ok := errors.AsType[*sqlite.Error](err)
		return ok && slices.Contains(codes, failure.Code())
	}
}

// sqliteWriter is the one writer, its connection and the lock that keeps other
// processes out.
type sqliteWriter struct {
	*writer
	pool *sql.DB
	lock *fileLock
}

func (w *sqliteWriter) close() error {
	w.writer.close()
	return errors.Join(w.conn.close(), w.pool.Close(), w.lock.release())
}

func openSQLite(ctx context.Context, path string, list []migration) (*DB, error) {
	lock, err := lockFile(ctx, path)
	if err != nil {
		return nil, err
	}
	writer, err := openForWriting(ctx, path, list)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, err), lock.release())
	}
	writer.lock = lock
	readers, err := openForReading(ctx, path)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, err), writer.close())
	}
	return &DB{writer: writer, readers: readers}, nil
}

func openForWriting(ctx context.Context, path string, list []migration) (*sqliteWriter, error) {
	// The database holds AppSpec texts and keys: its owner alone may read it.
	// SQLite gives its other files the same permissions.
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := file.Close(); err != nil {
		return nil, err
	}
	name, err := sqliteName(path, "rw", fmt.Sprintf("journal_size_limit(%d)", maxLogBytes),
		"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(ON)", "temp_store(MEMORY)")
	if err != nil {
		return nil, err
	}
	pool, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, err
	}
	first, err := newConn(ctx, pool, &sqliteDialect)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	if err := migrate(first, list); err != nil {
		return nil, errors.Join(err, first.close(), pool.Close())
	}
	return &sqliteWriter{writer: startWriter(first), pool: pool}, nil
}

func openForReading(ctx context.Context, path string) (*pool, error) {
	name, err := sqliteName(path, "ro", "temp_store(MEMORY)")
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, err
	}
	return newPool(ctx, db, &sqliteDialect, readerCount)
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
