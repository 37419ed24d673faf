package sqldb

import (
	"context"
	"database/sql"
	"errors"
)

// conn is one connection with its prepared statements. The texts of queries are
// constants of the program, so the cache is bounded by it.
//
// Statements never see a caller's context: an interrupt in the middle of one leaves the
// SQLite driver's connection, and a shared transaction, in an unknown state.
type conn struct {
	sql        *sql.Conn
	dialect    *dialect
	statements map[string]*sql.Stmt
	ctx        context.Context // of the attempt that is being made: ends when patience does
}

func newConn(ctx context.Context, pool *sql.DB, d *dialect) (*conn, error) {
	c, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{sql: c, dialect: d, statements: map[string]*sql.Stmt{}, ctx: context.Background()}, nil
}

func (c *conn) prepare(query string) (*sql.Stmt, error) {
	if stmt, ok := c.statements[query]; ok {
		return stmt, nil
	}
	stmt, err := c.sql.PrepareContext(c.ctx, query)
	if err != nil {
		return nil, err
	}
	c.statements[query] = stmt
	return stmt, nil
}

func (c *conn) exec(query string, args ...any) error {
	stmt, err := c.prepare(query)
	if err != nil {
		return err
	}
	_, err = stmt.ExecContext(c.ctx, args...)
	return err
}

// hurry begins an attempt: what it asks of the database must be answered as
// long as the dialect has patience. The function that it returns ends it.
func (c *conn) hurry() (end func()) {
	if c.dialect.patience == 0 {
		return func() {}
	}
	ctx, cancel := context.WithTimeout(context.Background(), c.dialect.patience)
	c.ctx = ctx
	return func() {
		cancel()
		c.ctx = context.Background()
	}
}

// close closes the connection with its statements. Of a PostgreSQL server, or of
// a connection that is lost, nothing is asked any more.
func (c *conn) close() error {
	c.dialect.hangUp(c.sql)
	if c.dialect.lost(c.sql) {
		_ = c.sql.Close() // says that it is closed
		return nil
	}
	var failures []error
	for _, stmt := range c.statements {
		failures = append(failures, stmt.Close())
	}
	return errors.Join(append(failures, c.sql.Close())...)
}
