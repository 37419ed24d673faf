package ecs

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	launcher "greenlight/internal/localcloud/ecs/task"
	"greenlight/internal/localcloud/elb"
)

// fakeLauncher runs nothing and remembers everything, also over a restart of the
// service, as an engine does.
type fakeLauncher struct {
	mu       sync.Mutex
	tasks    map[string]*fakeTask
	next     int
	watchers []chan string
	log      []string // "start web-1", "stop 3", in order

	startDelay time.Duration
	startError func(launcher.Spec) error
	stopError  error
	stateError error
	findError  error
	health     string // of containers that have a check
	onStart    func(id string)
}

type fakeTask struct {
	running launcher.Running
	spec    launcher.Spec
	state   launcher.State
	grace   time.Duration
}

func newFakeLauncher() *fakeLauncher {
	return &fakeLauncher{tasks: map[string]*fakeTask{}, health: launcher.Healthy}
}

func (l *fakeLauncher) Name() string { return "fake" }

func (l *fakeLauncher) Start(ctx context.Context, spec launcher.Spec) (launcher.Running, error) {
	l.mu.Lock()
	delay, refuse := l.startDelay, l.startError
	l.mu.Unlock()
	if delay > 0 {
		timer := time.NewTimer(delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return launcher.Running{}, ctx.Err()
		}
	}
	if refuse != nil {
		if err := refuse(spec); err != nil {
			return launcher.Running{}, err
		}
	}
	running := l.add(spec)
	l.mu.Lock()
	hook := l.onStart
	l.mu.Unlock()
	if hook != nil {
		hook(running.ID)
	}
	return running, nil
}

func (l *fakeLauncher) add(spec launcher.Spec) launcher.Running {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next++
	r := launcher.Running{ID: fmt.Sprint(l.next), Ports: map[string]map[int]string{}}
	t := &fakeTask{running: r, spec: spec, state: launcher.State{Status: launcher.Up}}
	for i, c := range spec.Containers {
		r.Ports[c.Name] = map[int]string{}
		for _, port := range c.Ports {
			r.Ports[c.Name][port] = fmt.Sprintf("127.0.0.1:%d", 32768+100*l.next+i)
		}
		health := launcher.Unknown
		if c.HealthCheck != nil {
			health = l.health
		}
		t.state.Containers = append(t.state.Containers, launcher.ContainerState{Name: c.Name, Status: launcher.Up, Health: health})
	}
	l.tasks[r.ID] = t
	l.log = append(l.log, "start "+r.ID)
	return r
}

func (l *fakeLauncher) Stop(_ context.Context, id string, grace time.Duration) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopError != nil {
		return l.stopError
	}
	t := l.tasks[id]
	if t == nil || t.state.Status == launcher.Stopped {
		return nil
	}
	l.log = append(l.log, "stop "+id)
	t.grace = grace
	l.end(t, 143, "")
	return nil
}

func (l *fakeLauncher) end(t *fakeTask, code int, reason string) {
	t.state.Status, t.state.Reason = launcher.Stopped, reason
	for i := range t.state.Containers {
		t.state.Containers[i].Status, t.state.Containers[i].ExitCode = launcher.Stopped, &code
	}
	l.tell(t.running.ID)
}

// tell is called with the lock held.
func (l *fakeLauncher) tell(id string) {
	for _, w := range l.watchers {
		w <- id
	}
}

// die ends a task from outside.
func (l *fakeLauncher) die(id string, code int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.end(l.tasks[id], code, launcher.EssentialExited)
}

// vanish removes a task without a word, as a reboot would.
func (l *fakeLauncher) vanish(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.tasks, id)
}

func (l *fakeLauncher) setHealth(id, health string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tasks[id].state.Containers[0].Health = health
	l.tell(id)
}

func (l *fakeLauncher) Remove(_ context.Context, id string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.log = append(l.log, "remove "+id)
	delete(l.tasks, id)
	return nil
}

func (l *fakeLauncher) State(_ context.Context, id string) (launcher.State, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stateError != nil {
		return launcher.State{}, l.stateError
	}
	t := l.tasks[id]
	if t == nil {
		return launcher.State{}, launcher.ErrUnknown
	}
	state := t.state
	state.Containers = append([]launcher.ContainerState(nil), state.Containers...)
	return state, nil
}

func (l *fakeLauncher) Watch(context.Context) <-chan string {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := make(chan string, 1000)
	l.watchers = append(l.watchers, w)
	return w
}

// reopen forgets the watchers of a service that has ended.
func (l *fakeLauncher) reopen() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watchers = nil
}

func (l *fakeLauncher) Find(context.Context) ([]launcher.Found, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []launcher.Found
	for _, t := range l.tasks {
		found = append(found, launcher.Found{Running: t.running, ARN: t.spec.ARN, Labels: t.spec.Labels})
	}
	return found, l.findError
}

