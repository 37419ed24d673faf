package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// twin is the environment variable of a flag: --no-wait is GREENLIGHT_NO_WAIT.
func twin(flag string) string {
	return "GREENLIGHT_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// nameTwins writes each flag's twin into its help, in subcommands too.
func nameTwins(cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) { f.Usage += " [$" + twin(f.Name) + "]" })
	for _, sub := range cmd.Commands() {
		nameTwins(sub)
	}
}

// fromEnvironment sets the flags that the command line left out and the
// environment has. An empty variable is as good as none.
func fromEnvironment(flags *pflag.FlagSet) error {
	var first error
	flags.VisitAll(func(f *pflag.Flag) {
		value := os.Getenv(twin(f.Name))
		if first != nil || f.Changed || value == "" || f.Name == "help" {
			return
		}
		if err := flags.Set(f.Name, value); err != nil {
			first = &exit{code: codeUsage, err: fmt.Errorf("%s: %w", twin(f.Name), err)}
		}
	})
	return first
}

// demand refuses a command line that leaves out one of the named flags. cobra's
// own check would do, were its answer not blind to the environment.
func demand(cmd *cobra.Command, names ...string) error {
	for _, name := range names {
		if cmd.Flags().Lookup(name).Value.String() == "" {
			return hint(usageError(cmd, "--%s is missing", name), "give --%s or set %s", name, twin(name))
		}
	}
	return nil
}
