package cli

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"greenlight/internal/demo"
)

// demoVerb plays the demo on a server of its own.
func demoVerb(sh *shell) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Watch five releases: some succeed, some are refused, some go back",
		Long: `Play three releases of a small function and two of a web service behind a load
balancer, while a client keeps calling, on a server and a cloud inside this
process. Nothing else is needed, nothing outside is touched, and it ends by
itself within a minute. The exit code is 0 only if everything went as told.`,
		Args: arguments(0, 0, ""),
	}
	keep := cmd.Flags().Bool("keep", false, "leave the data directory, for greenlight dev --data")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		executable, err := os.Executable()
		if err != nil {
			return err
		}
		o := demo.Options{Executable: executable, Command: typed(), Keep: *keep}
		o.Stage, o.Pause = sh.demoStage()
		err = demo.Run(cmd.Context(), o)
		if err != nil && cmd.Context().Err() != nil {
			return errors.New("interrupted; nothing is left running")
		}
		return err
	}
	return cmd
}

// typed is how this program was called, if that is short enough to be repeated.
func typed() string {
	if filepath.IsAbs(os.Args[0]) {
		return ""
	}
	return os.Args[0]
}

// demoFunctionVerb is what the demo's functions run. It is for the local cloud,
// not for people.
func demoFunctionVerb(*shell) *cobra.Command {
	return &cobra.Command{
		Use:    demo.FunctionVerb + " NAME RELEASE",
		Hidden: true,
		Args:   arguments(2, 2, "NAME or RELEASE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return demo.RunFunction(cmd.Context(), args[0], args[1])
		},
	}
}

// demoTaskVerb is what the tasks of the demo's web service run. SIGTERM, by which
// ECS stops a task, ends the context of every verb.
func demoTaskVerb(*shell) *cobra.Command {
	return &cobra.Command{
		Use:    demo.TaskVerb + " RELEASE",
		Hidden: true,
		Args:   arguments(1, 1, "RELEASE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return demo.RunTask(cmd.Context(), args[0])
		},
	}
}
