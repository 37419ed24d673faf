package ecs

import (
	"net"
	"slices"
	"strconv"
	"time"

	launcher "greenlight/internal/localcloud/ecs/task"
	"greenlight/internal/localcloud/elb"
)

// The values of lastStatus that tasks go through here. A task that ended by
// itself goes from RUNNING to DEPROVISIONING.
const (
	taskProvisioning   = "PROVISIONING"   // decided
	taskPending        = "PENDING"        // the launcher is at it
	taskRunning        = "RUNNING"        // started; its targets are registered then
	taskDeactivating   = "DEACTIVATING"   // its targets drain
	taskStopping       = "STOPPING"       // the launcher stops it
	taskDeprovisioning = "DEPROVISIONING" // nothing runs; its targets are taken out
	taskStopped        = "STOPPED"
)

// The values of stopCode.
const (
	stopFailedToStart = "TaskFailedToStart"
	stopExited        = "EssentialContainerExited"
	stopByUser        = "UserInitiated"
	stopByScheduler   = "ServiceSchedulerInitiated"
)

// task is a row of the table of that name.
type task struct {
	ID            string // 32 hex digits
	Service       serviceKey
	TaskSet       string
	Definition    string // ARN
	Placement     placement
	CPU, Memory   string
	LastStatus    string
	DesiredStatus string // RUNNING, STOPPED
	Containers    []container
	Tags          tags `json:",omitzero"`

	EngineID string   `json:",omitzero"` // the launcher's name for it
	Refused  string   `json:",omitzero"` // why the launcher did not start it
	Targets  []target `json:",omitzero"` // where it is to be registered

	Created       moment
	Started       moment `json:",omitzero"`
	Stopping      moment `json:",omitzero"`
	Stopped       moment `json:",omitzero"`
	StopCode      string `json:",omitzero"`
	StoppedReason string `json:",omitzero"`

	// By the machine's clock.
	Grace        time.Duration // between SIGTERM and SIGKILL
	RunningSince time.Time     `json:",omitzero"` // or since it was taken over
	RetryAt      time.Time     `json:",omitzero"` // the next call about its targets not earlier
	StopAt       time.Time     `json:",omitzero"` // the next try to stop it not earlier
	GiveUpAt     time.Time     `json:",omitzero"` // its targets are not waited for any longer
	Ended        time.Time     `json:",omitzero"`
}

// container is one of a task's containers.
type container struct {
	Name, ID, Image string
	Essential       bool
	Checked         bool   // it has a health check
	Health          string // HEALTHY, UNHEALTHY, UNKNOWN
	LastStatus      string
	ExitCode        *int      `json:",omitzero"`
	Reason          string    `json:",omitzero"`
	RuntimeID       string    `json:",omitzero"`
	Ports           []binding `json:",omitzero"`
}

// binding is a container's port on this machine.
type binding struct {
	Port, HostPort int
	Host           string
}

// target is a task in a target group.
type target struct {
	Group string // ARN
	ID    elb.TargetID
}

func (t *task) arn() string { return t.Service.scope.arn("task/" + t.Service.Cluster + "/" + t.ID) }

// wanted reports whether the task is to go on.
func (t *task) wanted() bool { return t.DesiredStatus == taskRunning }

// newTask is a task of a set that is still to be started.
func newTask(id string, k serviceKey, set *taskSet, d *definition, now instant) *task {
	t := &task{
		ID: id, Service: k, TaskSet: set.ID, Definition: set.Definition, Placement: set.Placement,
		CPU: d.Content.CPU, Memory: d.Content.Memory, LastStatus: taskProvisioning, DesiredStatus: taskRunning,
		Created: now.shown, Grace: d.stopTimeout(), Tags: tags{},
	}
	for i := range d.Content.Containers {
		c := &d.Content.Containers[i]
		t.Containers = append(t.Containers, container{
			Name: c.Name, ID: newHexID(), Image: c.Image, Essential: c.essential(), Checked: c.HealthCheck != nil,
			Health: launcher.Unknown, LastStatus: launcher.Pending,
		})
	}
	return t
}

