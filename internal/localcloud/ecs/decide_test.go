package ecs

import (
	"testing"
	"time"

	launcher "greenlight/internal/localcloud/ecs/task"
	"greenlight/internal/localcloud/elb"
)

// scene is a picture with one task set of two tasks on one target group.
func scene(change func(p *picture, set *taskSet, b *fakeBalancer)) *picture {
	k := serviceKey{here, "c1", "s1"}
	b := newFakeBalancer()
	b.add(groupA, "tgA", "lb")
	set := &taskSet{ID: "ecs-svc/1", Status: setPrimary, Definition: "d", Desired: 2, Scale: scale{100, percent},
		LoadBalancers: []loadBalancer{{TargetGroupARN: groupA, ContainerName: "web", ContainerPort: 80}}}
	d := &definition{scope: here, Family: "app", Revision: 1, Content: definitionContent{Containers: []containerDefinition{
		{Name: "web", Ports: []portMapping{{ContainerPort: 80}}}}}}
	p := &picture{
		household: &household{service: &service{serviceKey: k, Status: statusActive, Controller: controllerCodeDeploy, Desired: 2}, sets: []*taskSet{set}},
		now:       instant{real: time.Unix(1e9, 0)}, paced: func(d time.Duration) time.Duration { return d },
		engine:     func(string) (launcher.State, bool) { return launcher.State{Status: launcher.Up}, true },
		definition: func(string) *definition { return d },
		targets:    &targetView{here, b, map[string]*groupView{}},
	}
	for i, address := range []string{"127.0.0.1:1", "127.0.0.1:2"} {
		t := newTask(string(rune('a'+i)), k, set, d, p.now)
		t.run(launcher.Running{ID: t.ID, Ports: map[string]map[int]string{"web": {80: address}}}, p.now)
		t.place(set.LoadBalancers)
		b.groups[groupA].targets[t.Targets[0].ID] = elb.Health{State: elb.StateHealthy}
		p.tasks = append(p.tasks, t)
	}
	change(p, set, b)
	return p
}

// decisions are single passes: what they ask for, and the states that they leave
// the tasks in.
var decisions = map[string]struct {
	change func(p *picture, set *taskSet, b *fakeBalancer)
	acts   string
	states string
	steady bool
}{
	"all is well": {func(p *picture, set *taskSet, b *fakeBalancer) {}, "", "RUNNING RUNNING", true},
	"one more": {func(p *picture, set *taskSet, b *fakeBalancer) { set.Desired = 3 },
		"start", "RUNNING RUNNING PENDING", false},
	"one more, but in the back-off": {func(p *picture, set *taskSet, b *fakeBalancer) { set.Desired, set.NotBefore = 3, p.now.real.Add(1) },
		"", "RUNNING RUNNING", false},
	"one less": {func(p *picture, set *taskSet, b *fakeBalancer) { set.Desired = 1 },
		"deregister", "RUNNING DEACTIVATING", true},
	"one less, and the first is unfit": {func(p *picture, set *taskSet, b *fakeBalancer) {
		set.Desired = 1
		b.groups[groupA].targets[p.tasks[0].Targets[0].ID] = elb.Health{State: elb.StateInitial}
	}, "deregister", "DEACTIVATING RUNNING", true},
	"target missing": {func(p *picture, set *taskSet, b *fakeBalancer) { clear(b.groups[groupA].targets) },
		"register register", "RUNNING RUNNING", false},
	"target missing, asked for just now": {func(p *picture, set *taskSet, b *fakeBalancer) {
		delete(b.groups[groupA].targets, p.tasks[0].Targets[0].ID)
		p.tasks[0].RetryAt = p.now.real.Add(1)
	}, "", "RUNNING RUNNING", false},
	"group gone": {func(p *picture, set *taskSet, b *fakeBalancer) { delete(b.groups, groupA) },
		"register register", "RUNNING RUNNING", false},
	"drained": {func(p *picture, set *taskSet, b *fakeBalancer) {
		set.Desired = 1
		p.tasks[0].DesiredStatus, p.tasks[0].LastStatus, p.tasks[0].GiveUpAt = taskStopped, taskDeactivating, p.now.real.Add(1)
		delete(b.groups[groupA].targets, p.tasks[0].Targets[0].ID)
	}, "stop", "STOPPING RUNNING", true},
	"drains": {func(p *picture, set *taskSet, b *fakeBalancer) {
		set.Desired = 1
		p.tasks[0].DesiredStatus, p.tasks[0].LastStatus, p.tasks[0].GiveUpAt = taskStopped, taskDeactivating, p.now.real.Add(1)
		b.groups[groupA].targets[p.tasks[0].Targets[0].ID] = elb.Health{State: elb.StateDraining}
	}, "", "DEACTIVATING RUNNING", true},
	"drains for too long": {func(p *picture, set *taskSet, b *fakeBalancer) {
		set.Desired = 1
		p.tasks[0].DesiredStatus, p.tasks[0].LastStatus, p.tasks[0].GiveUpAt = taskStopped, taskDeactivating, p.now.real
		b.groups[groupA].targets[p.tasks[0].Targets[0].ID] = elb.Health{State: elb.StateDraining}
	}, "stop", "STOPPING RUNNING", true},
	"both died": {func(p *picture, set *taskSet, b *fakeBalancer) {
		p.engine = func(string) (launcher.State, bool) { return launcher.State{Status: launcher.Stopped}, true }
	}, "deregister deregister start start", "DEPROVISIONING DEPROVISIONING PENDING PENDING", false},
	"died, and another has the address": {func(p *picture, set *taskSet, b *fakeBalancer) {
		p.tasks[1].Targets = p.tasks[0].Targets
		p.engine = func(id string) (launcher.State, bool) {
			return launcher.State{Status: map[string]string{"a": launcher.Stopped, "b": launcher.Up}[id]}, true
		}
	}, "start", "STOPPED RUNNING PENDING", false},
	"unwanted before it started": {func(p *picture, set *taskSet, b *fakeBalancer) {
		set.Desired = 1
		p.tasks[1].LastStatus = taskProvisioning
	}, "", "RUNNING STOPPED", true},
	"unwanted while it starts": {func(p *picture, set *taskSet, b *fakeBalancer) {
		set.Desired = 1
		p.tasks[1].LastStatus = taskPending
	}, "cancel", "RUNNING PENDING", false},
	"no word from the engine": {func(p *picture, set *taskSet, b *fakeBalancer) {
		p.engine = func(string) (launcher.State, bool) { return launcher.State{}, false }
	}, "", "RUNNING RUNNING", true},
}

func TestDecide(t *testing.T) {
	names := map[actKind]string{actStart: "start", actCancel: "cancel", actStop: "stop", actRegister: "register", actDeregister: "deregister"}
	for name, test := range decisions {
		t.Run(name, func(t *testing.T) {
			p := scene(test.change)
			decide(p)
			acts, states := "", ""
			for _, a := range p.acts {
				acts += " " + names[a.kind]
			}
			for _, task := range p.tasks {
				states += " " + task.LastStatus
			}
			if acts != prefixed(test.acts) || states != prefixed(test.states) || p.sets[0].Steady != test.steady {
				t.Errorf("asks for%s, leaves%s, steady %t", acts, states, p.sets[0].Steady)
			}
		})
	}
}

func prefixed(text string) string {
	if text == "" {
		return ""
	}
	return " " + text
}
