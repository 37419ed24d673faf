package ecs

import (
	"context"
	"errors"
	"sync"

	launcher "greenlight/internal/localcloud/ecs/task"
	"greenlight/internal/sqldb"
)

// maxStarting is how many tasks are started at the same time: the machine has to
// do other things too.
const maxStarting = 8

// starting are the starts that are not over, by task.
type starting struct {
	slots chan struct{} // holds a token for each start at work

	mu  sync.Mutex
	all map[string]context.CancelFunc
}

func newStarting() starting {
	return starting{slots: make(chan struct{}, maxStarting), all: map[string]context.CancelFunc{}}
}

func (s *starting) begin(ctx context.Context, task string) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all[task] = cancel
	return ctx, func() {
		cancel()
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.all, task)
	}
}

func (s *starting) cancel(task string) {
	s.mu.Lock()
	cancel := s.all[task]
	s.mu.Unlock()
	if cancel != nil {
		cancel()
	}
}

// perform begins an act. Its result goes into the task's row, and the next pass
// sees it.
func (s *Service) perform(ctx context.Context, a act) {
	k := a.task.Service
	switch a.kind {
	case actStart:
		ctx, done := s.starting.begin(ctx, a.task.ID)
		s.work.Go(func() {
			defer done()
			s.startTask(ctx, a)
		})
	case actCancel:
		s.starting.cancel(a.task.ID)
	case actStop:
		s.work.Go(func() { s.stopAndRecord(ctx, a) })
	case actRegister:
		s.work.Go(func() {
			err := s.balancer.RegisterTarget(k.Account, k.Region, a.target.Group, a.target.ID)
			s.told(ctx, a, "failed to register targets in", err)
		})
	case actDeregister:
		s.work.Go(func() {
			err := s.balancer.DeregisterTarget(k.Account, k.Region, a.target.Group, a.target.ID)
			s.told(ctx, a, "failed to deregister targets in", err)
		})
	}
}

// told notes among the service's events what went wrong with a target. The row
// of the task says when it is tried again.
func (s *Service) told(ctx context.Context, a act, what string, failure error) {
	if failure != nil {
		now, k := s.now(), a.task.Service
		err := s.db.Tx(ctx, func(tx *sqldb.Tx) error {
			return sayTo(tx, k, now, "(service %s) %s (target-group %s) with (error %s)", k.Name, what, a.target.Group, failure)
		})
		s.noteFault(ctx, "event not saved", a.task.ID, err)
	}
	s.mark(a.task.Service)
}

// sayTo adds an event to a service, if it is there.
func sayTo(tx *sqldb.Tx, k serviceKey, now instant, format string, args ...any) error {
	v, err := findService(tx, k)
	if err != nil || v == nil {
		return err
	}
	v.say(now, format, args...)
	return saveService(tx, v)
}

// noteFault logs a fault of the server itself.
func (s *Service) noteFault(ctx context.Context, what, task string, err error) {
	if err != nil && ctx.Err() == nil {
		s.log.Error(what, "task", task, "error", err)
	}
}

// launch has the launcher start a task when it is its turn, and notes how the
// task is from then on.
func (s *Service) launch(ctx context.Context, a act) (launcher.Running, error) {
	select {
	case s.starting.slots <- struct{}{}:
		defer func() { <-s.starting.slots }()
	case <-ctx.Done():
		return launcher.Running{}, ctx.Err()
	}
	environment := s.environ(a.task.Service.Account, a.task.Service.Region, a.definition.Content.TaskRoleARN)
	running, err := s.launcher.Start(ctx, a.definition.spec(&a.task, environment))
	if err == nil {
		s.engine.watch(running.ID, a.task.Service)
		s.look(context.WithoutCancel(ctx), running.ID)
	}
	return running, err
}

// startTask has the launcher start a task, and records how that went.
func (s *Service) startTask(ctx context.Context, a act) {
	running, failure := s.launch(ctx, a)
	now := s.now()
	orphan := false
	// What runs must be in its row, whether or not somebody still waits.
	err := s.db.Tx(context.WithoutCancel(ctx), func(tx *sqldb.Tx) error {
		t, err := findTask(tx, a.task.Service.scope, a.task.Service.Cluster, a.task.ID)
		if orphan = err == nil && (t == nil || t.LastStatus != taskPending); err != nil || orphan {
			return err
		}
		switch {
		case failure == nil:
			t.run(running, now)
		case !t.wanted():
			t.end(now)
		case ctx.Err() != nil:
			t.LastStatus = taskProvisioning // this process ends; the next one begins again
		default:
			t.refuse(failure)
		}
		return saveTask(tx, t)
	})
	s.noteFault(ctx, "start of a task not recorded", a.task.ID, err)
	if orphan && failure == nil {
		s.engine.forget(running.ID)
		s.noteFault(ctx, "task not stopped", a.task.ID, s.launcher.Stop(context.WithoutCancel(ctx), running.ID, 0))
	}
	s.mark(a.task.Service)
}

