package proxy

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
)

// head is the head of an answer but for its fields.
type head struct {
	status    int
	length    int64 // of the body; -1: until the end of the chunks or of the connection
	chunked   bool
	keepAlive bool
	upgrade   string
}

var (
	errNoAnswer = errors.New("the target closed the connection before it answered")
	errTooLarge = errors.New("the head of the answer is too large")
)

// readBlock reads lines up to and with an empty one, and leaves that out.
func (c *conn) readBlock(limit int) (string, error) {
	c.in = c.in[:0]
	start := 0
	for {
		line, err := c.r.ReadSlice('\n')
		c.in = append(c.in, line...)
		switch {
		case err == bufio.ErrBufferFull:
		case err != nil:
			return "", err
		case len(c.in)-start <= 2 && strings.TrimRight(string(c.in[start:]), "\r\n") == "":
			return string(c.in[:start]), nil
		default:
			start = len(c.in)
		}
		if len(c.in) > limit {
			return "", errTooLarge
		}
	}
}

// readHead reads the head of an answer and adds its fields, those of the hop
// left out, to h. errNoAnswer: nothing came at all.
func (c *conn) readHead(h http.Header, method string, limit int) (head, error) {
	block, err := c.readBlock(limit)
	if err != nil {
		if len(c.in) == 0 && !isTimeout(err) {
			return head{}, fmt.Errorf("%w: %w", errNoAnswer, err)
		}
		return head{}, err
	}
	line, rest, _ := strings.Cut(block, "\n")
	out, minor, err := parseStatus(strings.TrimSuffix(line, "\r"))
	if err != nil {
		return out, err
	}
	var hop hopFields
	if err := parseFields(h, rest, &hop); err != nil {
		return out, err
	}
	return out, out.settle(h, &hop, method, minor)
}

// parseStatus reads "HTTP/1.1 200 OK".
func parseStatus(line string) (out head, minor byte, err error) {
	if len(line) < 12 || line[:7] != "HTTP/1." || line[8] != ' ' || (len(line) > 12 && line[12] != ' ') {
		return out, 0, errors.New("the answer does not begin with a status line")
	}
	status, err := strconv.ParseUint(line[9:12], 10, 16)
	if err != nil || status < 100 {
		return out, 0, errors.New("the status of the answer is none")
	}
	out.status = int(status)
	return out, line[7], nil
}

// hopFields are the fields that concern the connection to the target only.
type hopFields struct {
	connection, encoding, lengths []string
	upgrade                       string
}

// parseFields reads the lines of a head or of trailers. Folded lines and names
// that are no tokens are errors: another reader may see another message.
func parseFields(h http.Header, block string, hop *hopFields) error {
	values := make([]string, 0, strings.Count(block, "\n"))
	for len(block) > 0 {
		line, rest, _ := strings.Cut(block, "\n")
		block = rest
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\r"), ":")
		if !ok || !isToken(name) || strings.ContainsAny(value, "\r\x00") {
			return errors.New("a field of the answer has no proper name")
		}
		name = textproto.CanonicalMIMEHeaderKey(name)
		value = strings.Trim(value, " \t")
		switch name {
		case "Connection":
			hop.connection = append(hop.connection, value)
		case "Transfer-Encoding":
			hop.encoding = append(hop.encoding, value)
		case "Content-Length":
			hop.lengths = append(hop.lengths, value)
		case "Upgrade":
			hop.upgrade = value
		case "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Te":
		default:
			if have := h[name]; have != nil {
				h[name] = append(have, value)
				continue
			}
			values = append(values, value)
			n := len(values)
			h[name] = values[n-1 : n : n]
		}
	}
	return nil
}

// settle decides where the body ends and whether the connection can go on.
func (o *head) settle(h http.Header, hop *hopFields, method string, minor byte) error {
	for _, line := range hop.connection {
		for name := range strings.SplitSeq(line, ",") {
			delete(h, textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(name)))
		}
	}
	o.keepAlive = minor >= '1' && !hasToken(hop.connection, "close") || minor == '0' && hasToken(hop.connection, "keep-alive")
	length, err := bodyLength(hop.lengths)
	if err != nil {
		return err
	}
	if len(hop.encoding) > 0 {
		if len(hop.encoding) > 1 || !strings.EqualFold(hop.encoding[0], "chunked") {
			return errors.New("the answer has a transfer encoding other than chunked")
		}
		o.chunked = true
		o.keepAlive = o.keepAlive && length < 0 // both: the chunks count, and nothing after them is trusted
		length = -1
	}
	if length >= 0 {
		h["Content-Length"] = hop.lengths[:1]
	}
	if !o.chunked {
		delete(h, "Trailer")
	}
	if o.length = length; length < 0 && !o.chunked {
		o.keepAlive = o.keepAlive && noBody(o.status, method)
	}
	if o.status == http.StatusSwitchingProtocols {
		o.upgrade, o.keepAlive = hop.upgrade, false
	}
	if noBody(o.status, method) {
		o.length, o.chunked = 0, false
	}
	return nil
}

// noBody tells what the status and method alone decide.
func noBody(status int, method string) bool {
	return method == http.MethodHead || status < 200 || status == http.StatusNoContent || status == http.StatusNotModified
}

// bodyLength is the one Content-Length, -1 for none.
func bodyLength(lines []string) (int64, error) {
	if len(lines) == 0 {
		return -1, nil
	}
	for _, line := range lines {
		if line != lines[0] || line == "" || line[0] < '0' || line[0] > '9' {
			return 0, errors.New("the length of the answer's body is ambiguous")
		}
	}
	n, err := strconv.ParseInt(lines[0], 10, 64)
	if err != nil {
		return 0, errors.New("the length of the answer's body is none")
	}
	return n, nil
}

// endOf is the error of a body that ended before it should.
func endOf(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
