package ecs

import (
	"time"

	launcher "greenlight/internal/localcloud/ecs/task"
	"greenlight/internal/localcloud/elb"
)

// picture is one service as a pass sees it. decide changes the rows in it and
// adds what has to be done; it asks nobody but the functions here.
type picture struct {
	*household
	now        instant
	paced      func(time.Duration) time.Duration
	engine     func(id string) (launcher.State, bool)
	definition func(arn string) *definition
	targets    *targetView

	acts []act
	wake time.Time // when to look again without being called; zero for never
	gone []*taskSet
	told tally

	failed map[string]time.Duration // by task set: how long the task that ran longest ran
	room   int                      // how many tasks a rolling deployment may still add
}

// actKind is what an act does.
type actKind int

const (
	actStart      actKind = iota + 1 // Launcher.Start
	actCancel                        // end a Start that is not over
	actStop                          // Launcher.Stop
	actRegister                      // Balancer.RegisterTarget
	actDeregister                    // Balancer.DeregisterTarget
)

// act is something to do once the rows are saved.
type act struct {
	kind       actKind
	task       task // as it was saved
	definition *definition
	target     target
}

// The waits of the scheduler, before Options.Pace.
const (
	firstBackOff = time.Second
	lastBackOff  = time.Minute
	retryPause   = time.Second
	// drainMargin is added to what a target group says: the balancer tells when
	// a target has drained, and this is for the case that it does not.
	drainMargin = 5 * time.Second
)

// crashLoop is the number of failures in a row from which on a task set is not
// expected to become steady.
const crashLoop = 3

// decide brings what is nearer to what should be.
func decide(p *picture) {
	p.failed = map[string]time.Duration{}
	p.observe()
	p.judgeTasks()
	for _, set := range p.sets {
		p.backOff(set)
	}
	p.roll()
	for _, set := range p.sets {
		p.scale(set)
	}
	for _, t := range p.tasks {
		p.advance(t)
	}
	p.told.tell(p.service, p.now)
	p.finish()
	p.judgeSets()
}

// at asks for a pass at a moment.
func (p *picture) at(when time.Time) {
	if p.wake.IsZero() || when.Before(p.wake) {
		p.wake = when
	}
}

// observe takes over what became of the tasks.
func (p *picture) observe() {
	for _, t := range p.tasks {
		if t.Refused != "" && t.wanted() {
			p.fail(t, stopFailedToStart, t.Refused)
		}
		if t.LastStatus != taskRunning && t.LastStatus != taskDeactivating {
			continue
		}
		state, known := p.engine(t.EngineID)
		if !known {
			continue
		}
		t.absorb(state)
		if state.Status == launcher.Stopped {
			p.exited(t, state)
		}
	}
}

// exited handles a task that nothing runs of any more.
func (p *picture) exited(t *task, state launcher.State) {
	reason := state.Reason
	if reason == "" {
		reason = launcher.EssentialExited
	}
	if t.wanted() {
		p.fail(t, stopExited, reason)
	}
	t.LastStatus, t.RetryAt, t.GiveUpAt = taskDeprovisioning, time.Time{}, p.now.real.Add(p.paced(drainMargin))
}

// fail records that a task that should run cannot go on.
func (p *picture) fail(t *task, code, reason string) {
	t.unwant(code, reason, p.now)
	ran := time.Duration(0)
	if !t.RunningSince.IsZero() {
		ran = p.now.real.Sub(t.RunningSince)
	}
	p.failed[t.TaskSet] = max(p.failed[t.TaskSet], ran)
	if set := p.set(t.TaskSet); set != nil {
		set.Failed++
		p.service.say(p.now, "%s (task %s) stopped: %s%s", p.service.subject(set), t.ID, reason, t.exits())
	}
}

// judgeTasks ends RUNNING tasks that are found unhealthy after the service's
// grace period.
func (p *picture) judgeTasks() {
	for _, t := range p.tasks {
		if t.LastStatus != taskRunning || !t.wanted() {
			continue
		}
		why, event := p.unhealthy(t)
		if why == "" {
			continue
		}
		if until := t.RunningSince.Add(p.paced(p.service.gracePeriod())); p.now.real.Before(until) {
			p.at(until)
			continue
		}
		p.service.say(p.now, "%s", event)
		p.fail(t, stopByScheduler, why)
	}
}

