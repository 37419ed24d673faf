package proxy

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// socket is a target that changes protocols and then echoes.
func socket(t *testing.T) *httptest.Server {
	return upstream(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "websocket" || r.Header.Get("Connection") != "Upgrade" || r.Header.Get("Sec-Websocket-Key") != "k" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		c, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		_, _ = io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: a\r\n\r\nwelcome\n")
		_, _ = io.Copy(c, rw)
	})
}

// upgraded is a connection through the listener, after the change.
func upgraded(t *testing.T, l *Listener) *wire {
	t.Helper()
	w := dialed(t, l.Addr())
	w.say("GET /chat HTTP/1.1\nHost: h\nConnection: keep-alive, Upgrade\nUpgrade: websocket\nSec-WebSocket-Key: k\n\nearly\n")
	r := w.answer("GET")
	if r.StatusCode != 101 || r.Header.Get("Upgrade") != "websocket" || r.Header.Get("Sec-Websocket-Accept") != "a" {
		t.Fatalf("%s %v", r.Status, r.Header)
	}
	w.hears("welcome\n")
	w.hears("early\r\n")
	return w
}

func (w *wire) hears(want string) {
	w.t.Helper()
	if line, err := w.r.ReadString('\n'); line != want || err != nil {
		w.t.Fatalf("%q %v, not %q", line, err, want)
	}
}

// A WebSocket outlives that its target gets no more requests, and counts as
// running until it ends.
func TestWebSocketThroughDrain(t *testing.T) {
	s := socket(t)
	g := groupOf(t, address(s))
	l := listening(t, Options{}, forwardTo(g))
	w := upgraded(t, l)
	g.Set(nil)
	l.Swap(nil, Action{})
	for range 3 {
		w.say("hello\n")
		w.hears("hello\r\n")
	}
	drained := g.Drain(address(s))
	select {
	case <-drained:
		t.Error("drained while it is open")
	default:
	}
	if err := w.Conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.r.ReadByte(); err != io.EOF {
		t.Error(err)
	}
	before(t, "drained", drained)
}

func TestWebSocketEnds(t *testing.T) {
	for name, end := range map[string]func(g *Group, s *httptest.Server, l *Listener){
		"delay over":      func(g *Group, s *httptest.Server, _ *Listener) { g.Set(nil); g.Cut(address(s)) },
		"listener closed": func(_ *Group, _ *httptest.Server, l *Listener) { closeNow(t, l) },
		"silence":         func(*Group, *httptest.Server, *Listener) {},
	} {
		t.Run(name, func(t *testing.T) {
			s := socket(t)
			g := groupOf(t, address(s))
			o := Options{}
			if name == "silence" {
				o.IdleTimeout = 100 * time.Millisecond
			}
			l := listening(t, o, forwardTo(g))
			w := upgraded(t, l)
			end(g, s, l)
			if more, err := w.r.ReadByte(); err == nil {
				t.Errorf("%q", more)
			}
			before(t, "drained", g.Drain(address(s)))
		})
	}
}

// A refused upgrade is an answer like others; the connection goes on.
func TestUpgradeRefused(t *testing.T) {
	l := listening(t, Options{}, forwardTo(groupOf(t, address(socket(t)))))
	w := dialed(t, l.Addr())
	for range 2 {
		w.say("GET / HTTP/1.1\nHost: h\nConnection: Upgrade\nUpgrade: other\n\n")
		r := w.answer("GET")
		if _ = text(t, r); r.StatusCode != 400 {
			t.Error(r.Status)
		}
	}
}

// A target that ended its side still hears the client's, and the reverse.
func TestRelayHalfClose(t *testing.T) {
	target := script(t, func(c net.Conn, r *bufio.Reader) {
		all, _ := io.ReadAll(r)
		_, _ = c.Write(all)
	})
	g := groupOf(t, nobody(t), target)
	r := relaying(t, g)
	for range 4 {
		w := dialed(t, r.Addr())
		w.say("to the end\n")
		_ = w.Conn.(*net.TCPConn).CloseWrite()
		if all, err := io.ReadAll(w.r); string(all) != "to the end\r\n" || err != nil {
			t.Fatalf("%q %v", all, err)
		}
	}
	before(t, "drained", g.Drain(target))
	if n := g.Count(); n.Requests != 4 || n.Active != 0 || n.ConnectionErrors == 0 {
		t.Errorf("%+v", n)
	}
}

func relaying(t *testing.T, g *Group) *Relay {
	t.Helper()
	r, err := ListenTCP("127.0.0.1:0", Options{})
	if err != nil {
		t.Fatal(err)
	}
	r.Swap(g)
	t.Cleanup(func() { closeNow(t, r) })
	return r
}

// A relay without a target resets; a swap decides the next connection and
// leaves the running ones.
func TestRelaySwap(t *testing.T) {
	chatty := func(name string) string {
		return script(t, func(c net.Conn, r *bufio.Reader) { _, _ = io.WriteString(c, name+"\n"); _, _ = io.Copy(c, r) })
	}
	blue, green := groupOf(t, chatty("blue")), groupOf(t, chatty("green"))
	r := relaying(t, nil)
	for _, g := range []*Group{nil, groupOf(t), groupOf(t, nobody(t))} {
		r.Swap(g)
		c, err := net.Dial("tcp", r.Addr().String())
		if err != nil {
			continue // reset before the dial returned
		}
		if _, err := c.Read(make([]byte, 1)); err == nil {
			t.Error("somebody answered")
		}
		_ = c.Close()
	}
	r.Swap(blue)
	old := dialed(t, r.Addr())
	old.hears("blue\n")
	r.Swap(green)
	dialed(t, r.Addr()).hears("green\n")
	blue.Set(nil)
	old.say("still\n")
	old.hears("still\r\n")
	if n := blue.Count().Active; n != 1 {
		t.Errorf("%d active", n)
	}
	closeNow(t, r)
	if _, err := old.r.ReadByte(); err == nil {
		t.Error("open after Close")
	}
}
