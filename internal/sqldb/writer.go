package sqldb

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// maxGroup bounds how many functions share a commit, so that the first of a
// group does not wait for an endless stream of company.
const maxGroup = 128

// writer owns the writing connection. Callers queue up on an unbuffered
// channel: whoever waits there when a function ends joins the open
// transaction, and the commit comes when nobody waits. There is no
// delay in the hope of company.
type writer struct {
	conn    *conn
	queue   chan *request
	stop    chan struct{}
	stopped chan struct{}
	once    sync.Once
}

// request is one call of Tx. The function runs on its caller's goroutine, while the writer
// waits: a panic, or a test that ends inside it, then unwinds the stack it belongs to.
type request struct {
	reply chan reply // to the caller: first its turn, then the answer
	done  chan error // to the writer: what the function returned
	err   error
}

// reply hands over an open transaction, or, without one, the final answer.
type reply struct {
	tx  *Tx
	err error
}

// errUnwound stands for the error of a function that panicked or ended its
// goroutine. Nobody is left to receive it.
var errUnwound = errors.New("sqldb: function did not return")

func startWriter(c *conn) *writer {
	w := &writer{conn: c, queue: make(chan *request), stop: make(chan struct{}), stopped: make(chan struct{})}
	go w.run()
	return w
}

func (w *writer) do(ctx context.Context, fn func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r := &request{reply: make(chan reply, 1), done: make(chan error, 1)}
	select {
	case w.queue <- r:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.stop:
		return ErrClosed
	}
	turn := <-r.reply
	if turn.tx == nil {
		return turn.err
	}
	r.work(turn.tx, fn)
	return (<-r.reply).err
}

func (r *request) work(tx *Tx, fn func(*Tx) error) {
	err := errUnwound
	defer func() { r.done <- err }()
	err = fn(tx)
}

func (w *writer) run() {
	defer close(w.stopped)
	for {
		select {
		case r := <-w.queue:
			w.commitGroup(r)
		case <-w.stop:
			return
		}
	}
}

// commitGroup carries first and whoever else waits through one transaction.
// A function that failed is answered with the others: it may have failed over
// something that it saw of them.
func (w *writer) commitGroup(first *request) {
	if err := w.conn.exec(w.conn.dialect.beginWrite); err != nil {
		first.reply <- reply{err: fmt.Errorf("begin: %w", err)}
		return
	}
	var group []*request
	var lost error
	kept := 0
	for r := first; r != nil && lost == nil; r = w.next(len(group)) {
		group = append(group, r)
		if lost = w.give(r); lost == nil && r.err == nil {
			kept++
		}
	}
	if lost == nil {
		lost = w.finish(kept > 0)
	}
	if lost != nil {
		// Some errors end the transaction themselves; then there is nothing
		// to roll back and the error of trying means nothing.
		_ = w.conn.exec("ROLLBACK")
	}
	for _, r := range group {
		if lost != nil {
			r.err = lost
		}
		r.reply <- reply{err: r.err}
	}
}

// next returns a caller that is waiting right now, or nil.
func (w *writer) next(size int) *request {
	if size >= maxGroup {
		return nil
	}
	select {
	case r := <-w.queue:
		return r
	default:
		return nil
	}
}

// give lets r work in a savepoint and keeps or undoes what it did. The error
// it returns means that the whole transaction is lost.
func (w *writer) give(r *request) error {
	if err := w.conn.exec("SAVEPOINT caller"); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	tx := &Tx{conn: w.conn, left: unlimited, writes: true}
	r.reply <- reply{tx: tx}
	r.err = <-r.done
	tx.end()
	if r.err != nil {
		if err := w.conn.exec("ROLLBACK TO SAVEPOINT caller"); err != nil {
			return fmt.Errorf("shared transaction lost: %w", errors.Join(r.err, err))
		}
	}
	if err := w.conn.exec("RELEASE SAVEPOINT caller"); err != nil {
		return fmt.Errorf("shared transaction lost: %w", err)
	}
	return nil
}

func (w *writer) finish(commit bool) error {
	if !commit {
		return w.conn.exec("ROLLBACK")
	}
	if err := w.conn.exec("COMMIT"); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// close stops the writer after the group that it is working on.
func (w *writer) close() {
	w.once.Do(func() { close(w.stop) })
	<-w.stopped
}
