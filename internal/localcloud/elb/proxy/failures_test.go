package proxy

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

func TestNoTarget(t *testing.T) {
	silent := script(t, func(c net.Conn, r *bufio.Reader) { _, _ = io.Copy(io.Discard, r) })
	garbled := script(t, func(c net.Conn, r *bufio.Reader) { _ = skipHead(r); _, _ = io.WriteString(c, "what?\r\n\r\n") })
	closing := script(t, func(c net.Conn, r *bufio.Reader) { _ = skipHead(r) })
	for _, c := range []struct {
		name    string
		targets []string
		status  int
	}{
		{"none registered", nil, 503},
		{"refuses", []string{nobody(t)}, 502},
		{"all refuse", []string{nobody(t), nobody(t)}, 502},
		{"says nothing", []string{silent}, 504},
		{"answers no HTTP", []string{garbled}, 502},
		{"closes without an answer", []string{closing}, 502},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := groupOf(t, c.targets...)
			l := listening(t, Options{IdleTimeout: 300 * time.Millisecond}, forwardTo(g))
			status, body := get(t, caller(t), l, "/")
			if status != c.status || !strings.Contains(body, http.StatusText(c.status)) {
				t.Errorf("%d %q", status, body)
			}
			if n := g.Count(); n.Requests != 1 || n.ELB5xx != 1 || n.Active != 0 || n.Target2xx != 0 {
				t.Errorf("%+v", n)
			}
		})
	}
}

// A target that refuses is passed over, and left out for a while.
func TestAnotherTarget(t *testing.T) {
	g := groupOf(t, nobody(t), address(upstream(t, echo)))
	l, c := listening(t, Options{}, forwardTo(g)), caller(t)
	for range 10 {
		for _, streamed := range []bool{false, true} {
			if problem := one(c, l, http.MethodPost, "text", streamed); problem != "" {
				t.Fatal(problem)
			}
		}
	}
	if n := g.Count(); n.ConnectionErrors == 0 || n.ConnectionErrors > 5 || n.Target2xx != 20 || n.ELB5xx != 0 {
		t.Errorf("%+v", n)
	}
}

// once answers one request per connection and closes it without a word, after
// it has said that it keeps it.
func once(t *testing.T, asked *atomic.Int64) string {
	return script(t, func(c net.Conn, r *bufio.Reader) {
		for i := 0; skipHead(r) == nil; i++ {
			asked.Add(1)
			if i == 1 {
				return
			}
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
		}
	})
}

// A kept connection that the target closed at the next request: a request that
// changes nothing is sent again, another one is not.
func TestKeptConnectionClosed(t *testing.T) {
	for method, want := range map[string]struct {
		status int
		asked  int64
	}{"GET": {200, 3}, "POST": {502, 2}, "DELETE": {502, 2}} {
		t.Run(method, func(t *testing.T) {
			var asked atomic.Int64
			l, c := listening(t, Options{}, forwardTo(groupOf(t, once(t, &asked)))), caller(t)
			if status, _ := get(t, c, l, "/"); status != 200 {
				t.Fatal(status)
			}
			r, _ := http.NewRequest(method, "http://"+l.Addr().String(), nil)
			answer, err := c.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			if _ = text(t, answer); answer.StatusCode != want.status || asked.Load() != want.asked {
				t.Errorf("%d after %d requests at the target", answer.StatusCode, asked.Load())
			}
		})
	}
}

// A connection that was closed while it was idle is noticed before anything is
// sent, so even a POST is safe.
func TestIdleConnectionClosed(t *testing.T) {
	closed := make(chan struct{}, 1)
	target := script(t, func(c net.Conn, r *bufio.Reader) {
		head, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, head.Body)
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		_ = c.Close()
		closed <- struct{}{}
	})
	l, c := listening(t, Options{}, forwardTo(groupOf(t, target))), caller(t)
	for range 20 {
		r, err := c.Post("http://"+l.Addr().String(), "text/plain", strings.NewReader("x"))
		if err != nil {
			t.Fatal(err)
		}
		if _ = text(t, r); r.StatusCode != 200 {
			t.Fatal(r.StatusCode)
		}
		<-closed
	}
}

// An answer that ends too early is visibly cut off, never a success.
func TestTargetDiesInAnswer(t *testing.T) {
	for name, start := range map[string]string{
		"length":        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\npart",
		"chunks":        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n",
		"within chunk":  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\npart",
		"trailers lost": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n0\r\nX: y\r\n",
	} {
		for proto, client := range clientsOf(t) {
			t.Run(name+" "+proto, func(t *testing.T) {
				target := script(t, func(c net.Conn, r *bufio.Reader) { _ = skipHead(r); _, _ = io.WriteString(c, start) })
				g := groupOf(t, target)
				l := listening(t, Options{}, forwardTo(g))
				r, err := client.Get("http://" + l.Addr().String())
				if err == nil {
					_, err = io.ReadAll(r.Body)
					_ = r.Body.Close()
				}
				if err == nil {
					t.Error("no error")
				}
				until(t, "released", func() bool { return g.Count().Active == 0 })
			})
		}
	}
}