func (l *fakeLauncher) Logs(context.Context, string, int) (string, error) {
	return "", errors.ErrUnsupported
}
func (l *fakeLauncher) Close() error { return nil }

// running are the ids of the tasks that run, in the order of their start.
func (l *fakeLauncher) running() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var ids []string
	for n := 1; n <= l.next; n++ {
		if t := l.tasks[fmt.Sprint(n)]; t != nil && t.state.Status == launcher.Up {
			ids = append(ids, fmt.Sprint(n))
		}
	}
	return ids
}

func (l *fakeLauncher) starts() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.next
}

func (l *fakeLauncher) spec(id string) launcher.Spec {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tasks[id].spec
}

func (l *fakeLauncher) set(fn func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fn()
}

// fakeBalancer is the target groups of one account and region.
type fakeBalancer struct {
	mu       sync.Mutex
	groups   map[string]*fakeGroup
	watchers map[chan struct{}]bool
	log      []string
	refuse   error // of RegisterTarget
}

type fakeGroup struct {
	elb.TargetGroup
	fresh   elb.Health // of a target that was just registered, while the group is in use
	targets map[elb.TargetID]elb.Health
}

func newFakeBalancer() *fakeBalancer {
	return &fakeBalancer{groups: map[string]*fakeGroup{}, watchers: map[chan struct{}]bool{}}
}

// add makes a target group; with load balancers it is in use, and its targets
// are healthy at once.
func (b *fakeBalancer) add(arn, name string, loadBalancers ...string) *fakeGroup {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.groups[arn] = &fakeGroup{
		TargetGroup: elb.TargetGroup{ARN: arn, Name: name, LoadBalancerARNs: loadBalancers, DeregistrationDelay: 5 * time.Second},
		fresh:       elb.Health{State: elb.StateHealthy}, targets: map[elb.TargetID]elb.Health{},
	}
	return b.groups[arn]
}

func (b *fakeBalancer) TargetGroup(_, _, arn string) (elb.TargetGroup, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if g := b.groups[arn]; g != nil {
		return g.TargetGroup, true
	}
	return elb.TargetGroup{}, false
}

func (b *fakeBalancer) RegisterTarget(_, _, arn string, id elb.TargetID) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.log = append(b.log, "register")
	if b.groups[arn] == nil || b.refuse != nil {
		return errors.Join(b.refuse, errors.New("TargetGroupNotFound"))
	}
	g := b.groups[arn]
	g.targets[id] = g.fresh
	if len(g.LoadBalancerARNs) == 0 {
		g.targets[id] = elb.Health{State: elb.StateUnused, Reason: "Target.NotInUse"}
	}
	b.tell()
	return nil
}

func (b *fakeBalancer) DeregisterTarget(_, _, arn string, id elb.TargetID) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.log = append(b.log, "deregister")
	g := b.groups[arn]
	if g == nil {
		return errors.New("TargetGroupNotFound")
	}
	g.targets[id] = elb.Health{State: elb.StateDraining}
	time.AfterFunc(g.DeregistrationDelay, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if g.targets[id].State == elb.StateDraining {
			delete(g.targets, id)
			b.tell()
		}
	})
	b.tell()
	return nil
}

func (b *fakeBalancer) Health(_, _, arn string) map[elb.TargetID]elb.Health {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := map[elb.TargetID]elb.Health{}
	if g := b.groups[arn]; g != nil {
		for id, h := range g.targets {
			all[id] = h
		}
	}
	return all
}

func (b *fakeBalancer) Watch() (<-chan struct{}, func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	w := make(chan struct{}, 1)
	b.watchers[w] = true
	return w, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.watchers, w)
	}
}

// tell is called with the lock held.
func (b *fakeBalancer) tell() {
	for w := range b.watchers {
		select {
		case w <- struct{}{}:
		default:
		}
	}
}

// all sets the health of all targets of a group that do not drain.
func (b *fakeBalancer) all(arn string, h elb.Health) {
	b.mu.Lock()
	defer b.mu.Unlock()
	g := b.groups[arn]
	g.fresh = h
	for id, present := range g.targets {
		if present.State != elb.StateDraining {
			g.targets[id] = h
		}
	}
	b.tell()
}

// use puts a group behind a load balancer.
func (b *fakeBalancer) use(arn string) {
	b.mu.Lock()
	b.groups[arn].LoadBalancerARNs = []string{"lb"}
	b.mu.Unlock()
	b.all(arn, elb.Health{State: elb.StateInitial})
}

// in counts the targets of a group by their state.
func (b *fakeBalancer) in(arn string) map[string]int {
	counts := map[string]int{}
	for _, h := range b.Health("", "", arn) {
		counts[h.State]++
	}
	return counts
}
