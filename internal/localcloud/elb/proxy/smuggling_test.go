package proxy

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// What two readers could take for different requests is refused, or passed on
// in one plain meaning; and the connection never goes on with the rest of it.
func TestAmbiguousRequests(t *testing.T) {
	const sneaked = "GET /sneaked HTTP/1.1\nHost: h\n\n"
	for name, c := range map[string]struct {
		request string
		status  int
	}{
		"two lengths":           {"POST / HTTP/1.1\nHost: h\nContent-Length: 4\nContent-Length: 5\n\nbody", 400},
		"list of lengths":       {"POST / HTTP/1.1\nHost: h\nContent-Length: 4, 5\n\nbody", 400},
		"signed length":         {"POST / HTTP/1.1\nHost: h\nContent-Length: +4\n\nbody", 400},
		"unknown encoding":      {"POST / HTTP/1.1\nHost: h\nTransfer-Encoding: xchunked\n\n0\n\n", 400},
		"two encodings":         {"POST / HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\nTransfer-Encoding: identity\n\n0\n\n", 400},
		"space before colon":    {"POST / HTTP/1.1\nHost: h\nContent-Length : 4\n\nbody", 400},
		"control in value":      {"GET / HTTP/1.1\nHost: h\nX: a\x00b\n\n", 400},
		"bare return in value":  {"GET / HTTP/1.1\nHost: h\nX: a\rTransfer-Encoding: chunked\n\n", 400},
		"two hosts":             {"GET / HTTP/1.1\nHost: h\nHost: i\n\n", 400},
		"no host":               {"GET / HTTP/1.1\n\n", 400},
		"host with space":       {"GET / HTTP/1.1\nHost: h i\n\n", 400},
		"bad method":            {"GE(T / HTTP/1.1\nHost: h\n\n", 400},
		"connect":               {"CONNECT h:80 HTTP/1.1\nHost: h\n\n", 400},
		"no request":            {"hello\n\n", 400},
		"another major version": {"GET / HTTP/3.0\nHost: h\n\n", 505},
		"head too large":        {"GET / HTTP/1.1\nHost: h\nX: " + strings.Repeat("x", 70<<10) + "\n\n", 431},
		"path too large":        {"GET /" + strings.Repeat("x", 70<<10) + " HTTP/1.1\nHost: h\n\n", 431},
		"bad chunk":             {"POST / HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\nzz\nbody\n", 400},
	} {
		t.Run(name, func(t *testing.T) {
			s := upstream(t, func(w http.ResponseWriter, r *http.Request) {
				if _, err := io.Copy(io.Discard, r.Body); err == nil {
					t.Errorf("reached the target: %s %s", r.Method, r.URL)
				}
			})
			l := listening(t, Options{}, forwardTo(groupOf(t, address(s))))
			w := dialed(t, l.Addr())
			go func() { _, _ = io.WriteString(w, strings.ReplaceAll(c.request+sneaked, "\n", "\r\n")) }()
			r := w.answer("POST")
			if _ = text(t, r); r.StatusCode != c.status || !r.Close {
				t.Errorf("%s, close %v", r.Status, r.Close)
			}
			if more, err := w.r.ReadByte(); err == nil {
				t.Errorf("something follows: %q", more)
			}
			if n := l.Count(); n.ELB4xx != 1 || n.ELB5xx != 0 {
				t.Errorf("%+v", n)
			}
		})
	}
}

