package sqldb

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// maxAttempts bounds how often a function is run because of others: for
// deadlocks, and for connections that were lost before the commit.
const maxAttempts = 8

var (
	errAborted = errors.New("sqldb: function returned nil after a statement whose error undid its transaction")
	errOutcome = errors.New("the connection was lost during the commit, so whether it took place is not known")
)

// way is how a connection runs a function: write, view or read.
type way func(*conn, func(*Tx) error) error

// do runs fn on a connection of its own, again when an attempt was undone
// through no fault of fn.
func (p *pool) do(ctx context.Context, how way, fn func(*Tx) error) error {
	for n := 1; ; n++ {
		again, err := p.attempt(ctx, how, fn)
		if !again || n == maxAttempts {
			return err
		}
		if !pause(ctx, n) {
			return err
		}
	}
}

func (p *pool) attempt(ctx context.Context, how way, fn func(*Tx) error) (again bool, err error) {
	c, err := p.take(ctx)
	if err != nil {
		return false, err
	}
	defer p.give(c)
	defer c.hurry()()
	err = how(c, fn)
	return err != nil && c.mayRepeat(err), err
}

// mayRepeat tells whether nothing of an attempt that ended with err is left, and
// another one may fare better.
func (c *conn) mayRepeat(err error) bool {
	switch {
	case c.dialect.conflict(err):
		return true
	case errors.Is(err, errOutcome), errors.Is(err, context.DeadlineExceeded):
		return false
	default:
		return c.dialect.lost(c.sql)
	}
}

// pause lets those go first who were in the way: up to a millisecond, and twice
// as long each time. False means that ctx has ended.
func pause(ctx context.Context, n int) bool {
	timer := time.NewTimer(rand.N(time.Millisecond << n))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// write runs fn in a transaction of its own, which is rolled back unless fn
// returns nil.
func (c *conn) write(fn func(*Tx) error) error {
	if err := c.exec(c.dialect.beginWrite); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	tx := &Tx{conn: c, left: unlimited, writes: true}
	kept := false
	defer func() {
		if !kept {
			tx.end()
			// When the connection is lost there is nothing to roll back.
			_ = c.exec("ROLLBACK")
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	tx.end()
	if err := c.commit(); err != nil {
		return err
	}
	kept = true
	return nil
}

// commit also tells a transaction that can only be rolled back: PostgreSQL
// answers COMMIT with a rollback then, and with no error.
func (c *conn) commit() error {
	if c.dialect.aborted(c.sql) {
		return errAborted
	}
	err := c.exec("COMMIT")
	switch {
	case err == nil:
		return nil
	case c.dialect.lost(c.sql):
		return fmt.Errorf("commit: %w: %w", errOutcome, err)
	default:
		return fmt.Errorf("commit: %w", err)
	}
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
