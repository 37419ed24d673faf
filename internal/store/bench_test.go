package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"greenlight/internal/codedeploy"
)

// benchDeployment has the size of a real one: about 1.5 KB of snapshot and 1 KB
// of what is saved.
func benchDeployment(n int) Deployment {
	return Deployment{
		Scope: Scope{"111122223333", "eu-west-1"}, ID: fmt.Sprintf("d-%09d", n), ApplicationID: "app", GroupID: fmt.Sprintf("group-%d", n),
		RevisionIdentity: "sha", Owner: "node",
		Info: codedeploy.DeploymentInfo{
			ApplicationName: "orders", DeploymentGroupName: "live", DeploymentConfigName: "Mine",
			Status: codedeploy.DeploymentStatusInProgress, CreateTime: codedeploy.NewTimestamp(time.UnixMilli(int64(n) + 1)),
			Description: strings.Repeat("d", 200),
		},
		Target:   &codedeploy.DeploymentTarget{LambdaTarget: &codedeploy.LambdaTarget{TargetARN: strings.Repeat("t", 300)}},
		Progress: json.RawMessage(`"` + strings.Repeat("p", 500) + `"`),
		Snapshot: json.RawMessage(`"` + strings.Repeat("s", 1500) + `"`),
	}
}

// BenchmarkSaveDeployment measures durable saves of deployments that go on, one
// deployment for each of 1, 8 and 64 workers.
func BenchmarkSaveDeployment(b *testing.B) {
	b.Run("SQLite", func(b *testing.B) { benchmarkSave(b, openForTest) })
	b.Run("PostgreSQL", func(b *testing.B) { benchmarkSave(b, openPostgresForTest) })
}

func benchmarkSave(b *testing.B, open func(testing.TB) *Store) {
	for _, workers := range []int{1, 8, 64} {
		b.Run(fmt.Sprint(workers), func(b *testing.B) {
			s := open(b)
			insertMany(b, s, workers)
			var next atomic.Int64
			b.SetParallelism(max(1, workers/2)) // of two processors
			save := func(d *Deployment) error {
				d.WakeAt = time.UnixMilli(d.Version + 1)
				err := s.Tx(b.Context(), func(tx *Tx) error { return tx.SaveDeployment(*d) })
				d.Version++
				return err
			}
			b.ResetTimer()
			if workers == 1 {
				for d := benchDeployment(0); b.Loop(); {
					if err := save(&d); err != nil {
						b.Fatal(err)
					}
				}
				return
			}
			b.RunParallel(func(pb *testing.PB) {
				for d := benchDeployment(int(next.Add(1)) - 1); pb.Next(); {
					if err := save(&d); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

func insertMany(b *testing.B, s *Store, count int) {
	b.Helper()
	err := s.Tx(b.Context(), func(tx *Tx) error {
		for n := range count {
			if err := tx.InsertDeployment(benchDeployment(n)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkDeployments measures, among 10,000 deployments in flight, what a
// busy server asks.
func BenchmarkDeployments(b *testing.B) {
	b.Run("SQLite", func(b *testing.B) { benchmarkDeployments(b, openForTest(b)) })
	b.Run("PostgreSQL", func(b *testing.B) { benchmarkDeployments(b, openPostgresForTest(b)) })
}

func benchmarkDeployments(b *testing.B, s *Store) {
	insertMany(b, s, 10_000)
	now := time.UnixMilli(1)
	err := s.Tx(b.Context(), func(tx *Tx) error { return tx.JoinNode("node", now.Add(time.Hour)) })
	if err != nil {
		b.Fatal(err)
	}
	statuses := []codedeploy.DeploymentStatus{codedeploy.DeploymentStatusInProgress, codedeploy.DeploymentStatusFailed}
	for name, ask := range map[string]func(*Tx) error{
		"get": func(tx *Tx) error { _, err := tx.Deployment("d-000005000"); return err },
		"list": func(tx *Tx) error {
			_, _, err := tx.ListDeployments(DeploymentFilter{Scope: Scope{"111122223333", "eu-west-1"}, Statuses: statuses}, DeploymentKey{}, 100)
			return err
		},
		"claim": func(tx *Tx) error { _, err := tx.ClaimOrphans("node", now, 100); return err },
	} {
		b.Run(name, func(b *testing.B) {
			run := s.View
			if name == "claim" {
				run = s.Tx
			}
			for b.Loop() {
				if err := run(b.Context(), ask); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
