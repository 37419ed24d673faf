package task

import (
	"context"
	"net"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// listenEarly listens on an address that need not exist yet: Podman makes its bridge with the first container.
func listenEarly(ctx context.Context, address string) (net.Listener, error) {
	config := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) error {
		var set error
		err := raw.Control(func(fd uintptr) {
			set = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_FREEBIND, 1)
		})
		if err != nil {
			return err
		}
		return set
	}}
	return config.Listen(ctx, "tcp4", address)
}

// rootless reports whether an engine is not root's, by who owns its socket.
func rootless(address string) bool {
	path, ok := strings.CutPrefix(address, "unix://")
	if !ok {
		return false
	}
	info, err := os.Stat(path)
	if err != nil {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Uid != 0
}
