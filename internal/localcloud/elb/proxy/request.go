package proxy

import (
	"encoding/hex"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// acceptable tells whether a request can be written on a line of HTTP/1.1 as
// it is. net/http has refused ambiguous lengths and bad fields already; HTTP/2
// leaves spaces possible where HTTP/1.1 has separators.
func acceptable(r *http.Request) bool {
	return r.Method != http.MethodConnect && isToken(r.Method) && plain(r.RequestURI) && plain(r.Host)
}

// plain tells whether a text has no spaces and control characters.
func plain(text string) bool {
	for i := range len(text) {
		if text[i] <= ' ' || text[i] == 0x7f {
			return false
		}
	}
	return true
}

// isToken is RFC 9110's token, which names of fields and methods are.
func isToken(text string) bool {
	for i := range len(text) {
		if !tokenByte[text[i]] {
			return false
		}
	}
	return text != ""
}

var tokenByte = func() (table [256]bool) {
	for c := range table {
		table[c] = c > ' ' && c < 0x7f && !strings.ContainsRune(`"(),/:;<=>?@[\]{}`, rune(c))
	}
	return table
}()

// hasToken tells whether a list field names a token.
func hasToken(lines []string, token string) bool {
	for _, line := range lines {
		for item := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(item), token) {
				return true
			}
		}
	}
	return false
}

// upgrades is the protocol that a request asks for, "" for none. HTTP/2 is not
// passed on: the target would speak it past the rules.
func upgrades(r *http.Request) string {
	if r.ProtoMajor != 1 || r.ContentLength != 0 || !hasToken(r.Header["Connection"], "Upgrade") {
		return ""
	}
	protocol := r.Header.Get("Upgrade")
	if strings.Contains(strings.ToLower(protocol), "h2c") {
		return ""
	}
	return protocol
}

// appendHead writes a request's head as the target gets it.
func (x *exchange) appendHead(b []byte, address string) []byte {
	r := x.r
	b = append(append(b, r.Method...), ' ')
	switch {
	case r.RequestURI != "" && (r.RequestURI[0] == '/' || r.RequestURI == "*"):
		b = append(b, r.RequestURI...)
	default:
		b = append(b, r.URL.RequestURI()...)
	}
	host := r.Host
	if host == "" {
		host = address
	}
	b = appendField(append(b, " HTTP/1.1\r\n"...), "Host", host)
	for name, values := range r.Header {
		if dropped(name) || name == "X-Forwarded-For" || (r.Header["Connection"] != nil && hasToken(r.Header["Connection"], name)) {
			continue
		}
		for _, value := range values {
			b = appendField(b, name, value)
		}
	}
	b = x.appendForwarded(b)
	return append(x.appendFraming(b), "\r\n"...)
}

// dropped are the fields that hold for one hop only, and those that the load
// balancer says itself. It has answered Expect when it asked for the body.
func dropped(name string) bool {
	switch name {
	case "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "Te", "Trailer",
		"Transfer-Encoding", "Upgrade", "Http2-Settings", "Content-Length", "Expect", "Host",
		"X-Forwarded-Proto", "X-Forwarded-Port", "X-Amzn-Trace-Id":
		return true
	}
	return false
}

func appendField(b []byte, name, value string) []byte {
	b = append(append(b, name...), ':', ' ')
	return append(append(b, value...), '\r', '\n')
}

// appendForwarded tells where the request came from.
func (x *exchange) appendForwarded(b []byte) []byte {
	b = append(b, "X-Forwarded-For: "...)
	for _, value := range x.r.Header["X-Forwarded-For"] {
		b = append(append(b, value...), ", "...)
	}
	b = append(append(b, clientAddress(x.r.RemoteAddr)...), "\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Port: "...)
	b = append(append(b, x.l.port...), "\r\nX-Amzn-Trace-Id: "...)
	return append(appendTrace(b, x.now, x.r.Header["X-Amzn-Trace-Id"]), "\r\n"...)
}

func clientAddress(remote string) string {
	if i := strings.LastIndexByte(remote, ':'); i > 0 && remote[0] != '[' {
		return remote[:i]
	}
	if a, err := netip.ParseAddrPort(remote); err == nil {
		return a.Addr().String()
	}
	return remote
}

// appendTrace makes a trace ID, or puts the load balancer's own before the one
// that came.
func appendTrace(b []byte, now time.Time, given []string) []byte {
	rest := ""
	if len(given) > 0 {
		rest = given[0]
		if before, after, ok := strings.Cut(rest, ";"); ok && strings.HasPrefix(before, "Self=") {
			rest = after // of a load balancer before this one
		}
	}
	if strings.Contains(rest, "Root=") {
		return append(append(appendTraceID(append(b, "Self="...), now), ';'), rest...)
	}
	b = appendTraceID(append(b, "Root="...), now)
	if rest != "" {
		b = append(append(b, ';'), rest...)
	}
	return b
}

// appendTraceID is 1-<8 hex digits of seconds>-<24 of chance>.
func appendTraceID(b []byte, now time.Time) []byte {
	var raw [16]byte
	for i, part := range []uint64{uint64(now.Unix())<<32 | uint64(rand.Uint32()), rand.Uint64()} {
		for j := range 8 {
			raw[8*i+j] = byte(part >> (56 - 8*j))
		}
	}
	b = append(b, '1', '-')
	b = append(hex.AppendEncode(b, raw[:4]), '-')
	return hex.AppendEncode(b, raw[4:])
}

// appendFraming says how long the body is, and what is asked of the connection.
func (x *exchange) appendFraming(b []byte) []byte {
	r := x.r
	switch {
	case r.ContentLength > 0:
		b = append(strconv.AppendInt(append(b, "Content-Length: "...), r.ContentLength, 10), "\r\n"...)
	case x.streaming:
		b = append(b, "Transfer-Encoding: chunked\r\n"...)
		for name := range r.Trailer {
			b = appendField(b, "Trailer", name)
		}
	case r.Header["Content-Length"] != nil || r.Method == http.MethodPost || r.Method == http.MethodPut || r.Method == http.MethodPatch:
		b = append(b, "Content-Length: 0\r\n"...)
	}
	if hasToken(r.Header["Te"], "trailers") {
		b = append(b, "Te: trailers\r\n"...)
	}
	if x.upgrade != "" {
		b = appendField(append(b, "Connection: Upgrade\r\n"...), "Upgrade", x.upgrade)
	}
	return b
}
