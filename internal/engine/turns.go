package engine

import (
	"hash/maphash"
	"sync"
)

// turns make the passes over one deployment come one after the other. Each id
// falls to one of a fixed number of locks, so that nothing has to be cleaned
// up; two deployments that share one wait for each other, for as long as a
// save takes.
type turns struct {
	seed  maphash.Seed
	locks [1024]sync.Mutex
}

func newTurns() *turns { return &turns{seed: maphash.MakeSeed()} }

// take waits for the deployment's turn and returns what ends it.
func (t *turns) take(id string) (end func()) {
	lock := t.of(id)
	lock.Lock()
	return lock.Unlock
}

// of is the deployment's lock.
func (t *turns) of(id string) *sync.Mutex {
	return &t.locks[maphash.String(t.seed, id)%uint64(len(t.locks))]
}
