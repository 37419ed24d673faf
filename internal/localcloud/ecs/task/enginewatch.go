package task

import (
	"context"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/events"
	"github.com/moby/moby/client"
)

const (
	resyncInterval = 3 * time.Second // a net under the events, which engines drop
	callLimit      = 10 * time.Second
	returnInterval = 200 * time.Millisecond // between looks for an engine that has gone
)

// watch begins with a look: the container may have ended before anybody watched.
func (e *engine) watch(r *record, i int) {
	id := r.Units[i].RuntimeID
	e.mu.Lock()
	e.watched[id] = place{task: r.ID, index: i}
	e.mu.Unlock()
	e.work.Go(func() { _ = e.look(id) }) // the net catches what fails here
}

// follow keeps up with the engine until close: through events, which are only a reason to look, through a look at
// everything now and then, and through its absences.
func (e *engine) follow() {
	for e.life.Err() == nil {
		if !e.listen() {
			pause(e.life, returnInterval)
		}
	}
}

// answered notes whether the engine can be asked, and tells when it can again.
func (e *engine) answered(err error) {
	if e.life.Err() != nil {
		return
	}
	e.mu.Lock()
	was := e.lost
	e.lost = err
	e.mu.Unlock()
	switch {
	case was == nil && err != nil:
		e.options.Log.Warn("the container engine does not answer", "engine", e.title, "error", err)
	case was != nil && err == nil:
		e.options.Log.Info("the container engine answers again", "engine", e.title)
		e.exits.returned()
	}
}

// listen looks at everything and then at what events name, for one resyncInterval. It is false when there are no events to
// listen to: the engine has gone, or keeps none.
func (e *engine) listen() bool {
	ctx, cancel := context.WithTimeout(e.life, resyncInterval)
	defer cancel()
	filters := e.mine().Add("type", string(events.ContainerEventType))
	stream := e.client.Events(ctx, client.EventsListOptions{Filters: filters})
	// Only now: an end before the stream begins is in no event.
	err := e.lookAtAll()
	e.answered(err)
	if err != nil {
		return false
	}
	for {
		select {
		case m := <-stream.Messages:
			if err := e.look(m.Actor.ID); err != nil {
				e.answered(err)
				return false
			}
		case err := <-stream.Err:
			if ctx.Err() != nil {
				return true
			}
			e.options.Log.Debug("the container engine's events ended", "error", err)
			e.answered(e.lookAtAll())
			return false
		}
	}
}

// lookAtAll looks at what is watched and does not run according to the engine's list.
func (e *engine) lookAtAll() error {
	ctx, cancel := context.WithTimeout(e.life, callLimit)
	defer cancel()
	e.mu.Lock()
	suspects := map[string]bool{}
	for id := range e.watched {
		suspects[id] = true
	}
	e.mu.Unlock()
	all, err := e.list(ctx)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.State == "running" {
			delete(suspects, c.ID)
		}
	}
	for id := range suspects {
		if err := e.look(id); err != nil {
			return err
		}
	}
	return nil
}

// look asks how a watched container is, and tells when it has ended.
func (e *engine) look(id string) error {
	e.mu.Lock()
	at, ok := e.watched[id]
	e.mu.Unlock()
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(e.life, callLimit)
	defer cancel()
	inspected, err := e.client.ContainerInspect(ctx, id, client.ContainerInspectOptions{})
	var code *int
	reason, ended := "", false
	switch {
	case errdefs.IsNotFound(err):
		reason, ended = "somebody has removed the container", true
	case err != nil:
		return err
	case inspected.Container.State != nil:
		code, reason, ended = endOf(inspected.Container.State)
	}
	if !ended {
		return nil
	}
	e.mu.Lock()
	delete(e.watched, id)
	delete(e.unfinished, id)
	e.mu.Unlock()
	e.exits.exited(at.task, at.index, code, reason)
	return nil
}
