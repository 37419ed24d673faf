package runtime

import (
	"container/list"
	"sync"
	"time"
)

// fleet knows all environments, and keeps those that are idle for the next invocation.
type fleet struct {
	capacity  int
	idleAfter time.Duration

	mu     sync.Mutex
	closed bool
	all    map[*environment]struct{}
	idle   map[string][]*environment // by Code.Key, the last used at the end
	order  *list.List                // of idle *environment, the longest idle in front
	places map[*environment]*list.Element
}

func newFleet(capacity int, idleAfter time.Duration) *fleet {
	return &fleet{
		capacity:  capacity,
		idleAfter: idleAfter,
		all:       map[*environment]struct{}{},
		idle:      map[string][]*environment{},
		order:     list.New(),
		places:    map[*environment]*list.Element{},
	}
}

// add registers an environment that is at work. If there are more than may be, the one idle for longest ends.
func (f *fleet) add(e *environment) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all[e] = struct{}{}
	if f.closed {
		e.process.kill()
	}
	if oldest := f.order.Front(); oldest != nil && len(f.all) > f.capacity {
		f.discard(oldest.Value.(*environment))
	}
}

// take answers the idle environment of a key that was used last, nil if there is none.
func (f *fleet) take(key string) *environment {
	f.mu.Lock()
	defer f.mu.Unlock()
	resting := f.idle[key]
	if len(resting) == 0 {
		return nil
	}
	e := resting[len(resting)-1]
	f.wake(e)
	return e
}

// give makes an environment idle, or ends it if nobody may use it any more.
func (f *fleet) give(e *environment) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, known := f.all[e]; !known {
		return // ended by itself and forgotten
	}
	if f.closed || e.retired {
		e.process.kill()
		return
	}
	f.idle[e.code.Key] = append(f.idle[e.code.Key], e)
	f.places[e] = f.order.PushBack(e)
	var reaper *time.Timer
	reaper = time.AfterFunc(f.idleAfter, func() { f.reap(e, &reaper) })
	e.reaper = reaper
}

// reap ends an environment whose rest has been too long. A timer that fired while the environment was taken and given
// again is not the current one any more.
func (f *fleet) reap(e *environment, timer **time.Timer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, resting := f.places[e]; resting && e.reaper == *timer {
		f.discard(e)
	}
}

// retire ends the idle environments of a key now and those at work when they are given back.
func (f *fleet) retire(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for e := range f.all {
		if e.code.Key != key {
			continue
		}
		e.retired = true
		if _, resting := f.places[e]; resting {
			f.discard(e)
		}
	}
}

// forget removes an environment whose process has ended.
func (f *fleet) forget(e *environment) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, resting := f.places[e]; resting {
		f.wake(e)
	}
	delete(f.all, e)
}

// close ends every environment and those that are still to come.
func (f *fleet) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	for e := range f.all {
		if e.reaper != nil {
			e.reaper.Stop()
		}
		e.process.kill()
	}
}

func (f *fleet) discard(e *environment) {
	f.wake(e)
	e.process.kill()
}

// wake takes an environment out of the idle ones.
func (f *fleet) wake(e *environment) {
	e.reaper.Stop()
	f.order.Remove(f.places[e])
	delete(f.places, e)
	key := e.code.Key
	f.idle[key] = without(f.idle[key], e)
	if len(f.idle[key]) == 0 {
		delete(f.idle, key)
	}
}

// without removes one environment, usually the last.
func without(list []*environment, e *environment) []*environment {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i] == e {
			copy(list[i:], list[i+1:])
			list[len(list)-1] = nil
			return list[:len(list)-1]
		}
	}
	return list
}
