package runtime

import (
	"fmt"
	"path/filepath"
)

// language is what executes a function.
type language int

const (
	native language = iota // the archive's own bootstrap
	python
	node
)

// identity is a runtime identifier taken apart. Version is Python's minor or Node's major.
type identity struct {
	language language
	version  int
}

var known = knownRuntimes()

func knownRuntimes() map[string]identity {
	all := map[string]identity{"provided.al2023": {native, 0}, "provided.al2": {native, 0}}
	for minor := 8; minor <= 14; minor++ {
		all[fmt.Sprintf("python3.%d", minor)] = identity{python, minor}
	}
	for major := 12; major <= 24; major += 2 {
		all[fmt.Sprintf("nodejs%d.x", major)] = identity{node, major}
	}
	return all
}

// Supported answers nil for the runtime identifiers that are known here, whatever this machine has installed, and an
// error that is ErrUnsupportedRuntime for others.
func Supported(runtime string) error {
	if _, ok := known[runtime]; !ok {
		return fmt.Errorf("%w: %q is none of provided.al2023, provided.al2, python3.8 to python3.14, nodejs12.x to nodejs24.x", ErrUnsupportedRuntime, runtime)
	}
	return nil
}

// program is how a function is executed on this machine.
type program struct {
	path      string
	arguments []string
	variables map[string]string
	note      string // what a reader of the log should know about the choice
}

func bootstrap(code Code) program {
	return program{path: filepath.Join(code.Dir, "bootstrap")}
}
