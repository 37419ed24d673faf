package store

import "database/sql"

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
