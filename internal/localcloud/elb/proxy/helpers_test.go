package proxy

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"
)

// patience is how long anything may take that should happen at once.
const patience = 10 * time.Second

// upstream is a target: its address, and how to stop it.
func upstream(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s
}

// named is a target that answers with its name.
func named(t *testing.T, name string) *httptest.Server {
	return upstream(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, name) })
}

func address(s *httptest.Server) string { return s.Listener.Addr().String() }

// script is a target that hands every connection to a function and closes it.
func script(t *testing.T, serve func(c net.Conn, r *bufio.Reader)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				serve(c, bufio.NewReader(c))
			}()
		}
	}()
	return l.Addr().String()
}

// nobody is an address that refuses.
func nobody(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func groupOf(t *testing.T, targets ...string) *Group {
	g := NewGroup()
	g.Set(targets)
	t.Cleanup(g.Close)
	return g
}

func forwardTo(g *Group) Action {
	return Action{Forward: &Forward{Groups: []Weighted{{Group: g, ARN: "arn", Weight: 1}}}}
}

func weighing(blue, green *Group, b, g int) Action {
	return Action{Forward: &Forward{Groups: []Weighted{{blue, "blue", b}, {green, "green", g}}}}
}

func listening(t *testing.T, o Options, fallback Action, rules ...Rule) *Listener {
	t.Helper()
	l, err := Listen("127.0.0.1:0", o)
	if err != nil {
		t.Fatal(err)
	}
	l.Swap(rules, fallback)
	t.Cleanup(func() { closeNow(t, l) })
	return l
}

// closeNow closes without waiting for what runs.
func closeNow(t *testing.T, l interface{ Close(context.Context) error }) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := l.Close(ctx); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("close: %v", err)
	}
}

// before fails the test unless something happens in time.
func before(t *testing.T, what string, happened <-chan struct{}) {
	t.Helper()
	select {
	case <-happened:
	case <-time.After(patience):
		t.Fatalf("%s: not in %v", what, patience)
	}
}

// until goes on as soon as a condition that others bring about is met.
func until(t *testing.T, what string, met func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !met(); runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatalf("%s: not in %v", what, patience)
		}
	}
}

// caller is a client without a pool of connections shared with other tests.
func caller(t *testing.T) *http.Client {
	transport := &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func get(t *testing.T, c *http.Client, l *Listener, path string) (int, string) {
	t.Helper()
	r, err := c.Get("http://" + l.Addr().String() + path)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, text(t, r)
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// wire is a connection for what http.Client cannot say.
type wire struct {
	net.Conn
	r *bufio.Reader
	t *testing.T
}

func dialed(t *testing.T, addr net.Addr) *wire {
	t.Helper()
	c, err := net.Dial("tcp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(patience))
	return &wire{c, bufio.NewReader(c), t}
}

func (w *wire) say(text string) {
	w.t.Helper()
	if _, err := io.WriteString(w, strings.ReplaceAll(text, "\n", "\r\n")); err != nil {
		w.t.Fatal(err)
	}
}

func (w *wire) answer(method string) *http.Response {
	w.t.Helper()
	r, err := http.ReadResponse(w.r, &http.Request{Method: method})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// skipHead reads a request's head as a scripted target.
func skipHead(r *bufio.Reader) error {
	for {
		line, err := r.ReadString('\n')
		if err != nil || line == "\r\n" {
			return err
		}
	}
}
