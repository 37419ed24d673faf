package ecstest

import (
	"context"
	"net/http"
	"slices"
	"time"

	"greenlight/internal/awsaccess"
	"greenlight/internal/ecsdriver"
)

// The operations a script may name: the driver's methods.
const (
	Service        = "Service"
	CreateTaskSet  = "CreateTaskSet"
	PromoteTaskSet = "PromoteTaskSet"
	DeleteTaskSet  = "DeleteTaskSet"
	TargetGroups   = "TargetGroups"
	Listener       = "Listener"
	Attach         = "Attach"
	Shift          = "Shift"
	Normalize      = "Normalize"
)

// Forever as the number of calls to fail.
const Forever = -1

// Failure is what a scripted call meets instead of plain service. The parts combine: a stall comes first.
type Failure struct {
	Stall <-chan struct{} // wait until it is closed or the caller gives up, then go on
	Err   error           // answer with this error and do nothing
	Lost  bool            // do the work and then answer with Err, as when the connection breaks
}

// Call is one call that arrived. Members that its operation does not have are empty.
type Call struct {
	Operation        string
	As               awsaccess.As
	Cluster, Service string
	TaskSet          string // PromoteTaskSet, DeleteTaskSet
	Spec             ecsdriver.TaskSetSpec
	Names            []string // TargetGroups
	Listener         string
	Pair             ecsdriver.Pair
	Green            int      // Shift
	Wrote            []string // Attach, Shift, Normalize: the ARNs of the rules that changed
	Done             bool     // it returned
	Err              error    // what it returned
	Time             time.Time
}

type script struct {
	left int // calls still to fail; negative: all
	Failure
}

// Fault makes an answer with which AWS refuses a call.
func Fault(kind awsaccess.FaultKind, service, code, message string) *awsaccess.Fault {
	status := http.StatusBadRequest
	if kind == awsaccess.Unavailable {
		status = http.StatusInternalServerError
	}
	return &awsaccess.Fault{
		Kind: kind, Service: service, Code: code, Message: message, StatusCode: status,
		RequestID: "01234567-89ab-cdef-0123-456789abcdef",
	}
}

// Fail has the next n calls of an operation meet failure (Forever: all calls). Scripts of one operation run one after the other.
func (c *Cloud) Fail(operation string, n int, failure Failure) {
	if n == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failures[operation] = append(c.failures[operation], &script{left: n, Failure: failure})
}

// Heal forgets what is left of an operation's scripts.
func (c *Cloud) Heal(operation string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.failures, operation)
}

// OnCall has f see every call that arrives before it is served. f may change the far side.
func (c *Cloud) OnCall(f func(Call)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.onCall = f
}

// Calls returns the calls so far, all of them or those of some operations.
func (c *Cloud) Calls(operations ...string) []Call {
	c.mu.Lock()
	defer c.mu.Unlock()
	var calls []Call
	for _, call := range c.calls {
		if len(operations) == 0 || slices.Contains(operations, call.Operation) {
			calls = append(calls, call)
		}
	}
	return calls
}

// Shifts returns the percentages that granted calls of Shift moved a listener to, leaving out those that had nothing to write.
func (c *Cloud) Shifts(listener string) []int {
	var shifts []int
	for _, call := range c.Calls(Shift) {
		if call.Listener == listener && len(call.Wrote) > 0 {
			shifts = append(shifts, call.Green)
		}
	}
	return shifts
}

// serve records a call, lets it meet its script, and does the work. The work runs alone; it may fill in the call.
func (c *Cloud) serve(ctx context.Context, as awsaccess.As, call Call, work func(*Call) error) error {
	call.As, call.Time = as, time.Now()
	number, failure, onCall := c.arrive(call)
	if onCall != nil {
		onCall(call)
	}
	if failure.Stall != nil {
		select {
		case <-failure.Stall:
		case <-ctx.Done():
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	recorded := &c.calls[number]
	recorded.Err = ctx.Err()
	if recorded.Err == nil && (failure.Err == nil || failure.Lost) {
		recorded.Err = named(call.Operation, work(recorded))
	}
	if recorded.Err == nil && failure.Err != nil {
		recorded.Err = named(call.Operation, failure.Err)
	}
	recorded.Done = true
	return recorded.Err
}

func (c *Cloud) arrive(call Call) (int, Failure, func(Call)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = append(c.calls, call)
	return len(c.calls) - 1, c.next(call.Operation), c.onCall
}

// next takes one call off the operation's script.
func (c *Cloud) next(operation string) Failure {
	scripts := c.failures[operation]
	if len(scripts) == 0 {
		return Failure{}
	}
	first := scripts[0]
	if first.left > 0 {
		first.left--
	}
	if first.left == 0 {
		c.failures[operation] = slices.Delete(scripts, 0, 1)
	}
	return first.Failure
}

// named gives a fault the operation that met it.
func named(operation string, err error) error {
	if fault, ok := err.(*awsaccess.Fault); ok && fault.Operation == "" {
		told := *fault
		told.Operation = operation
		return &told
	}
	return err
}
