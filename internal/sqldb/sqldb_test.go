package sqldb

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
)

var schema = fstest.MapFS{"0001_things.sql": {Data: []byte(`
	CREATE TABLE things (name TEXT NOT NULL PRIMARY KEY);
	CREATE TABLE parts (
		thing TEXT NOT NULL REFERENCES things (name) DEFERRABLE INITIALLY DEFERRED,
		strict_thing TEXT REFERENCES things (name));
`)}}

func openTest(t testing.TB) *DB {
	t.Helper()
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), schema)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeTest(t, db) })
	return db
}

func closeTest(t testing.TB, db *DB) {
	t.Helper()
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

func put(name string) func(*Tx) error {
	return func(tx *Tx) error {
		_, err := tx.Exec("INSERT INTO things (name) VALUES ($1)", name)
		return err
	}
}

// things returns the names that a View sees, joined by spaces.
func things(t testing.TB, db *DB) string {
	t.Helper()
	var names []string
	err := db.View(context.Background(), func(tx *Tx) error {
		rows, err := tx.Query("SELECT name FROM things ORDER BY name")
		if err != nil {
			return err
		}
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return err
			}
			names = append(names, name)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(names, " ")
}

func TestSettingsOfConnections(t *testing.T) {
	db := openTest(t)
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "temp_store": "2", "busy_timeout": "5000",
	} {
		var got string
		err := db.Tx(t.Context(), func(tx *Tx) error { return tx.QueryRow("PRAGMA " + pragma).Scan(&got) })
		if err != nil || got != want {
			t.Errorf("%s = %q, %v; want %q", pragma, got, err, want)
		}
	}
}

func TestPathWithCharactersOfURLs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b?c#d%41&mode=memory.db")
	db, err := Open(t.Context(), path, schema)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Tx(t.Context(), put("kept")), db.Close()); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() == 0 || info.Mode().Perm() != 0o600 {
		t.Fatalf("file: %v, %v; want one with content that its owner alone may read", info, err)
	}
	if db, err = Open(t.Context(), path, schema); err != nil {
		t.Fatal(err)
	}
	defer closeTest(t, db)
	if got := things(t, db); got != "kept" {
		t.Errorf("after reopening: %q", got)
	}
}

func TestOneProcessAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	first, err := Open(t.Context(), path, schema)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), path, schema)
	if err == nil || !strings.Contains(err.Error(), "database "+path+" is in use by another greenlight process") {
		t.Errorf("second open: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := Open(t.Context(), path, schema)
	if err != nil {
		t.Fatalf("open after close: %v", err)
	}
	closeTest(t, second)
}

func TestOpenFailsWithoutFolder(t *testing.T) {
	if _, err := Open(t.Context(), filepath.Join(t.TempDir(), "none", "test.db"), schema); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want ErrNotExist", err)
	}
}

// groupOf runs the functions so that they all share the transaction of the
// first, and returns their errors.
func groupOf(t *testing.T, db *DB, fns ...func(*Tx) error) []error {
	t.Helper()
	failures := make([]error, len(fns))
	var others sync.WaitGroup
	failures[0] = db.Tx(t.Context(), func(tx *Tx) error {
		for i, fn := range fns[1:] {
			others.Go(func() { failures[i+1] = db.Tx(t.Context(), fn) })
			synctest.Wait()
		}
		return fns[0](tx)
	})
	others.Wait()
	return failures
}

