package proxy

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestE6Weights(t *testing.T) {
	blue, green := groupOf(t, address(named(t, "blue"))), groupOf(t, address(named(t, "green")))
	l := listening(t, Options{}, weighing(blue, green, 90, 10))
	w := dialed(t, l.Addr())
	_ = w.SetDeadline(time.Now().Add(6 * patience))
	for range 100 {
		w.say(strings.Repeat("GET / HTTP/1.1\nHost: h\n\n", 100))
		for range 100 {
			r := w.answer("GET")
			if _ = text(t, r); r.StatusCode != 200 {
				t.Fatal(r.Status)
			}
		}
	}
	if n := green.Count(); n.Requests < 850 || n.Requests > 1150 || n.Target2xx != n.Requests || n.LatencyCount != n.Requests || n.LatencySum <= 0 {
		t.Errorf("green: %+v", n)
	}
}

func TestWeightZero(t *testing.T) {
	blue, green := groupOf(t, address(named(t, "blue"))), groupOf(t, address(named(t, "green")))
	l, c := listening(t, Options{}, weighing(blue, green, 0, 1)), caller(t)
	for range 200 {
		if _, body := get(t, c, l, "/"); body != "green" {
			t.Fatal(body)
		}
	}
	l.Swap(nil, weighing(blue, green, 0, 0))
	if status, _ := get(t, c, l, "/"); status != 503 || l.Count().ELB5xx != 1 {
		t.Errorf("all weights 0: %d, %+v", status, l.Count())
	}
}

// A swap that has returned decides the next request on a kept connection.
func TestSwapOnKeptConnection(t *testing.T) {
	blue, green := groupOf(t, address(named(t, "blue"))), groupOf(t, address(named(t, "green")))
	l := listening(t, Options{}, forwardTo(blue))
	w := dialed(t, l.Addr())
	for i := range 100 {
		want, g := "blue", blue
		if i%2 == 1 {
			want, g = "green", green
		}
		l.Swap(nil, forwardTo(g))
		w.say("GET / HTTP/1.1\nHost: h\n\n")
		if body := text(t, w.answer("GET")); body != want {
			t.Fatalf("request %d: %s", i, body)
		}
	}
}

func TestRoundRobin(t *testing.T) {
	g := groupOf(t, address(named(t, "a")), address(named(t, "b")), address(named(t, "c")))
	l, c, got := listening(t, Options{}, forwardTo(g)), caller(t), ""
	for range 6 {
		_, body := get(t, c, l, "/")
		got += body
	}
	if got != "abcabc" {
		t.Error(got)
	}
}

// Weights change 1,000 times and targets are replaced, drained and stopped,
// while requests with and without bodies go on: none fails.
func TestNoRequestIsLost(t *testing.T) {
	blue, green := groupOf(t), groupOf(t)
	l := listening(t, Options{}, forwardTo(blue))
	stop, failures := make(chan struct{}), make(chan string, 100)
	var answered atomic.Int64
	fleet := map[*Group]*httptest.Server{}
	replace := func(g *Group) {
		old := fleet[g]
		next := httptest.NewServer(http.HandlerFunc(echo))
		fleet[g] = next
		g.Set([]string{address(next)})
		if old != nil {
			before(t, "drained", g.Drain(address(old)))
			old.Close() // like a process that ends: kept connections are closed
		}
	}
	replace(blue)
	replace(green)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() { press(l, i, stop, &answered, failures) })
	}
	end := time.Now().Add(8 * time.Second)
	for i := range 1000 {
		l.Swap(nil, weighing(blue, green, i%11*10, 100-i%11*10))
		if i%10 == 0 {
			replace([]*Group{blue, green}[i/10%2])
		}
		for n := answered.Load(); answered.Load() < n+2 && len(failures) == 0 && time.Now().Before(end); {
			runtime.Gosched()
		}
	}
	close(stop)
	all.Wait()
	for range len(failures) {
		t.Error(<-failures)
	}
	if answered.Load() < 1000 {
		t.Errorf("only %d requests were answered", answered.Load())
	}
	for _, s := range fleet {
		s.Close()
	}
}

func echo(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }

// press sends one request after another, alternating GET and POST.
func press(l *Listener, i int, stop <-chan struct{}, answered *atomic.Int64, failures chan<- string) {
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	c := &http.Client{Transport: transport, Timeout: patience}
	for n := 0; ; n++ {
		select {
		case <-stop:
			return
		default:
		}
		method, sent := http.MethodGet, ""
		if n%2 == 1 {
			method, sent = http.MethodPost, fmt.Sprintf("body %d of %d", n, i)
		}
		if problem := one(c, l, method, sent, n%4 == 1); problem != "" {
			select {
			case failures <- problem:
			default:
			}
		}
		answered.Add(1)
	}
}

// one sends a request, streamed for a length that is not told.
func one(c *http.Client, l *Listener, method, sent string, streamed bool) string {
	var body io.Reader = strings.NewReader(sent)
	if streamed {
		body = io.MultiReader(body)
	}
	r, err := http.NewRequest(method, "http://"+l.Addr().String()+"/", body)
	if err != nil {
		return err.Error()
	}
	answer, err := c.Do(r)
	if err != nil {
		return method + ": " + err.Error()
	}
	defer answer.Body.Close()
	got, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != 200 || string(got) != sent {
		return fmt.Sprintf("%s streamed %v: %d %q %v", method, streamed, answer.StatusCode, got, err)
	}
	return ""
}
