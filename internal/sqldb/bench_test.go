package sqldb

import (
	"strconv"
	"sync/atomic"
	"testing"

	"greenlight/internal/sqldb/pgtest"
)

// BenchmarkTxParallel measures durable single-row transactions of many callers:
// group commit should let them grow far beyond one fsync each.
func BenchmarkTxParallel(b *testing.B) {
	benchmarkTx(b, func(b *testing.B) *DB { return openTest(b) })
}

func BenchmarkPostgresTxParallel(b *testing.B) {
	benchmarkTx(b, func(b *testing.B) *DB { return openPostgresTest(b, pgtest.Database(b)) })
}

func benchmarkTx(b *testing.B, open func(*testing.B) *DB) {
	for _, callers := range []int{1, 8, 64} {
		b.Run(strconv.Itoa(callers), func(b *testing.B) {
			db := open(b)
			var next atomic.Int64
			b.SetParallelism(max(1, callers/2))
			insert := func() error {
				return db.Tx(b.Context(), func(tx *Tx) error {
					_, err := tx.Exec("INSERT INTO things (name) VALUES ($1)", strconv.FormatInt(next.Add(1), 10))
					return err
				})
			}
			b.ResetTimer()
			if callers == 1 {
				for b.Loop() {
					if err := insert(); err != nil {
						b.Fatal(err)
					}
				}
				return
			}
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := insert(); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

func BenchmarkView(b *testing.B) {
	db := openTest(b)
	if err := db.Tx(b.Context(), put("a")); err != nil {
		b.Fatal(err)
	}
	var name string
	for b.Loop() {
		err := db.View(b.Context(), func(tx *Tx) error {
			return tx.QueryRow("SELECT name FROM things WHERE name = $1", "a").Scan(&name)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