// refuse records that the launcher could not start the task.
func (t *task) refuse(failure error) {
	t.LastStatus, t.Refused = taskDeprovisioning, failure.Error()
	start, ok := errors.AsType[*launcher.StartError](failure)
	if !ok {
		t.Refused = launcher.CannotStart + ": " + failure.Error()
		return
	}
	for i := range t.Containers {
		if start.Container == t.Containers[i].Name || start.Container == "" && t.Containers[i].Essential {
			t.Containers[i].Reason = t.Refused
		}
	}
}

// stopAndRecord has the launcher stop a task, and records that.
func (s *Service) stopAndRecord(ctx context.Context, a act) {
	failure := s.stopTaskNow(ctx, &a.task)
	if ctx.Err() != nil {
		return // the service is being closed, which stops the task again
	}
	now := s.now()
	err := s.db.Tx(ctx, func(tx *sqldb.Tx) error {
		t, err := findTask(tx, a.task.Service.scope, a.task.Service.Cluster, a.task.ID)
		if err != nil || t == nil || t.LastStatus == taskStopped {
			return err
		}
		t.Containers = a.task.Containers
		if failure == nil {
			t.LastStatus, t.GiveUpAt = taskDeprovisioning, now.real
			return saveTask(tx, t)
		}
		t.LastStatus, t.StopAt = taskDeactivating, now.real.Add(s.paced(retryPause))
		return errors.Join(saveTask(tx, t), sayTo(tx, t.Service, now, "(service %s) failed to stop a task with (error %s)", t.Service.Name, failure))
	})
	s.noteFault(ctx, "stop of a task not recorded", a.task.ID, err)
	s.mark(a.task.Service)
}

// stopTaskNow has the launcher stop a task and takes over the exit codes.
func (s *Service) stopTaskNow(ctx context.Context, t *task) error {
	if t.EngineID == "" {
		return nil
	}
	if err := s.launcher.Stop(ctx, t.EngineID, t.Grace); err != nil {
		return err
	}
	asking, cancel := context.WithTimeout(ctx, stateTimeout)
	defer cancel()
	if state, err := s.launcher.State(asking, t.EngineID); err == nil {
		t.absorb(state)
	}
	return nil
}

// markAll asks for a pass over every service.
func (s *Service) markAll(ctx context.Context) {
	var keys []serviceKey
	err := s.db.View(ctx, func(tx *sqldb.Tx) (err error) {
		keys, err = eachKey(tx)
		return err
	})
	if err != nil && ctx.Err() == nil {
		s.log.Error("services not read", "error", err)
		return
	}
	s.agenda.mark(keys...)
	s.clock.Changed()
}

// stopEverything stops all tasks, for Close.
func (s *Service) stopEverything(ctx context.Context) error {
	var live []*task
	err := s.db.View(ctx, func(tx *sqldb.Tx) (err error) {
		live, err = list[task](tx, `SELECT document FROM task WHERE stopped = 0`)
		return err
	})
	if err != nil {
		return err
	}
	failures := make([]error, len(live))
	var stopping sync.WaitGroup
	for i, t := range live {
		stopping.Go(func() { failures[i] = s.stopForGood(ctx, t) })
	}
	stopping.Wait()
	return errors.Join(failures...)
}

// stopForGood ends a task at the end of the service. What could not be stopped
// keeps its row, and the next process finds it.
func (s *Service) stopForGood(ctx context.Context, t *task) error {
	for _, at := range t.Targets {
		if err := s.balancer.DeregisterTarget(t.Service.Account, t.Service.Region, at.Group, at.ID); err != nil {
			s.log.Warn("target not taken out", "task", t.ID, "error", err)
		}
	}
	if err := s.stopTaskNow(ctx, t); err != nil {
		return err
	}
	now := s.now()
	t.unwant(stopByScheduler, "The local ECS was stopped.", now)
	t.end(now)
	return s.db.Tx(context.WithoutCancel(ctx), func(tx *sqldb.Tx) error { return saveTask(tx, t) })
}
