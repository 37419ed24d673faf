package cli

import (
	"context"
	"errors"
	"reflect"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/spf13/cobra"
)

func watchVerb(sh *shell) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "watch DEPLOYMENT_ID",
		Short: "Follow a deployment until it ends",
		Long: `Follow a deployment until it ends, and then its rollback if there is one. The
exit code is 3 when the deployment failed or was stopped, also when it was rolled
back in good order. Interrupting the watch leaves the deployment alone.`,
		Args: arguments(1, 1, "DEPLOYMENT_ID"),
	}
	wantsJSON := outputFlag(cmd)
	noFollow := cmd.Flags().Bool("no-follow", false, "do not follow a rollback")
	server := connectionFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		asJSON, err := wantsJSON()
		if err != nil {
			return err
		}
		client, err := server.codeDeploy(cmd.Context())
		if err != nil {
			return err
		}
		return sh.watch(cmd.Context(), client, args[0], asJSON, !*noFollow)
	}
	return cmd
}

// watch follows a deployment and, if follow, its rollback. The error carries
// the exit code of design.md, "Command line".
func (sh *shell) watch(ctx context.Context, client *codedeploy.Client, id string, asJSON, follow bool) error {
	w := &watcher{from: &poller{client: client}, show: sh.progress(asJSON)}
	last, err := w.follow(ctx, id)
	rollback := last.RollbackDeploymentID
	if err == nil && follow && rollback != "" {
		_, err = w.follow(ctx, rollback)
	}
	switch {
	case ctx.Err() != nil:
		return hint(errors.New("stopped watching; the deployment goes on"),
			"`greenlight watch %s` goes on watching, `greenlight stop %s` stops the deployment", id, id)
	case err != nil:
		return err
	case !last.succeeded():
		return silent(codeDeploymentFailed)
	}
	return nil
}

// source is where a watch reads deployments.
type source interface {
	fetch(ctx context.Context, id string) (view, error)
}

type watcher struct {
	from source
	show progress
}

const (
	redrawEvery = 100 * time.Millisecond
	// rollbackGrace is how long an ended deployment is asked for the rollback
	// that was ordered for it.
	rollbackGrace = 3 * time.Second
)

// follow polls a deployment until it ends and returns its last view. The
// progress is closed on every path, so that the terminal is left in order.
func (w *watcher) follow(ctx context.Context, id string) (view, error) {
	defer w.show.close()
	var (
		last     view
		rhythm   pace
		deadline time.Time
	)
	for {
		now, err := w.from.fetch(ctx, id)
		if err != nil {
			return last, err
		}
		changed := !reflect.DeepEqual(now, last)
		if changed {
			w.show.update(now)
			last = now
		}
		if now.ended() {
			if deadline.IsZero() {
				deadline = time.Now().Add(rollbackGrace)
			}
			if !now.awaitsRollback || time.Now().After(deadline) {
				return now, nil
			}
		}
		if err := w.wait(ctx, rhythm.after(changed)); err != nil {
			return last, err
		}
	}
}

// wait lets the time pass until the next poll, with the progress moving.
func (w *watcher) wait(ctx context.Context, pause time.Duration) error {
	poll := time.NewTimer(pause)
	defer poll.Stop()
	redraw := time.NewTicker(redrawEvery)
	defer redraw.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-poll.C:
			return nil
		case <-redraw.C:
			w.show.tick()
		}
	}
}
