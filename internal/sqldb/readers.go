package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// readerCount is how many Views run at the same time; further ones wait.
const readerCount = 4

// readers is a pool of connections that cannot write. One is opened at once,
// so that a fault shows early, the others when they are first needed: a server
// at rest does not pay for them.
type readers struct {
	pool   *sql.DB
	idle   chan *conn
	unused chan struct{} // holds a token for each connection that is not open
	closed chan struct{}
}

func openReaders(ctx context.Context, path string, count int) (*readers, error) {
	pool, err := openForReading(path)
	if err != nil {
		return nil, err
	}
	r := &readers{pool: pool, idle: make(chan *conn, count), unused: make(chan struct{}, count), closed: make(chan struct{})}
	for range count {
		r.unused <- struct{}{}
	}
	c, err := r.take(ctx)
	if err != nil {
		return nil, errors.Join(err, r.closeIdle())
	}
	r.idle <- c
	return r, nil
}

// do runs fn on a free connection, in the way of how.
func (r *readers) do(ctx context.Context, how func(*conn, func(*Tx) error) error, fn func(*Tx) error) error {
	c, err := r.take(ctx)
	if err != nil {
		return err
	}
	defer func() { r.idle <- c }()
	return how(c, fn)
}

func (r *readers) take(ctx context.Context) (*conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case <-r.closed:
		return nil, ErrClosed
	default:
	}
	select {
	case c := <-r.idle:
		return c, nil
	default:
	}
	select {
	case c := <-r.idle:
		return c, nil
	case <-r.unused:
		return r.open(ctx)
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-r.closed:
		return nil, ErrClosed
	}
}

// open opens a connection for the token that its caller has taken.
func (r *readers) open(ctx context.Context) (*conn, error) {
	c, err := newConn(context.WithoutCancel(ctx), r.pool, &sqliteDialect)
	if err != nil {
		r.unused <- struct{}{}
	}
	return c, err
}

// view runs fn in a reading transaction, which ends however fn ends.
func (c *conn) view(fn func(*Tx) error) (err error) {
	if err := c.exec(c.dialect.beginRead); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	tx := &Tx{conn: c, left: unlimited}
	defer func() {
		tx.end()
		if failure := c.exec("ROLLBACK"); failure != nil && err == nil {
			err = fmt.Errorf("end of view: %w", failure)
		}
	}()
	return fn(tx)
}

// read runs fn without a transaction.
func (c *conn) read(fn func(*Tx) error) error {
	tx := &Tx{conn: c, left: 1}
	defer tx.end()
	return fn(tx)
}

// close refuses new callers and waits until every connection is idle. It must
// be called once.
func (r *readers) close() error {
	close(r.closed)
	var open []*conn
	for range cap(r.idle) {
		select {
		case c := <-r.idle:
			open = append(open, c)
		case <-r.unused:
		}
	}
	for _, c := range open {
		r.idle <- c
	}
	return r.closeIdle()
}

func (r *readers) closeIdle() error {
	var failures []error
	for len(r.idle) > 0 {
		failures = append(failures, (<-r.idle).close())
	}
	return errors.Join(append(failures, r.pool.Close())...)
}