// run records that the launcher runs the task.
func (t *task) run(r launcher.Running, now instant) {
	t.EngineID, t.LastStatus, t.RunningSince = r.ID, taskRunning, now.real
	if t.Started.IsZero() {
		t.Started = now.shown
	}
	for i := range t.Containers {
		c := &t.Containers[i]
		c.LastStatus, c.Ports = taskRunning, bindings(r.Ports[c.Name])
	}
}

func bindings(ports map[int]string) []binding {
	var all []binding
	for port, address := range ports {
		host, text, err := net.SplitHostPort(address)
		number, numberErr := strconv.Atoi(text)
		if err == nil && numberErr == nil {
			all = append(all, binding{port, number, host})
		}
	}
	slices.SortFunc(all, func(a, b binding) int { return a.Port - b.Port })
	return all
}

// place says where the task is to be registered. It answers false when the task
// does not offer the port that a load balancer wants.
func (t *task) place(balancers []loadBalancer) bool {
	t.Targets = nil
	for _, lb := range balancers {
		id, ok := t.address(lb.ContainerName, lb.ContainerPort)
		if !ok {
			return false
		}
		t.Targets = append(t.Targets, target{lb.TargetGroupARN, id})
	}
	return true
}

func (t *task) address(name string, port int) (elb.TargetID, bool) {
	for _, c := range t.Containers {
		for _, b := range c.Ports {
			if c.Name == name && b.Port == port {
				return elb.TargetID{Host: b.Host, Port: b.HostPort}, true
			}
		}
	}
	return elb.TargetID{}, false
}

// absorb takes over what the launcher says about the containers.
func (t *task) absorb(state launcher.State) {
	for _, seen := range state.Containers {
		for i := range t.Containers {
			c := &t.Containers[i]
			if c.Name != seen.Name {
				continue
			}
			c.LastStatus, c.ExitCode, c.Reason, c.RuntimeID = seen.Status, seen.ExitCode, seen.Reason, seen.RuntimeID
			if c.Checked && seen.Health != "" {
				c.Health = seen.Health
			}
		}
	}
}

// health is the task's healthStatus: that of its essential containers with a
// health check.
func (t *task) health() string {
	verdict := ""
	for _, c := range t.Containers {
		switch {
		case !c.Essential || !c.Checked:
		case c.Health == launcher.Unhealthy:
			return launcher.Unhealthy
		case c.Health != launcher.Healthy:
			verdict = launcher.Unknown
		case verdict == "":
			verdict = launcher.Healthy
		}
	}
	if verdict == "" {
		return launcher.Unknown
	}
	return verdict
}

// checked reports whether the task has a health check of its own.
func (t *task) checked() bool {
	return slices.ContainsFunc(t.Containers, func(c container) bool { return c.Essential && c.Checked })
}

// end makes the task STOPPED.
func (t *task) end(now instant) {
	t.LastStatus, t.DesiredStatus = taskStopped, taskStopped
	t.Stopped, t.Ended = now.shown, now.real
	if t.Stopping.IsZero() {
		t.Stopping = now.shown
	}
	for i := range t.Containers {
		t.Containers[i].LastStatus = taskStopped
	}
}

// unwant asks for the task's end; what it was asked for first stays.
func (t *task) unwant(code, reason string, now instant) {
	if !t.wanted() {
		return
	}
	t.DesiredStatus, t.StopCode, t.StoppedReason, t.Stopping = taskStopped, code, reason, now.shown
}

// counts are the tasks that are not yet, and those that are, RUNNING.
func counts(tasks []*task) (pending, running int) {
	for _, t := range tasks {
		switch t.LastStatus {
		case taskProvisioning, taskPending:
			pending++
		case taskRunning:
			running++
		}
	}
	return pending, running
}
