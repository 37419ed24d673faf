package awswire

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxDepth bounds the nesting of request bodies; no AWS shape comes near it.
const maxDepth = 64

// decodeOptions add integers as AWS takes them to the strictness that the JSON library has by default: member names are
// case-sensitive, duplicate names and invalid UTF-8 are refused, unknown members are skipped.
var decodeOptions = json.WithUnmarshalers(json.JoinUnmarshalers(
	json.UnmarshalFromFunc(decodeInteger[int64]),
	json.UnmarshalFromFunc(decodeInteger[int32]),
	json.UnmarshalFromFunc(decodeInteger[int]),
))

// encodeOptions make answers repeatable, and keep a stray byte in stored text (a function's log tail, say) from making
// a whole answer impossible: it becomes U+FFFD.
var encodeOptions = json.JoinOptions(json.Deterministic(true), jsontext.AllowInvalidUTF8(true))

// Decode reads a JSON object into the struct that into points to. A null member is the same as an absent one, an
// integer may be written 5.0 (api.md 1.1, 1.3). The error is a SerializationException that names the member and the
// kind of value found, never the value.
func Decode(body []byte, into any) error {
	if jsontext.Value(body).Kind() != '{' {
		return serialization("The request body is not a JSON object.")
	}
	if tooDeep(body) {
		return serialization("The request body is nested too deeply.")
	}
	if err := json.Unmarshal(body, into, decodeOptions); err != nil {
		return explain(err)
	}
	return nil
}

// Encode writes v as JSON; nil becomes an empty body. Types decide about their members with omitzero and MarshalJSON.
func Encode(v any) ([]byte, error) {
	if v == nil {
		return nil, nil
	}
	return json.Marshal(v, encodeOptions)
}

// tooDeep scans for nesting beyond maxDepth, so that the bound holds for skipped members too.
func tooDeep(body []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}
