package ecs

import (
	"fmt"
	"strings"
	"time"

	"greenlight/internal/localcloud/elb"
)

// advance takes a task one step on its way to what is wanted of it.
func (p *picture) advance(t *task) {
	switch t.LastStatus {
	case taskProvisioning:
		if !t.wanted() {
			t.end(p.now)
			return
		}
		t.LastStatus = taskPending
		p.do(actStart, t)
	case taskPending:
		if !t.wanted() {
			p.do(actCancel, t)
		}
	case taskRunning:
		if t.wanted() {
			p.register(t)
		} else {
			p.deactivate(t)
		}
	case taskDeactivating:
		p.drain(t)
	case taskDeprovisioning:
		p.deprovision(t)
	}
}

func (p *picture) do(kind actKind, t *task) {
	p.acts = append(p.acts, act{kind: kind, task: *t, definition: p.definition(t.Definition)})
}

func (p *picture) doWith(kind actKind, t *task, at target) {
	p.acts = append(p.acts, act{kind: kind, task: *t, target: at})
}

// register puts a task into its target groups, as long as it is missing there.
// Each try has its pause, so that a group that does not exist any more is not
// asked for all the time.
func (p *picture) register(t *task) {
	set := p.set(t.TaskSet)
	if set == nil || !p.placed(t, set) {
		return
	}
	for _, at := range t.Targets {
		if state := p.targets.state(at).State; state != "" && state != elb.StateDraining || !p.due(t.RetryAt) {
			continue
		}
		again := !t.RetryAt.IsZero()
		t.RetryAt = p.now.real.Add(p.paced(retryPause))
		p.at(t.RetryAt)
		p.doWith(actRegister, t, at)
		if !again {
			p.told.note(p.service.subject(set)+" registered {n} targets in (target-group "+at.Group+")", t.ID)
		}
	}
}

// placed reports whether it is known where the task has to be registered. A task
// without the port cannot serve.
func (p *picture) placed(t *task, set *taskSet) bool {
	if len(t.Targets) == len(set.LoadBalancers) || t.place(set.LoadBalancers) {
		return true
	}
	lb := set.LoadBalancers[len(t.Targets)]
	p.fail(t, stopFailedToStart, fmt.Sprintf("The container %s does not offer the port %d.", lb.ContainerName, lb.ContainerPort))
	p.backOff(set)
	p.at(p.now.real)
	return false
}

// due reports whether a moment has come; if not, there is a pass when it has.
func (p *picture) due(when time.Time) bool {
	if p.now.real.Before(when) {
		p.at(when)
		return false
	}
	return true
}

// deactivate begins the end of a task that runs: first it gets no new requests.
func (p *picture) deactivate(t *task) {
	t.LastStatus, t.RetryAt = taskDeactivating, time.Time{}
	longest := drainMargin
	for _, at := range t.Targets {
		longest = max(longest, p.targets.group(at.Group).group.DeregistrationDelay+drainMargin)
	}
	// Not paced: how fast a target drains is the balancer's business.
	t.GiveUpAt = p.now.real.Add(longest)
	if set := p.set(t.TaskSet); set != nil && len(t.Targets) > 0 {
		p.told.note(p.service.subject(set)+" has begun draining connections on {n} tasks.", t.ID)
	}
	p.drain(t)
}

// drain waits until the requests that a task still serves are over, then has it
// stopped.
func (p *picture) drain(t *task) {
	if p.leaving(t, true) || !p.due(t.StopAt) {
		return
	}
	t.LastStatus = taskStopping
	p.do(actStop, t)
}

// deprovision takes a task that has ended out of its target groups.
func (p *picture) deprovision(t *task) {
	if !p.leaving(t, false) {
		t.end(p.now)
	}
}

// leaving takes a task out of its target groups and reports whether that has to
// be waited for: till it is out, or, when it serves requests, till it has drained.
func (p *picture) leaving(t *task, serves bool) bool {
	if !p.now.real.Before(t.GiveUpAt) {
		return false
	}
	wait := false
	for _, at := range t.Targets {
		switch state := p.targets.state(at).State; {
		case state == "" || p.taken(t, at):
		case state != elb.StateDraining:
			wait = true
			p.deregister(t, at)
		case serves:
			wait = true
		}
	}
	if wait {
		p.at(t.GiveUpAt)
	}
	return wait
}

func (p *picture) deregister(t *task, at target) {
	if !p.due(t.RetryAt) {
		return
	}
	if set := p.set(t.TaskSet); set != nil && t.RetryAt.IsZero() {
		p.told.note(p.service.subject(set)+" deregistered {n} targets in (target-group "+at.Group+")", t.ID)
	}
	t.RetryAt = p.now.real.Add(p.paced(retryPause))
	p.at(t.RetryAt)
	p.doWith(actDeregister, t, at)
}

// taken reports whether another task has the same address since.
func (p *picture) taken(t *task, at target) bool {
	for _, other := range p.tasks {
		if other == t || !other.wanted() || other.LastStatus != taskRunning {
			continue
		}
		for _, theirs := range other.Targets {
			if theirs == at {
				return true
			}
		}
	}
	return false
}

// exits tells the exit codes of a task's containers, for an event.
func (t *task) exits() string {
	var codes []string
	for _, c := range t.Containers {
		if c.ExitCode != nil {
			codes = append(codes, fmt.Sprintf("container %s: exit code %d", c.Name, *c.ExitCode))
		}
	}
	if len(codes) == 0 {
		return ""
	}
	return " (" + strings.Join(codes, ", ") + ")"
}
