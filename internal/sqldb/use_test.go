package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"

	"greenlight/internal/sqldb/pgtest"
)

func TestContextCountsUntilTheTurnHasCome(t *testing.T) {
	t.Run("ended before", func(t *testing.T) {
		db := openTest(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		never := func(*Tx) error { t.Error("function ran"); return nil }
		if err := db.Tx(ctx, never); !errors.Is(err, context.Canceled) {
			t.Errorf("Tx: %v", err)
		}
		if err := db.View(ctx, never); !errors.Is(err, context.Canceled) {
			t.Errorf("View: %v", err)
		}
	})
	t.Run("ended while waiting", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			db := openTest(t)
			ctx, cancel := context.WithCancel(t.Context())
			var waiting sync.WaitGroup
			err := db.Tx(t.Context(), func(*Tx) error {
				waiting.Go(func() {
					if err := db.Tx(ctx, put("never")); !errors.Is(err, context.Canceled) {
						t.Errorf("waiting caller: %v", err)
					}
				})
				synctest.Wait()
				cancel()
				waiting.Wait()
				return nil
			})
			if got := things(t, db); err != nil || got != "" {
				t.Errorf("after: %q, %v", got, err)
			}
		})
	})
	t.Run("ended while running", func(t *testing.T) {
		db := openTest(t)
		ctx, cancel := context.WithCancel(t.Context())
		err := db.Tx(ctx, func(tx *Tx) error {
			cancel()
			return put("kept")(tx)
		})
		if got := things(t, db); err != nil || got != "kept" {
			t.Errorf("after: %q, %v", got, err)
		}
	})
}

func TestView(t *testing.T) {
	t.Run("sees one snapshot", func(t *testing.T) {
		db := openTest(t)
		count := func(tx *Tx) (n int) {
			if err := tx.QueryRow("SELECT count(*) FROM things").Scan(&n); err != nil {
				t.Error(err)
			}
			return n
		}
		err := db.View(t.Context(), func(tx *Tx) error {
			before := count(tx)
			if err := db.Tx(t.Context(), put("new")); err != nil {
				return err
			}
			if after := count(tx); before != 0 || after != 0 {
				t.Errorf("saw %d, then %d things, want none", before, after)
			}
			return nil
		})
		if got := things(t, db); err != nil || got != "new" {
			t.Errorf("next view: %q, %v", got, err)
		}
	})
	t.Run("cannot write", func(t *testing.T) {
		db := openTest(t)
		if err := db.View(t.Context(), put("a")); err == nil || !strings.Contains(err.Error(), "readonly") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("waits for a free connection", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			db := openTest(t)
			release := make(chan struct{})
			var busy sync.WaitGroup
			for range readerCount {
				busy.Go(func() { _ = db.View(t.Context(), func(*Tx) error { <-release; return nil }) })
			}
			synctest.Wait()
			ran := false
			var late sync.WaitGroup
			late.Go(func() { _ = db.View(t.Context(), func(*Tx) error { ran = true; return nil }) })
			synctest.Wait()
			if ran {
				t.Error("more views than connections")
			}
			close(release)
			busy.Wait()
			late.Wait()
			if !ran {
				t.Error("the waiting view never ran")
			}
		})
	})
	t.Run("gives its connection back after a panic", func(t *testing.T) {
		db := openTest(t)
		for range 2 * readerCount {
			func() {
				defer func() { _ = recover() }()
				_ = db.View(t.Context(), func(*Tx) error { panic("boom") })
			}()
		}
		if got := things(t, db); got != "" {
			t.Errorf("after: %q", got)
		}
	})
}

