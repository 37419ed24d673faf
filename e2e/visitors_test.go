package e2e

import (
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"
)

// visitors ask a listener again and again, as users do.
type visitors struct {
	t       testing.TB
	url     string
	client  *http.Client
	done    chan struct{}
	stopped sync.WaitGroup

	mu      sync.Mutex
	answers map[string]int // by release
	missed  []visit
}

// visit is a request that was not answered as it should.
type visit struct {
	began, ended time.Time
	err          error
}

// visitPeriod leaves a machine of two processors time for something else.
const visitPeriod = 5 * time.Millisecond

// keepVisiting begins to ask. The first answer is awaited, so that a release
// that follows is seen from its start.
func keepVisiting(t testing.TB, url string) *visitors {
	t.Helper()
	transport := &http.Transport{}
	v := &visitors{
		t: t, url: url, client: &http.Client{Transport: transport, Timeout: patience},
		done: make(chan struct{}), answers: map[string]int{},
	}
	t.Cleanup(transport.CloseIdleConnections)
	v.visit()
	v.stopped.Go(func() {
		again := time.NewTicker(visitPeriod)
		defer again.Stop()
		for {
			select {
			case <-v.done:
				return
			case <-again.C:
				v.visit()
			}
		}
	})
	return v
}

func (v *visitors) visit() {
	began := time.Now()
	release, err := fetch(v.client, v.url)
	v.mu.Lock()
	defer v.mu.Unlock()
	if err != nil {
		v.missed = append(v.missed, visit{began, time.Now(), err})
		return
	}
	v.answers[release]++
}

// stop ends the visits, none of which may have failed, and wants answers from
// these releases alone.
func (v *visitors) stop(releases ...string) {
	v.t.Helper()
	v.end()
	if len(v.missed) > 0 {
		v.t.Errorf("%d of the visits during the release failed, the first: %v", len(v.missed), v.missed[0].err)
	}
	if got := slices.Sorted(maps.Keys(v.answers)); !slices.Equal(got, releases) {
		v.t.Errorf("answers came from the releases %v, want %v", v.answers, releases)
	}
}

func (v *visitors) end() {
	close(v.done)
	v.stopped.Wait()
}
