package task

import (
	"context"
	"net"
	"time"
)

// listenTime bounds how long a start waits for a task to listen on its ports. What
// listens later, or never, counts as running all the same, as on ECS.
const listenTime = 5 * time.Second

// listenPause is between two tries.
const listenPause = 5 * time.Millisecond

// awaitListening waits until a task listens on all of its ports, or has ended. A
// program needs a moment from its start to that point; a load balancer that got the
// task earlier would send it requests that it cannot take. On AWS the slow start of a
// machine hides that moment.
func (l *live) awaitListening(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, listenTime)
	defer cancel()
	for _, ports := range l.record.Ports {
		for _, address := range ports {
			for !listens(ctx, address) && l.waits(ctx) {
			}
		}
	}
}

func listens(ctx context.Context, address string) bool {
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return false
	}
	_ = connection.Close()
	return true
}

// waits pauses, and is false when there is nothing more to wait for.
func (l *live) waits(ctx context.Context) bool {
	timer := time.NewTimer(listenPause)
	defer timer.Stop()
	select {
	case <-l.done:
		return false
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