// Chunks and a length together: the chunks count, and the target hears of them
// only. What follows is the next request.
func TestChunksAndLength(t *testing.T) {
	s := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = io.WriteString(w, r.URL.Path+" "+strings.Join(r.TransferEncoding, ",")+" "+r.Header.Get("Content-Length")+" "+string(body))
	})
	l := listening(t, Options{}, forwardTo(groupOf(t, address(s))))
	w := dialed(t, l.Addr())
	w.say("POST /a HTTP/1.1\nHost: h\nContent-Length: 100\nTransfer-Encoding: chunked\n\n4\nbody\n0\n\nGET /b HTTP/1.1\nHost: h\n\n")
	for _, want := range []string{"/a chunked  body", "/b   "} {
		if got := text(t, w.answer("GET")); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

// Requests that are sent without waiting are answered in their order.
func TestPipelining(t *testing.T) {
	s := upstream(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.Path) })
	l := listening(t, Options{}, forwardTo(groupOf(t, address(s))))
	w := dialed(t, l.Addr())
	w.say(strings.Repeat("GET /a HTTP/1.1\nHost: h\n\nPOST /b HTTP/1.1\nHost: h\nContent-Length: 1\n\nxGET http://h/c HTTP/1.1\nHost: x\n\n", 20))
	for i := range 60 {
		if got, want := text(t, w.answer("GET")), []string{"/a", "/b", "/c"}[i%3]; got != want {
			t.Fatalf("answer %d: %s", i, got)
		}
	}
}

// Answers that two readers could take for different ones become 502.
func TestAmbiguousAnswers(t *testing.T) {
	for name, answer := range map[string]string{
		"two lengths":        "HTTP/1.1 200 OK\nContent-Length: 4\nContent-Length: 5\n\nbody",
		"bad length":         "HTTP/1.1 200 OK\nContent-Length: 4x\n\nbody",
		"signed length":      "HTTP/1.1 200 OK\nContent-Length: +4\n\nbody",
		"unknown encoding":   "HTTP/1.1 200 OK\nTransfer-Encoding: gzip, chunked\n\n0\n\n",
		"space before colon": "HTTP/1.1 200 OK\nContent-Length : 4\n\nbody",
		"folded line":        "HTTP/1.1 200 OK\nX: a\n b\n\n",
		"bare return":        "HTTP/1.1 200 OK\nX: a\rSet-Cookie: b\n\n",
		"no status":          "HTTP/1.1 99 OK\n\n",
		"head too large":     "HTTP/1.1 200 OK\nX: " + strings.Repeat("x", 70<<10) + "\n\n",
		"switched unasked":   "HTTP/1.1 101 Switching Protocols\nUpgrade: x\nConnection: Upgrade\n\n",
		"endless interim":    strings.Repeat("HTTP/1.1 102 Processing\n\n", 50),
	} {
		t.Run(name, func(t *testing.T) {
			target := script(t, func(c net.Conn, r *bufio.Reader) {
				_ = skipHead(r)
				_, _ = io.WriteString(c, strings.ReplaceAll(answer, "\n", "\r\n"))
				_, _ = io.Copy(io.Discard, r)
			})
			l := listening(t, Options{}, forwardTo(groupOf(t, target)))
			status, _ := get(t, caller(t), l, "/")
			if status != 502 {
				t.Error(status)
			}
		})
	}
}

// A target that says something unasked is not asked again on that connection:
// it would be taken for the answer to another's request.
func TestUnaskedAnswer(t *testing.T) {
	target := script(t, func(c net.Conn, r *bufio.Reader) {
		_ = skipHead(r)
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nmineHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nothers")
		_, _ = io.Copy(io.Discard, r)
	})
	l, c := listening(t, Options{}, forwardTo(groupOf(t, target))), caller(t)
	for range 10 {
		if _, body := get(t, c, l, "/"); body != "mine" {
			t.Fatal(body)
		}
	}
}

// A client that does not finish its head or body in time is not waited for.
func TestSlowClients(t *testing.T) {
	l := listening(t, Options{HeaderTimeout: 100 * time.Millisecond, IdleTimeout: 100 * time.Millisecond},
		forwardTo(groupOf(t, address(upstream(t, echo)))))
	for _, begun := range []string{"GET / HTTP/1.1\nHost", "POST / HTTP/1.1\nHost: h\nContent-Length: 10\n\npart"} {
		w := dialed(t, l.Addr())
		w.say(begun)
		if r := w.answer("GET"); r.StatusCode != 408 {
			t.Errorf("%q: %s", begun, r.Status)
		}
	}
	w := dialed(t, l.Addr())
	if _, err := w.r.ReadByte(); err != io.EOF {
		t.Errorf("an idle connection: %v", err)
	}
}
