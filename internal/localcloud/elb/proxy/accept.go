package proxy

import (
	"context"
	"errors"
	"net"
	"time"
)

// acceptAll takes connections until the socket is closed. When there are no
// file descriptors left it tries again a little later.
func acceptAll(ctx context.Context, socket net.Listener, serve func(*net.TCPConn)) {
	const soon, late = 5 * time.Millisecond, time.Second
	wait := soon
	for {
		c, err := socket.Accept()
		if err == nil {
			wait = soon
			serve(c.(*net.TCPConn))
			continue
		}
		if errors.Is(err, net.ErrClosed) {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
			wait = min(2*wait, late)
		}
	}
}
