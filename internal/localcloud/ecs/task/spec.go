package task

import (
	"strings"
	"time"
)

// Spec is a task to start: a task definition with everything filled in.
type Spec struct {
	ARN         string // of the task; unique, and found again after a restart
	Family      string // of the task definition, for names that people see
	NetworkMode string // "awsvpc" or "": the containers share one network, so localhost is the task; "bridge": each has its own
	Containers  []Container
	Labels      map[string]string // anything the caller wants back from Find: task set, service, account, region
}

// Container is one container definition of a task definition. Where ECS has defaults (Essential true, the times of a
// health check), the caller may rely on them only where this says so.
type Container struct {
	Name             string
	Image            string // of an engine; for processes a name only, or an existing directory to run in
	EntryPoint       []string
	Command          []string
	Environment      map[string]string
	Ports            []int // container ports (TCP), in the order of the definition
	WorkingDirectory string
	User             string // containers only
	Memory           int    // hard limit in MiB, 0 = none; containers only
	CPU              int    // CPU units, 1024 = one CPU's share, 0 = none; containers only
	Essential        bool
	HealthCheck      *HealthCheck  // nil = none
	StopTimeout      time.Duration // between SIGTERM and SIGKILL when an essential container has exited; 0 = 30 s
}

// HealthCheck is the health check of a container definition. Zero members have ECS's defaults.
type HealthCheck struct {
	Command     []string      // first "CMD" and then an argument vector, or "CMD-SHELL" and then one text for sh -c
	Interval    time.Duration // 0 = 30 s
	Timeout     time.Duration // of one check; 0 = 5 s
	Retries     int           // failures in a row that make it UNHEALTHY; 0 = 3
	StartPeriod time.Duration // in which failures do not count; 0 = none
}

// Running is a task that was started.
type Running struct {
	ID    string                    // the launcher's name of the task, good for as long as the task is not removed
	Ports map[string]map[int]string // container name -> container port -> address on this machine, "127.0.0.1:32768"
}

// Found is a task from before this launcher was opened. Its State may say that it has stopped meanwhile.
type Found struct {
	Running
	ARN    string
	Labels map[string]string
}

// The values of State.Status and ContainerState.Status: ECS's lastStatus.
const (
	Pending = "PENDING"
	Up      = "RUNNING"
	Stopped = "STOPPED"
)

// The values of ContainerState.Health: ECS's healthStatus.
const (
	Healthy   = "HEALTHY"
	Unhealthy = "UNHEALTHY"
	Unknown   = "UNKNOWN" // no health check, or no verdict yet
)

// EssentialExited is the State.Reason of a task that an essential container ended by exiting.
const EssentialExited = "Essential container in task exited"

// State is what a launcher knows of a task. Health of the whole task: see State.Health.
type State struct {
	Status     string // Pending, Up, Stopped
	Reason     string // of a stopped task: EssentialExited, or why it could not go on; "" when Stop was called
	Containers []ContainerState
}

// ContainerState is one container of a State, in the order of the Spec.
type ContainerState struct {
	Name      string
	RuntimeID string // the engine's id, or the process id
	Status    string // Pending, Up, Stopped
	ExitCode  *int   // nil while it runs, and when nobody saw it exit; 137 = killed
	Reason    string // "OutOfMemoryError: ...", "CannotStartContainerError: ...", or ""
	Health    string // Healthy, Unhealthy, Unknown
}

// Health is the task's healthStatus by ECS's rule: UNHEALTHY when an essential container with a health check is, else
// UNKNOWN when one has no verdict yet or none has a check, else HEALTHY. The containers are those of the task's Spec.
func (s State) Health(containers []Container) string {
	seen := map[string]bool{}
	for i, c := range containers {
		if c.Essential && c.HealthCheck != nil && i < len(s.Containers) {
			seen[s.Containers[i].Health] = true
		}
	}
	switch {
	case seen[Unhealthy]:
		return Unhealthy
	case seen[Healthy] && !seen[Unknown]:
		return Healthy
	}
	return Unknown
}

// The codes of a StartError: the beginnings of ECS's stoppedReason.
const (
	CannotPull   = "CannotPullContainerError"
	CannotCreate = "CannotCreateContainerError"
	CannotStart  = "CannotStartContainerError"
	EngineGone   = "ResourceInitializationError" // the engine does not answer
)

// StartError says why a task could not be started. Nothing of the task runs.
type StartError struct {
	Code      string // CannotPull, CannotCreate, CannotStart, EngineGone
	Container string // the container at fault, "" when it is not one's
	Message   string // the engine's or the system's own words
}

// Error is the text of ECS's stoppedReason: "CannotPullContainerError: ...".
func (e *StartError) Error() string { return e.Code + ": " + strings.TrimSpace(e.Message) }
