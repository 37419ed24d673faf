package sqldb

import (
	"database/sql"
	"errors"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	count := func(tx *Tx) (n int, err error) {
		err = tx.QueryRow("SELECT count(*) FROM things").Scan(&n)
		return n, err
	}
	t.Run("sees the last commit", func(t *testing.T) {
		db := openTest(t)
		for want, name := range []string{"a", "b", "c"} {
			var got int
			err := db.Read(t.Context(), func(tx *Tx) (err error) { got, err = count(tx); return err })
			if err != nil || got != want {
				t.Errorf("saw %d things, want %d, %v", got, want, err)
			}
			if err := db.Tx(t.Context(), put(name)); err != nil {
				t.Fatal(err)
			}
		}
	})
	t.Run("refuses a second statement", func(t *testing.T) {
		db := openTest(t)
		err := db.Read(t.Context(), func(tx *Tx) error {
			if _, err := count(tx); err != nil {
				t.Errorf("first: %v", err)
			}
			_, err := count(tx)
			return err
		})
		if !errors.Is(err, errSecond) {
			t.Errorf("second: %v", err)
		}
	})
	t.Run("cannot write", func(t *testing.T) {
		db := openTest(t)
		if err := db.Read(t.Context(), put("a")); err == nil || !strings.Contains(err.Error(), "readonly") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("holds no snapshot when it has ended", func(t *testing.T) {
		db := openTest(t)
		if err := errors.Join(db.Tx(t.Context(), put("a")), db.Tx(t.Context(), put("b"))); err != nil {
			t.Fatal(err)
		}
		var left *sql.Rows
		var leaked *Tx
		for range 2 * readerCount { // rows that are left open, on every connection
			err := db.Read(t.Context(), func(tx *Tx) (err error) {
				leaked = tx
				if left, err = tx.Query("SELECT name FROM things"); err == nil && !left.Next() {
					err = errors.New("no rows")
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if left.Next() {
			t.Error("rows outlive their Read")
		}
		if _, err := leaked.Query("SELECT 1"); !errors.Is(err, errEnded) {
			t.Errorf("late Query: %v", err)
		}
		if err := db.Tx(t.Context(), put("c")); err != nil {
			t.Fatal(err)
		}
		if got := things(t, db); got != "a b c" {
			t.Errorf("after: %q", got)
		}
	})
}
