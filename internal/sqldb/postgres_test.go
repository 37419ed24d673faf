package sqldb

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"greenlight/internal/sqldb/pgtest"
)

func openPostgresTest(t testing.TB, address string) *DB {
	t.Helper()
	db, err := Open(t.Context(), address, schema)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeTest(t, db) })
	return db
}

// TestPostgresTransactions is what callers rely on, in any database.
func TestPostgresTransactions(t *testing.T) {
	db := openPostgresTest(t, pgtest.Database(t))
	if !db.Shared() {
		t.Error("not shared")
	}
	mine := errors.New("mine")
	if err := db.Tx(t.Context(), func(tx *Tx) error { return errors.Join(put("undone")(tx), mine) }); !errors.Is(err, mine) {
		t.Errorf("failing function: %v", err)
	}
	recovered := func() (reason any) {
		defer func() { reason = recover() }()
		return db.Tx(t.Context(), func(tx *Tx) error { panic(errors.Join(put("panicked")(tx), mine)) })
	}()
	if err, ok := recovered.(error); !ok || !errors.Is(err, mine) {
		t.Errorf("recovered %v", recovered)
	}
	var unwound sync.WaitGroup
	unwound.Go(func() {
		_ = db.Tx(t.Context(), func(tx *Tx) error {
			defer runtime.Goexit()
			return put("unwound")(tx)
		})
	})
	unwound.Wait()
	for _, name := range []string{"b", "Z", "a"} {
		if err := db.Tx(t.Context(), put(name)); err != nil {
			t.Fatal(err)
		}
	}
	if got := things(t, db); got != "Z a b" {
		t.Errorf("things are %q, want what was committed in the order of bytes", got)
	}
	taken := db.Tx(t.Context(), put("a"))
	orphan := db.Tx(t.Context(), func(tx *Tx) error {
		_, err := tx.Exec("INSERT INTO parts (thing, strict_thing) VALUES ('a', 'none')")
		return err
	})
	late := db.Tx(t.Context(), func(tx *Tx) error {
		_, err := tx.Exec("INSERT INTO parts (thing) VALUES ('none')")
		return err
	})
	if !IsUnique(taken) || IsForeignKey(taken) || IsUnique(orphan) || !IsForeignKey(orphan) || !IsForeignKey(late) {
		t.Errorf("repeated key: %v; missing parent: %v, at the commit: %v", taken, orphan, late)
	}
	swallowed := db.Tx(t.Context(), func(tx *Tx) error { _ = put("a")(tx); return nil })
	if !errors.Is(swallowed, errAborted) {
		t.Errorf("a function that goes on after an error: %v", swallowed)
	}
}

func TestPostgresReading(t *testing.T) {
	db := openPostgresTest(t, pgtest.Database(t))
	err := db.View(t.Context(), func(tx *Tx) error {
		var before, after int
		err := tx.QueryRow("SELECT count(*) FROM things").Scan(&before)
		err = errors.Join(err, db.Tx(t.Context(), put("new")), tx.QueryRow("SELECT count(*) FROM things").Scan(&after))
		if before != 0 || after != 0 {
			t.Errorf("saw %d, then %d things, want none", before, after)
		}
		return errors.Join(err, tx.Lock("ignored"))
	})
	if err != nil {
		t.Error(err)
	}
	for name, run := range map[string]func(context.Context, func(*Tx) error) error{"View": db.View, "Read": db.Read} {
		if err := run(t.Context(), put("a")); err == nil || !strings.Contains(err.Error(), "read-only") {
			t.Errorf("write in %s: %v", name, err)
		}
		if err := run(t.Context(), func(tx *Tx) error {
			return tx.QueryRow("SELECT name FROM things" + tx.ForUpdate() + tx.ForKeyShare() + tx.SkipLocked()).Scan(new(string))
		}); err != nil {
			t.Errorf("locking clauses in %s: %v", name, err)
		}
	}
	if err := db.Read(t.Context(), func(tx *Tx) error {
		return errors.Join(tx.QueryRow("SELECT 1").Scan(new(int)), tx.QueryRow("SELECT 1").Scan(new(int)))
	}); !errors.Is(err, errSecond) {
		t.Errorf("second statement in Read: %v", err)
	}
}

