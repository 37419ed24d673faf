package sqldb

import (
	"context"
	"database/sql"
	"errors"
)

// pool is a number of connections that functions take turns on. One is opened
// at once, so that a fault shows early, the others when they are first needed:
// a server at rest does not pay for them.
type pool struct {
	sql     *sql.DB
	dialect *dialect
	idle    chan *conn
	unused  chan struct{} // holds a token for each connection that is not open
	closed  chan struct{}
}

// newPool takes over db, also when it fails.
func newPool(ctx context.Context, db *sql.DB, d *dialect, count int) (*pool, error) {
	p := &pool{sql: db, dialect: d, idle: make(chan *conn, count), unused: make(chan struct{}, count), closed: make(chan struct{})}
	for range count {
		p.unused <- struct{}{}
	}
	c, err := p.take(ctx)
	if err != nil {
		return nil, errors.Join(err, p.closeIdle())
	}
	p.give(c)
	return p, nil
}

func (p *pool) take(ctx context.Context) (*conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case <-p.closed:
		return nil, ErrClosed
	default:
	}
	select {
	case c := <-p.idle:
		return c, nil
	default:
	}
	select {
	case c := <-p.idle:
		return c, nil
	case <-p.unused:
		return p.open(ctx)
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.closed:
		return nil, ErrClosed
	}
}

// open opens a connection for the token that its caller has taken.
func (p *pool) open(ctx context.Context) (*conn, error) {
	c, err := newConn(context.WithoutCancel(ctx), p.sql, p.dialect)
	if err != nil {
		p.unused <- struct{}{}
	}
	return c, err
}

// give takes a connection back. One that is lost is not used again, nor are those
// that are idle: whatever it was has most likely happened to them too.
func (p *pool) give(c *conn) {
	if !p.dialect.lost(c.sql) {
		p.idle <- c
		return
	}
	p.drop(c)
	for {
		select {
		case c := <-p.idle:
			p.drop(c)
		default:
			return
		}
	}
}

func (p *pool) drop(c *conn) {
	_ = c.close() // of a lost connection nothing is wanted
	p.unused <- struct{}{}
}

// close refuses new callers and waits until every connection is idle. It must
// be called once.
func (p *pool) close() error {
	close(p.closed)
	var open []*conn
	for range cap(p.idle) {
		select {
		case c := <-p.idle:
			open = append(open, c)
		case <-p.unused:
		}
	}
	for _, c := range open {
		p.idle <- c
	}
	return p.closeIdle()
}

func (p *pool) closeIdle() error {
	var failures []error
	for len(p.idle) > 0 {
		failures = append(failures, (<-p.idle).close())
	}
	return errors.Join(append(failures, p.sql.Close())...)
}
