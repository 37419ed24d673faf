package server

import (
	"runtime"
	"testing"
)

func TestPercentOf(t *testing.T) {
	for live, want := range map[uint64]int{
		0:          mostPercent, // before the first collection
		1 << 20:    mostPercent,
		6 << 20:    400,
		garbage:    goPercent,
		1000 << 20: goPercent,
	} {
		if got := percentOf(live); got != want {
			t.Errorf("%d bytes in use: %d percent, want %d", live, got, want)
		}
	}
}

// TestAfterCollections wants every collection to be noticed, not only the first.
func TestAfterCollections(t *testing.T) {
	noticed := make(chan struct{}, 16)
	afterCollections(func() {
		select {
		case noticed <- struct{}{}:
		default:
		}
	})
	for range 4 { // one at once, three after collections
		for empty := true; empty; {
			select {
			case <-noticed:
				empty = false
			default:
				runtime.GC()
			}
		}
	}
}
