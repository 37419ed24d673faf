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
}

func newConn(ctx context.Context, pool *sql.DB, d *dialect) (*conn, error) {
	c, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{sql: c, dialect: d, statements: map[string]*sql.Stmt{}}, nil
}

func (c *conn) prepare(query string) (*sql.Stmt, error) {
	if stmt, ok := c.statements[query]; ok {
		return stmt, nil
	}
	stmt, err := c.sql.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	c.statements[query] = stmt
	return stmt, nil
}

func (c *conn) exec(query string) error {
	stmt, err := c.prepare(query)
	if err != nil {
		return err
	}
	_, err = stmt.Exec()
	return err
}

func (c *conn) close() error {
	var failures []error
	for _, stmt := range c.statements {
		failures = append(failures, stmt.Close())
	}
	return errors.Join(append(failures, c.sql.Close())...)
}
