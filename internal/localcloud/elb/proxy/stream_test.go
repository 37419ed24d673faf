package proxy

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"strconv"
	"strings"
	"testing"
	"time"
)

// clientsOf are a client for each protocol that is understood.
func clientsOf(t *testing.T) map[string]*http.Client {
	two := new(http.Protocols)
	two.SetUnencryptedHTTP2(true)
	transport := &http.Transport{Protocols: two}
	t.Cleanup(transport.CloseIdleConnections)
	return map[string]*http.Client{"HTTP/1.1": caller(t), "HTTP/2.0": {Transport: transport, Timeout: 30 * time.Second}}
}

func TestProtocols(t *testing.T) {
	s := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header()["X-Two"] = []string{"a", "b"}
		w.Header().Set("Keep-Alive", "5")
		w.WriteHeader(http.StatusTeapot)
		fmt.Fprintf(w, "%s %s %s %q", r.Proto, r.Host, r.RequestURI, r.Header["Cookie"])
	})
	l := listening(t, Options{}, forwardTo(groupOf(t, address(s))))
	for proto, c := range clientsOf(t) {
		r, err := http.NewRequest("GET", "http://"+l.Addr().String()+"/a%2fb?c=%20d", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "www.example.com"
		r.Header.Set("Cookie", "a=b; c=d")
		answer, err := c.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body := text(t, answer)
		if answer.Proto != proto || answer.StatusCode != 418 || body != `HTTP/1.1 www.example.com /a%2fb?c=%20d ["a=b; c=d"]` {
			t.Errorf("%s: %s %d %s", proto, answer.Proto, answer.StatusCode, body)
		}
		if fmt.Sprint(answer.Header["X-Two"]) != "[a b]" || answer.Header["Keep-Alive"] != nil || answer.Header.Get("Date") == "" {
			t.Errorf("%s: %v", proto, answer.Header)
		}
	}
}

// Events arrive when they are sent, not when the answer ends.
func TestServerSentEvents(t *testing.T) {
	next := make(chan struct{})
	s := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.(http.Flusher).Flush()
		for i := range 5 {
			<-next
			fmt.Fprintf(w, "data: %d\n\n", i)
			w.(http.Flusher).Flush()
		}
	})
	l := listening(t, Options{}, forwardTo(groupOf(t, address(s))))
	for proto, c := range clientsOf(t) {
		r, err := c.Get("http://" + l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReader(r.Body)
		for i := range 5 {
			next <- struct{}{}
			line, err := lines.ReadString('\n')
			if want := fmt.Sprintf("data: %d\n", i); line != want || err != nil {
				t.Fatalf("%s: %q %v", proto, line, err)
			}
			_, _ = lines.Discard(1)
		}
		if rest := text(t, &http.Response{Body: r.Body}); rest != "" {
			t.Errorf("%s: %q", proto, rest)
		}
	}
}

// Large bodies go through whole, with and without a length.
func TestBigBodies(t *testing.T) {
	s := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		if r.URL.Path == "/length" {
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		}
		_, _ = w.Write(body)
	})
	g := groupOf(t, address(s))
	l := listening(t, Options{}, forwardTo(g))
	big := bytes.Repeat([]byte("0123456789abcdef"), 3<<16)
	for proto, c := range clientsOf(t) {
		for _, path := range []string{"/length", "/chunks"} {
			for _, size := range []int{1, wholeBody, wholeBody + 1, len(big)} {
				var body io.Reader = bytes.NewReader(big[:size])
				if path == "/chunks" {
					body = io.MultiReader(body)
				}
				r, err := c.Post("http://"+l.Addr().String()+path, "a/b", body)
				if err != nil {
					t.Fatal(err)
				}
				if got := text(t, r); sha256.Sum256([]byte(got)) != sha256.Sum256(big[:size]) {
					t.Errorf("%s %s %d: %d bytes came back", proto, path, size, len(got))
				}
			}
		}
	}
	if n := g.Count(); n.Target2xx != 16 || n.Active != 0 {
		t.Errorf("%+v", n)
	}
}

// Both bodies are under way at once.
func TestBothWays(t *testing.T) {
	s := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).EnableFullDuplex()
		lines := bufio.NewReader(r.Body)
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			_, _ = io.WriteString(w, strings.ToUpper(line))
			w.(http.Flusher).Flush()
		}
	})
	l := listening(t, Options{}, forwardTo(groupOf(t, address(s))))
	for proto, c := range clientsOf(t) {
		out, in := io.Pipe()
		r, _ := http.NewRequest("POST", "http://"+l.Addr().String(), out)
		go func() { _, _ = io.WriteString(in, "first\n") }()
		answer, err := c.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReader(answer.Body)
		for _, word := range []string{"FIRST\n", "SECOND\n", "THIRD\n"} {
			if line, err := lines.ReadString('\n'); line != word || err != nil {
				t.Fatalf("%s: %q %v", proto, line, err)
			}
			if word == "FIRST\n" {
				_, _ = io.WriteString(in, "second\nthird\n")
			}
		}
		_ = in.Close()
		if rest := text(t, &http.Response{Body: answer.Body}); rest != "" {
			t.Errorf("%s: %q", proto, rest)
		}
	}
}

func TestTrailers(t *testing.T) {
	s := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Trailer", "X-Announced")
		_, _ = io.Copy(w, r.Body)
		w.Header().Set("X-Announced", r.Trailer.Get("X-Sent"))
		w.Header().Set(http.TrailerPrefix+"X-Late", "yes")
	})
	l := listening(t, Options{}, forwardTo(groupOf(t, address(s))))
	for proto, c := range clientsOf(t) {
		r, _ := http.NewRequest("POST", "http://"+l.Addr().String(), io.MultiReader(strings.NewReader("body")))
		r.Trailer = http.Header{"X-Sent": {"sum"}}
		answer, err := c.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if body := text(t, answer); body != "body" || answer.Trailer.Get("X-Announced") != "sum" || answer.Trailer.Get("X-Late") != "yes" {
			t.Errorf("%s: %q %v", proto, body, answer.Trailer)
		}
	}
}

