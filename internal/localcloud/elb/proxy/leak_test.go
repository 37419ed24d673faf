package proxy

import (
	"context"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
)

// When listeners and groups are closed, nothing of this package runs on.
func TestNothingIsLeft(t *testing.T) {
	s, chat := upstream(t, echo), socket(t)
	g := groupOf(t, address(s))
	sockets := groupOf(t, address(chat))
	l, err := Listen("127.0.0.1:0", Options{})
	if err != nil {
		t.Fatal(err)
	}
	relay, err := ListenTCP("127.0.0.1:0", Options{})
	if err != nil {
		t.Fatal(err)
	}
	relay.Swap(g)
	l.Swap([]Rule{{[]Condition{{Kind: PathPattern, Values: []string{"/chat"}}}, forwardTo(sockets)}}, forwardTo(g))
	for _, c := range clientsOf(t) {
		for _, streamed := range []bool{false, true} {
			if problem := one(c, l, http.MethodPost, "text", streamed); problem != "" {
				t.Error(problem)
			}
		}
	}
	upgraded(t, l)
	dialed(t, l.Addr()).say("POST / HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n4\nhalf\n")
	through := dialed(t, relay.Addr())
	through.say("GET / HTTP/1.1\nHost: h\n\n")
	_, _ = io.Copy(io.Discard, through.answer("GET").Body)
	until(t, "the half request runs", func() bool { return g.Running(address(s)) == 2 })
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, _ = l.Close(gone), relay.Close(gone) // they were cut, which is their error
	g.Close()
	sockets.Close()
	until(t, "all goroutines end", func() bool { return running() == "" })
	if n := g.Count().Active + sockets.Count().Active; n != 0 {
		t.Errorf("%d active", n)
	}
}

// running are the stacks of goroutines that this package's code started, tests
// left out.
func running() string {
	all := make([]byte, 1<<20)
	all = all[:runtime.Stack(all, true)]
	for stack := range strings.SplitSeq(string(all), "\n\n") {
		for _, of := range []string{"proxy.(*Listener).", "proxy.(*client).", "proxy.(*Relay).", "proxy.(*upload).", "proxy.stream.", "proxy.acceptAll"} {
			if strings.Contains(stack, of) && !strings.Contains(stack, "_test.go") {
				return stack
			}
		}
	}
	return ""
}
