package bench

import (
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// load is one operation asked over and over.
type load struct {
	what        string
	operation   string
	connections int
	promised    string
	body        func(i int) object // of request i; nil: every request is the same, from same
	same        object
}

const promisedRatio = "15 x moto"

// The loads on an account of 100 applications and 100 deployments. What
// creates comes last, because it leaves more.
var loads = []load{
	{"ListApplications at 100 rows", "ListApplications", 1, promisedRatio, nil, object{}},
	{"ListDeployments at 100 rows", "ListDeployments", 1, promisedRatio, nil, object{}},
	{"GetApplication, one connection", "GetApplication", 1, "at least 5,000/s, " + promisedRatio, nil, object{"applicationName": application(7)}},
	{"GetApplication, sixteen connections", "GetApplication", 16, "at least 15,000/s, " + promisedRatio, nil, object{"applicationName": application(7)}},
	{"CreateApplication, sixteen connections", "CreateApplication", 16, "at least 4,000/s, " + promisedRatio,
		func(i int) object { return object{"applicationName": fmt.Sprintf("new%06d", i)} }, nil},
}

const (
	fewRows, manyRows = 100, 100_000
	roundTime         = 700 * time.Millisecond
	rounds            = 3
	mostCreated       = 12_000 // in one round: requests signed before it
)

// BenchmarkAPI measures how many calls are answered over real sockets with
// verified signatures, each beside moto's server when that is on the machine.
//
// It is measured as with wrk or ab. The client is this process's, on the same
// processors as the server, and does little: requests are signed before the time is
// taken, a request that changes nothing is signed once and sent again and again
// within the minutes that Signature Version 4 lets it live, and of an answer only
// status and length are looked at. The server knows nothing of that: it reads, verifies
// and answers every request like the first. Both servers get the same bytes
// from the same client.
func BenchmarkAPI(b *testing.B) {
	ours, theirs := newSigned(b, fewRows), startMoto(b)
	if theirs == nil {
		report("moto's server", "not on this machine", "")
	}
	for b.Loop() {
		for _, l := range loads {
			rate := ours.rate(l, rounds)
			measured := fmt.Sprintf("%.0f/s", rate)
			if theirs != nil {
				measured += fmt.Sprintf(", %.0f x moto", rate/theirs.rate(l, 1))
			}
			report(l.what, measured, l.promised)
		}
	}
}

// BenchmarkListAtManyRows compares what a page costs among few rows and among
// many, in turns, so that a busy machine is unfair to neither.
func BenchmarkListAtManyRows(b *testing.B) {
	few, many := newSigned(b, fewRows), newSigned(b, manyRows)
	for b.Loop() {
		for _, operation := range []string{"ListApplications", "ListDeployments"} {
			l := load{operation: operation, connections: 1, same: object{}}
			var atFew, atMany float64
			for range rounds {
				atFew, atMany = max(atFew, few.rate(l, 1)), max(atMany, many.rate(l, 1))
			}
			report(operation+" at 100,000 rows", fmt.Sprintf("%.0f/s, %+.0f %%", atMany, 100*(atMany/atFew-1)), "within 20 % of 100 rows")
		}
	}
}

// rate is how many calls are answered in a second, in the best of some rounds.
func (e *endpoint) rate(l load, rounds int) float64 {
	e.b.Helper()
	best := 0.0
	for range rounds {
		best = math.Max(best, e.round(l))
	}
	return best
}

// round asks for a while on all connections.
func (e *endpoint) round(l load) float64 {
	e.b.Helper()
	requests := e.requests(l)
	var next, answered atomic.Int64
	var callers sync.WaitGroup
	connections := make([]*connection, l.connections)
	for i := range connections {
		connections[i] = e.dial()
		connections[i].do(requests[0].warm)
	}
	start := time.Now()
	for _, c := range connections {
		callers.Go(func() {
			defer c.close()
			for time.Since(start) < roundTime {
				i := int(next.Add(1)) - 1
				if l.body != nil && i >= len(requests) {
					return
				}
				c.do(requests[i%len(requests)].bytes)
				answered.Add(1)
			}
		})
	}
	callers.Wait()
	return float64(answered.Load()) / time.Since(start).Seconds()
}

// requests signs what a round needs.
func (e *endpoint) requests(l load) []signed {
	e.b.Helper()
	warm := e.sign("ListApplications", object{})
	if l.body == nil {
		return []signed{{e.sign(l.operation, l.same), warm}}
	}
	all := make([]signed, mostCreated)
	for i := range all {
		all[i] = signed{e.sign(l.operation, l.body(e.created+i)), warm}
	}
	e.created += mostCreated
	return all
}

func application(i int) string { return fmt.Sprintf("a%06d", i) }