func TestGroupCommit(t *testing.T) {
	t.Run("callers that wait share a commit", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			db := openTest(t)
			seenOutside := "nothing yet"
			failures := groupOf(t, db, put("a"), put("b"), func(tx *Tx) error {
				seenOutside = things(t, db)
				var inside int
				if err := tx.QueryRow("SELECT count(*) FROM things").Scan(&inside); err != nil || inside != 2 {
					t.Errorf("inside: %d, %v; want 2 things", inside, err)
				}
				return nil
			})
			if err := errors.Join(failures...); err != nil || seenOutside != "" {
				t.Errorf("errors %v; a View saw %q before the commit", err, seenOutside)
			}
			if got := things(t, db); got != "a b" {
				t.Errorf("after: %q", got)
			}
		})
	})
	t.Run("a failing function undoes its own work only", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			db := openTest(t)
			mine := errors.New("mine")
			failures := groupOf(t, db, put("a"), func(tx *Tx) error {
				return errors.Join(put("b")(tx), mine)
			}, put("c"))
			if failures[0] != nil || !errors.Is(failures[1], mine) || failures[2] != nil {
				t.Errorf("errors %v", failures)
			}
			if got := things(t, db); got != "a c" {
				t.Errorf("after: %q", got)
			}
		})
	})
	t.Run("a failing commit fails every caller", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			db := openTest(t)
			failures := groupOf(t, db, put("a"), func(tx *Tx) error {
				_, err := tx.Exec("INSERT INTO parts (thing) VALUES ('none')")
				return err
			}, put("b"))
			for i, err := range failures {
				if !IsForeignKey(err) {
					t.Errorf("caller %d: %v", i, err)
				}
			}
			if got := things(t, db); got != "" {
				t.Errorf("after: %q", got)
			}
			if err := db.Tx(t.Context(), put("later")); err != nil {
				t.Errorf("next transaction: %v", err)
			}
		})
	})
	t.Run("a transaction lost half way fails every caller", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			db := openTest(t)
			failures := groupOf(t, db, put("a"), func(tx *Tx) error {
				if _, err := tx.Exec("INSERT OR ROLLBACK INTO things (name) VALUES ('a')"); !IsUnique(err) {
					t.Errorf("repeated name: %v", err)
				}
				return nil
			})
			for i, err := range failures {
				if err == nil {
					t.Errorf("caller %d was told that its work is durable", i)
				}
			}
			if err := db.Tx(t.Context(), put("later")); err != nil {
				t.Errorf("next transaction: %v", err)
			}
			if got := things(t, db); got != "later" {
				t.Errorf("after: %q", got)
			}
		})
	})
	t.Run("a group has an end", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			db := openTest(t)
			fns := []func(*Tx) error{put("first")}
			for range maxGroup - 1 {
				fns = append(fns, func(*Tx) error { return nil })
			}
			seen := ""
			fns = append(fns, func(*Tx) error { seen = things(t, db); return nil })
			if err := errors.Join(groupOf(t, db, fns...)...); err != nil || seen != "first" {
				t.Errorf("%v; the function after a full group saw %q", err, seen)
			}
		})
	})
}

func TestPanicGoesToItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := openTest(t)
		var recovered any
		var panicking, waiting sync.WaitGroup
		var waited error
		err := db.Tx(t.Context(), func(tx *Tx) error {
			panicking.Go(func() {
				defer func() { recovered = recover() }()
				_ = db.Tx(t.Context(), func(tx *Tx) error { panic(errors.Join(put("b")(tx), errors.New("boom"))) })
			})
			synctest.Wait()
			waiting.Go(func() { waited = db.Tx(t.Context(), put("c")) })
			synctest.Wait()
			return put("a")(tx)
		})
		panicking.Wait()
		waiting.Wait()
		if reason, ok := recovered.(error); !ok || reason.Error() != "boom" {
			t.Errorf("recovered %v, want boom", recovered)
		}
		if got := things(t, db); got != "a c" || err != nil || waited != nil {
			t.Errorf("after: %q, errors %v and %v", got, err, waited)
		}
	})
}

func TestGoexitInsideFunction(t *testing.T) {
	db := openTest(t)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = db.Tx(t.Context(), func(tx *Tx) error {
			defer runtime.Goexit()
			return put("a")(tx)
		})
	}()
	<-ended
	if err := db.Tx(t.Context(), put("b")); err != nil {
		t.Fatal(err)
	}
	if got := things(t, db); got != "b" {
		t.Errorf("after: %q", got)
	}
}
