package awswire

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// stamp has its own JSON form, as a timestamp has.
type stamp struct{ text string }

func (s *stamp) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	if b[0] == '"' {
		return errors.New("no stamp: " + string(b))
	}
	s.text = string(b)
	return nil
}

func (s stamp) MarshalJSON() ([]byte, error) { return []byte(s.text), nil }
func (s stamp) IsZero() bool                 { return s == stamp{} }

type shapeItem struct {
	Name string `json:"name,omitzero"`
}

type shape struct {
	Name   string            `json:"name,omitzero"`
	Flag   *bool             `json:"flag,omitzero"`
	Count  *int64            `json:"count,omitzero"`
	Small  int32             `json:"small,omitzero"`
	Plain  int               `json:"plain,omitzero"`
	Weight *float64          `json:"weight,omitzero"`
	Stamp  stamp             `json:"stamp,omitzero"`
	Items  []shapeItem       `json:"items,omitzero"`
	Tags   map[string]string `json:"tags,omitzero"`
	Inner  *shape            `json:"inner,omitzero"`
	Always string            `json:"always"`
	Bytes  []byte            `json:"bytes,omitzero"`
}

func TestDecode(t *testing.T) {
	tests := []struct {
		name, body string
		want       shape
	}{
		{"empty", ` {} `, shape{}},
		{"unknown members are ignored", `{"name":"a","newer":{"deep":[1,{"x":null}]}}`, shape{Name: "a"}},
		{"names are case-sensitive", `{"Name":"a","NAME":"b"}`, shape{}},
		{"null is absent", `{"name":null,"flag":null,"count":null,"small":null,"plain":null,"weight":null,"stamp":null,"items":null,"tags":null,"inner":null}`, shape{}},
		{"false is not absent", `{"flag":false,"count":0}`, shape{Flag: new(false), Count: new(int64(0))}},
		{"whole numbers with a point", `{"count":5.0,"small":-5.00,"plain":50e-1}`, shape{Count: new(int64(5)), Small: -5, Plain: 5}},
		{"whole numbers with an exponent", `{"count":1.25E+2,"small":0e99999999999999999999,"plain":-0.0}`, shape{Count: new(int64(125))}},
		{"the largest and the smallest", `{"count":9223372036854775807.0,"inner":{"count":-9223372036854775808,"small":-2147483648}}`,
			shape{Count: new(int64(1<<63 - 1)), Inner: &shape{Count: new(int64(-1 << 63)), Small: -1 << 31}}},
		{"own form", `{"stamp":1446744188.711}`, shape{Stamp: stamp{"1446744188.711"}}},
		{"empty list is not absent", `{"items":[],"tags":{}}`, shape{Items: []shapeItem{}, Tags: map[string]string{}}},
		{"unicode", `{"name":"gr\u00f6\u00dfe 😀","tags":{"é":"ü"}}`, shape{Name: "größe 😀", Tags: map[string]string{"é": "ü"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got shape
			if err := Decode([]byte(test.body), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(stamp{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	deep := strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth)
	tests := []struct{ name, body, message string }{
		{"nothing", ``, "The request body is not a JSON object."},
		{"null", `null`, "The request body is not a JSON object."},
		{"list", `[]`, "The request body is not a JSON object."},
		{"not JSON", `{"name":}`, "The request body is not valid JSON at byte 8."},
		{"cut short", `{"name":"a"`, "The request body is not valid JSON at byte 11."},
		{"two values", `{} {}`, "The request body is not valid JSON at byte 3."},
		{"invalid UTF-8", "{\"name\":\"\xff\"}", "The request body is not valid JSON at byte 9."},
		{"invalid UTF-8 in a skipped member", "{\"other\":\"\xff\"}", "The request body is not valid JSON at byte 10."},
		{"twice", `{"name":"a","name":"b"}`, "name: the member is given twice."},
		{"skipped twice", `{"inner":{"x":1,"x":2}}`, "inner.x: the member is given twice."},
		{"too deep", `{"other":` + deep + `}`, "The request body is nested too deeply."},
		{"number for string", `{"name":5}`, "name: expected a string, found a number."},
		{"string for boolean", `{"flag":"true"}`, "flag: expected a boolean, found a string."},
		{"boolean for list", `{"items":true}`, "items: expected a list, found a boolean."},
		{"list for map", `{"tags":["hunter2"]}`, "tags: expected an object, found a list."},
		{"string for structure", `{"inner":"hunter2"}`, "inner: expected an object, found a string."},
		{"in a list", `{"inner":{"items":[{"name":"a"},{"name":{}}]}}`, "inner.items[1].name: expected a string, found an object."},
		{"in a map", `{"tags":{"key":1}}`, "tags.key: expected a string, found a number."},
		{"string for integer", `{"count":"5"}`, "count: expected an integer, found a string."},
		{"object for integer", `{"inner":{"plain":{}}}`, "inner.plain: expected an integer, found an object."},
		{"fraction", `{"count":5.5}`, "count: expected an integer, found a number with a fraction."},
		{"small fraction", `{"count":1.00000000000000000001}`, "count: expected an integer, found a number with a fraction."},
		{"fraction by exponent", `{"count":5e-1}`, "count: expected an integer, found a number with a fraction."},
		{"too large", `{"count":9223372036854775808}`, "count: the integer is out of range."},
		{"far too large", `{"count":1e999999999}`, "count: the integer is out of range."},
		{"beyond any exponent", `{"count":1e99999999999999999999}`, "count: the integer is out of range."},
		{"too large for 32 bits", `{"small":2147483648}`, "small: the integer is out of range."},
		{"number beyond floats", `{"weight":1e999}`, "weight: expected a number in range, found a number."},
		{"own form refuses", `{"stamp":"hunter2"}`, "stamp: expected a valid stamp, found a string."},
		{"bad base64", `{"bytes":"hunter2!"}`, "bytes: expected base64 text, found a string."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := Decode([]byte(test.body), new(shape))
			wantFault(t, err, "SerializationException", test.message)
			if e := present(err); e.Message != test.message {
				t.Errorf("got %q, want %q", e.Message, test.message)
			}
		})
	}
	t.Run("long path", func(t *testing.T) {
		err := Decode([]byte(`{"tags":{"`+strings.Repeat("é", 500)+`":1}}`), new(shape))
		wantFault(t, err, "SerializationException", "tags.éé")
		if n := len(err.Error()); n > 350 {
			t.Errorf("the message has %d bytes", n)
		}
	})
}

func TestEncode(t *testing.T) {
	tests := []struct {
		name string
		v    any
		want string
	}{
		{"nil", nil, ""},
		{"absent and always", shape{}, `{"always":""}`},
		{"false and empty are present", shape{Flag: new(false), Items: []shapeItem{}, Count: new(int64(0))}, `{"flag":false,"count":0,"items":[],"always":""}`},
		{"own form", &shape{Stamp: stamp{"1446744188.711"}}, `{"stamp":1446744188.711,"always":""}`},
		{"maps in order", map[string]int{"b": 1, "a": 2, "c": 3}, `{"a":2,"b":1,"c":3}`},
		{"no HTML escapes", shapeItem{"<a&b>"}, `{"name":"<a&b>"}`},
		{"invalid UTF-8", shapeItem{"a\xffb"}, `{"name":"a` + "\uFFFD" + `b"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Encode(test.v)
			if err != nil || string(got) != test.want {
				t.Errorf("got %s, %v; want %s", got, err, test.want)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{}`, `{"name":"a","count":5.0,"items":[{"name":null}],"tags":{"k":"v"}}`, `{"inner":{"inner":{"small":1e2}}}`,
		`{"stamp":"x","weight":-0.5e-7,"bytes":"AA=="}`, "{\"name\":\"\xff\"}", `{"count":1e999999999}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var first shape
		if err := Decode(body, &first); err != nil {
			if e := present(err); e.Code != "SerializationException" || e.Message == "" || len(e.Message) > 400 {
				t.Fatalf("refused with %v", e)
			}
			return
		}
		if !json.Valid(body) {
			t.Fatalf("accepted what is not JSON: %q", body)
		}
		encoded, err := Encode(first)
		if err != nil {
			t.Fatalf("accepted, but not encodable: %v", err)
		}
		var second shape
		if err := Decode(encoded, &second); err != nil {
			t.Fatalf("own output refused: %v: %s", err, encoded)
		}
		if diff := cmp.Diff(first, second, cmp.AllowUnexported(stamp{})); diff != "" {
			t.Fatalf("round trip changed the value: %s", diff)
		}
	})
}