// unhealthy says why a task is unhealthy: for the task, and for the service's
// events. Both are "" when it is not.
func (p *picture) unhealthy(t *task) (why, event string) {
	if t.health() == launcher.Unhealthy {
		return "Task failed container health checks", "(service " + p.service.Name + ") (task " + t.ID + ") failed container health checks."
	}
	for _, at := range t.Targets {
		if h := p.targets.state(at); h.State == elb.StateUnhealthy {
			reason := h.Description
			if reason == "" {
				reason = h.Reason
			}
			return "Task failed ELB health checks in (target-group " + at.Group + ")",
				"(service " + p.service.Name + ") is unhealthy in target-group " + p.targets.group(at.Group).group.Name +
					" due to (reason " + reason + ")"
		}
	}
	return "", ""
}

// backOff delays the next tasks of a set in which some have just failed: not
// after the first failure, then 1 s, doubling to a minute. Tasks that ran for
// longer than that end the row.
func (p *picture) backOff(set *taskSet) {
	ran, failed := p.failed[set.ID]
	if !failed {
		return
	}
	if ran >= p.paced(lastBackOff) {
		set.Failures = 0
	}
	set.Failures++
	if set.Failures > 1 {
		pause := min(firstBackOff<<min(set.Failures-2, 16), lastBackOff)
		set.NotBefore = p.now.real.Add(p.paced(pause))
	}
	if set.Failures == crashLoop {
		p.service.say(p.now, "(service %s) is unable to consistently start tasks successfully. For more information, "+
			"see the Troubleshooting section of the Amazon ECS Developer Guide.", p.service.Name)
	}
}

// scale adds the tasks that a set lacks and ends those that it has too many.
func (p *picture) scale(set *taskSet) {
	var wanted []*task
	for _, t := range p.of(set) {
		if t.wanted() {
			wanted = append(wanted, t)
		}
	}
	if surplus := len(wanted) - set.Desired; surplus > 0 {
		p.shrink(set, wanted, surplus)
		return
	}
	missing := min(set.Desired-len(wanted), p.room)
	if missing <= 0 {
		return
	}
	if p.now.real.Before(set.NotBefore) {
		p.at(set.NotBefore)
		return
	}
	d := p.definition(set.Definition)
	for range missing {
		t := newTask(newHexID(), p.service.serviceKey, set, d, p.now)
		p.tasks = append(p.tasks, t)
		p.room--
		p.told.note(p.service.subject(set)+" has started {n} tasks: {tasks}.", t.ID)
	}
}

// shrink ends tasks of a set: first those that do not run yet, then those that
// are unfit, then the youngest.
func (p *picture) shrink(set *taskSet, wanted []*task, surplus int) {
	for worth := range 3 {
		for i := len(wanted) - 1; i >= 0 && surplus > 0; i-- {
			t := wanted[i]
			if !t.wanted() || p.worth(t, set) != worth {
				continue
			}
			t.unwant(stopByScheduler, "Scaling activity initiated by (deployment "+set.ID+")", p.now)
			p.told.note(p.service.subject(set)+" has stopped {n} running tasks: {tasks}.", t.ID)
			surplus--
		}
	}
}

func (p *picture) worth(t *task, set *taskSet) int {
	switch {
	case t.LastStatus != taskRunning:
		return 0
	case !fit(t, set, p.targets):
		return 1
	}
	return 2
}

// finish removes sets that have come to their end, and ends a service that has
// nothing left.
func (p *picture) finish() {
	sets := p.sets[:0:0]
	for _, set := range p.sets {
		over := set.Status == setDraining || !p.service.byTaskSets() && set.Status != setPrimary
		if over && len(p.alive(set)) == 0 {
			p.gone = append(p.gone, set)
		} else {
			sets = append(sets, set)
		}
	}
	p.sets = sets
	if p.service.Status == statusDraining && len(p.sets) == 0 {
		p.service.Status, p.service.Inactive = statusInactive, p.now.real
	}
}

// alive are the tasks of a set that are not STOPPED.
func (p *picture) alive(set *taskSet) []*task {
	var tasks []*task
	for _, t := range p.of(set) {
		if t.LastStatus != taskStopped {
			tasks = append(tasks, t)
		}
	}
	return tasks
}

// judgeSets records which sets are steady, and tells when the service has become
// so as a whole. A deployment by ECS is over when nothing else is left.
func (p *picture) judgeSets() {
	all := len(p.sets) > 0 && p.service.Status == statusActive
	for _, set := range p.sets {
		set.judge(steady(set, p.of(set), p.targets), p.now)
		all = all && set.Steady
	}
	if !p.service.byTaskSets() && len(p.sets) > 1 {
		all = false
	}
	if all && !p.service.Steady {
		if set := p.sets[0]; !p.service.byTaskSets() && !set.Completed {
			set.Completed = true
			p.service.say(p.now, "(service %s) (deployment %s) deployment completed.", p.service.Name, set.ID)
		}
		p.service.say(p.now, "(service %s) has reached a steady state.", p.service.Name)
	}
	p.service.Steady = all
}
