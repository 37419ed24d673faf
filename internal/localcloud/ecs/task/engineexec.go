package task

import (
	"context"
	"io"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/client"
)

// exec runs a command in a container. The Docker API cannot end one: a check that goes on after its time is left alone,
// and as long as it runs no other is started, so there is never more than one.
func (e *engine) exec(ctx context.Context, r *record, i int, argv []string) (bool, error) {
	id := r.Units[i].RuntimeID
	if hangs, err := e.hangs(ctx, id); err != nil || hangs {
		return false, err
	}
	created, err := e.client.ExecCreate(ctx, id, client.ExecCreateOptions{Cmd: argv, AttachStdout: true, AttachStderr: true})
	if err != nil {
		return false, theEngines(ctx, err)
	}
	stream, err := e.client.ExecAttach(ctx, created.ID, client.ExecAttachOptions{})
	if err != nil {
		return false, theEngines(ctx, err)
	}
	defer stream.Close()
	defer context.AfterFunc(ctx, func() { _ = stream.Conn.SetReadDeadline(time.Unix(1, 0)) })()
	if _, err := io.Copy(io.Discard, stream.Reader); ctx.Err() != nil {
		e.mu.Lock()
		e.unfinished[id] = created.ID
		e.mu.Unlock()
		return false, nil
	} else if err != nil {
		return false, err
	}
	result, err := e.client.ExecInspect(ctx, created.ID, client.ExecInspectOptions{})
	return err == nil && !result.Running && result.ExitCode == 0, theEngines(ctx, err)
}

// hangs reports whether the last check of a container still runs.
func (e *engine) hangs(ctx context.Context, id string) (bool, error) {
	e.mu.Lock()
	last, ok := e.unfinished[id]
	e.mu.Unlock()
	if !ok {
		return false, nil
	}
	result, err := e.client.ExecInspect(ctx, last, client.ExecInspectOptions{})
	if err != nil && !errdefs.IsNotFound(err) {
		return false, theEngines(ctx, err)
	}
	if err == nil && result.Running {
		return true, nil
	}
	e.mu.Lock()
	delete(e.unfinished, id)
	e.mu.Unlock()
	return false, nil
}

// theEngines drops errors that are the check's own: it took too long, or names a program that the image lacks.
func theEngines(ctx context.Context, err error) error {
	if ctx.Err() != nil || !client.IsErrConnectionFailed(err) {
		return nil
	}
	return err
}

func (e *engine) logs(ctx context.Context, r *record, i int, lines int) (string, error) {
	if lines <= 0 {
		return "", nil
	}
	// All of it, which LogConfig bounds: Podman's tail loses a line that was written in parts.
	stream, err := e.client.ContainerLogs(ctx, r.Units[i].RuntimeID,
		client.ContainerLogsOptions{ShowStdout: true, ShowStderr: true})
	if errdefs.IsNotFound(err) {
		return "", nil // somebody has removed the container
	}
	if err != nil {
		return "", err
	}
	defer stream.Close()
	var text ending
	if _, err := stdcopy.StdCopy(&text, &text, stream); err != nil {
		return "", err
	}
	return lastLines(text.String(), lines), nil
}

// ending keeps the end of what is written to it, at most logLimit bytes.
type ending struct{ text []byte }

func (e *ending) Write(b []byte) (int, error) {
	e.text = append(e.text, b...)
	if len(e.text) > 2*logLimit { // seldom, so that the moves do not add up
		e.text = append(e.text[:0], e.text[len(e.text)-logLimit:]...)
	}
	return len(b), nil
}

func (e *ending) String() string { return string(e.text[max(0, len(e.text)-logLimit):]) }

func (e *engine) terminate(ctx context.Context, r *record, i int) error {
	id := r.Units[i].RuntimeID
	signal := "SIGTERM"
	if inspected, err := e.client.ContainerInspect(ctx, id, client.ContainerInspectOptions{}); err == nil &&
		inspected.Container.Config != nil && inspected.Container.Config.StopSignal != "" {
		signal = inspected.Container.Config.StopSignal // the image's word, which ECS keeps too
	}
	return e.signal(ctx, id, signal)
}

func (e *engine) kill(ctx context.Context, r *record, i int) error {
	return e.signal(ctx, r.Units[i].RuntimeID, "SIGKILL")
}

// signal is done as well when the container has ended, which is then looked at: there may be no event to come.
func (e *engine) signal(ctx context.Context, id, name string) error {
	_, err := e.client.ContainerKill(ctx, id, client.ContainerKillOptions{Signal: name})
	if err == nil {
		return nil
	}
	inspected, failed := e.client.ContainerInspect(ctx, id, client.ContainerInspectOptions{})
	if errdefs.IsNotFound(failed) || failed == nil && inspected.Container.State != nil && !inspected.Container.State.Running {
		return e.look(id)
	}
	return err
}