func TestTxEndsWithItsFunction(t *testing.T) {
	db := openTest(t)
	var leaked *Tx
	var rows *sql.Rows
	err := db.Tx(t.Context(), func(tx *Tx) (err error) {
		leaked = tx
		if err := errors.Join(put("a")(tx), put("b")(tx)); err != nil {
			return err
		}
		if rows, err = tx.Query("SELECT name FROM things"); err == nil && !rows.Next() {
			err = errors.New("no rows")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if rows.Next() {
		t.Error("rows outlive the transaction")
	}
	if err := put("late")(leaked); !errors.Is(err, errEnded) {
		t.Errorf("late Exec: %v", err)
	}
	if _, err := leaked.Query("SELECT 1"); !errors.Is(err, errEnded) {
		t.Errorf("late Query: %v", err)
	}
	if err := leaked.QueryRow("SELECT 1").Scan(new(int)); !errors.Is(err, errEnded) {
		t.Errorf("late QueryRow: %v", err)
	}
}

func TestErrorsOfStatements(t *testing.T) {
	db := openTest(t)
	if err := db.Tx(t.Context(), put("a")); err != nil {
		t.Fatal(err)
	}
	taken := db.Tx(t.Context(), put("a"))
	orphan := db.Tx(t.Context(), func(tx *Tx) error {
		_, err := tx.Exec("INSERT INTO parts (thing, strict_thing) VALUES ('a', 'none')")
		return err
	})
	if !IsUnique(taken) || IsForeignKey(taken) {
		t.Errorf("repeated key: %v", taken)
	}
	if IsUnique(orphan) || !IsForeignKey(orphan) {
		t.Errorf("missing parent: %v", orphan)
	}
	err := db.View(t.Context(), func(tx *Tx) error {
		return tx.QueryRow("SELECT name FROM things WHERE name = $1", "none").Scan(new(string))
	})
	if !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("no row: %v", err)
	}
	if err := db.Tx(t.Context(), func(tx *Tx) error { _, err := tx.Exec("NONSENSE"); return err }); err == nil {
		t.Error("nonsense ran")
	}
}

func TestBindsByNumber(t *testing.T) {
	db := openTest(t)
	var got string
	err := db.View(t.Context(), func(tx *Tx) error {
		return tx.QueryRow("SELECT $2 || $1 || $2", "a", "b").Scan(&got)
	})
	if err != nil || got != "bab" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestClose(t *testing.T) {
	db := openTest(t)
	for range 2 {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Tx(t.Context(), put("a")); !errors.Is(err, ErrClosed) {
		t.Errorf("Tx: %v", err)
	}
	if err := db.View(t.Context(), func(*Tx) error { return nil }); !errors.Is(err, ErrClosed) {
		t.Errorf("View: %v", err)
	}
}

func TestCloseWhileInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	db, err := Open(t.Context(), path, schema)
	if err != nil {
		t.Fatal(err)
	}
	var callers sync.WaitGroup
	saved := make([]int, 4)
	for i := range saved {
		callers.Go(func() {
			for {
				err := db.Tx(t.Context(), func(tx *Tx) error {
					_, err := tx.Exec("INSERT INTO things (name) VALUES ($1)", strings.Repeat("x", saved[i])+string(rune('a'+i)))
					return err
				})
				if err == nil {
					saved[i]++
					err = db.View(t.Context(), func(*Tx) error { return nil })
				}
				if err != nil {
					if !errors.Is(err, ErrClosed) {
						t.Error(err)
					}
					return
				}
				if i == 0 && saved[0] == 20 {
					callers.Go(func() { closeTest(t, db) })
				}
			}
		})
	}
	callers.Wait()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if db, err = Open(t.Context(), path, schema); err != nil {
		t.Fatal(err)
	}
	defer closeTest(t, db)
	if got, want := len(strings.Fields(things(t, db))), saved[0]+saved[1]+saved[2]+saved[3]; got != want {
		t.Errorf("%d things are left of %d that were answered as durable", got, want)
	}
}

func TestMigrations(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) {
		testMigrations(t, func(t *testing.T) string { return filepath.Join(t.TempDir(), "test.db") })
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		testMigrations(t, func(t *testing.T) string { return pgtest.Database(t) })
	})
}

func testMigrations(t *testing.T, address func(*testing.T) string) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	first := file("CREATE TABLE things (name TEXT NOT NULL PRIMARY KEY); INSERT INTO things VALUES ('one')")
	const two = "INSERT INTO things VALUES ('two'); INSERT INTO things VALUES ('three')"
	second, breaking := file(two), file("-- Why.\n-- breaks older programs: they count to one.\n"+two)
	tests := []struct {
		name   string
		before fstest.MapFS
		files  fstest.MapFS
		fails  string
		want   string
	}{
		{"all at once", nil, fstest.MapFS{"0001_a.sql": first, "0002_b.sql": second, "README": file("x")}, "", "one three two"},
		{"one after the other", fstest.MapFS{"0001_a.sql": first}, fstest.MapFS{"0001_a.sql": first, "0002_b.sql": second}, "", "one three two"},
		{"newer database", fstest.MapFS{"0001_a.sql": first, "0002_b.sql": second}, fstest.MapFS{"0001_a.sql": first}, "", "one three two"},
		{"newer database that is beyond it", fstest.MapFS{"0001_a.sql": first, "0002_b.sql": breaking}, fstest.MapFS{"0001_a.sql": first},
			"its schema has version 2, this greenlight knows versions up to 1: use a newer greenlight", "one three two"},
		{"failing one leaves nothing", fstest.MapFS{"0001_a.sql": first},
			fstest.MapFS{"0001_a.sql": first, "0002_b.sql": file("INSERT INTO things VALUES ('two'); NONSENSE")}, "migration 0002_b.sql", "one"},
		{"gap", fstest.MapFS{"0001_a.sql": first}, fstest.MapFS{"0001_a.sql": first, "0003_b.sql": second}, "version 2 is expected", "one"},
		{"name", fstest.MapFS{"0001_a.sql": first}, fstest.MapFS{"1-a.sql": first}, "not named like", "one"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := address(t)
			if test.before != nil {
				db, err := Open(t.Context(), path, test.before)
				if err != nil {
					t.Fatal(err)
				}
				closeTest(t, db)
			}
			db, err := Open(t.Context(), path, test.files)
			if test.fails == "" && err != nil {
				t.Fatal(err)
			}
			if test.fails != "" {
				if err == nil || !strings.Contains(err.Error(), test.fails) {
					t.Fatalf("got %v, want an error with %q", err, test.fails)
				}
				if db, err = Open(t.Context(), path, fstest.MapFS{"0001_a.sql": first, "0002_b.sql": file("")}); err != nil {
					t.Fatal(err)
				}
			}
			defer closeTest(t, db)
			if got := things(t, db); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
