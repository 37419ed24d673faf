package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/spf13/cobra"
)

func appspecExplainVerb(sh *shell) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "explain FILE",
		Short: "Tell what a deployment of an AppSpec file does, event by event",
		Long: `Tell what a deployment of an AppSpec file for Lambda or ECS does, event by event.
- is the standard input. A deployment group for ECS with a test listener has two
events more, which --test-listener shows.`,
		Args: arguments(1, 1, "FILE"),
	}
	wantsJSON := outputFlag(cmd)
	platform := platformFlag(cmd)
	testListener := cmd.Flags().Bool("test-listener", false, "the deployment group has a test listener (ECS)")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		asJSON, err := wantsJSON()
		if err != nil {
			return err
		}
		platformOf, err := platform()
		if err != nil {
			return err
		}
		text, err := sh.readAppSpec(args[0])
		if err != nil {
			return err
		}
		return sh.explainAppSpec(args[0], platformOf(text), text, *testListener, asJSON)
	}
	return cmd
}

// explainAppSpec refuses a file with problems as validate does: what such a
// file would do is nothing.
func (sh *shell) explainAppSpec(name string, platform types.ComputePlatform, text []byte, testListener, asJSON bool) error {
	report := checkAppSpec(platform, name, text)
	for _, line := range report.lines() {
		sh.note("%s", line)
	}
	if len(report.Problems) > 0 {
		return silent(codeFailed)
	}
	told, err := explanationOf(platform, text, testListener)
	switch {
	case err != nil:
		return err
	case asJSON:
		return json.NewEncoder(sh.out).Encode(told)
	}
	write(sh.out, told.lines())
	return nil
}

// explanation is what a deployment of an AppSpec does. It is also the document
// that --output json prints.
type explanation struct {
	Platform string           `json:"platform"`
	AppSpec  json.RawMessage  `json:"appSpec"` // in its canonical form
	Events   []explainedEvent `json:"events"`
	Unused   []explainedEvent `json:"unused,omitempty"` // with a hook, but not part of this deployment

	facts []fact
}

// explainedEvent is one lifecycle event: CodeDeploy's own work, or a function
// to call, or nothing when the file names none for it.
type explainedEvent struct {
	Name string `json:"name"`
	Work string `json:"work,omitzero"`
	Hook string `json:"hook,omitzero"`
}

type fact struct{ name, value string }

func (e explanation) lines() []string {
	all := []string{"platform: " + e.Platform}
	for _, f := range e.facts {
		all = append(all, f.name+": "+f.value)
	}
	all = append(all, "events:")
	for i, event := range e.Events {
		all = append(all, strings.TrimRight(fmt.Sprintf("  %d. %-22s %s", i+1, event.Name, event.does()), " "))
	}
	for _, event := range e.Unused {
		all = append(all, fmt.Sprintf("%s is not part of a deployment without a test listener: %s is not called", event.Name, event.Hook))
	}
	return all
}

func (e explainedEvent) does() string {
	switch {
	case e.Work != "":
		return e.Work
	case e.Hook != "":
		return "calls " + e.Hook
	}
	return "-"
}
