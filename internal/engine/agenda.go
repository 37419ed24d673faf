package engine

import (
	"container/heap"
	"sync"
	"time"
)

// agenda mirrors the wake_at column of the deployments that this node owns, so
// that finding the next one costs no query. A deployment that waits for no
// moment is not on it.
type agenda struct {
	mu      sync.Mutex
	heap    wakeHeap
	entries map[string]*wakeEntry
	reports map[string]struct{} // deployments that await a hook's report
	changed chan struct{}
}

type wakeEntry struct {
	id    string
	at    time.Time
	index int
}

func newAgenda() *agenda {
	return &agenda{
		entries: map[string]*wakeEntry{},
		reports: map[string]struct{}{},
		changed: make(chan struct{}, 1),
	}
}

// follow brings the agenda to the state of a deployment as it was saved.
func (a *agenda) follow(d Deployment) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.reports, d.ID)
	if d.awaitsReport() {
		a.reports[d.ID] = struct{}{}
	}
	a.put(d.ID, d.WakeAt)
}

// wake makes sure that a deployment is looked at by at.
func (a *agenda) wake(id string, at time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if entry := a.entries[id]; entry == nil || at.Before(entry.at) {
		a.put(id, at)
	}
}

// put sets the moment of a deployment; a zero at takes it off.
func (a *agenda) put(id string, at time.Time) {
	entry := a.entries[id]
	switch {
	case entry == nil && !at.IsZero():
		entry = &wakeEntry{id: id, at: at}
		a.entries[id] = entry
		heap.Push(&a.heap, entry)
	case entry != nil && at.IsZero():
		a.remove(entry)
	case entry != nil:
		entry.at = at
		heap.Fix(&a.heap, entry.index)
	}
	select {
	case a.changed <- struct{}{}:
	default:
	}
}

func (a *agenda) remove(entry *wakeEntry) {
	heap.Remove(&a.heap, entry.index)
	delete(a.entries, entry.id)
}

// clear forgets everything: the node has lost its deployments.
func (a *agenda) clear() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.heap = nil
	clear(a.entries)
	clear(a.reports)
}

// due takes off the deployments whose moment has come and returns a tick for
// each. It is counted as a flight before it leaves the agenda, so that nobody
// finds the engine quiet in between.
func (a *agenda) due(now time.Time, flights *flights) []flight {
	a.mu.Lock()
	defer a.mu.Unlock()
	var ticks []flight
	for len(a.heap) > 0 && !a.heap[0].at.After(now) {
		entry := a.heap[0]
		ticks = append(ticks, flights.startTick(entry.id))
		a.remove(entry)
	}
	return ticks
}

// next is the earliest moment on the agenda.
func (a *agenda) next() (time.Time, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.heap) == 0 {
		return time.Time{}, false
	}
	return a.heap[0].at, true
}

// busy reports whether anything is under way or due. It is one look: what is
// taken off the agenda is a flight already, and a flight that has ended has put
// on the agenda what comes next.
func (a *agenda) busy(now time.Time, flights *flights) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return flights.busy() || len(a.heap) > 0 && !a.heap[0].at.After(now)
}

func (a *agenda) awaitsReport() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.reports) > 0
}

// wakeHeap is a container/heap of entries by time.
type wakeHeap []*wakeEntry

func (h wakeHeap) Len() int           { return len(h) }
func (h wakeHeap) Less(i, j int) bool { return h[i].at.Before(h[j].at) }
func (h wakeHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *wakeHeap) Push(x any) {
	entry := x.(*wakeEntry)
	entry.index = len(*h)
	*h = append(*h, entry)
}

func (h *wakeHeap) Pop() any {
	old := *h
	entry := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return entry
}
