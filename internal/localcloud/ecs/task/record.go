package task

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"time"
)

// record is what stays the same of a task from its start to its removal. It is written down (a file, labels of
// containers), so that the next launcher finds the task.
type record struct {
	ID    string
	Spec  Spec
	Ports map[string]map[int]string // see Running
	Units []unit                    // one per container of the Spec
}

// unit is how a backend finds a container again.
type unit struct {
	RuntimeID string // the engine's id, or the process id
	Birth     string `json:",omitempty"` // of a process: tells it from a later one with the same id
}

// outcome is what changes of a task. A backend that has nobody else to remember it writes it down as well.
type outcome struct {
	States    []ContainerState
	StopAsked bool
	Ended     time.Time // zero while something runs
}

func (r *record) running() Running {
	ports := make(map[string]map[int]string, len(r.Ports))
	for name, of := range r.Ports {
		ports[name] = maps.Clone(of)
	}
	return Running{ID: r.ID, Ports: ports}
}

func (r *record) found() Found {
	return Found{Running: r.running(), ARN: r.Spec.ARN, Labels: maps.Clone(r.Spec.Labels)}
}

// stopTimeout is the time that the task's containers have between SIGTERM and SIGKILL.
func (r *record) stopTimeout() time.Duration {
	longest := time.Duration(0)
	for _, c := range r.Spec.Containers {
		if c.StopTimeout <= 0 {
			longest = max(longest, defaultStopTimeout)
		}
		longest = max(longest, c.StopTimeout)
	}
	return longest
}

func (o outcome) copied() outcome {
	o.States = slices.Clone(o.States)
	return o
}

// started is the outcome of a task whose containers all run.
func started(r *record) outcome {
	o := outcome{}
	for i, c := range r.Spec.Containers {
		o.States = append(o.States, ContainerState{Name: c.Name, RuntimeID: r.Units[i].RuntimeID, Status: Up, Health: Unknown})
	}
	return o
}

// over reports whether nothing of the task runs.
func (o outcome) over() bool {
	return !slices.ContainsFunc(o.States, func(c ContainerState) bool { return c.Status != Stopped })
}

// broken reports whether an essential container has stopped.
func (o outcome) broken(s Spec) bool {
	for i, c := range o.States {
		if c.Status == Stopped && s.Containers[i].Essential {
			return true
		}
	}
	return false
}

func (o outcome) state(s Spec) State {
	state := State{Status: Up, Containers: slices.Clone(o.States)}
	if !o.over() {
		return state
	}
	state.Status = Stopped
	if !o.StopAsked && o.broken(s) {
		state.Reason = EssentialExited
	}
	return state
}

// check refuses what ECS would have refused when the task definition was registered, as far as a launcher would come to
// grief over it.
func (s Spec) check() error {
	if len(s.Containers) == 0 {
		return &StartError{Code: CannotCreate, Message: "a task needs at least one container"}
	}
	names := map[string]bool{}
	for _, c := range s.Containers {
		problem := ""
		switch {
		case c.Name == "" || names[c.Name]:
			problem = fmt.Sprintf("the container name %q is empty or not unique in its task", c.Name)
		case slices.ContainsFunc(c.Ports, func(p int) bool { return p < 1 || p > 65535 }):
			problem = fmt.Sprintf("container ports must be between 1 and 65535, not %d", c.Ports)
		case c.HealthCheck != nil:
			if _, err := c.HealthCheck.argv(); err != nil {
				problem = err.Error()
			}
		}
		if problem != "" {
			return &StartError{Code: CannotCreate, Container: c.Name, Message: problem}
		}
		names[c.Name] = true
	}
	return nil
}

// newID draws the launcher's name of a task.
func newID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails: see crypto/rand
	return hex.EncodeToString(b[:])
}
