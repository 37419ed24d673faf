package task

import "context"

// backend is what differs between processes and containers: how the containers of a task are started, asked and ended.
// Records are read only outside of start.
type backend interface {
	name() string

	// ready is nil when the backend can be asked now.
	ready() error

	// find returns the tasks that were started before. What was interrupted while it was being started is ended and left out:
	// nobody ever learned of it.
	find(ctx context.Context) ([]kept, error)

	// start starts all containers of r.Spec, fills in r.Units and r.Ports, and writes the record down. With an error, a
	// *StartError, nothing is left of the task.
	start(ctx context.Context, r *record) error

	// watch begins to look after container i, which runs or has run until a moment ago, and tells its end to the exits of the
	// supervisor once.
	watch(r *record, i int)

	// terminate and kill send SIGTERM and SIGKILL to container i and all its processes. One that is gone is no error.
	terminate(ctx context.Context, r *record, i int) error
	kill(ctx context.Context, r *record, i int) error

	// exec runs a command where container i runs and tells whether its exit code is 0. What it writes is dropped.
	exec(ctx context.Context, r *record, i int, argv []string) (bool, error)

	// logs returns the last lines that container i wrote, at most logLimit bytes.
	logs(ctx context.Context, r *record, i int, lines int) (string, error)

	// save writes down what changed.
	save(r *record, o outcome) error

	// remove forgets a task of which nothing runs.
	remove(ctx context.Context, r *record) error

	close() error
}

// kept is a task that find has found.
type kept struct {
	record  *record
	outcome outcome
}

// exits is where a backend tells what it sees.
type exits interface {
	// exited tells the end of a container. A nil code: nobody saw it. Telling it again changes nothing.
	exited(id string, container int, code *int, reason string)
	// returned tells that the backend can be asked again after it could not.
	returned()
}
