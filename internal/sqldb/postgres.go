package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// How many Tx, and how many Views and Reads, run at the same time in this process;
// further ones wait. A PostgreSQL server has 100 connections for all of its
// clients unless it is told otherwise.
const (
	postgresWriters = 16
	postgresReaders = 8
)

const (
	// connectPatience bounds the opening of one connection.
	connectPatience = 5 * time.Second
	// postgresPatience bounds an attempt at a transaction as the client sees it: a server
	// that is gone without a word never answers. It is longer than what the
	// server itself allows a statement.
	postgresPatience = 20 * time.Second
)

// settings are what a session asks of the server, unless the connection string
// says otherwise. A process that is frozen inside a transaction gives its locks back
// after the idle time.
var settings = map[string]string{
	"application_name":                    "greenlight",
	"statement_timeout":                   "10s",
	"idle_in_transaction_session_timeout": "3s",
}

// postgresDialect writes under READ COMMITTED, where every statement sees what was
// committed before it began, and rows are locked by name where that is not
// enough. All names and ids sort by their bytes, as SQLite sorts them, whatever the
// database's own order of letters is.
var postgresDialect = dialect{
	beginWrite:  "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
	beginRead:   "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
	skipLocked:  " FOR UPDATE SKIP LOCKED",
	forUpdate:   " FOR NO KEY UPDATE",
	forDeletion: " FOR UPDATE",
	forKeyShare: " FOR KEY SHARE",
	lock:        "SELECT pg_advisory_xact_lock(hashtextextended($1, 7236))",
	lockSchema:  "SELECT pg_advisory_xact_lock(hashtextextended('greenlight schema', 7236))",
	ddl: func(text string) string {
		return textColumn.ReplaceAllString(text, `TEXT COLLATE "C"`)
	},
	patience:   postgresPatience,
	unique:     postgresCode("23505"),
	foreignKey: postgresCode("23503"),
	conflict:   postgresCode("40001", "40P01"), // serialization failure, deadlock
	lost:       func(c *sql.Conn) bool { return transactionStatus(c) != outside },
	aborted:    func(c *sql.Conn) bool { return transactionStatus(c) == failed },
	hangUp:     hangUp,
}

// textColumn is the type in a migration's column definitions, and must not
// stand anywhere else in one.
var textColumn = regexp.MustCompile(`\bTEXT\b`)

func postgresCode(codes ...string) func(error) bool {
	return func(err error) bool {
		failure, ok := errors.AsType[*pgconn.PgError](err)
		return ok && slices.Contains(codes, failure.Code)
	}
}

// What the protocol calls the state of a session's transaction.
const (
	gone    byte = 0
	outside byte = 'I'
	failed  byte = 'E'
)

// transactionStatus asks nothing of the server.
func transactionStatus(c *sql.Conn) byte {
	status := gone
	// An error means that the connection is closed.
	_ = c.Raw(func(session any) error {
		if wire := session.(*stdlib.Conn).Conn().PgConn(); !wire.IsClosed() {
			status = wire.TxStatus()
		}
		return nil
	})
	return status
}

// hangUp tells the server goodbye, and database/sql that the connection is bad:
// it would ask the server to forget one statement after the other.
func hangUp(c *sql.Conn) {
	_ = c.Raw(func(session any) error {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = session.(*stdlib.Conn).Conn().Close(ctx)
		return driver.ErrBadConn
	})
}

// postgresWriter lets every caller of Tx have a transaction of its own: the
// server itself commits many at once.
type postgresWriter struct{ *pool }

func (w postgresWriter) do(ctx context.Context, fn func(*Tx) error) error {
	return w.pool.do(ctx, (*conn).write, fn)
}

func openPostgres(ctx context.Context, address string, list []migration) (*DB, error) {
	config, err := postgresConfig(address)
	if err != nil {
		return nil, err
	}
	db, err := openPools(ctx, config, list)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", Redact(address), err)
	}
	return db, nil
}

func openPools(ctx context.Context, config *pgx.ConnConfig, list []migration) (*DB, error) {
	if err := migratePostgres(ctx, config, list); err != nil {
		return nil, err
	}
	writers, err := newPool(ctx, openSessions(config, nil), &postgresDialect, postgresWriters)
	if err != nil {
		return nil, err
	}
	readers, err := newPool(ctx, openSessions(config, map[string]string{"default_transaction_read_only": "on"}),
		&postgresDialect, postgresReaders)
	if err != nil {
		return nil, errors.Join(err, writers.close())
	}
	return &DB{writer: postgresWriter{writers}, readers: readers, shared: true}, nil
}

// migratePostgres uses a connection of its own: a migration may take longer, and
// may wait longer for another process's, than any other statement.
func migratePostgres(ctx context.Context, config *pgx.ConnConfig, list []migration) error {
	db := openSessions(config, map[string]string{"statement_timeout": "0", "idle_in_transaction_session_timeout": "0"})
	c, err := newConn(ctx, db, &postgresDialect)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	c.ctx = ctx
	err = migrate(c, list)
	c.ctx = context.Background()
	return errors.Join(err, c.close(), db.Close())
}

// openSessions returns a source of sessions that differ from config by some settings.
func openSessions(config *pgx.ConnConfig, differ map[string]string) *sql.DB {
	config = config.Copy()
	for name, value := range differ {
		config.RuntimeParams[name] = value
	}
	return stdlib.OpenDB(*config, stdlib.OptionAfterConnect(prepareSession))
}

// durable undoes a setting of the server's that would make a commit return
// before it is on disk.
const durable = `SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`

func prepareSession(ctx context.Context, session *pgx.Conn) error {
	if encoding := session.PgConn().ParameterStatus("server_encoding"); encoding != "UTF8" {
		return fmt.Errorf("the database's encoding is %s: create it with ENCODING 'UTF8'", encoding)
	}
	_, err := session.Exec(ctx, durable)
	return err
}