// The load balancer asks for the body itself, and sends no Expect on.
func TestExpectContinue(t *testing.T) {
	s := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Expect") != "" {
			w.WriteHeader(http.StatusExpectationFailed)
		}
		echo(w, r)
	})
	l := listening(t, Options{}, forwardTo(groupOf(t, address(s))))
	w := dialed(t, l.Addr())
	w.say("POST / HTTP/1.1\nHost: h\nContent-Length: 4\nExpect: 100-continue\n\n")
	if r := w.answer("POST"); r.StatusCode != 100 {
		t.Fatal(r.Status)
	}
	w.say("body")
	if r := w.answer("POST"); r.StatusCode != 200 || text(t, r) != "body" {
		t.Error(r.Status)
	}
}

// A target's interim answers are passed on before the real one.
func TestInterimAnswers(t *testing.T) {
	s := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "</a.css>")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Del("Link")
		_, _ = io.WriteString(w, "done")
	})
	l := listening(t, Options{}, forwardTo(groupOf(t, address(s))))
	for proto, c := range clientsOf(t) {
		hints := ""
		trace := &httptrace.ClientTrace{Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
			hints += strconv.Itoa(code) + h.Get("Link")
			return nil
		}}
		r, _ := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), "GET", "http://"+l.Addr().String(), nil)
		answer, err := c.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if body := text(t, answer); body != "done" || hints != "103</a.css>" || answer.Header.Get("Link") != "" {
			t.Errorf("%s: %q %q", proto, body, hints)
		}
	}
}

// A target that refuses a body by an answer is heard while the client still
// sends.
func TestEarlyAnswer(t *testing.T) {
	target := script(t, func(c net.Conn, r *bufio.Reader) {
		_ = skipHead(r)
		_, _ = io.WriteString(c, "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig")
		_, _ = io.Copy(io.Discard, r)
	})
	g := groupOf(t, target)
	l := listening(t, Options{}, forwardTo(g))
	w := dialed(t, l.Addr())
	w.say("POST / HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n4\nbody\n")
	r := w.answer("POST")
	if r.StatusCode != 413 || text(t, r) != "big" || !r.Close {
		t.Errorf("%s, close %v", r.Status, r.Close)
	}
	before(t, "drained", g.Drain(target))
}

// An answer of HTTP/1.0 ends with its connection, and a client of HTTP/1.0 gets
// one that it understands.
func TestHTTP10(t *testing.T) {
	target := script(t, func(c net.Conn, r *bufio.Reader) {
		_ = skipHead(r)
		_, _ = io.WriteString(c, "HTTP/1.0 200 OK\r\nX: y\r\n\r\nto the end")
	})
	l := listening(t, Options{}, forwardTo(groupOf(t, target)))
	if status, body := get(t, caller(t), l, "/"); status != 200 || body != "to the end" {
		t.Errorf("%d %q", status, body)
	}
	w := dialed(t, l.Addr())
	w.say("GET / HTTP/1.0\n\n")
	if all, err := io.ReadAll(w.r); err != nil || !strings.HasSuffix(string(all), "\r\n\r\nto the end") || strings.Contains(string(all), "chunked") {
		t.Errorf("%q %v", all, err)
	}
}

func TestHeadAndEmptyAnswers(t *testing.T) {
	s := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		if status, err := strconv.Atoi(r.URL.Path[1:]); err == nil {
			w.WriteHeader(status)
			return
		}
		w.Header().Set("Content-Length", "5")
		_, _ = io.WriteString(w, "hello")
	})
	l := listening(t, Options{}, forwardTo(groupOf(t, address(s))))
	w := dialed(t, l.Addr())
	for _, c := range []struct{ line, want string }{
		{"HEAD /", "200 5 "}, {"GET /204", "204 0 "}, {"GET /304", "304 0 "}, {"HEAD /404", "404 0 "}, {"GET /", "200 5 hello"},
	} {
		w.say(c.line + " HTTP/1.1\nHost: h\n\n")
		method, _, _ := strings.Cut(c.line, " ")
		r := w.answer(method)
		if got := fmt.Sprint(r.StatusCode, max(r.ContentLength, 0), " ", text(t, r)); got != c.want {
			t.Errorf("%s: %s, not %s", c.line, got, c.want)
		}
	}
}

// A body that no target gets is taken or the connection ends; the answer comes
// first in either case.
func TestUnwantedBodies(t *testing.T) {
	l := listening(t, Options{}, Action{Fixed: &FixedResponse{StatusCode: 403, Body: "no"}})
	w := dialed(t, l.Addr())
	for range 2 {
		w.say("POST / HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n4\nbody\n0\n\n")
		if r := w.answer("POST"); r.StatusCode != 403 || text(t, r) != "no" || r.Close {
			t.Errorf("%s, close %v", r.Status, r.Close)
		}
	}
	for _, more := range []string{"Connection: close\n", ""} {
		w = dialed(t, l.Addr())
		w.say("POST / HTTP/1.1\nHost: h\n" + more + "Content-Length: 1000000000\n\nbody")
		if r := w.answer("POST"); r.StatusCode != 403 || text(t, r) != "no" {
			t.Error(r.Status)
		}
		if more != "" {
			if _, err := w.r.ReadByte(); err != io.EOF {
				t.Errorf("the connection goes on: %v", err)
			}
		}
	}
}
