package store

import (
	"context"
	"embed"
	"errors"
	"io/fs"

	"greenlight/internal/sqldb"
)

// What callers tell apart, with errors.Is.
var (
	ErrNotFound = errors.New("not found")
	ErrExists   = errors.New("already exists")
	// ErrStale means that somebody else was faster: the row is not what it was
	// when the caller read it. Read it again, or leave it to them.
	ErrStale = errors.New("changed meanwhile")
)

//go:embed migrations/*.sql
var migrations embed.FS

// Scope is what names are unique in. Both parts come from the caller's
// credential and its scope.
type Scope struct{ Account, Region string }

// Store is the open database.
type Store struct{ db *sqldb.DB }

// Open opens the database at address, the path of a SQLite database or a PostgreSQL
// connection string (see sqldb.Open), and brings its schema up to date. Another
// process that has the SQLite database open makes it fail.
func Open(ctx context.Context, address string) (*Store, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	db, err := sqldb.Open(ctx, address, files)
	if err != nil {
		return nil, err
	}
	return &Store{db}, nil
}

// Shared reports whether other nodes may have the database open too. One that is not
// shared proves that every other node is dead.
func (s *Store) Shared() bool { return s.db.Shared() }

// Close waits for running transactions and closes the database.
func (s *Store) Close() error { return s.db.Close() }

// Tx runs fn in a writing transaction. When it returns nil the changes are
// durable; when fn fails nothing of it is left. The rules for fn are those of sqldb.DB.Tx:
// short, no effect outside, no transaction inside, and it may run more than once. What
// it reads to decide upon stays as it is until the end where the method says so.
func (s *Store) Tx(ctx context.Context, fn func(*Tx) error) error {
	return s.db.Tx(ctx, func(t *sqldb.Tx) error { return fn(&Tx{t}) })
}

// View runs fn on one unchanging snapshot; methods that write fail in it. fn may
// run more than once.
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error {
	return s.db.View(ctx, func(t *sqldb.Tx) error { return fn(&Tx{t}) })
}

// Read is View, only cheaper, for a function that calls one method that reads one
// row or one list, and says so.
func (s *Store) Read(ctx context.Context, fn func(*Tx) error) error {
	return s.db.Read(ctx, func(t *sqldb.Tx) error { return fn(&Tx{t}) })
}

// Tx is a transaction. All of the store's operations are its methods.
type Tx struct{ sql *sqldb.Tx }
