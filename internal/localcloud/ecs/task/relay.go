package task

import (
	"context"
	"io"
	"net"
	"net/netip"
	"net/url"
	"runtime"
	"strings"
	"sync"

	"github.com/moby/moby/client"
)

// hostGateway is what engines replace by an address of this machine in extra hosts.
const hostGateway = "host-gateway"

// outward rewrites the environment of a container: what begins with Options.Endpoint on a loopback address says HostName.
func (e *engine) outward(environment map[string]string) map[string]string {
	from, to, ok := rewriting(e.options.Endpoint)
	if !ok {
		return environment
	}
	changed := make(map[string]string, len(environment))
	for name, value := range environment {
		if rest, ok := strings.CutPrefix(value, from); ok && (rest == "" || strings.HasPrefix(rest, "/")) {
			value = to + rest
		}
		changed[name] = value
	}
	return changed
}

// rewriting says which beginning of a URL is replaced by which; none when the endpoint is not on a loopback address.
func rewriting(endpoint string) (from, to string, ok bool) {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Port() == "" || !loopback(u.Hostname()) {
		return "", "", false
	}
	scheme := u.Scheme + "://"
	return scheme + u.Host, scheme + net.JoinHostPort(HostName, u.Port()), true
}

func loopback(host string) bool { return host == "localhost" || net.ParseIP(host).IsLoopback() }

// openRelay finds out how containers reach this machine, and relays the endpoint where a bridge is in between. The relay's
// port is the endpoint's: containers that outlive Greenlight find the next one at the same address.
//
// Rootless engines have the bridge in a namespace of their own, where this machine cannot listen.
func (e *engine) openRelay(ctx context.Context, rootless bool) {
	e.host = hostGateway
	u, err := url.Parse(e.options.Endpoint)
	if _, _, ok := rewriting(e.options.Endpoint); !ok || err != nil || rootless || runtime.GOOS != "linux" {
		return
	}
	gateway, subnet, ok := e.bridge(ctx)
	if !ok {
		return
	}
	e.host = gateway.String()
	listener, err := listenEarly(ctx, net.JoinHostPort(gateway.String(), u.Port()))
	if err != nil {
		// Somebody has the port on all addresses, most likely Greenlight itself, which can then be reached directly.
		e.options.Log.Info("the endpoint is not relayed to containers", "error", err)
		return
	}
	e.relay = &relay{listener: listener, from: subnet, to: u.Host, open: map[net.Conn]bool{}}
	e.relay.work.Go(e.relay.accept)
}

// bridge returns this machine's address on the network that containers are put in, and that network.
func (e *engine) bridge(ctx context.Context) (gateway netip.Addr, subnet netip.Prefix, ok bool) {
	for _, name := range []string{"bridge", "podman"} { // what Docker and Podman call it
		inspected, err := e.client.NetworkInspect(ctx, name, client.NetworkInspectOptions{})
		if err != nil {
			continue
		}
		for _, c := range inspected.Network.IPAM.Config {
			if !c.Subnet.Addr().Is4() {
				continue
			}
			if c.Gateway.Is4() {
				return c.Gateway, c.Subnet, true
			}
			return c.Subnet.Masked().Addr().Next(), c.Subnet, true // where Docker puts it, and does not always say so
		}
	}
	return netip.Addr{}, netip.Prefix{}, false
}

// relay passes connections from containers on to Greenlight's loopback address. It listens on the bridge only, and accepts
// nobody from outside the bridge's network.
type relay struct {
	listener net.Listener
	from     netip.Prefix
	to       string // host:port
	work     sync.WaitGroup

	mu     sync.Mutex
	open   map[net.Conn]bool
	closed bool
}

func (r *relay) accept() {
	for {
		inside, err := r.listener.Accept()
		if err != nil {
			return // closed
		}
		if peer, err := netip.ParseAddrPort(inside.RemoteAddr().String()); err != nil || !r.from.Contains(peer.Addr().Unmap()) {
			_ = inside.Close()
			continue
		}
		r.work.Go(func() { r.pass(inside) })
	}
}

func (r *relay) pass(inside net.Conn) {
	if !r.hold(inside) {
		return
	}
	defer r.release(inside)
	outside, err := net.Dial("tcp", r.to)
	if err != nil || !r.hold(outside) {
		return
	}
	defer r.release(outside)
	var back sync.WaitGroup
	back.Go(func() { copyHalf(inside, outside) })
	copyHalf(outside, inside)
	back.Wait()
}

// copyHalf copies one direction and passes its end on.
func copyHalf(to, from net.Conn) {
	_, _ = io.Copy(to, from) // whatever ends it ends the direction
	if half, ok := to.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
}

// hold remembers a connection so that close can end it; false when that has been.
func (r *relay) hold(c net.Conn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		_ = c.Close()
		return false
	}
	r.open[c] = true
	return true
}

func (r *relay) release(c net.Conn) {
	_ = c.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.open, c)
}

func (r *relay) close() {
	_ = r.listener.Close()
	r.mu.Lock()
	r.closed = true
	for c := range r.open {
		_ = c.Close()
	}
	r.mu.Unlock()
	r.work.Wait()
}
