package task

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// ErrUnknown is returned by State and Logs for an id that the launcher does not know, or has removed.
var ErrUnknown = errors.New("no such task")

// Launcher runs tasks. All methods may be called at the same time.
type Launcher interface {
	// Name says what the tasks run on: "podman 4.3.1 at unix:///run/podman/podman.sock", "processes".
	Name() string

	// Start starts all containers of a task and returns when they run and listen on their ports, or with a *StartError when
	// one cannot. One that listens only after 5 s, or never, counts as running all the same.
	Start(ctx context.Context, s Spec) (Running, error)

	// Stop ends a task: SIGTERM to every container, and SIGKILL to what is left after grace (0 = at once). It returns when
	// nothing of the task runs. State and Logs answer until Remove. An unknown id is no error.
	Stop(ctx context.Context, id string, grace time.Duration) error

	// Remove forgets a task with its logs, exit codes and stopped containers; what still runs of it is killed. An unknown
	// id is no error. Of tasks that were not removed a launcher keeps the Options.KeepStopped that ended last.
	Remove(ctx context.Context, id string) error

	// State says how a task is: ErrUnknown, or any other error when the engine cannot be asked now.
	State(ctx context.Context, id string) (State, error)

	// Watch returns the ids of tasks whose State changed (exit, health), each at least once after the change; quick changes
	// come as one. After an engine was away all its tasks are told. The channel is closed when ctx ends or on Close. A slow
	// reader holds nobody up. Watch never tells of changes from before it was called: look at State first.
	Watch(ctx context.Context) <-chan string

	// Find returns all tasks of this instance that are not removed, also those from before a restart.
	Find(ctx context.Context) ([]Found, error)

	// Logs returns the last lines that the containers of a task wrote, at most 1 MB. With more than one container every
	// container's lines follow a line "==> name <==".
	Logs(ctx context.Context, id string, lines int) (string, error)

	// Close ends the watching. Tasks go on.
	Close() error
}

// Options are the settings of a launcher. The zero value of a member is its default.
type Options struct {
	Dir         string  // data folder, needed by processes: records and logs
	Instance    string  // names this Greenlight among others that use the same engine; needed by containers
	Pace        float64 // intervals and start periods of health checks pass this much faster; 0 = 1
	KeepStopped int     // 0 = 50
	Log         *slog.Logger

	// EngineAddress is where the container engine listens, "unix:///run/podman/podman.sock"; "" = DOCKER_HOST, and then the
	// usual sockets.
	EngineAddress string

	// Endpoint is Greenlight's own address as this machine sees it, "http://127.0.0.1:4566". Inside a container that address
	// is the container itself: values of a container's environment that begin with it get HostName in the place of
	// the loopback address, and the launcher sees to it that the address can be reached. See doc of Containers.
	Endpoint string
}

// The bounds of a launcher.
const (
	defaultKeepStopped = 50
	defaultStopTimeout = 30 * time.Second
	logLimit           = 1 << 20 // bytes of a container's log that are kept and returned
)

func (o Options) withDefaults() Options {
	if o.Pace <= 0 {
		o.Pace = 1
	}
	if o.KeepStopped <= 0 {
		o.KeepStopped = defaultKeepStopped
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}
