package proxy

import (
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"
)

func TestConditions(t *testing.T) {
	request := func(method, url string, fields ...string) *http.Request {
		r := httptest.NewRequest(method, url, nil)
		r.RemoteAddr = "10.1.2.3:5555"
		for i := 0; i < len(fields); i += 2 {
			r.Header.Add(fields[i], fields[i+1])
		}
		return r
	}
	for _, c := range []struct {
		name      string
		condition Condition
		r         *http.Request
		met       bool
	}{
		{"path exact", Condition{Kind: PathPattern, Values: []string{"/a"}}, request("GET", "http://h/a?x=1"), true},
		{"path is case-sensitive", Condition{Kind: PathPattern, Values: []string{"/a"}}, request("GET", "http://h/A"), false},
		{"path star", Condition{Kind: PathPattern, Values: []string{"/x", "/img/*/small"}}, request("GET", "http://h/img/a/b/small"), true},
		{"path question mark", Condition{Kind: PathPattern, Values: []string{"/v?/a"}}, request("GET", "http://h/v12/a"), false},
		{"path normalized", Condition{Kind: PathPattern, Values: []string{"/admin*"}}, request("GET", "http://h/%61dmin/x"), true},
		{"host without port", Condition{Kind: HostHeader, Values: []string{"*.Example.com"}}, request("GET", "http://A.example.COM:8080/"), true},
		{"host is no suffix", Condition{Kind: HostHeader, Values: []string{"*.example.com"}}, request("GET", "http://example.com/"), false},
		{"host IPv6", Condition{Kind: HostHeader, Values: []string{"[::1]"}}, request("GET", "http://[::1]:80/"), true},
		{"header value", Condition{Kind: HTTPHeader, Header: "user-agent", Values: []string{"*CHROME*"}}, request("GET", "http://h/", "User-Agent", "a Chrome b"), true},
		{"header whole value", Condition{Kind: HTTPHeader, Header: "X-A", Values: []string{"b"}}, request("GET", "http://h/", "X-A", "abc"), false},
		{"second line of a header", Condition{Kind: HTTPHeader, Header: "X-A", Values: []string{"b"}}, request("GET", "http://h/", "X-A", "a", "X-A", "b"), true},
		{"host as header", Condition{Kind: HTTPHeader, Header: "host", Values: []string{"h"}}, request("GET", "http://h/"), true},
		{"method", Condition{Kind: Method, Values: []string{"PUT", "POST"}}, request("POST", "http://h/"), true},
		{"method has no wildcards", Condition{Kind: Method, Values: []string{"P*"}}, request("POST", "http://h/"), false},
		{"query pair", Condition{Kind: QueryString, Query: []KeyValue{{"Version", "V?"}}}, request("GET", "http://h/?a=b&version=v1"), true},
		{"query any key", Condition{Kind: QueryString, Query: []KeyValue{{"", "*needle*"}}}, request("GET", "http://h/?q=aneedleb"), true},
		{"query other value", Condition{Kind: QueryString, Query: []KeyValue{{"a", "b"}}}, request("GET", "http://h/?a=c&b=b"), false},
		{"source", Condition{Kind: SourceIP, Values: []string{"192.168.0.0/16", "10.0.0.0/8"}}, request("GET", "http://h/"), true},
		{"source is not what a client claims", Condition{Kind: SourceIP, Values: []string{"192.168.0.0/16"}}, request("GET", "http://h/", "X-Forwarded-For", "192.168.1.1"), false},
		{"no block", Condition{Kind: SourceIP, Values: []string{"everywhere"}}, request("GET", "http://h/"), false},
		{"unknown kind", Condition{Kind: "color", Values: []string{"*"}}, request("GET", "http://h/"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if met := c.condition.compile()(&inquiry{r: c.r}); met != c.met {
				t.Errorf("met: %v", met)
			}
		})
	}
}

