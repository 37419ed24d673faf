package awswire

import (
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxFormDepth bounds the dots in a parameter's name; no AWS shape comes near it.
const maxFormDepth = 16

// DecodeQuery reads a form of the query protocol into the struct that into points to. Its fields have the members'
// names, or those in a `query:"..."` tag, and are of type string, bool, int64, float64, time.Time, a struct, a pointer to
// one of them (nil if the member is absent), a slice ("Names.member.1") or a map with string keys ("Tags.entry.1.key").
// Parameters that the struct has no field for are skipped. Errors are *[Error]: MalformedInput, naming the parameter and
// what it must be, never its value.
func DecodeQuery(form url.Values, into any) error {
	root := new(formNode)
	for name, values := range form {
		if strings.Count(name, ".") > maxFormDepth {
			return badRequest("MalformedInput", "The parameter "+excerpt(name)+" is nested too deeply.")
		}
		if len(values) > 0 {
			root.put(strings.Split(name, "."), values[0])
		}
	}
	return root.decode("", reflect.ValueOf(into).Elem())
}

// formNode is what a form has under one name: a value, or what follows after a dot, or both.
type formNode struct {
	value *string
	under map[string]*formNode
}

func (n *formNode) put(path []string, value string) {
	for _, name := range path {
		next := n.under[name]
		if next == nil {
			next = new(formNode)
			if n.under == nil {
				n.under = map[string]*formNode{}
			}
			n.under[name] = next
		}
		n = next
	}
	n.value = &value
}

var timeType = reflect.TypeFor[time.Time]()

// decode fills v from n; name is the parameter as the client wrote it.
func (n *formNode) decode(name string, v reflect.Value) error {
	switch {
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return n.decode(name, v.Elem())
	case v.Type() == timeType:
	case v.Kind() == reflect.Struct:
		return n.decodeStruct(name, v)
	case v.Kind() == reflect.Slice:
		return n.decodeList(name, v)
	case v.Kind() == reflect.Map:
		return n.decodeMap(name, v)
	}
	if n.value == nil {
		return wrongForm(name, "a single value")
	}
	return decodeScalar(name, *n.value, v)
}

func (n *formNode) decodeStruct(name string, v reflect.Value) error {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		member := field.Tag.Get("query")
		if member == "" {
			member = field.Name
		}
		if child := n.under[member]; child != nil {
			if err := child.decode(join(name, member), v.Field(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// decodeList takes the members in the order of their numbers. A list without members is written "Names=".
func (n *formNode) decodeList(name string, v reflect.Value) error {
	items, err := n.numbered(name, "member")
	if err != nil {
		return err
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		if err := item.decode(join(name, "member."+strconv.Itoa(i+1)), v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func (n *formNode) decodeMap(name string, v reflect.Value) error {
	entries, err := n.numbered(name, "entry")
	if err != nil {
		return err
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(entries)))
	for i, entry := range entries {
		at := join(name, "entry."+strconv.Itoa(i+1))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		for part, into := range map[string]reflect.Value{"key": key, "value": value} {
			child := entry.under[part]
			if child == nil {
				return wrongForm(at, "a pair of key and value")
			}
			if err := child.decode(join(at, part), into); err != nil {
				return err
			}
		}
		v.SetMapIndex(key, value)
	}
	return nil
}

// numbered returns what is under "<word>.1", "<word>.2" and so on, in that order. Numbers may be left out.
func (n *formNode) numbered(name, word string) ([]*formNode, error) {
	list := n.under[word]
	if list == nil {
		if len(n.under) > 0 || n.value != nil && *n.value != "" {
			return nil, wrongForm(name, "a list, as in "+word+".1")
		}
		return nil, nil
	}
	byNumber := make(map[int]*formNode, len(list.under))
	for text, item := range list.under {
		number, err := strconv.Atoi(text)
		if err != nil || number < 1 || text != strconv.Itoa(number) {
			return nil, wrongForm(join(name, word+"."+text), "numbered from 1")
		}
		byNumber[number] = item
	}
	items := make([]*formNode, 0, len(byNumber))
	for _, number := range slices.Sorted(maps.Keys(byNumber)) {
		items = append(items, byNumber[number])
	}
	return items, nil
}

func decodeScalar(name, text string, v reflect.Value) error {
	switch v.Interface().(type) {
	case string:
		v.SetString(text)
	case bool:
		if text != "true" && text != "false" {
			return wrongForm(name, "true or false")
		}
		v.SetBool(text == "true")
	case int64:
		number, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return wrongForm(name, "an integer")
		}
		v.SetInt(number)
	case float64:
		number, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return wrongForm(name, "a number")
		}
		v.SetFloat(number)
	case time.Time:
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return wrongForm(name, "a time such as 2011-06-15T00:00:00Z")
		}
		v.Set(reflect.ValueOf(at))
	default:
		panic("awswire: DecodeQuery cannot fill a " + v.Type().String())
	}
	return nil
}

func join(name, member string) string {
	if name == "" {
		return member
	}
	return name + "." + member
}

func wrongForm(name, want string) *Error {
	return badRequest("MalformedInput", "The parameter "+excerpt(name)+" must be "+want+".")
}