// TestPostgresWritersWorkTogether lets as many callers as there are connections meet
// inside their transactions; one more waits, as long as its context lasts.
func TestPostgresWritersWorkTogether(t *testing.T) {
	db := openPostgresTest(t, pgtest.Database(t))
	var inside, all sync.WaitGroup
	inside.Add(postgresWriters)
	release := make(chan struct{})
	for i := range postgresWriters {
		all.Go(func() {
			err := db.Tx(t.Context(), func(tx *Tx) error {
				inside.Done()
				<-release
				return put(fmt.Sprint(i))(tx)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	inside.Wait()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := db.Tx(ctx, put("late")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("one more: %v", err)
	}
	close(release)
	all.Wait()
	if got := len(strings.Fields(things(t, db))); got != postgresWriters {
		t.Errorf("%d things, want %d", got, postgresWriters)
	}
}

func TestPostgresLocks(t *testing.T) {
	db := openPostgresTest(t, pgtest.Database(t))
	var all sync.WaitGroup
	var holders atomic.Int64
	for range postgresWriters {
		all.Go(func() {
			err := db.Tx(t.Context(), func(tx *Tx) error {
				if err := tx.Lock("one"); err != nil {
					return err
				}
				if n := holders.Add(1); n != 1 {
					t.Errorf("%d hold the lock", n)
				}
				defer holders.Add(-1)
				return tx.QueryRow("SELECT 1").Scan(new(int))
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// TestPostgresDeadlock lets two functions wait for each other: one is undone and
// run again.
func TestPostgresDeadlock(t *testing.T) {
	db := openPostgresTest(t, pgtest.Database(t))
	if err := errors.Join(db.Tx(t.Context(), put("a")), db.Tx(t.Context(), put("b"))); err != nil {
		t.Fatal(err)
	}
	var met, all sync.WaitGroup
	met.Add(2)
	var runs atomic.Int64
	for _, order := range [][]string{{"a", "b"}, {"b", "a"}} {
		once := sync.OnceFunc(func() { met.Done(); met.Wait() })
		all.Go(func() {
			err := db.Tx(t.Context(), func(tx *Tx) error {
				runs.Add(1)
				for _, name := range order {
					if err := tx.QueryRow("SELECT name FROM things WHERE name = $1"+tx.ForUpdate(), name).Scan(new(string)); err != nil {
						return err
					}
					once()
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if runs.Load() != 3 {
		t.Errorf("%d runs of two functions, want 3", runs.Load())
	}
}

const hangUpMyself = "SELECT pg_terminate_backend(pg_backend_pid())"

func TestPostgresLostConnections(t *testing.T) {
	address := pgtest.Database(t)
	db := openPostgresTest(t, address)
	t.Run("before the commit: again", func(t *testing.T) {
		runs := 0
		err := db.Tx(t.Context(), func(tx *Tx) error {
			if err := put("again")(tx); err != nil {
				return err
			}
			if runs++; runs == 1 {
				return tx.QueryRow(hangUpMyself).Scan(new(bool))
			}
			return nil
		})
		if err != nil || runs != 2 || things(t, db) != "again" {
			t.Errorf("%v after %d runs; things: %q", err, runs, things(t, db))
		}
	})
	t.Run("all of them, while idle", func(t *testing.T) {
		meet(t, db, 4)
		pgtest.Exec(t, address, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		meet(t, db, 4)
		if err := db.Read(t.Context(), func(tx *Tx) error { return tx.QueryRow("SELECT 1").Scan(new(int)) }); err != nil {
			t.Error(err)
		}
	})
	t.Run("always: an end", func(t *testing.T) {
		runs := 0
		err := db.Tx(t.Context(), func(tx *Tx) error { runs++; return tx.QueryRow(hangUpMyself).Scan(new(bool)) })
		if err == nil || runs != maxAttempts {
			t.Errorf("%v after %d runs", err, runs)
		}
	})
	t.Run("during the commit: no more", func(t *testing.T) {
		pgtest.Exec(t, address,
			`CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$`,
			`CREATE CONSTRAINT TRIGGER hang_up AFTER INSERT ON things DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hang_up()`)
		runs := 0
		err := db.Tx(t.Context(), func(tx *Tx) error { runs++; return put("unknown")(tx) })
		if !errors.Is(err, errOutcome) || runs != 1 {
			t.Errorf("%v after %d runs", err, runs)
		}
	})
}

// meet opens count connections: their functions wait for each other.
func meet(t *testing.T, db *DB, count int) {
	t.Helper()
	var inside, all sync.WaitGroup
	inside.Add(count)
	for range count {
		once := sync.OnceFunc(func() { inside.Done(); inside.Wait() })
		all.Go(func() {
			if err := db.Tx(t.Context(), func(tx *Tx) error {
				once()
				return tx.QueryRow("SELECT 1").Scan(new(int))
			}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// TestPostgresFrozenHolder stands still inside a transaction until the server has
// taken its locks back.
func TestPostgresFrozenHolder(t *testing.T) {
	address := pgtest.Database(t)
	frozen := openPostgresTest(t, address+"&idle_in_transaction_session_timeout=50ms")
	lively := openPostgresTest(t, address)
	if err := lively.Tx(t.Context(), put("a")); err != nil {
		t.Fatal(err)
	}
	rename := func(from, to string) func(*Tx) error {
		return func(tx *Tx) error {
			_, err := tx.Exec("UPDATE things SET name = $2 WHERE name = $1", from, to)
			return err
		}
	}
	runs := 0
	err := frozen.Tx(t.Context(), func(tx *Tx) error {
		if err := rename("a", "frozen")(tx); err != nil {
			return err
		}
		if runs++; runs == 1 { // waits for the row
			return errors.Join(lively.Tx(t.Context(), rename("a", "lively")), tx.QueryRow("SELECT 1").Scan(new(int)))
		}
		return nil
	})
	if got := things(t, lively); err != nil || runs != 2 || got != "lively" {
		t.Errorf("%v after %d runs; things: %q, want what the one that was awake has made of it", err, runs, got)
	}
}

// TestPostgresSilence stops waiting for a server that does not answer.
func TestPostgresSilence(t *testing.T) {
	config, err := postgresConfig(pgtest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	hasty := postgresDialect
	hasty.patience = 50 * time.Millisecond
	p, err := newPool(t.Context(), openSessions(config, nil), &hasty, 1)
	if err != nil {
		t.Fatal(err)
	}
	sleep := func(seconds float64) error {
		return p.do(t.Context(), (*conn).write, func(tx *Tx) error {
			_, err := tx.Exec("SELECT pg_sleep($1)", seconds)
			return err
		})
	}
	if err := sleep(60); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("silence: %v", err)
	}
	hasty.patience = time.Minute
	if err := errors.Join(sleep(0), p.close()); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestPostgresClose(t *testing.T) {
	db := openPostgresTest(t, pgtest.Database(t))
	for range 2 {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	nothing := func(*Tx) error { return nil }
	if tx, view := db.Tx(t.Context(), nothing), db.View(t.Context(), nothing); !errors.Is(tx, ErrClosed) || !errors.Is(view, ErrClosed) {
		t.Errorf("Tx: %v, View: %v", tx, view)
	}
}

// TestPostgresMigratesOnce opens a new database from several processes, as it were.
func TestPostgresMigratesOnce(t *testing.T) {
	address := pgtest.Database(t)
	counted := fstest.MapFS{
		"0001_things.sql": schema["0001_things.sql"],
		"0002_one.sql":    {Data: []byte("INSERT INTO things VALUES ('one')")},
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			db, err := Open(t.Context(), address, counted)
			if err != nil {
				t.Error(err)
				return
			}
			if got := things(t, db); got != "one" {
				t.Errorf("things: %q", got)
			}
			closeTest(t, db)
		})
	}
	all.Wait()
}

func TestPostgresRefusals(t *testing.T) {
	address := pgtest.Database(t)
	if _, err := Open(t.Context(), strings.Replace(address, "postgres@", "nobody:"+secret+"@", 1), schema); err == nil ||
		!strings.Contains(err.Error(), `role "nobody" does not exist`) || strings.Contains(err.Error(), secret) {
		t.Errorf("unknown user: %v", err)
	}
	if _, err := Open(t.Context(), "postgres://green:"+secret+"@127.0.0.1:1/light", schema); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("nobody listens: %v", err)
	}
	pgtest.Exec(t, address, "CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
	defer pgtest.Exec(t, address, "DROP DATABASE ascii WITH (FORCE)")
	name, _, _ := strings.Cut(address[strings.LastIndex(address, "/test_")+1:], "?")
	if _, err := Open(t.Context(), strings.Replace(address, name, "ascii", 1), schema); err == nil ||
		!strings.Contains(err.Error(), "create it with ENCODING 'UTF8'") {
		t.Errorf("encoding: %v", err)
	}
}

// TestPostgresIsDurable overrules a server that answers before it has written.
func TestPostgresIsDurable(t *testing.T) {
	address := pgtest.Database(t)
	for set, want := range map[string]string{"off": "on", "on": "on", "remote_apply": "remote_apply"} {
		db := openPostgresTest(t, address+"&synchronous_commit="+set)
		var got string
		err := db.Tx(t.Context(), func(tx *Tx) error { return tx.QueryRow("SHOW synchronous_commit").Scan(&got) })
		if err != nil || got != want {
			t.Errorf("%s became %s, %v; want %s", set, got, err, want)
		}
	}
}
