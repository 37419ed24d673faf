package ecs

import (
	launcher "greenlight/internal/localcloud/ecs/task"
	"greenlight/internal/localcloud/elb"
)

// targetView is the target groups of an account and region at one moment. Each
// is asked for once.
type targetView struct {
	scope
	balancer Balancer
	groups   map[string]*groupView
}

type groupView struct {
	found  bool
	group  elb.TargetGroup
	health map[elb.TargetID]elb.Health
}

func (s *Service) targetsOf(in scope) *targetView {
	return &targetView{in, s.balancer, map[string]*groupView{}}
}

func (v *targetView) group(arn string) *groupView {
	if g := v.groups[arn]; g != nil {
		return g
	}
	g := &groupView{}
	if g.group, g.found = v.balancer.TargetGroup(v.Account, v.Region, arn); g.found {
		g.health = v.balancer.Health(v.Account, v.Region, arn)
	}
	v.groups[arn] = g
	return g
}

// state is a target's health; its State is "" when the target is not in the group.
func (v *targetView) state(t target) elb.Health { return v.group(t.Group).health[t.ID] }

// steady is the verdict of ecs.md 14.2, stabilityStatus: as many tasks run as
// should, no other is on its way, and each of them is fit.
func steady(set *taskSet, tasks []*task, targets *targetView) bool {
	pending, running := counts(tasks)
	if pending > 0 || running != set.Desired {
		return false
	}
	for _, t := range tasks {
		if t.LastStatus == taskRunning && (!t.wanted() || !fit(t, set, targets)) {
			return false
		}
	}
	return true
}

// fit reports whether a RUNNING task passes all its health checks: those of its
// containers, and those of its target groups as far as these are in use.
func fit(t *task, set *taskSet, targets *targetView) bool {
	if t.LastStatus != taskRunning || len(t.Targets) != len(set.LoadBalancers) {
		return false
	}
	if t.checked() && t.health() != launcher.Healthy {
		return false
	}
	for _, at := range t.Targets {
		switch targets.state(at).State {
		case elb.StateHealthy, elb.StateUnused:
		default:
			return false
		}
	}
	return true
}

// settles reports whether a set that is not steady may become so by itself in a
// moment: a task is starting for the first time, or a verdict is still out.
func settles(set *taskSet, tasks []*task, targets *targetView) bool {
	if set.Failures >= crashLoop {
		return false
	}
	pending, running := counts(tasks)
	if pending > 0 || running < set.Desired {
		return true
	}
	for _, t := range tasks {
		if t.LastStatus != taskRunning {
			continue
		}
		if len(t.Targets) != len(set.LoadBalancers) || t.checked() && t.health() == launcher.Unknown {
			return true
		}
		for _, at := range t.Targets {
			if state := targets.state(at).State; state == elb.StateInitial || state == "" {
				return true
			}
		}
	}
	return false
}
