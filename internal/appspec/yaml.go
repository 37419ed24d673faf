package appspec

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// parseYAML builds the tree of a YAML text with one document. Aliases are
// expanded and merge keys applied, as ecs.md 2.2 has it for YAML 1.1.
func parseYAML(content []byte) (*node, *finding) {
	limits := yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthFunc(checkDepth)))
	loader, err := yaml.NewLoader(bytes.NewReader(content), limits)
	if err != nil {
		return nil, malformed(position{}, err.Error())
	}
	var document, next yaml.Node
	switch err := loader.Load(&document); {
	case errors.Is(err, io.EOF):
		return nil, malformed(position{}, "there is nothing in it")
	case err != nil:
		return nil, yamlSyntax(content, err)
	}
	switch err := loader.Load(&next); {
	case err == nil:
		at := position{next.Line, next.Column}
		return nil, found("M8", at, "an AppSpec must be one YAML document, found a second one")
	case !errors.Is(err, io.EOF):
		return nil, yamlSyntax(content, err)
	}
	r := yamlReader{}
	return r.value(document.Content[0], 0), r.fault
}

// checkDepth stops the library itself; block and flow nesting are counted
// apart there, so yamlReader counts again.
func checkDepth(depth int, _ *yaml.DepthContext) error {
	if depth > maxDepth {
		return errTooDeep
	}
	return nil
}

// yamlSyntax says what the YAML library found. Of a list or map that is never
// closed the library names the end of the text; its beginning helps more.
func yamlSyntax(content []byte, err error) *finding {
	load, ok := errors.AsType[*yaml.LoadError](err)
	if !ok {
		return malformed(position{}, err.Error())
	}
	at := position{load.Mark.Line, load.Mark.Column}
	lines := bytes.Count(bytes.TrimRight(content, " \t\r\n"), []byte("\n")) + 1
	if load.Stage == yaml.ReaderStage {
		at = firstUnreadable(content)
	}
	if at.line > lines && load.ContextMark.Line > 0 {
		at = position{load.ContextMark.Line, load.ContextMark.Column}
	}
	if at.line > lines {
		at = position{line: lines}
	}
	if load.Message == errTooDeep.Error() {
		return found("M8", at, "%s", errTooDeep)
	}
	return malformed(at, load.Message)
}

// firstUnreadable is the place of the first character that YAML forbids, for
// which the library tells none.
func firstUnreadable(content []byte) position {
	control := bytes.IndexFunc(content, func(r rune) bool {
		return unicode.IsControl(r) && !strings.ContainsRune("\t\r\n\u0085", r)
	})
	first := validUTF8(content)
	if control >= 0 {
		first = min(first, control)
	}
	if first == len(content) {
		return position{}
	}
	c := cursor{content: content}
	return c.move(first)
}

// yamlReader turns the library's nodes into ours. The first fault ends the
// reading; what is returned then is of no use.
type yamlReader struct {
	nodes int
	fault *finding
}

func (r *yamlReader) value(y *yaml.Node, depth int) *node {
	for y.Kind == yaml.AliasNode {
		y = y.Alias
	}
	n := &node{position: position{y.Line, y.Column}}
	if r.refuse(y, depth) {
		return n
	}
	n.kind, n.text = kindOf(y)
	switch n.kind {
	case list:
		for _, item := range y.Content {
			n.items = append(n.items, r.value(item, depth+1))
		}
	case table:
		return newTable(n.position, r.fields(y, depth))
	}
	return n
}

// refuse holds the bounds: aliases can make a short text endless.
func (r *yamlReader) refuse(y *yaml.Node, depth int) bool {
	r.nodes++
	at := position{y.Line, y.Column}
	switch {
	case r.fault != nil:
	case depth > maxDepth:
		r.fault = found("M8", at, "%s", errTooDeep)
	case r.nodes > maxNodes:
		r.fault = found("M8", at, "the YAML aliases expand to more than %d values", maxNodes)
	}
	return r.fault != nil
}

// fields reads a map. What a merge key brings in comes first, so that the
// map's own fields win.
func (r *yamlReader) fields(y *yaml.Node, depth int) []field {
	var merged, own []field
	for i := 0; i+1 < len(y.Content) && r.fault == nil; i += 2 {
		key, value := y.Content[i], r.value(y.Content[i+1], depth+1)
		for key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		at := position{key.Line, key.Column}
		switch {
		case key.Kind != yaml.ScalarNode:
			r.fault = found("M8", at, "a key must be a text, found a list or a map")
		case key.ShortTag() == "!!merge":
			merged = append(merged, mergedFields(value)...)
		default:
			own = append(own, field{position: at, key: key.Value, value: value})
		}
	}
	return append(merged, own...)
}

// mergedFields is what a merge key's value, a map or a list of maps, brings
// in. Of several maps the first wins, so it comes last.
func mergedFields(value *node) []field {
	var fields []field
	for i := len(value.items) - 1; i >= 0; i-- {
		fields = append(fields, value.items[i].fields...)
	}
	return append(fields, value.fields...)
}

// kindOf tells what a YAML value is by its tag, given or resolved. Dates and
// binary data have no place in an AppSpec and are the text they are written
// as.
func kindOf(y *yaml.Node) (kind, string) {
	switch tag := y.ShortTag(); tag {
	case "!!map":
		if y.Kind == yaml.MappingNode {
			return table, ""
		}
	case "!!seq":
		if y.Kind == yaml.SequenceNode {
			return list, ""
		}
	case "!!null":
		return null, ""
	case "!!int", "!!float":
		return number, y.Value
	case "!!bool":
		return boolean, y.Value
	case "!!str", "!!timestamp", "!!binary", "!!merge":
		return text, y.Value
	}
	return tagged, y.ShortTag()
}
