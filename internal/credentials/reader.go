package credentials

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v4"
)

// maxProblems is how many faults of a file are told at once.
const maxProblems = 20

// reader walks the nodes of a file and gathers what is wrong with them.
type reader struct {
	name     string
	problems []error
}

func problem(name string, line int, format string, a ...any) error {
	return fmt.Errorf("%s:%d: %s", name, max(1, line), fmt.Sprintf(format, a...))
}

func (r *reader) problem(at *yaml.Node, format string, a ...any) {
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, problem(r.name, at.Line, format, a...))
	}
}

func (r *reader) fault() error { return errors.Join(r.problems...) }

// plain refuses what would let one part of the file stand for another.
func (r *reader) plain(n *yaml.Node) bool {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		r.problem(n, "anchors and aliases have no place here; values with special characters must be in quotes")
		return false
	}
	return true
}

// items are the values of a list.
func (r *reader) items(n *yaml.Node, what string) []*yaml.Node {
	if !r.plain(n) {
		return nil
	}
	if n.Kind != yaml.SequenceNode || n.ShortTag() != "!!seq" {
		r.problem(n, "%s must be a list", what)
		return nil
	}
	return n.Content
}

// mapping is a map as it was written, with the members by their names.
type mapping struct {
	*yaml.Node
	members map[string]*yaml.Node
}

// printable is a member's name that can be repeated: a secret that ended up in
// the place of a name is longer or has other characters.
var printable = regexp.MustCompile(`^[A-Za-z]{1,24}$`)

// mapping reads a map whose members must be among the known ones.
func (r *reader) mapping(n *yaml.Node, what string, known ...string) mapping {
	m := mapping{Node: n, members: map[string]*yaml.Node{}}
	if !r.plain(n) {
		return m
	}
	if n.Kind != yaml.MappingNode || n.ShortTag() != "!!map" {
		r.problem(n, "%s must be a map", what)
		return m
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case !slices.Contains(known, key.Value) && printable.MatchString(key.Value):
			r.problem(key, "unknown member %q", key.Value)
		case !slices.Contains(known, key.Value):
			r.problem(key, "an unknown member")
		case m.members[key.Value] != nil:
			r.problem(key, "the member %q is given twice", key.Value)
		default:
			m.members[key.Value] = value
		}
	}
	return m
}

// form is what a text must look like.
type form struct {
	most    int // bytes
	pattern *regexp.Regexp
	rule    string // completes "<member> must be"
}

// newForm makes a form from a pattern of the whole text.
func newForm(most int, pattern, rule string) form {
	return form{most, regexp.MustCompile(`^(?:` + pattern + `)$`), rule}
}

func (f form) fits(text string) bool { return len(text) <= f.most && f.pattern.MatchString(text) }

// required is a member that must be there. The line of a fault is the member's,
// or the map's if it is missing.
func (r *reader) required(m mapping, name string, f form) string {
	if m.members[name] == nil {
		r.missing(m, name)
		return ""
	}
	return r.text(m.members[name], name, f)
}

func (r *reader) optional(m mapping, name string, f form) string {
	if m.members[name] == nil {
		return ""
	}
	return r.text(m.members[name], name, f)
}

// missing tells of a member that is not there, unless the map itself is wrong.
func (r *reader) missing(m mapping, name string) {
	if m.Kind == yaml.MappingNode {
		r.problem(m.Node, "the member %q is missing", name)
	}
}

// text reads a scalar as it is written: an account without quotes is a number
// to YAML, and must not lose its zeros.
func (r *reader) text(n *yaml.Node, what string, f form) string {
	if !r.plain(n) {
		return ""
	}
	scalar := n.Kind == yaml.ScalarNode && slices.Contains(
		[]string{"!!str", "!!int", "!!float", "!!bool", "!!timestamp"}, n.ShortTag())
	if !scalar || !f.fits(n.Value) {
		r.problem(n, "%s must be %s", what, f.rule)
		return ""
	}
	return n.Value
}
