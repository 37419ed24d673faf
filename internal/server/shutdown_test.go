package server

import (
	"context"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"greenlight/internal/awsaccess"
	"greenlight/internal/awswire"
	"greenlight/internal/clock"
	"greenlight/internal/store"
)

// serving is a controller on a port of its own. stop asks Serve to end; ended
// receives what it returns.
type serving struct {
	url   string
	stop  context.CancelFunc
	ended chan error
}

func serve(t *testing.T, routes map[string]http.Handler) *serving {
	t.Helper()
	kept, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "greenlight.db"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), Options{
		Store: kept, Clock: clock.New(clock.Real, 0, nil), Auth: awswire.AnyCredentials(),
		Access: awsaccess.New(awsaccess.Options{Base: aws.Config{}}), Routes: routes,
	})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	v := &serving{url: "http://" + listener.Addr().String(), stop: stop, ended: make(chan error, 1)}
	served := make(chan struct{})
	go func() {
		defer close(served)
		v.ended <- s.Serve(ctx, listener)
	}()
	t.Cleanup(func() {
		stop()
		<-served
		if err := kept.Close(); err != nil {
			t.Error(err)
		}
	})
	return v
}

// get asks for a path beside the test; the answer's body, or the error, comes
// when it has ended.
func (v *serving) get(path string) <-chan string {
	answer := make(chan string, 1)
	go func() {
		r, err := http.Get(v.url + path)
		if err != nil {
			answer <- err.Error()
			return
		}
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			answer <- err.Error()
			return
		}
		answer <- string(body)
	}()
	return answer
}

// endsPromptly wants Serve to return long before its patience with requests ends.
func (v *serving) endsPromptly(t *testing.T) {
	t.Helper()
	select {
	case err := <-v.ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(drainTime / 2):
		t.Fatal("the server does not end")
	}
}

// Somebody who follows a log does not hold the server up, and is told its end
// in good order.
func TestStreamEndsAtShutdown(t *testing.T) {
	following := make(chan struct{})
	v := serve(t, map[string]http.Handler{"GET /stream": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "begun,")
		close(following)
		<-r.Context().Done()
		_, _ = io.WriteString(w, "ended")
	})})
	answer := v.get("/stream")
	<-following
	v.stop()
	v.endsPromptly(t)
	if got := <-answer; got != "begun,ended" {
		t.Errorf("the follower got %q", got)
	}
}

// A stream ends with its reader, too.
func TestStreamEndsWithItsReader(t *testing.T) {
	following, left := make(chan struct{}), make(chan struct{})
	v := serve(t, map[string]http.Handler{"GET /stream": http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(following)
		<-r.Context().Done()
		close(left)
	})})
	ctx, leave := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, v.url+"/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		<-following
		leave()
	}()
	if answer, err := http.DefaultClient.Do(r); err == nil {
		answer.Body.Close()
		t.Error("the stream ended by itself")
	}
	<-left
	v.stop()
	v.endsPromptly(t)
}
