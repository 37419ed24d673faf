package cli

import (
	"cmp"
	"encoding/json"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set by the linker (-X greenlight/internal/cli.version=v1.2.3).
// Without it, as after `go install`, the module's version stands in.
var version string

// build says what this binary was made from.
type build struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitzero"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func thisBuild() build {
	b := build{Version: version, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		b.Version = cmp.Or(b.Version, "unknown")
		return b
	}
	b.Version = cmp.Or(b.Version, info.Main.Version, "unknown")
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			b.Revision = setting.Value
		}
	}
	return b
}

func versionVerb(sh *shell) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  arguments(0, 0, ""),
	}
	wantsJSON := outputFlag(cmd)
	cmd.RunE = func(*cobra.Command, []string) error {
		asJSON, err := wantsJSON()
		if err != nil {
			return err
		}
		b := thisBuild()
		if asJSON {
			return json.NewEncoder(sh.out).Encode(b)
		}
		sh.printf("greenlight %s (%s, %s)\n", b.Version, b.Go, b.Platform)
		return nil
	}
	return cmd
}
