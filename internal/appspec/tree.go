package appspec

import (
	"fmt"
	"slices"
	"strings"
)

// kind is what a value is, alike for JSON and YAML.
type kind string

const (
	null    kind = "null"
	text    kind = "text"
	number  kind = "number"
	boolean kind = "boolean"
	list    kind = "list"
	table   kind = "map"
	tagged  kind = "tag" // a YAML value with a tag of its own, such as !Ref
)

// node is one value of the file. Scalars keep their text as written (for text:
// as meant, without quotes and escapes); a tagged value keeps only its tag.
type node struct {
	position
	kind   kind
	text   string
	items  []*node // of a list
	fields []field // of a map: no key twice
}

type field struct {
	position
	key   string
	value *node
}

// newTable makes a map. Of two equal keys the last wins, as encoding/json and
// AWS's YAML parser have it.
func newTable(at position, fields []field) *node {
	n := &node{position: at, kind: table}
	n.fields = lastOfEach(fields, func(key string) string { return key })
	return n
}

// folded is the fields with keys that differ only in case taken as one, the
// last winning (ecs.md 2.2).
func (n *node) folded() []field { return lastOfEach(n.fields, strings.ToLower) }

func lastOfEach(fields []field, same func(string) string) []field {
	var kept []field
	index := make(map[string]int, len(fields))
	for _, f := range fields {
		id := same(f.key)
		if i, twice := index[id]; twice {
			kept[i] = f
			continue
		}
		index[id] = len(kept)
		kept = append(kept, f)
	}
	return kept
}

// get finds a member by its name without regard to case, the last one winning;
// nil when the map has none.
func (n *node) get(name string) *node {
	for i := len(n.fields) - 1; i >= 0; i-- {
		if f := n.fields[i]; strings.EqualFold(f.key, name) {
			return f.value
		}
	}
	return nil
}

// absent tells whether there is no value: no member, or null, which mean the
// same (lambda.md 2.3, M12).
func (n *node) absent() bool { return n == nil || n.kind == null }

// isText tells whether the value is exactly this text.
func (n *node) isText(s string) bool { return n != nil && n.kind == text && n.text == s }

// blank tells whether a value is absent or an empty string.
func (n *node) blank() bool { return n.absent() || n.isText("") }

// empty tells whether a value says nothing: it is blank, or a list of what is
// blank. AWS's own templates hold such placeholders.
func (n *node) empty() bool {
	return n.blank() || n.kind == list && !slices.ContainsFunc(n.items, func(item *node) bool { return !item.blank() })
}

// at is where the value stands, or the given place when there is none.
func (n *node) at(otherwise position) position {
	if n == nil {
		return otherwise
	}
	return n.position
}

// String describes the value for messages: "found <it>".
func (n *node) String() string {
	switch {
	case n == nil:
		return "nothing"
	case n.kind == text && n.text == "":
		return "an empty string"
	case n.kind == text:
		return quote(n.text)
	case n.kind == number, n.kind == boolean:
		return fmt.Sprintf("the %s %s", n.kind, plain(n.text))
	case n.kind == tagged:
		return "the YAML tag " + quote(n.text)
	case n.kind == null:
		return "null"
	case n.kind == list:
		return counted(len(n.items), "a list of", "item")
	default:
		return counted(len(n.fields), "a map of", "key")
	}
}

func counted(count int, of, what string) string {
	if count != 1 {
		what += "s"
	}
	return fmt.Sprintf("%s %d %s", of, count, what)
}
