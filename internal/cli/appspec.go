package cli

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/spf13/cobra"

	"greenlight/internal/appspec"
	"greenlight/internal/codedeploy"
)

// maxAppSpecFile is far above what any AppSpec needs; the checks have a limit
// of their own with a better message.
const maxAppSpecFile = 1 << 20

func appspecVerb(sh *shell) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "appspec",
		Short: "Work with AppSpec files",
		Args:  unknownVerb,
		RunE:  func(cmd *cobra.Command, _ []string) error { return helpInstead(cmd) },
	}
	cmd.AddCommand(appspecValidateVerb(sh), appspecExplainVerb(sh))
	return cmd
}

func appspecValidateVerb(sh *shell) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "validate FILE...",
		Short: "Check AppSpec files for Lambda and ECS and tell every problem",
		Long: `Check AppSpec files for Lambda and ECS and tell every problem with its line and
column. - is the standard input. The exit code is 1 when a file has a problem. A
note is about a key that is ignored and may be misspelt; it is no problem.`,
		Args: arguments(1, -1, "FILE"),
	}
	wantsJSON := outputFlag(cmd)
	platform := platformFlag(cmd)
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		asJSON, err := wantsJSON()
		if err != nil {
			return err
		}
		platformOf, err := platform()
		if err != nil {
			return err
		}
		return sh.validate(args, platformOf, asJSON)
	}
	return cmd
}

// platformFlag adds --platform to a verb. The returned function gives what
// tells the platform of a text: the flag, or without it the text itself.
func platformFlag(cmd *cobra.Command) func() (func([]byte) types.ComputePlatform, error) {
	given := cmd.Flags().String("platform", "", "lambda or ecs; without it the file tells")
	return func() (func([]byte) types.ComputePlatform, error) {
		if *given == "" {
			return guessPlatform, nil
		}
		for _, platform := range []types.ComputePlatform{types.ComputePlatformLambda, types.ComputePlatformEcs} {
			if strings.EqualFold(*given, string(platform)) {
				return func([]byte) types.ComputePlatform { return platform }, nil
			}
		}
		return nil, usageError(cmd, "--platform %q is neither lambda nor ecs", *given)
	}
}

// guessPlatform takes for Lambda what tells nothing.
func guessPlatform(text []byte) types.ComputePlatform {
	return types.ComputePlatform(cmp.Or(appspec.Platform(text), codedeploy.ComputePlatformLambda))
}

// appSpecReport is what is to be said about AppSpec files.
type appSpecReport struct {
	Problems []appSpecProblem `json:"problems"`
	Notes    []appSpecProblem `json:"notes,omitempty"`
}

func (sh *shell) validate(names []string, platformOf func([]byte) types.ComputePlatform, asJSON bool) error {
	all := appSpecReport{Problems: []appSpecProblem{}}
	for _, name := range names {
		text, err := sh.readAppSpec(name)
		if err != nil {
			return err
		}
		report := checkAppSpec(platformOf(text), name, text)
		all.Problems = append(all.Problems, report.Problems...)
		all.Notes = append(all.Notes, report.Notes...)
		if !asJSON {
			sh.reportAppSpec(name, report)
		}
	}
	if asJSON {
		if err := json.NewEncoder(sh.out).Encode(all); err != nil {
			return err
		}
	}
	if len(all.Problems) > 0 {
		return silent(codeFailed)
	}
	return nil
}

func (sh *shell) reportAppSpec(name string, report appSpecReport) {
	if len(report.Problems) == 0 {
		sh.printf("%s: ok\n", name)
	}
	for _, line := range report.lines() {
		sh.printf("%s\n", line)
	}
}

// lines are the problems and then the notes.
func (r appSpecReport) lines() []string {
	var all []string
	for _, problem := range r.Problems {
		all = append(all, problem.String())
	}
	for _, note := range r.Notes {
		note.Message = "note: " + note.Message
		all = append(all, note.String())
	}
	return all
}

// readAppSpec reads a file, or the standard input for "-".
func (sh *shell) readAppSpec(name string) ([]byte, error) {
	source := sh.in
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, plainFileError(err)
		}
		defer file.Close()
		source = file
	}
	text, err := io.ReadAll(io.LimitReader(source, maxAppSpecFile+1))
	switch {
	case err != nil:
		return nil, plainFileError(err)
	case len(text) > maxAppSpecFile:
		return nil, fmt.Errorf("%s is larger than %d bytes: no AppSpec is", name, maxAppSpecFile)
	}
	return text, nil
}

// plainFileError says "name: no such file or directory" without the system call.
func plainFileError(err error) error {
	if file, ok := errors.AsType[*os.PathError](err); ok {
		return fmt.Errorf("%s: %w", file.Path, file.Err)
	}
	return err
}

// appSpecProblem is a problem with the file it is in.
type appSpecProblem struct {
	File    string `json:"file"`
	Rule    string `json:"rule,omitzero"` // empty for a note
	Line    int    `json:"line,omitzero"`
	Column  int    `json:"column,omitzero"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitzero"`
}

func checkAppSpec(platform types.ComputePlatform, name string, text []byte) appSpecReport {
	problems, notes := appspec.Check(codedeploy.ComputePlatform(platform), text)
	return appSpecReport{inFile(name, problems), inFile(name, notes)}
}

func inFile(name string, problems []appspec.Problem) []appSpecProblem {
	var all []appSpecProblem
	for _, p := range problems {
		message := strings.TrimPrefix(p.Message, fmt.Sprintf("line %d: ", p.Line))
		all = append(all, appSpecProblem{name, p.Rule, p.Line, p.Column, message, p.Hint})
	}
	return all
}

// String is the form that editors and build logs know how to jump to.
func (p appSpecProblem) String() string {
	place := p.File
	if p.Line > 0 {
		place += fmt.Sprintf(":%d", p.Line)
		if p.Column > 0 {
			place += fmt.Sprintf(":%d", p.Column)
		}
	}
	text := place + ": " + p.Message
	if p.Hint != "" {
		text += "\n    " + p.Hint
	}
	return text
}
