package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"greenlight/internal/appspec"
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
	cmd.AddCommand(appspecValidateVerb(sh))
	return cmd
}

func appspecValidateVerb(sh *shell) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "validate FILE...",
		Short: "Check AppSpec files for Lambda and explain every problem",
		Long: `Check AppSpec files for Lambda and explain every problem with its line and column.
- is the standard input. The exit code is 1 when a file has a problem.`,
		Args: arguments(1, -1, "FILE"),
	}
	wantsJSON := outputFlag(cmd)
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		asJSON, err := wantsJSON()
		if err != nil {
			return err
		}
		return sh.validate(args, asJSON)
	}
	return cmd
}

func (sh *shell) validate(names []string, asJSON bool) error {
	found := []appSpecProblem{}
	for _, name := range names {
		text, err := sh.readAppSpec(name)
		if err != nil {
			return err
		}
		problems := checkLambda(name, text)
		found = append(found, problems...)
		if !asJSON {
			sh.reportAppSpec(name, problems)
		}
	}
	if asJSON {
		if err := json.NewEncoder(sh.out).Encode(map[string]any{"problems": found}); err != nil {
			return err
		}
	}
	if len(found) > 0 {
		return silent(codeFailed)
	}
	return nil
}

func (sh *shell) reportAppSpec(name string, problems []appSpecProblem) {
	if len(problems) == 0 {
		sh.printf("%s: ok\n", name)
	}
	for _, problem := range problems {
		sh.printf("%s\n", problem)
	}
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
	Rule    string `json:"rule"`
	Line    int    `json:"line,omitzero"`
	Column  int    `json:"column,omitzero"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitzero"`
}

func checkLambda(name string, text []byte) []appSpecProblem {
	var problems []appSpecProblem
	for _, p := range appspec.CheckLambda(text) {
		message := strings.TrimPrefix(p.Message, fmt.Sprintf("line %d: ", p.Line))
		problems = append(problems, appSpecProblem{name, p.Rule, p.Line, p.Column, message, p.Hint})
	}
	return problems
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
