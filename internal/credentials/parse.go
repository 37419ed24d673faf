package credentials

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"greenlight/internal/awswire"
)

// ring is the content of a file, by access key id.
type ring map[string]credential

// credential is one entry.
type credential struct {
	secret awswire.Secret
	policy policy
}

// Format implements fmt.Formatter: the secret hides itself, but not from a look
// into the fields around it.
func (c credential) Format(f fmt.State, verb rune) { c.secret.Format(f, verb) }

// parse reads a file's content. The error has a line per fault, each beginning
// with name:line, and quotes nothing that could be a secret.
func parse(name string, content []byte) (ring, error) {
	document, err := load(name, content)
	if err != nil {
		return nil, err
	}
	r := &reader{name: name}
	keys := r.ring(document)
	if err := r.fault(); err != nil {
		return nil, err
	}
	return keys, nil
}

// maxDepth is more than a good file has; the library is told it because it
// recurses.
const maxDepth = 16

var errTooDeep = errors.New("nested too deeply")

// load reads the one YAML document of a text.
func load(name string, content []byte) (*yaml.Node, error) {
	loader, err := yaml.NewLoader(bytes.NewReader(content), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthFunc(
		func(depth int, _ *yaml.DepthContext) error {
			if depth > maxDepth {
				return errTooDeep
			}
			return nil
		}))))
	if err != nil {
		return nil, problem(name, 1, "the file is not valid YAML")
	}
	var document, next yaml.Node
	err = loader.Load(&document)
	switch {
	case errors.Is(err, io.EOF) || err == nil && len(document.Content) == 0:
		return nil, problem(name, 1, "the file is empty; write [] to accept nobody")
	case err != nil:
		return nil, unreadable(name, err)
	}
	switch err := loader.Load(&next); {
	case err == nil:
		return nil, problem(name, next.Line, "a second YAML document")
	case !errors.Is(err, io.EOF):
		return nil, unreadable(name, err)
	}
	return document.Content[0], nil
}

// unreadable says where a text is no YAML. The library's own words may quote
// the text, and with it a secret.
func unreadable(name string, err error) error {
	line := 1
	if load, ok := errors.AsType[*yaml.LoadError](err); ok {
		line = max(line, load.Mark.Line)
	}
	return problem(name, line, "the text is not valid YAML, or nested too deeply; values with special characters must be in quotes")
}
