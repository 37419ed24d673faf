package api_test

import (
	"encoding/json"
	"iter"
	"maps"
	"reflect"
	"slices"
	"strings"

	"greenlight/internal/codedeploy"
)

// unchanged stands for the answer of the baseline: the change is allowed.
const unchanged codedeploy.ExceptionCode = "the answer of the baseline"

// change is what happens to one member, and the answer that the table gives.
type change struct {
	kind   string
	to     any
	expect codedeploy.ExceptionCode
}

// absent takes a member, or an element, away.
type absent struct{}

var timestamp = reflect.TypeFor[codedeploy.Timestamp]()

// changes are all that can be wrong with a value of the kind at the place.
func changes(at place, value any, kind reflect.Type) []change {
	gone := goneAnswer(at)
	all := []change{{"null", nil, gone}}
	if strings.HasSuffix(at.part, "]") {
		all = []change{{"null", nil, elementAnswer(at, kind)}}
	} else {
		all = append(all, change{"missing", absent{}, gone})
	}
	for _, wrong := range wrongTypes(kind) {
		all = append(all, change{"of the type " + wrong.name, wrong.value, serializationException})
	}
	for kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	switch {
	case kind == timestamp:
		return all
	case kind.Kind() == reflect.String:
		return append(all, textChanges(at, kind)...)
	case kind.Kind() == reflect.Int64:
		return append(all, change{"negative", json.Number("-1"), at.row.Malformed})
	case kind.Kind() == reflect.Slice:
		return append(all, listChanges(at, value)...)
	case kind.Kind() == reflect.Struct:
		return append(all, change{"empty", object{}, emptyAnswer(at)})
	}
	return all
}

// goneAnswer is the table's answer to a member that is not there.
func goneAnswer(at place) codedeploy.ExceptionCode {
	switch {
	case at.part == "" && at.row.Missing != "":
		return at.row.Missing
	case at.part != "" && at.row.Limit(at.part).Needed:
		return at.row.Malformed
	}
	return unchanged
}

// elementAnswer is the answer to a null in a list, which for text is the empty
// one and for a structure one without members.
func elementAnswer(at place, kind reflect.Type) codedeploy.ExceptionCode {
	switch {
	case kind.Kind() != reflect.String:
		return emptyAnswer(at)
	case at.row.Missing != "" && !at.row.Limit(at.part).IsNotEmpty:
		return at.row.Missing
	case at.row.Limit(at.part).Known || codedeploy.Constraints[kind.Name()].Enum != nil:
		return at.row.Malformed
	}
	return unchanged
}

// emptyAnswer is the answer to a structure without members.
func emptyAnswer(at place) codedeploy.ExceptionCode {
	prefix := at.part + "."
	if at.part == "" {
		prefix = ""
	}
	if at.row.NeedsBelow(prefix) {
		return at.row.Malformed
	}
	return unchanged
}

func textChanges(at place, kind reflect.Type) []change {
	limit := at.row.Limit(at.part)
	empty := goneAnswer(at)
	if strings.HasSuffix(at.part, "]") {
		empty = elementAnswer(at, kind)
	}
	all := []change{{"empty", "", empty}}
	if values := codedeploy.Constraints[kind.Name()].Enum; values != nil {
		return append(all,
			change{"an unknown value", "no-such-value", at.row.Malformed},
			change{"in another case", swapCase(values[0]), at.row.Malformed})
	}
	long, bad := unchanged, unchanged
	if limit.Most > 0 || limit.HasForm {
		long = at.row.Malformed
	}
	if limit.HasForm {
		bad = at.row.Malformed
	}
	return append(all,
		change{"too long", strings.Repeat("x", max(limit.Most, 2999)+1), long},
		change{"out of pattern", "\u0001", bad})
}

func listChanges(at place, value any) []change {
	empty := goneAnswer(at)
	all := []change{{"empty", []any{}, empty}}
	if at.part == "" && at.row.Most > 0 {
		all = append(all, change{"too many", slices.Repeat(value.([]any), at.row.Most+1), at.row.TooMany})
	}
	return all
}

