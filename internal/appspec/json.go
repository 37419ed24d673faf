package appspec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

var (
	errNotUTF8 = errors.New("it is not UTF-8 here")
	errTooDeep = fmt.Errorf("lists and maps are nested deeper than %d levels", maxDepth)
)

// jsonSyntax returns the first syntax error of a JSON text and its place, or
// nil for well-formed JSON.
func jsonSyntax(content []byte) (position, error) {
	c := cursor{content: content}
	if valid := validUTF8(content); valid < len(content) {
		return c.move(valid), errNotUTF8
	}
	var raw json.RawMessage
	err := json.Unmarshal(content, &raw)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		// Offset counts the bytes read, the offending one included.
		return c.move(int(syntax.Offset) - 1), err
	}
	return position{}, err
}

// validUTF8 is the number of bytes before the first that is not UTF-8.
func validUTF8(content []byte) int {
	for i := 0; i < len(content); {
		r, size := utf8.DecodeRune(content[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(content)
}

// parseJSON builds the tree of a text that jsonSyntax found no fault with.
func parseJSON(content []byte) (*node, *finding) {
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	r := jsonReader{decoder: decoder, cursor: cursor{content: content}}
	root, err := r.value(0)
	if err != nil {
		return nil, found("M8", r.cursor.position(), "%s", err)
	}
	return root, nil
}

// jsonReader walks the decoder's tokens, because the decoder alone tells no
// places; cursor turns its offsets into lines.
type jsonReader struct {
	decoder *json.Decoder
	cursor  cursor
}

func (r *jsonReader) token() (json.Token, position, error) {
	at := r.cursor.moveToToken(int(r.decoder.InputOffset()))
	token, err := r.decoder.Token()
	return token, at, err
}

func (r *jsonReader) value(depth int) (*node, error) {
	token, at, err := r.token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		if depth == maxDepth {
			return nil, errTooDeep
		}
		if t == '[' {
			return r.list(at, depth+1)
		}
		return r.table(at, depth+1)
	case string:
		return &node{position: at, kind: text, text: t}, nil
	case json.Number:
		return &node{position: at, kind: number, text: t.String()}, nil
	case bool:
		return &node{position: at, kind: boolean, text: fmt.Sprint(t)}, nil
	default:
		return &node{position: at, kind: null}, nil
	}
}

func (r *jsonReader) list(at position, depth int) (*node, error) {
	n := &node{position: at, kind: list}
	for r.decoder.More() {
		item, err := r.value(depth)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
	}
	_, _, err := r.token() // the closing bracket
	return n, err
}

func (r *jsonReader) table(at position, depth int) (*node, error) {
	var fields []field
	for r.decoder.More() {
		key, keyAt, err := r.token()
		if err != nil {
			return nil, err
		}
		value, err := r.value(depth)
		if err != nil {
			return nil, err
		}
		fields = append(fields, field{position: keyAt, key: key.(string), value: value})
	}
	_, _, err := r.token() // the closing brace
	return newTable(at, fields), err
}

// cursor turns byte offsets into positions. It only moves forward, so a whole
// text costs one pass.
type cursor struct {
	content []byte
	offset  int
	lines   int // line breaks passed
	columns int // characters passed since the last one
}

func (c *cursor) move(offset int) position {
	for offset = min(offset, len(c.content)); c.offset < offset; c.offset++ {
		switch b := c.content[c.offset]; {
		case b == '\n':
			c.lines, c.columns = c.lines+1, 0
		case utf8.RuneStart(b):
			c.columns++
		}
	}
	return c.position()
}

// moveToToken moves to the first token at or after the offset.
func (c *cursor) moveToToken(offset int) position {
	c.move(offset)
	for c.offset < len(c.content) && strings.IndexByte(" \t\r\n,:", c.content[c.offset]) >= 0 {
		c.move(c.offset + 1)
	}
	return c.position()
}

func (c *cursor) position() position {
	return position{line: c.lines + 1, column: c.columns + 1}
}
