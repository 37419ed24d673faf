package proxy

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Relay is a listener of a network load balancer: every connection is passed
// to a target, byte by byte, with half-close both ways.
type Relay struct {
	o       Options
	group   atomic.Pointer[Group]
	socket  net.Listener
	running sync.WaitGroup // connections and the accept loop
	clients connections
	ctx     context.Context // ends with Close, for what is just dialing
	cancel  context.CancelFunc
}

// ListenTCP binds an address and refuses connections (closes them) until the
// first Swap. The error is as Listen's.
func ListenTCP(addr string, o Options) (*Relay, error) {
	socket, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	r := &Relay{o: o.filled(350 * time.Second), socket: socket}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	r.running.Go(func() {
		acceptAll(r.ctx, socket, func(c *net.TCPConn) { r.running.Go(func() { r.serve(c) }) })
	})
	return r, nil
}

// Swap replaces the group (nil for none) for all later connections.
func (r *Relay) Swap(g *Group) { r.group.Store(g) }

// Addr is the address that is bound.
func (r *Relay) Addr() net.Addr { return r.socket.Addr() }

// Close stops taking connections, waits for the running ones until the context
// ends, and cuts what is left. The error is the context's when it had to.
func (r *Relay) Close(ctx context.Context) error {
	_ = r.socket.Close() // its error is that it is closed already
	idle := make(chan struct{})
	go func() { r.running.Wait(); close(idle) }()
	defer r.cancel()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
	}
	r.cancel()
	r.clients.close()
	<-idle
	return ctx.Err()
}

// serve passes a connection to a target, or resets it when none takes it.
func (r *Relay) serve(client *net.TCPConn) {
	r.clients.add(client)
	defer r.clients.remove(client)
	defer func() { _ = client.Close() }()
	t, c := r.connect()
	if t == nil {
		_ = client.SetLinger(0) // the close resets it, as a load balancer without targets does
		return
	}
	defer func() { t.release(c, time.Now(), outcome{}) }()
	join(side{Conn: client}, side{Conn: c.net}, r.o.IdleTimeout)
}

// connect finds a target that takes a connection. It goes on with a group that
// has been put in the place of an exhausted one meanwhile.
func (r *Relay) connect() (*target, *conn) {
	for {
		g := r.group.Load()
		if g == nil {
			return nil, nil
		}
		if t, c := r.from(g); t != nil {
			return t, c
		}
		if r.group.Load() == g || r.ctx.Err() != nil {
			g.failed()
			return nil, nil
		}
	}
}

func (r *Relay) from(g *Group) (*target, *conn) {
	var tried []*target
	for {
		now := time.Now()
		t := g.acquire(now, stickyID{}, tried)
		if t == nil {
			return nil, nil
		}
		c, err := dial(r.ctx, t.address, r.o.ConnectTimeout)
		switch {
		case err == nil && t.attach(c):
			return t, c
		case r.ctx.Err() != nil:
			t.release(c, time.Now(), outcome{again: true})
			return nil, nil
		}
		t.release(c, time.Now(), outcome{refused: true, again: true})
		tried = append(tried, t)
	}
}

// connections are those that somebody has to close in the end.
type connections struct {
	mu     sync.Mutex
	open   map[net.Conn]struct{}
	closed bool
}

// add keeps a connection; one that comes too late is closed.
func (s *connections) add(c net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		_ = c.Close()
		return
	}
	if s.open == nil {
		s.open = map[net.Conn]struct{}{}
	}
	s.open[c] = struct{}{}
}

func (s *connections) remove(c net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, c)
}

func (s *connections) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for c := range s.open {
		_ = c.Close()
	}
}
