package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// The exit codes of design.md, "Command line".
const (
	codeDone = iota
	codeFailed
	codeUsage
	codeDeploymentFailed
)

// exit is an error that knows its exit code, and perhaps what to try next.
type exit struct {
	code int
	err  error // nil: everything has been said already
	hint string
}

func (e *exit) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exit) Unwrap() error { return e.err }

func silent(code int) error { return &exit{code: code} }

func usageError(cmd *cobra.Command, format string, a ...any) error {
	return &exit{
		code: codeUsage,
		err:  fmt.Errorf(format, a...),
		hint: fmt.Sprintf("see %s --help", cmd.CommandPath()),
	}
}

// hint puts advice beside an error, in place of any that it had.
func hint(err error, format string, a ...any) error {
	e := &exit{code: codeFailed, err: err}
	if inner, ok := errors.AsType[*exit](err); ok {
		e.code, e.err = inner.code, inner.err
	}
	e.hint = fmt.Sprintf(format, a...)
	return e
}

// exitCode tells a person about the error, if any, and a script its code.
func exitCode(stderr io.Writer, err error) int {
	if err == nil {
		return codeDone
	}
	e, ok := errors.AsType[*exit](err)
	if !ok {
		e = &exit{code: codeFailed, err: err}
	}
	if e.err != nil {
		fmt.Fprintf(stderr, "greenlight: %v\n", e.err)
	}
	if e.hint != "" {
		fmt.Fprintf(stderr, "hint: %s\n", e.hint)
	}
	return e.code
}
