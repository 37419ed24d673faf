package task

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

// The labels of a container, by which a task is found again.
const (
	labelInstance  = "greenlight.instance"
	labelTask      = "greenlight.task"     // the launcher's id
	labelARN       = "greenlight.task-arn" // for people
	labelContainer = "greenlight.container"
	labelIndex     = "greenlight.container-index"
	labelSpec      = "greenlight.task-spec" // Spec as JSON, without what the container itself has
)

func (e *engine) labels(r *record, i int) (map[string]string, error) {
	spec := r.Spec
	spec.Containers = slices.Clone(spec.Containers)
	for j := range spec.Containers {
		spec.Containers[j].Environment = nil // may hold secrets, and is in the container
	}
	text, err := json.Marshal(spec)
	if err != nil {
		return nil, err
	}
	return map[string]string{
		labelInstance: e.options.Instance, labelTask: r.ID, labelARN: spec.ARN, labelContainer: spec.Containers[i].Name,
		labelIndex: strconv.Itoa(i), labelSpec: string(text),
	}, nil
}

// mine selects the containers of this instance.
func (e *engine) mine() client.Filters {
	return make(client.Filters).Add("label", labelInstance+"="+e.options.Instance)
}

func (e *engine) list(ctx context.Context) ([]container.Summary, error) {
	all, err := e.client.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: e.mine()})
	return all.Items, err
}

// find puts the containers of this instance together to tasks.
func (e *engine) find(ctx context.Context) ([]kept, error) {
	all, err := e.list(ctx)
	if err != nil {
		return nil, err
	}
	tasks := map[string][]container.Summary{}
	for _, c := range all {
		tasks[c.Labels[labelTask]] = append(tasks[c.Labels[labelTask]], c)
	}
	var found []kept
	for id, containers := range tasks {
		k, err := e.assemble(ctx, id, containers)
		if err == nil {
			found = append(found, k)
			continue
		}
		e.options.Log.Info("containers without a task are removed", "task", id, "reason", err)
		for _, c := range containers {
			if err := e.discard(ctx, c.ID); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(found, func(a, b kept) int { return cmp.Compare(a.record.ID, b.record.ID) })
	return found, nil
}

// assemble fails when the containers are not a whole task: its start was interrupted, or somebody has removed one.
func (e *engine) assemble(ctx context.Context, id string, containers []container.Summary) (kept, error) {
	r := &record{ID: id}
	if err := json.Unmarshal([]byte(containers[0].Labels[labelSpec]), &r.Spec); err != nil {
		return kept{}, err
	}
	if len(containers) != len(r.Spec.Containers) {
		return kept{}, fmt.Errorf("%d of %d containers are there", len(containers), len(r.Spec.Containers))
	}
	r.Units = make([]unit, len(containers))
	o := outcome{States: make([]ContainerState, len(containers))}
	for _, c := range containers {
		i, err := strconv.Atoi(c.Labels[labelIndex])
		if err != nil || i < 0 || i >= len(containers) || r.Units[i].RuntimeID != "" {
			return kept{}, fmt.Errorf("container %s has no place in its task", c.ID)
		}
		inspected, err := e.client.ContainerInspect(ctx, c.ID, client.ContainerInspectOptions{})
		if err != nil {
			return kept{}, err
		}
		state := inspected.Container.State
		if state == nil || state.Status == container.StateCreated {
			return kept{}, fmt.Errorf("container %s was never started", c.ID)
		}
		r.Units[i] = unit{RuntimeID: c.ID}
		s := ContainerState{Name: r.Spec.Containers[i].Name, RuntimeID: c.ID, Status: Up, Health: Unknown}
		if code, reason, ended := endOf(state); ended {
			s.Status, s.ExitCode, s.Reason = Stopped, code, reason
			if at, err := time.Parse(time.RFC3339Nano, state.FinishedAt); err == nil && at.After(o.Ended) {
				o.Ended = at
			}
		}
		o.States[i] = s
	}
	if !o.over() {
		o.Ended = time.Time{}
	} else if o.Ended.IsZero() {
		o.Ended = time.Now()
	}
	return kept{record: r, outcome: o}, e.learnPorts(ctx, r)
}

// endOf reads how a container ended, if it has.
func endOf(s *container.State) (code *int, reason string, ended bool) {
	switch s.Status {
	case container.StateExited, container.StateDead, container.ContainerState("stopped"): // Podman's word
	default:
		return nil, "", false
	}
	reason = s.Error
	if s.OOMKilled {
		reason = "OutOfMemoryError: Container killed due to memory usage"
	}
	return new(s.ExitCode), reason, true
}

// discard removes a container, whatever it does.
func (e *engine) discard(ctx context.Context, id string) error {
	_, err := e.client.ContainerRemove(ctx, id, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
	if errdefs.IsNotFound(err) {
		return nil
	}
	return err
}

func (e *engine) remove(ctx context.Context, r *record) error {
	// Backwards: the first container may hold the network of the others.
	for _, i := range slices.Backward(startOrder(r.Spec)) {
		if i >= len(r.Units) || r.Units[i].RuntimeID == "" {
			continue
		}
		e.mu.Lock()
		delete(e.watched, r.Units[i].RuntimeID)
		delete(e.unfinished, r.Units[i].RuntimeID)
		e.mu.Unlock()
		if err := e.discard(ctx, r.Units[i].RuntimeID); err != nil {
			return err
		}
	}
	return nil
}
