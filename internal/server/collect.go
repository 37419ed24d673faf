package server

import (
	"os"
	"runtime"
	"runtime/debug"
	measure "runtime/metrics"
	"sync"
)

// A controller has little on its heap and makes much garbage: with Go's own
// setting, a collection for every doubling, a busy one with 5 MB in use collects a hundred
// times a second. So it may have this much garbage before it collects, however
// little is in use; from there on Go's setting holds. At rest that costs
// nothing, because memory that was never needed is never taken.
const (
	garbage       = 24 << 20 // bytes
	goPercent     = 100      // Go's own: as much garbage as is in use
	mostPercent   = 800
	liveHeap      = "/gc/heap/live:bytes"
	garbageByHand = "GOGC" // the environment variable by which an operator decides
)

// collectLessOften looks after the collector for as long as the process lives.
var collectLessOften = sync.OnceFunc(func() {
	if os.Getenv(garbageByHand) == "" {
		afterCollections(setPercent)
	}
})

// afterCollections runs do at the end of each collection: an object that nobody
// holds is found by every one.
func afterCollections(do func()) {
	type found struct{ _ *byte }
	var again func(*found)
	again = func(f *found) {
		do()
		runtime.SetFinalizer(f, again)
	}
	again(new(found))
}

func setPercent() {
	sample := []measure.Sample{{Name: liveHeap}}
	measure.Read(sample)
	if sample[0].Value.Kind() == measure.KindUint64 {
		debug.SetGCPercent(percentOf(sample[0].Value.Uint64()))
	}
}

// percentOf is the garbage allowed beside so many bytes in use, in percent of
// them.
func percentOf(live uint64) int {
	return int(min(max(garbage*100/max(live, 1), goPercent), mostPercent))
}
