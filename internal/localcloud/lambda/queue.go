package lambda

import (
	"cmp"
	"container/heap"
	"sync"
	"time"
)

// queue orders the events of all functions by the moment at which they are due
// and counts those at work.
type queue struct {
	wake chan struct{} // holds one token when there may be something to do

	mu      sync.Mutex
	waiting eventHeap
	running int
	quiet   time.Time // by the machine's clock: when the last one at work ended
}

// maxQueued bounds the events that wait.
const maxQueued = 100_000

func (q *queue) full() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting) >= maxQueued
}

func (q *queue) add(e *event) {
	q.mu.Lock()
	heap.Push(&q.waiting, e)
	q.mu.Unlock()
	q.signal()
}

// take removes the events that are due, as long as no more than most are at
// work. until is when to come back without being called; zero for never.
func (q *queue) take(now time.Time, most int) (due []*event, until time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.waiting) > 0 && q.running < most {
		if q.waiting[0].Due.After(now) {
			return due, q.waiting[0].Due
		}
		due = append(due, heap.Pop(&q.waiting).(*event))
		q.running++
	}
	return due, time.Time{}
}

// done ends the work on an event; again puts it back, unless nil.
func (q *queue) done(again *event) {
	q.mu.Lock()
	if again != nil {
		heap.Push(&q.waiting, again)
	}
	q.running--
	q.quiet = time.Now()
	q.mu.Unlock()
	q.signal()
}

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// next is when the first waiting event is due.
func (q *queue) next() (time.Time, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		return time.Time{}, false
	}
	return q.waiting[0].Due, true
}

// busy reports events at work or due.
func (q *queue) busy(now time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.running > 0 || len(q.waiting) > 0 && !q.waiting[0].Due.After(now)
}

func (q *queue) quietSince() time.Time {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.quiet
}

// clear forgets what waits, so that a service that has ended holds no clock.
func (q *queue) clear() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = nil
}

// eventHeap has the earliest event first (container/heap).
type eventHeap []*event

func (h eventHeap) Len() int { return len(h) }

func (h eventHeap) Less(i, j int) bool {
	return cmp.Or(h[i].Due.Compare(h[j].Due), cmp.Compare(h[i].ID, h[j].ID)) < 0
}

func (h eventHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

func (h *eventHeap) Push(e any) { *h = append(*h, e.(*event)) }

func (h *eventHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return last
}
