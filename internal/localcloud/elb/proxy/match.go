package proxy

import (
	"net/http"
	"net/netip"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
)

// inquiry is a request as conditions see it.
type inquiry struct {
	r     *http.Request
	query url.Values // parsed when first asked for
}

// matcher is a condition made ready.
type matcher func(*inquiry) bool

// compile makes a condition ready to be asked for every request.
func (c Condition) compile() matcher {
	switch c.Kind {
	case PathPattern:
		patterns := slices.Clone(c.Values)
		return func(q *inquiry) bool { return anyMatches(patterns, q.r.URL.Path) }
	case HostHeader:
		patterns := lowered(c.Values)
		return func(q *inquiry) bool {
			host, _ := splitHost(q.r.Host)
			return anyMatches(patterns, strings.ToLower(host))
		}
	case HTTPHeader:
		return headerMatcher(textproto.CanonicalMIMEHeaderKey(c.Header), lowered(c.Values))
	case Method:
		methods := slices.Clone(c.Values)
		return func(q *inquiry) bool { return slices.Contains(methods, q.r.Method) }
	case QueryString:
		return queryMatcher(c.Query)
	case SourceIP:
		return sourceMatcher(c.Values)
	}
	return func(*inquiry) bool { return false }
}

func headerMatcher(name string, patterns []string) matcher {
	return func(q *inquiry) bool {
		values := q.r.Header[name]
		if name == "Host" { // net/http keeps it apart
			values = []string{q.r.Host}
		}
		for _, value := range values {
			if anyMatches(patterns, strings.ToLower(value)) {
				return true
			}
		}
		return false
	}
}

func queryMatcher(pairs []KeyValue) matcher {
	wanted := make([]KeyValue, len(pairs))
	for i, p := range pairs {
		wanted[i] = KeyValue{strings.ToLower(p.Key), strings.ToLower(p.Value)}
	}
	return func(q *inquiry) bool {
		if q.query == nil {
			q.query = q.r.URL.Query()
		}
		for key, values := range q.query {
			for _, value := range values {
				for _, w := range wanted {
					if (w.Key == "" || wildcard(w.Key, strings.ToLower(key))) && wildcard(w.Value, strings.ToLower(value)) {
						return true
					}
				}
			}
		}
		return false
	}
}

// sourceMatcher compares the address that connected: what a client claims in
// X-Forwarded-For is not its address.
func sourceMatcher(blocks []string) matcher {
	var prefixes []netip.Prefix
	for _, block := range blocks {
		if p, err := netip.ParsePrefix(block); err == nil {
			prefixes = append(prefixes, p.Masked())
		}
	}
	return func(q *inquiry) bool {
		from, err := netip.ParseAddrPort(q.r.RemoteAddr)
		if err != nil {
			return false
		}
		address := from.Addr().Unmap().WithZone("")
		return slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(address) })
	}
}

func lowered(values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = strings.ToLower(v)
	}
	return out
}

func anyMatches(patterns []string, text string) bool {
	for _, p := range patterns {
		if wildcard(p, text) {
			return true
		}
	}
	return false
}

// wildcard tells whether a pattern matches a whole text: * is any text, ? any
// one byte. It takes time proportional to the product of the lengths at worst:
// only the last * has to be tried again.
func wildcard(pattern, text string) bool {
	p, t, star, resume := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			resume++
			p, t = star+1, resume
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// splitHost is a Host header without and with its port ("" for none).
func splitHost(host string) (name, port string) {
	if i := strings.LastIndexByte(host, ':'); i >= 0 && i > strings.LastIndexByte(host, ']') {
		return host[:i], host[i+1:]
	}
	return host, ""
}
