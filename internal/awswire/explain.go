package awswire

import (
	stdjson "encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxPath bounds a member path in a message, because names inside maps are the client's own.
const maxPath = 200

// explain turns the JSON library's error into a SerializationException. The library's text, and that of a type's own
// UnmarshalJSON, may quote the value, so neither is passed on.
func explain(err error) *Error {
	if e, ok := errors.AsType[*json.SemanticError](err); ok {
		return serialization(memberPath(e.JSONPointer) + ": " + mismatch(e) + ".")
	}
	e, ok := errors.AsType[*jsontext.SyntacticError](err)
	switch {
	case ok && errors.Is(e.Err, jsontext.ErrDuplicateName):
		return serialization(memberPath(e.JSONPointer) + ": the member is given twice.")
	case ok:
		return serialization(fmt.Sprintf("The request body is not valid JSON at byte %d.", e.ByteOffset))
	}
	return serialization("The request body is not valid JSON.")
}

func mismatch(e *json.SemanticError) string {
	if own, ok := errors.AsType[expectation](e.Err); ok {
		return string(own)
	}
	wanted := typeNoun(e.GoType)
	if e.JSONKind == 0 || e.JSONKind == jsontext.KindInvalid {
		return "expected " + wanted
	}
	return "expected " + wanted + ", found " + kindNoun(e.JSONKind)
}

var unmarshaler = reflect.TypeFor[stdjson.Unmarshaler]()

// typeNoun says what a member of type t should have been.
func typeNoun(t reflect.Type) string {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil {
		return "another kind of value"
	}
	if t.Name() != "" && reflect.PointerTo(t).Implements(unmarshaler) {
		return "a valid " + t.Name()
	}
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "a boolean"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "an integer"
	case reflect.Float32, reflect.Float64:
		return "a number in range"
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return "base64 text"
		}
		return "a list"
	}
	return "an object"
}

// memberPath writes a JSON pointer the way AWS documentation names members: ecsServices[0].serviceName.
func memberPath(p jsontext.Pointer) string {
	var b strings.Builder
	for token := range p.Tokens() {
		switch {
		case token != "" && strings.Trim(token, "0123456789") == "":
			b.WriteString("[" + token + "]")
		case b.Len() > 0:
			b.WriteString("." + token)
		default:
			b.WriteString(token)
		}
		if b.Len() > maxPath {
			return strings.ToValidUTF8(b.String()[:maxPath], "") + "..."
		}
	}
	if b.Len() == 0 {
		return "The request body"
	}
	return b.String()
}
