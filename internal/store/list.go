package store

import (
	"database/sql"
	"strings"
)

// collect reads every row of a query.
func collect[T any](t *Tx, read func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := t.sql.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := read(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// names reads a query of one text column.
func (t *Tx) names(query string, args ...any) ([]string, error) {
	return collect(t, func(rows *sql.Rows) (name string, err error) {
		err = rows.Scan(&name)
		return name, err
	}, query, args...)
}

// page reads one page of a list of names: a query of a column of that name that
// has an order and a LIMIT.
func (t *Tx) page(query string, args ...any) ([]string, error) {
	var joined sql.NullString
	err := t.sql.QueryRow("SELECT "+joinLines("name")+" FROM ("+query+") AS page", args...).Scan(&joined)
	return lines(joined), err
}

// joinLines is an aggregate that makes one text of a column of names or ids,
// which have no line breaks (codedeploy.IsName): fetching a row through the driver
// costs several times what it takes to find it. From a subquery with an order and a
// LIMIT, engines aggregate in that order.
func joinLines(column string) string { return "string_agg(" + column + ", '\n')" }

func lines(joined sql.NullString) []string {
	if !joined.Valid {
		return nil
	}
	return strings.Split(joined.String, "\n")
}

// count reads a query of one number.
func (t *Tx) count(query string, args ...any) (int, error) {
	var n int
	err := t.sql.QueryRow(query, args...).Scan(&n)
	return n, err
}

// exists reads a query of the form SELECT EXISTS (...).
func (t *Tx) exists(query string, args ...any) (bool, error) {
	var found bool
	err := t.sql.QueryRow(query, args...).Scan(&found)
	return found, err
}