func TestRulesInOrder(t *testing.T) {
	fixed := func(text string) Action { return Action{Fixed: &FixedResponse{StatusCode: 200, Body: text}} }
	l := listening(t, Options{}, fixed("default"),
		Rule{[]Condition{{Kind: PathPattern, Values: []string{"/a*"}}, {Kind: Method, Values: []string{"POST"}}}, fixed("both")},
		Rule{[]Condition{{Kind: PathPattern, Values: []string{"/a*"}}}, fixed("first")},
		Rule{[]Condition{{Kind: PathPattern, Values: []string{"/ab"}}}, fixed("never")})
	for path, want := range map[string]string{"/ab": "first", "/b": "default"} {
		if status, body := get(t, caller(t), l, path); status != 200 || body != want {
			t.Errorf("%s: %d %q", path, status, body)
		}
	}
	r, err := caller(t).Post("http://"+l.Addr().String()+"/ab", "text/plain", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	if body := text(t, r); body != "both" || r.Header.Get("Content-Type") != "text/plain" {
		t.Errorf("POST: %q %v", body, r.Header)
	}
	if n := l.Count(); n.Requests != 3 || n.Fixed != 3 {
		t.Errorf("%+v", n)
	}
}

func TestRedirect(t *testing.T) {
	query := func(q string) *string { return &q }
	for _, c := range []struct {
		name, url, location string
		d                   Redirect
	}{
		{"all kept", "http://h:81/a/b?c=d", "http://h:7/a/b?c=d", Redirect{StatusCode: 301}},
		{"to https", "http://h/a?c=d", "https://h:443/a?c=d", Redirect{Protocol: "HTTPS", Port: "443"}},
		{"no query", "http://h/a", "http://h:7/a", Redirect{}},
		{"query removed", "http://h/a?b", "http://h:7/a", Redirect{Query: query("")}},
		{"everything new", "http://h/a?b=c", "http://www.h:8/old/a?was=b=c&p=http", Redirect{Host: "www.#{host}", Port: "8", Path: "/old/#{path}", Query: query("was=#{query}&p=#{protocol}")}},
		{"kept escapes", "http://h/a%20b", "http://h:7/a%20b", Redirect{}},
		{"words in a value are no words", "http://h/?#{host}", "http://h:7/?#{host}", Redirect{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.d.location(httptest.NewRequest("GET", c.url, nil), "7"); got != c.location {
				t.Errorf("%s, not %s", got, c.location)
			}
		})
	}
	l := listening(t, Options{}, Action{Redirect: &Redirect{StatusCode: 302, Path: "/x"}})
	r, err := caller(t).Get("http://" + l.Addr().String() + "/a?b")
	if err != nil {
		t.Fatal(err)
	}
	_ = text(t, r)
	if want := "http://" + l.Addr().String() + "/x?b"; r.StatusCode != 302 || r.Header.Get("Location") != want {
		t.Errorf("%d %s", r.StatusCode, r.Header.Get("Location"))
	}
}

func FuzzRedirect(f *testing.F) {
	f.Add("/#{path}", "#{query}", "/a", "b=c", "h")
	f.Add("#{host}\r\nX: y", "\x00", "/%0d%0a", "", "h:1")
	f.Fuzz(func(t *testing.T, template, query, p, q, host string) {
		r := &http.Request{Host: host, URL: httptest.NewRequest("GET", "/", nil).URL}
		r.URL.Path, r.URL.RawQuery = p, q
		location := (&Redirect{Path: template, Query: &query, Host: template}).location(r, "80")
		if strings.ContainsFunc(location, func(c rune) bool { return c < ' ' || c == 0x7f }) || !strings.HasPrefix(location, "http://") {
			t.Errorf("%q", location)
		}
	})
}

func FuzzWildcard(f *testing.F) {
	for _, seed := range [][2]string{{"*", ""}, {"a*b?c", "axxbyc"}, {"**?", "x"}, {"*a*a*a*b", strings.Repeat("a", 50)}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern)*len(text) > 1<<16 {
			return
		}
		if got, want := wildcard(pattern, text), reference(pattern, text); got != want {
			t.Errorf("wildcard(%q, %q) = %v", pattern, text, got)
		}
		if !strings.ContainsAny(pattern+text, `\[]/`) && isASCII(pattern+text) { // where path.Match means the same
			if want, _ := path.Match(pattern, text); wildcard(pattern, text) != want {
				t.Errorf("path.Match(%q, %q) = %v", pattern, text, want)
			}
		}
	})
}

func isASCII(s string) bool { return !strings.ContainsFunc(s, func(c rune) bool { return c > 0x7e }) }

// reference says the same by a table over all prefixes.
func reference(pattern, text string) bool {
	row := make([]bool, len(text)+1)
	row[0] = true
	for _, p := range []byte(pattern) {
		next := make([]bool, len(text)+1)
		next[0] = p == '*' && row[0]
		for i := range len(text) {
			switch p {
			case '*':
				next[i+1] = row[i+1] || next[i]
			case '?':
				next[i+1] = row[i]
			default:
				next[i+1] = row[i] && text[i] == p
			}
		}
		row = next
	}
	return row[len(text)]
}