// The target learns that the client is gone.
func TestClientLeaves(t *testing.T) {
	for proto, client := range clientsOf(t) {
		t.Run(proto, func(t *testing.T) {
			reached, left := make(chan struct{}), make(chan struct{})
			s := upstream(t, func(w http.ResponseWriter, r *http.Request) {
				close(reached)
				<-r.Context().Done()
				close(left)
			})
			g := groupOf(t, address(s))
			l := listening(t, Options{}, forwardTo(g))
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			r, _ := http.NewRequestWithContext(ctx, "GET", "http://"+l.Addr().String(), nil)
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				if _, err := client.Do(r); !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			}()
			before(t, "the request arrives", reached)
			cancel()
			before(t, "the target learns it", left)
			before(t, "the client ends", ended)
			before(t, "drained", g.Drain(address(s)))
			if n := g.Count(); n.ELB5xx != 0 {
				t.Errorf("%+v", n)
			}
		})
	}
}

// A failure within one request is that request's alone.
func TestPanicSafe(t *testing.T) {
	l := listening(t, Options{}, Action{Fixed: &FixedResponse{StatusCode: 200, Body: "fine"}})
	good := l.table.Load()
	bad := newTable(nil, Action{})
	bad.rules = []compiled{{conditions: []matcher{func(*inquiry) bool { panic("a defect") }}}}
	for proto, c := range clientsOf(t) {
		l.table.Store(bad)
		if status, _ := get(t, c, l, "/"); status != 500 {
			t.Errorf("%s: %d", proto, status)
		}
		l.table.Store(good)
		if status, body := get(t, c, l, "/"); status != 200 || body != "fine" {
			t.Errorf("%s: %d %q", proto, status, body)
		}
	}
}

func TestListenInUse(t *testing.T) {
	l := listening(t, Options{}, Action{})
	if _, err := Listen(l.Addr().String(), Options{}); !errors.Is(err, syscall.EADDRINUSE) {
		t.Error(err)
	}
	if _, err := ListenTCP(l.Addr().String(), Options{}); !errors.Is(err, syscall.EADDRINUSE) {
		t.Error(err)
	}
	if status, _ := get(t, caller(t), l, "/"); status != 503 {
		t.Errorf("before the first rules: %d", status)
	}
}

// Close lets running requests end, and refuses new ones.
func TestCloseWaits(t *testing.T) {
	for proto, client := range clientsOf(t) {
		t.Run(proto, func(t *testing.T) {
			reached, finish := make(chan struct{}), make(chan struct{})
			s := upstream(t, func(w http.ResponseWriter, r *http.Request) {
				close(reached)
				<-finish
				_, _ = io.WriteString(w, "whole")
			})
			l := listening(t, Options{}, forwardTo(groupOf(t, address(s))))
			idle := dialed(t, l.Addr())
			answered := make(chan struct{})
			go func() {
				defer close(answered)
				r, err := client.Get("http://" + l.Addr().String())
				if err != nil {
					t.Error(err)
					return
				}
				if body, err := io.ReadAll(r.Body); string(body) != "whole" {
					t.Errorf("%q %v", body, err)
				}
				_ = r.Body.Close()
			}()
			before(t, "the request arrives", reached)
			closed := make(chan struct{})
			go func() {
				defer close(closed)
				if err := l.Close(context.Background()); err != nil {
					t.Error(err)
				}
			}()
			if _, err := idle.r.ReadByte(); err != io.EOF {
				t.Errorf("an idle connection stays open: %v", err)
			}
			select {
			case <-closed:
				t.Error("closed while a request runs")
			default:
			}
			close(finish)
			before(t, "answered", answered)
			before(t, "closed", closed)
		})
	}
}

// Close cuts what runs when its time is over.
func TestCloseCuts(t *testing.T) {
	for proto, client := range clientsOf(t) {
		t.Run(proto, func(t *testing.T) {
			reached := make(chan struct{})
			s := upstream(t, func(w http.ResponseWriter, r *http.Request) { close(reached); <-r.Context().Done() })
			l := listening(t, Options{}, forwardTo(groupOf(t, address(s))))
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				if r, err := client.Get("http://" + l.Addr().String()); err == nil && r.StatusCode < 500 {
					t.Error(r.Status)
				}
			}()
			before(t, "the request arrives", reached)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if err := l.Close(ctx); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			before(t, "the client learns it", ended)
		})
	}
}

// Cut ends what a target still does when its delay is over, also on a connection
// that served before: the request is not made again elsewhere.
func TestCut(t *testing.T) {
	for name, requests := range map[string]int{"first request": 0, "kept connection": 1} {
		t.Run(name, func(t *testing.T) { cutAfter(t, requests) })
	}
}

func cutAfter(t *testing.T, requests int) {
	reached := make(chan struct{})
	s := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/held" {
			close(reached)
			<-r.Context().Done()
		}
	})
	other := upstream(t, func(http.ResponseWriter, *http.Request) { t.Error("the request was made again elsewhere") })
	g := groupOf(t, address(s))
	l := listening(t, Options{}, forwardTo(g))
	client := caller(t)
	for range requests {
		get(t, client, l, "/")
	}
	status := make(chan int, 1)
	go func() {
		code, _ := get(t, client, l, "/held")
		status <- code
	}()
	before(t, "the request arrives", reached)
	g.Set([]string{address(other)})
	if n := g.Running(address(s)); n != 1 {
		t.Errorf("%d running", n)
	}
	drained := g.Drain(address(s))
	select {
	case <-drained:
		t.Error("drained while a request runs")
	default:
	}
	g.Cut(address(s))
	before(t, "drained", drained)
	if code := <-status; code != 502 {
		t.Error(code)
	}
	if n := g.Running(address(s)); n != 0 {
		t.Errorf("%d running", n)
	}
}
