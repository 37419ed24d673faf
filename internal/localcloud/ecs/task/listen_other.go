//go:build !linux

package task

import (
	"context"
	"net"
)

// listenEarly is not needed where engines run in a virtual machine, which forwards to this machine.
func listenEarly(ctx context.Context, address string) (net.Listener, error) {
	return new(net.ListenConfig).Listen(ctx, "tcp4", address)
}

// rootless does not matter where engines run in a virtual machine.
func rootless(string) bool { return false }
