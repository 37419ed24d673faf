package cli

import (
	"errors"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"greenlight/internal/clock"
	"greenlight/internal/dev"
	"greenlight/internal/localcloud/ecs/task"
)

// devVerb runs the controller with the local cloud.
func devVerb(sh *shell) *cobra.Command {
	var o dev.Options
	var mode string
	cmd := &cobra.Command{
		Use:   "dev",
		Short: "Run the controller with a local cloud, for a laptop or CI",
		Long: `Run the CodeDeploy API, the engine and a local cloud behind one loopback address.
Functions are real processes, tasks are containers where an engine answers and
processes elsewhere, and traffic really moves; no AWS account is needed.
Point any AWS client at it with AWS_ENDPOINT_URL. It accepts any credentials: an
access key of twelve digits names the account, any other means 000000000000.

Everything is kept in the data directory and survives a restart. With --clock
fast, waits pass as soon as nothing is at work; with --clock manual, they pass by
POST /_greenlight/clock {"advance":"5m"}.`,
		Args: arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if o.Clock, err = clock.ParseMode(mode); err != nil {
				return usageError(cmd, "--clock: %w", err)
			}
			o.Log = slog.New(slog.NewTextHandler(sh.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
			server, err := dev.Open(cmd.Context(), o)
			if errors.Is(err, dev.ErrNotLoopback) {
				return usageError(cmd, "--listen: %w", err)
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(sh.err, "tasks run as %s\n", server.Tasks)
			fmt.Fprintf(sh.err, "listening on %s\n", server.URL)
			return server.Run(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&o.Listen, "listen", "127.0.0.1:4610", "loopback address to listen on")
	cmd.Flags().StringVar(&o.Data, "data", ".greenlight", "directory of everything that survives a restart")
	cmd.Flags().StringVar(&mode, "clock", string(clock.Real), "real, fast or manual")
	cmd.Flags().StringVar(&o.Tasks, "tasks", task.ModeAuto, "how tasks run: auto, containers or processes")
	cmd.Flags().IntVar(&o.PortOffset, "port-offset", 0, "added to the port of every load balancer's listener")
	return cmd
}
