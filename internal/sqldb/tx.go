package sqldb

import (
	"database/sql"
	"errors"
	"math"
)

// Tx is a transaction, as long as the function that it was handed to runs. It
// must stay on that function's goroutine.
//
// Statements are prepared once per connection under their text, so texts must be constants
// or come from a small set, with everything variable in args. Rows must be read to
// the end or closed before the next statement; rows left open are closed when
// the function returns.
type Tx struct {
	conn   *conn
	open   []*sql.Rows
	ended  bool
	writes bool
	left   int // statements that may still run; unlimited in a transaction
}

const unlimited = math.MaxInt

var (
	errEnded  = errors.New("sqldb: transaction used after its function returned")
	errSecond = errors.New("sqldb: a second statement in Read, which would see another snapshot than the first")
)

// Exec runs a statement that returns no rows.
func (t *Tx) Exec(query string, args ...any) (sql.Result, error) {
	stmt, err := t.prepare(query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(t.conn.ctx, args...)
}

// Query runs a statement that returns rows.
func (t *Tx) Query(query string, args ...any) (*sql.Rows, error) {
	stmt, err := t.prepare(query)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(t.conn.ctx, args...)
	if err == nil {
		t.open = append(t.open, rows)
	}
	return rows, err
}

// Row is the first row of a result, or the reason why there is none.
type Row struct {
	row *sql.Row
	err error
}

// Scan copies the row's columns into dest and ends the query. It returns
// sql.ErrNoRows when the query had no row.
func (r *Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	return r.row.Scan(dest...)
}

// QueryRow runs a statement of which one row is wanted. Scan must be called on
// what it returns.
func (t *Tx) QueryRow(query string, args ...any) *Row {
	stmt, err := t.prepare(query)
	if err != nil {
		return &Row{err: err}
	}
	return &Row{row: stmt.QueryRowContext(t.conn.ctx, args...)}
}

func (t *Tx) prepare(query string) (*sql.Stmt, error) {
	if t.ended {
		return nil, errEnded
	}
	if t.left--; t.left < 0 {
		return nil, errSecond
	}
	return t.conn.prepare(query)
}

// end closes what the function left open. A statement that is still being read
// would break its next user.
func (t *Tx) end() {
	t.ended = true
	for _, rows := range t.open {
		rows.Close()
	}
}
