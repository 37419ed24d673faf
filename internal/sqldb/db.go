package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"sync"
)

// ErrClosed is returned by Tx and View after Close.
var ErrClosed = errors.New("sqldb: database is closed")

// DB is one open database. Its methods may be called from any goroutine.
type DB struct {
	pool    *sql.DB // for writing; the writer holds its only connection
	writer  *writer
	readers *readers
	lock    *fileLock
	close   sync.Once
}

// Open opens the SQLite database at path, creating it when it does not exist, and brings
// it up to the last of the migrations: files NNNN_name.sql at the root of migrations, numbered
// from 0001 without gaps, each applied once in a transaction of its own. It
// fails when another process has the database open, and when the database has
// seen migrations that are not in the list.
func Open(ctx context.Context, path string, migrations fs.FS) (*DB, error) {
	lock, err := lockFile(path)
	if err != nil {
		return nil, err
	}
	db, err := open(ctx, path, migrations)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, err), lock.release())
	}
	db.lock = lock
	return db, nil
}

func open(ctx context.Context, path string, migrations fs.FS) (*DB, error) {
	pool, first, err := openForWriting(ctx, path)
	if err != nil {
		return nil, err
	}
	if err := migrate(first, migrations); err != nil {
		return nil, errors.Join(err, first.close(), pool.Close())
	}
	readers, err := openReaders(ctx, path, readerCount)
	if err != nil {
		return nil, errors.Join(err, first.close(), pool.Close())
	}
	return &DB{pool: pool, writer: startWriter(first), readers: readers}, nil
}

// Close waits for the transactions that have begun, refuses later ones with
// ErrClosed, and lets the next process open the database. Calling it again
// does nothing. It must not be called from inside a transaction.
func (db *DB) Close() error {
	var err error
	db.close.Do(func() {
		db.writer.close()
		err = errors.Join(db.readers.close(), db.writer.conn.close(), db.pool.Close(), db.lock.release())
	})
	return err
}

// Tx runs fn in a transaction that may write and returns once what it did is durable.
// An error of fn undoes all that fn did and is returned as it is; so does a panic,
// which goes on in the caller. fn runs on the caller's goroutine, alone among all
// callers of Tx, and may run more than once: it must have no effect but through its Tx,
// must be quick, and must not call Tx again.
//
// ctx counts only until the turn has come: a transaction that has begun is
// never interrupted.
func (db *DB) Tx(ctx context.Context, fn func(*Tx) error) error {
	return db.writer.do(ctx, fn)
}

// View runs fn on one unchanging snapshot of the database: all that was
// committed before its first read. Writing fails. fn must not call View again.
func (db *DB) View(ctx context.Context, fn func(*Tx) error) error {
	return db.readers.do(ctx, (*conn).view, fn)
}

// Read is View for a function that makes one query. It is cheaper by a third,
// because a single statement needs no transaction around it to see one snapshot. A
// second statement fails.
func (db *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	return db.readers.do(ctx, (*conn).read, fn)
}
