package sqldb

import (
	"context"
	"errors"
	"io/fs"
	"sync"
)

// ErrClosed is returned by Tx and View after Close.
var ErrClosed = errors.New("sqldb: database is closed")

// DB is one open database. Its methods may be called from any goroutine.
type DB struct {
	writer interface {
		do(context.Context, func(*Tx) error) error
		close() error
	}
	readers *pool
	shared  bool
	close   sync.Once
}

// Open opens the database at address and brings it up to the last of the
// migrations, see the package's chapter on them. An address is the path of a
// SQLite database, which is created when it does not exist, or a PostgreSQL
// connection string, postgres://USER:PASSWORD@HOST:PORT/DATABASE.
//
// It fails when another process has the SQLite database open, when a migration fails, and
// when the database has seen one that this program cannot live with. No error
// has a password in it.
func Open(ctx context.Context, address string, migrations fs.FS) (*DB, error) {
	list, err := readMigrations(migrations)
	if err != nil {
		return nil, err
	}
	if IsPostgres(address) {
		return openPostgres(ctx, address, list)
	}
	return openSQLite(ctx, address, list)
}

// Shared reports whether other processes may have the database open at the same
// time.
func (db *DB) Shared() bool { return db.shared }

// Close waits for the transactions that have begun, refuses later ones with
// ErrClosed, and lets the next process open the database. Calling it again
// does nothing. It must not be called from inside a transaction.
func (db *DB) Close() error {
	var err error
	db.close.Do(func() { err = errors.Join(db.readers.close(), db.writer.close()) })
	return err
}

// Tx runs fn in a transaction that may write and returns once what it did is durable.
// An error of fn undoes all that fn did and is returned as it is; so does a panic,
// which goes on in the caller. fn runs on the caller's goroutine, on SQLite alone among all
// callers of Tx, and may run more than once: it must have no effect but through its Tx,
// must be quick, and must not call Tx again.
//
// ctx counts only until the turn has come: a transaction that has begun is
// never interrupted.
func (db *DB) Tx(ctx context.Context, fn func(*Tx) error) error {
	return db.writer.do(ctx, fn)
}

// View runs fn on one unchanging snapshot of the database: all that was
// committed before its first read. Writing fails. fn may run more than once, and
// must not call View again.
func (db *DB) View(ctx context.Context, fn func(*Tx) error) error {
	return db.readers.do(ctx, (*conn).view, fn)
}

// Read is View for a function that makes one query. It is cheaper by a third,
// because a single statement needs no transaction around it to see one snapshot. A
// second statement fails.
func (db *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	return db.readers.do(ctx, (*conn).read, fn)
}
