package proxy

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"
)

// What a target sees of a request: where it came from, and nothing that was
// meant for the load balancer.
func TestForwardedFields(t *testing.T) {
	seen := make(chan http.Header, 1)
	s := upstream(t, func(w http.ResponseWriter, r *http.Request) { seen <- r.Header })
	l := listening(t, Options{}, forwardTo(groupOf(t, address(s))))
	w := dialed(t, l.Addr())
	w.say("POST / HTTP/1.1\nHost: h\nConnection: keep-alive, X-Hop\nX-Hop: 1\nKeep-Alive: 5\nProxy-Authorization: x\nTE: trailers, gzip\nUpgrade: h2c\n" +
		"HTTP2-Settings: x\nX-Forwarded-For: 1.2.3.4\nX-Forwarded-For: 5.6.7.8\nX-Forwarded-Proto: https\nX-Forwarded-Port: 1\nX-Kept: a\nX-Kept: b\n\n")
	_ = text(t, w.answer("POST"))
	h := <-seen
	for name, want := range map[string]string{
		"X-Forwarded-For": "1.2.3.4, 5.6.7.8, 127.0.0.1", "X-Forwarded-Proto": "http", "X-Forwarded-Port": l.port, "X-Kept": "a|b",
		"X-Hop": "", "Keep-Alive": "", "Proxy-Authorization": "", "Te": "trailers", "Upgrade": "", "Http2-Settings": "", "Connection": "", "Content-Length": "0",
	} {
		if got := strings.Join(h[name], "|"); got != want {
			t.Errorf("%s: %q, not %q", name, got, want)
		}
	}
	if len(h) != 7 {
		t.Errorf("%v", h)
	}
}

func TestTraceID(t *testing.T) {
	const id = `1-[0-9a-f]{8}-[0-9a-f]{24}`
	now := time.Unix(0x67891233, 0)
	for _, c := range []struct{ given, want string }{
		{"", `Root=1-67891233-[0-9a-f]{24}`},
		{"Root=1-a-b", `Self=` + id + `;Root=1-a-b`},
		{"Self=1-x-y;Root=1-a-b", `Self=` + id + `;Root=1-a-b`},
		{"CalledFrom=app", `Root=` + id + `;CalledFrom=app`},
	} {
		var given []string
		if c.given != "" {
			given = []string{c.given}
		}
		if got := string(appendTrace(nil, now, given)); !regexp.MustCompile("^" + c.want + "$").MatchString(got) {
			t.Errorf("%q: %s", c.given, got)
		}
	}
}

// Spaces, which HTTP/2 can carry in places where HTTP/1.1 separates, are
// refused.
func TestAcceptable(t *testing.T) {
	for _, c := range []struct {
		method, uri, host string
		ok                bool
	}{
		{"GET", "/a", "h", true}, {"GET", "/a HTTP/1.0", "h", false}, {"GET", "/", "h\r\nx", false}, {"GE T", "/", "h", false}, {"CONNECT", "h:1", "h", false},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Method, r.RequestURI, r.Host = c.method, c.uri, c.host
		if ok := acceptable(r); ok != c.ok {
			t.Errorf("%+v: %v", c, ok)
		}
	}
	for remote, want := range map[string]string{"1.2.3.4:5": "1.2.3.4", "[::1]:5": "::1", "@": "@"} {
		if got := clientAddress(remote); got != want {
			t.Errorf("%s: %s", remote, got)
		}
	}
}

func FuzzAnswerHead(f *testing.F) {
	f.Add("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX: y\r\n\r\nbody", "GET")
	f.Add("HTTP/1.0 304 x\r\nConnection: keep-alive, x\r\nTransfer-Encoding: chunked\r\n\r\n", "HEAD")
	f.Add("HTTP/1.1 101 \n\n", "GET")
	f.Fuzz(func(t *testing.T, text, method string) {
		c := &conn{r: readerOf(text)}
		fields := http.Header{}
		h, err := c.readHead(fields, method, 1<<16)
		if err != nil {
			return
		}
		if h.status < 100 || h.status > 999 || h.length < -1 || h.chunked && h.length != -1 || fields["Transfer-Encoding"] != nil || len(fields["Content-Length"]) > 1 {
			t.Errorf("%+v %v", h, fields)
		}
		for name, values := range fields {
			if !isToken(name) || strings.ContainsAny(strings.Join(values, ""), "\r\n\x00") {
				t.Errorf("%q: %q", name, values)
			}
		}
	})
}