// wrongType is a value that a member cannot have by its JSON type, or by the
// range of numbers.
type wrongType struct {
	name  string
	value any
}

func wrongTypes(kind reflect.Type) []wrongType {
	text, number, truth := wrongType{"string", "x"}, wrongType{"number", json.Number("7")}, wrongType{"boolean", true}
	list, structure := wrongType{"list", []any{}}, wrongType{"object", object{}}
	for kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	switch {
	case kind == timestamp:
		return []wrongType{text, truth, list, structure, {"time before 1970", json.Number("-1")}, {"time after 9999", json.Number("253402300800")}}
	case kind.Kind() == reflect.String:
		return []wrongType{number, truth, list, structure}
	case kind.Kind() == reflect.Bool:
		return []wrongType{text, number, list, structure}
	case kind.Kind() == reflect.Int64:
		return []wrongType{text, truth, list, structure, {"fraction", json.Number("1.5")}, {"number out of range", json.Number("9223372036854775808")}}
	case kind.Kind() == reflect.Slice:
		return []wrongType{text, number, truth, structure}
	default:
		return []wrongType{text, number, truth, list}
	}
}

func swapCase(text string) string {
	if lower := strings.ToLower(text); lower != text {
		return lower
	}
	return strings.ToUpper(text)
}

// walk visits every member of a request with its type, and the first element of
// every list. What a visitor is shown it must not change.
func walk(value any, kind reflect.Type, at []any, visit func(at []any, value any, kind reflect.Type)) {
	if len(at) > 0 {
		visit(at, value, kind)
	}
	for kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	switch value := value.(type) {
	case object:
		of := maps.Collect(members(kind))
		for _, name := range slices.Sorted(maps.Keys(value)) {
			walk(value[name], of[name], append(slices.Clip(at), name), visit)
		}
		if kind.Kind() == reflect.Map {
			return
		}
	case []any:
		if len(value) > 0 {
			walk(value[0], kind.Elem(), append(slices.Clip(at), 0), visit)
		}
	}
}

// members are the wire names of a structure's members, with their types; those
// of a map are all that its name has.
func members(kind reflect.Type) iter.Seq2[string, reflect.Type] {
	return func(yield func(string, reflect.Type) bool) {
		if kind.Kind() == reflect.Map {
			for _, name := range codedeploy.Constraints[kind.Key().Name()].Enum {
				if !yield(name, kind.Elem()) {
					return
				}
			}
			return
		}
		for i := range kind.NumField() {
			name, _, _ := strings.Cut(kind.Field(i).Tag.Get("json"), ",")
			if name != "" && !yield(name, kind.Field(i).Type) {
				return
			}
		}
	}
}

// memberPaths are the paths of all members of an input, at any depth.
func memberPaths(kind reflect.Type, prefix string) []string {
	for kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	var paths []string
	switch {
	case kind.Kind() == reflect.Slice:
		paths = append(paths, prefix+"[]")
		paths = append(paths, memberPaths(kind.Elem(), prefix+"[]")...)
	case kind == timestamp:
	case kind.Kind() == reflect.Struct || kind.Kind() == reflect.Map:
		for name, member := range members(kind) {
			path := strings.TrimPrefix(prefix+"."+name, ".")
			paths = append(paths, path)
			paths = append(paths, memberPaths(member, path)...)
		}
	}
	return paths
}

// altered returns the tree with another value at a place.
func altered(tree any, at []any, to any) any {
	if len(at) == 0 {
		return to
	}
	switch step := at[0].(type) {
	case string:
		members := tree.(object)
		if _, gone := to.(absent); gone && len(at) == 1 {
			delete(members, step)
		} else {
			members[step] = altered(members[step], at[1:], to)
		}
	case int:
		elements := tree.([]any)
		elements[step] = altered(elements[step], at[1:], to)
	}
	return tree
}
