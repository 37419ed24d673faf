package scenarios

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// answers asks a listener n times, over a few kept connections, and counts what
// it answers.
func (w *ecsWorld) answers(listener string, n int) map[string]int {
	w.Helper()
	const callers = 4
	address := w.address(listener)
	counts := make([]map[string]int, callers)
	var asking sync.WaitGroup
	for i := range callers {
		asking.Go(func() { counts[i] = askOver(address, (n+callers-1-i)/callers) })
	}
	asking.Wait()
	count := map[string]int{}
	for _, of := range counts {
		for answer, times := range of {
			count[answer] += times
		}
	}
	return count
}

// askOver asks n times over one connection. An error takes the place of an
// answer, and is the last one.
func askOver(address string, n int) map[string]int {
	count := map[string]int{}
	conn, err := net.Dial("tcp", address)
	if err != nil {
		count[err.Error()]++
		return count
	}
	defer conn.Close()
	answers := bufio.NewReader(conn)
	for range n {
		answer, err := exchange(conn, answers)
		if err != nil {
			count[err.Error()]++
			return count
		}
		count[answer]++
	}
	return count
}

// exchange is one request and its answer: much less work than http.Client makes
// of it.
func exchange(conn net.Conn, answers *bufio.Reader) (string, error) {
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: app.test\r\n\r\n"); err != nil {
		return "", err
	}
	answer, err := http.ReadResponse(answers, nil)
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		return answer.Status, nil
	}
	return string(body), err
}

// wantOnly wants every request to a listener to be answered by one release.
func (w *ecsWorld) wantOnly(listener, release string) {
	w.Helper()
	const n = 40
	if got := w.answers(listener, n); got[release] != n {
		w.Errorf("the listener answers %v, want %s only", got, release)
	}
}

func fetch(client *http.Client, url string) (string, error) {
	answer, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		return answer.Status, nil
	}
	return string(body), err
}

// heldRequest is a request that a task answers only when it is released.
type heldRequest struct {
	task   net.Conn
	answer chan string
}

// hold asks a listener, and returns once the request has reached a task.
func (w *ecsWorld) hold(listener string) *heldRequest {
	w.Helper()
	here, err := net.Listen("tcp", "127.0.0.1:0")
	w.must(err)
	defer here.Close()
	h := &heldRequest{answer: make(chan string, 1)}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	url := w.url(listener) + "held?by=" + here.Addr().String()
	go func() {
		answer, err := fetch(client, url)
		if err != nil {
			answer = err.Error()
		}
		h.answer <- answer
	}()
	h.task, err = here.Accept()
	w.must(err)
	w.Cleanup(func() { h.task.Close() })
	return h
}

// finish lets the task answer, and returns what arrives.
func (h *heldRequest) finish() string {
	h.task.Close()
	return <-h.answer
}

// load is a stream of requests to a listener at a steady rate, half of them on
// kept connections and half on new ones.
type load struct {
	world *ecsWorld
	end   context.CancelFunc
	done  sync.WaitGroup

	mu   sync.Mutex
	seen []answered
}

type answered struct {
	began, ended time.Time
	answer       string // of the task, or what went wrong
}

const (
	loadRate    = 200 // requests per second
	loadCallers = 32  // at most so many requests at a time: a slow machine asks less
)

// load begins a stream. It ends with stop, and at the latest with the test.
func (w *ecsWorld) load(listener string) *load {
	w.Helper()
	ctx, end := context.WithCancel(w.Context())
	l := &load{world: w, end: end}
	due, url := make(chan *http.Client), w.url(listener)
	for range loadCallers {
		l.done.Go(func() {
			for client := range due {
				l.ask(client, url)
			}
		})
	}
	l.done.Go(func() {
		defer close(due)
		pace(ctx, due)
	})
	return l
}

// pace sends a client for every request that is due, until ctx ends.
func pace(ctx context.Context, due chan<- *http.Client) {
	kept := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: loadCallers}}
	defer kept.CloseIdleConnections()
	clients := []*http.Client{kept, {Transport: &http.Transport{DisableKeepAlives: true}}}
	tick := time.NewTicker(time.Second / loadRate)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		select {
		case <-ctx.Done():
			return
		case due <- clients[n%len(clients)]:
		}
	}
}

func (l *load) ask(client *http.Client, url string) {
	a := answered{began: time.Now()}
	var err error
	if a.answer, err = fetch(client, url); err != nil {
		a.answer = err.Error()
	}
	a.ended = time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen = append(l.seen, a)
}

func (l *load) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.seen)
}

// more waits for the answers to n more requests.
func (l *load) more(n int) {
	l.world.Helper()
	want := l.count() + n
	l.world.eventually("the requests are answered", func() bool { return l.count() >= want })
}

// stop ends the stream and returns all of its answers.
func (l *load) stop() []answered {
	l.end()
	l.done.Wait()
	return l.seen
}
