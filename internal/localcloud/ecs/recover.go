package ecs

import (
	"context"
	"fmt"
	"strings"
	"time"

	launcher "greenlight/internal/localcloud/ecs/task"
	"greenlight/internal/sqldb"
)

// takeOver brings the rows of tasks and what the launcher really runs together
// after a restart: what runs is watched on as it is, what is lost will be
// replaced, and what belongs to nobody is stopped. Stops go on until running
// ends.
func (s *Service) takeOver(ctx, running context.Context) error {
	found, err := s.launcher.Find(ctx)
	if err != nil {
		return fmt.Errorf("find what runs on %s: %w", s.launcher.Name(), err)
	}
	byARN := map[string]launcher.Found{}
	for _, f := range found {
		byARN[f.ARN] = f
	}
	var live []*task
	var orphans []launcher.Found
	now := s.now()
	err = s.db.Tx(ctx, func(tx *sqldb.Tx) (err error) {
		if err := pruneServices(tx, now.real); err != nil {
			return err
		}
		if live, err = list[task](tx, `SELECT document FROM task WHERE stopped = 0`); err != nil {
			return err
		}
		for _, t := range live {
			f, runs := byARN[t.arn()]
			t.resume(f.Running, runs, now)
			if err := saveTask(tx, t); err != nil {
				return err
			}
		}
		orphans, err = unknown(tx, found)
		return err
	})
	if err != nil {
		return err
	}
	for _, t := range live {
		if t.EngineID != "" {
			s.engine.watch(t.EngineID, t.Service)
		}
	}
	s.settling.opened = now.real
	for _, f := range orphans {
		s.work.Go(func() { s.stopOrphan(running, f) })
	}
	return nil
}

// resume puts a task into the state from which a pass can go on with it.
func (t *task) resume(r launcher.Running, runs bool, now instant) {
	switch {
	case runs:
		before := t.LastStatus
		t.run(r, now)
		if before == taskDeactivating || before == taskStopping || before == taskDeprovisioning {
			t.LastStatus, t.GiveUpAt = taskDeactivating, now.real
		}
	case t.LastStatus == taskPending || t.LastStatus == taskProvisioning:
		t.LastStatus = taskProvisioning
	default:
		t.unwant(stopByScheduler, "The task was lost while the local ECS was not running.", now)
		t.LastStatus, t.GiveUpAt = taskDeprovisioning, now.real.Add(drainMargin)
	}
	t.RetryAt, t.StopAt = time.Time{}, time.Time{}
}

// unknown are the tasks that no row tells of. Those that have stopped and whose
// rows say so are kept by the launcher for their logs.
func unknown(tx *sqldb.Tx, found []launcher.Found) ([]launcher.Found, error) {
	var orphans []launcher.Found
	for _, f := range found {
		// arn:partition:ecs:region:account:task/cluster/id
		parts := strings.SplitN(f.ARN, ":", 6)
		if len(parts) == 6 {
			cluster, id, _ := strings.Cut(strings.TrimPrefix(parts[5], "task/"), "/")
			t, err := findTask(tx, scope{parts[4], parts[3]}, cluster, id)
			if err != nil {
				return nil, err
			}
			if t != nil {
				continue
			}
		}
		orphans = append(orphans, f)
	}
	return orphans, nil
}

func (s *Service) stopOrphan(ctx context.Context, f launcher.Found) {
	s.log.Info("stopping a task that no service has", "task", f.ARN)
	err := s.launcher.Stop(ctx, f.ID, defaultStopTimeout)
	if err == nil {
		err = s.launcher.Remove(ctx, f.ID)
	}
	s.noteFault(ctx, "task that no service has not removed", f.ARN, err)
}
