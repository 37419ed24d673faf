package runtime

import (
	"strings"
	"sync"
)

// admission counts the invocations at work against the limits.
type admission struct {
	capacity int

	mu         sync.Mutex
	closed     bool
	running    int
	byFunction map[string]int
	work       sync.WaitGroup // invocations and environments
}

// enter admits an invocation: ErrThrottled at a limit, ErrClosed after close. Every success needs one leave.
func (a *admission) enter(function string, limit int) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return ErrClosed
	}
	if a.running >= a.capacity || limit > 0 && a.byFunction[function] >= limit {
		return ErrThrottled
	}
	a.running++
	a.byFunction[function]++
	a.work.Add(1)
	return nil
}

func (a *admission) leave(function string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.running--
	if a.byFunction[function]--; a.byFunction[function] == 0 {
		delete(a.byFunction, function)
	}
	a.work.Done()
}

func (a *admission) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
}

func (a *admission) isClosed() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.closed
}

func (a *admission) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.running
}

// functionOf names a function across versions and aliases, and apart from its namesakes in other accounts and regions:
// the invoked ARN without its qualifier, or the bare name when there is no ARN.
func functionOf(code Code, in Invocation) string {
	const parts = 7 // arn:aws:lambda:region:account:function:name
	fields := strings.SplitN(in.ARN, ":", parts+1)
	if len(fields) < parts {
		return code.Function
	}
	return strings.Join(fields[:parts], ":")
}
