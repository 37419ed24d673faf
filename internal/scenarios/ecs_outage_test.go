package scenarios

import (
	"context"
	"sync"

	"greenlight/internal/localcloud/ecs/task"
)

// outage is a launcher that can be kept from starting the tasks of a release.
type outage struct {
	task.Launcher

	mu      sync.Mutex
	release string
	err     error
	left    int // how many starts still fail; negative: all
	failed  int
	away    error // answers everything; nil: the engine is there
}

// outageIn puts an outage into a world, to be used once that is there.
func outageIn(o *outage) func(*ecsFixture) {
	return func(f *ecsFixture) {
		f.launcher = func(under task.Launcher) task.Launcher {
			o.Launcher = under
			return o
		}
	}
}

// fail has the next starts of a release fail, all when times is negative.
func (o *outage) fail(release string, times int, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.release, o.left, o.err = release, times, err
}

func (o *outage) end() { o.fail("", 0, nil) }

// failures is how many starts have failed.
func (o *outage) failures() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.failed
}

func (o *outage) Start(ctx context.Context, s task.Spec) (task.Running, error) {
	if err := o.hit(s.Containers[0].Environment["SCENARIO_RELEASE"]); err != nil {
		return task.Running{}, err
	}
	return o.Launcher.Start(ctx, s)
}

func (o *outage) hit(release string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.away != nil {
		return o.away
	}
	if o.left == 0 || release != o.release {
		return nil
	}
	o.left--
	o.failed++
	return o.err
}

// untilFailing waits until starts of tasks have failed often enough that the
// local ECS does not expect the next one to succeed.
func (w *ecsWorld) untilFailing(o *outage) {
	w.Helper()
	before := o.failures()
	w.eventually("tasks fail to start", func() bool { return o.failures() >= before+8 })
}

// goAway has the engine answer no question and start nothing, until it is called
// with nil.
func (o *outage) goAway(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.away = err
}

func (o *outage) State(ctx context.Context, id string) (task.State, error) {
	o.mu.Lock()
	away := o.away
	o.mu.Unlock()
	if away != nil {
		return task.State{}, away
	}
	return o.Launcher.State(ctx, id)
}
