// Package cli is the command line: one file per verb. A verb reads its flags,
// calls the API as any client would, and shows the answer; it decides nothing
// about deployments.
package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// shell is what a verb may touch of the world around it.
type shell struct {
	in       io.Reader
	out, err io.Writer
}

// verbs in the order in which the help lists them. A new verb is one line here
// and one file.
var verbs = []func(*shell) *cobra.Command{
	devVerb,
	serveVerb,
	demoVerb,
	demoFunctionVerb,
	demoTaskVerb,
	deployVerb,
	watchVerb,
	continueVerb,
	stopVerb,
	logsVerb,
	appspecVerb,
	versionVerb,
}

// Main runs one command line, without the program's name, and returns the exit
// code: 0 done, 1 failed, 2 usage, 3 the deployment itself failed or was stopped.
// An interrupt or SIGTERM ends the verb's context.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := rootCommand(&shell{in: stdin, out: stdout, err: stderr})
	root.SetArgs(args)
	return exitCode(stderr, root.ExecuteContext(ctx))
}

func rootCommand(sh *shell) *cobra.Command {
	root := &cobra.Command{
		Use:   "greenlight",
		Short: "Deployments that ask for the green light, and go back by themselves",
		Long: `Greenlight moves traffic from the old version of a program to the new one, asks
lifecycle hooks for the green light at every stage, and goes back by itself when
a hook, an alarm or a person says no. It speaks the AWS CodeDeploy API.

Every flag can also be set in the environment: --output is GREENLIGHT_OUTPUT.
Exit codes: 0 done, 1 failed, 2 usage, 3 the deployment itself failed or was stopped.`,
		Args:              unknownVerb,
		RunE:              func(cmd *cobra.Command, _ []string) error { return helpInstead(cmd) },
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return fromEnvironment(cmd.Flags()) },
		SilenceErrors:     true,
		SilenceUsage:      true,

		SuggestionsMinimumDistance: 2,
	}
	root.SetIn(sh.in)
	root.SetOut(sh.out)
	root.SetErr(sh.err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return usageError(cmd, "%w", err) })
	for _, verb := range verbs {
		cmd := verb(sh)
		nameTwins(cmd)
		root.AddCommand(cmd)
	}
	return root
}

func unknownVerb(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := usageError(cmd, "there is no verb %q", args[0])
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return hint(err, "did you mean %s?", strings.Join(near, " or "))
	}
	return err
}

// helpInstead is what a command does that needs a verb and got none.
func helpInstead(cmd *cobra.Command) error {
	cmd.SetOut(cmd.ErrOrStderr())
	if err := cmd.Help(); err != nil {
		return err
	}
	return silent(codeUsage)
}

// arguments demands between least and most positional arguments; most < 0 is
// no limit. They are named in the error as the usage line names them.
func arguments(least, most int, name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return usageError(cmd, "%s is missing", name)
		case most >= 0 && len(args) > most:
			return usageError(cmd, "unexpected argument %q", args[most])
		}
		return nil
	}
}

// outputFlag adds --output to a verb. The returned function tells whether JSON
// is wanted.
func outputFlag(cmd *cobra.Command) func() (bool, error) {
	output := cmd.Flags().String("output", "text", "text or json")
	return func() (bool, error) {
		switch *output {
		case "text":
			return false, nil
		case "json":
			return true, nil
		}
		return false, usageError(cmd, "--output %q is neither text nor json", *output)
	}
}

func (sh *shell) printf(format string, a ...any) { fmt.Fprintf(sh.out, format, a...) }

// note tells a person something that is not the result, so it stays out of pipes.
func (sh *shell) note(format string, a ...any) { fmt.Fprintf(sh.err, format+"\n", a...) }
