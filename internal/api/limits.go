package api

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"greenlight/internal/codedeploy"
)

// limits are those of a member, under "", and of what is inside, under its path
// from there: "alarms[].name". Enumerations need no limit: the model has them
// for every value of their type, at any depth.
type limits map[string]limit

// limit bounds a text or demands a part.
type limit struct {
	shape  string   // of the model, whose bounds hold
	least  int      // characters, where the model has no bound
	most   int      // characters, where the model has none
	like   form     // pattern, where the model has none
	oneOf  []string // fewer values than the model's enumeration
	needed bool     // the part is there and not empty
}

// form is a pattern and how a message puts it.
type form struct {
	is   func(string) bool
	rule string
}

// bounds are the model's where it has any.
func (l limit) bounds() (least, most int) {
	if l.shape == "" {
		return l.least, l.most
	}
	of := codedeploy.Constraints[l.shape]
	return of.Min, of.Max
}

// within judges a value and all that is inside by the limits. part is where the
// value stands in limits, path where it stands in the request.
func (m *member) within(value reflect.Value, part, path string) error {
	switch value.Kind() {
	case reflect.Pointer:
		if value.IsNil() {
			return nil
		}
		return m.within(value.Elem(), part, path)
	case reflect.Struct:
		return m.withinStructure(value, part, path)
	case reflect.Slice:
		for i := range value.Len() {
			if err := m.element(value.Index(i), part+"[]", fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
	case reflect.String:
		if value.Len() > 0 {
			return m.text(value, part, path)
		}
	}
	return nil
}

func (m *member) withinStructure(value reflect.Value, part, path string) error {
	if part != "" {
		part += "."
	}
	for _, f := range fieldsOf(value.Type()) {
		inside := value.Field(f.index)
		if m.limits[part+f.name].needed && isEmpty(inside) {
			return m.bad("The %s.%s must be specified.", path, f.name)
		}
		if err := m.within(inside, part+f.name, path+"."+f.name); err != nil {
			return err
		}
	}
	return nil
}

// element judges an element of a list, which unlike a member may not be empty
// text: no name, and no value of an enumeration, is. Where a bound says so it is
// malformed, else missing.
func (m *member) element(value reflect.Value, part, path string) error {
	if value.Kind() != reflect.String || value.Len() > 0 {
		return m.within(value, part, path)
	}
	if m.missing != "" && m.limits[part].least == 0 {
		return m.missing.Errorf("The %s must be specified.", path)
	}
	return m.text(value, part, path)
}

func (m *member) text(value reflect.Value, part, path string) error {
	text, limit := value.String(), m.limits[part]
	if part == "" {
		path = m.called()
	}
	values := limit.oneOf
	if values == nil {
		values = codedeploy.Constraints[value.Type().Name()].Enum
	}
	if values != nil && !slices.Contains(values, text) {
		return m.bad("The %s %q is not one of %v.", path, excerpt(text), values)
	}
	length := utf8.RuneCountInString(text)
	switch least, most := limit.bounds(); {
	case length < least:
		return m.bad("The %s is %d characters long; at least %d are needed.", path, length, least)
	case most > 0 && length > most:
		return m.bad("The %s %q is %d characters long; at most %d are allowed.", path, excerpt(text), length, most)
	case limit.like.is != nil && !limit.like.is(text):
		return m.bad("The %s %q is not valid: it must be %s.", path, excerpt(text), limit.like.rule)
	}
	return nil
}

// excerpt bounds how much of a caller's text a message repeats.
func excerpt(text string) string {
	const most = 120
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "..."
}

// fields has, for the structures seen so far, where their members stand.
var fields sync.Map // reflect.Type -> []field

// field is a member of a structure of the model.
type field struct {
	name  string // on the wire
	index int
}

// fieldsOf lists the members of a structure in the order of their names.
func fieldsOf(structure reflect.Type) []field {
	if known, ok := fields.Load(structure); ok {
		return known.([]field)
	}
	var found []field
	for i := range structure.NumField() {
		if name, _, _ := strings.Cut(structure.Field(i).Tag.Get("json"), ","); name != "" {
			found = append(found, field{name, i})
		}
	}
	fields.Store(structure, found)
	return found
}

func fieldOf(structure reflect.Value, name string) (reflect.Value, bool) {
	for _, f := range fieldsOf(structure.Type()) {
		if f.name == name {
			return structure.Field(f.index), true
		}
	}
	return reflect.Value{}, false
}
