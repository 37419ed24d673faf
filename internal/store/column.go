package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"greenlight/internal/sqldb"
)

func millis(t time.Time) int64 { return t.UnixMilli() }

func moment(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// nullMillis turns the zero time, which means none, into NULL.
func nullMillis(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}

func nullMoment(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return moment(ms.Int64)
}

func nullText(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }

func nullRaw(raw json.RawMessage) sql.NullString { return nullText(string(raw)) }

// shape writes a shape of the API as a JSON column.
func shape(v any) (string, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode %T: %w", v, err)
	}
	return string(text), nil
}

func readShape(text string, into any) error {
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return fmt.Errorf("decode stored %T: %w", into, err)
	}
	return nil
}

// missing says ErrNotFound where the database says that there is no row.
func missing(err error, what, name string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%s %q: %w", what, name, ErrNotFound)
	}
	return err
}

// insert runs an INSERT ... ON CONFLICT DO NOTHING. It returns ErrExists when
// the row was not inserted, ErrNotFound when the row's parent does not exist.
func (t *Tx) insert(query string, args ...any) error {
	changed, err := t.change(query, args...)
	if err != nil {
		return err
	}
	if !changed {
		return ErrExists
	}
	return nil
}

// change runs a statement and reports whether it changed any row. A unique key
// that the change would break is ErrExists.
func (t *Tx) change(query string, args ...any) (bool, error) {
	result, err := t.sql.Exec(query, args...)
	switch {
	case sqldb.IsUnique(err):
		return false, ErrExists
	case sqldb.IsForeignKey(err):
		return false, ErrNotFound
	case err != nil:
		return false, err
	}
	rows, err := result.RowsAffected()
	return rows > 0, err
}

// lock makes writers that name the same things take turns, until they end.
func (t *Tx) lock(names ...string) error { return t.sql.Lock(strings.Join(names, "/")) }

// hold reports whether a query of one text column finds a row, which its locking
// clause then holds.
func (t *Tx) hold(query string, args ...any) (bool, error) {
	found, err := t.names(query, args...)
	return len(found) > 0, err
}

// run executes several statements that take the same arguments.
func (t *Tx) run(args []any, queries ...string) error {
	for _, query := range queries {
		if _, err := t.sql.Exec(query, args...); err != nil {
			return err
		}
	}
	return nil
}
