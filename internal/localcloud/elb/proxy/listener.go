package proxy

import (
	"cmp"
	"context"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Options are the limits of a listener. The zero value has ELB's own.
type Options struct {
	// IdleTimeout is idle_timeout.timeout_seconds: how long a connection may
	// rest, and how long a target may keep silent before the answer is 504.
	// Default 60 s, of a Relay 350 s. It ends between 1 and 9/8 of itself.
	IdleTimeout time.Duration
	// ConnectTimeout is how long a target may take to accept a connection.
	// Default 10 s.
	ConnectTimeout time.Duration
	// HeaderTimeout is how long a client may take to send a request's head.
	// Default 60 s.
	HeaderTimeout time.Duration
	// MaxHeaderBytes bounds the heads of requests and answers. Default 64 KiB.
	MaxHeaderBytes int
}

func (o Options) filled(idle time.Duration) Options {
	return Options{
		IdleTimeout:    cmp.Or(max(o.IdleTimeout, 0), idle),
		ConnectTimeout: cmp.Or(max(o.ConnectTimeout, 0), 10*time.Second),
		HeaderTimeout:  cmp.Or(max(o.HeaderTimeout, 0), 60*time.Second),
		MaxHeaderBytes: cmp.Or(max(o.MaxHeaderBytes, 0), 64<<10),
	}
}

// Listener is a listener of an application load balancer.
type Listener struct {
	o        Options
	table    atomic.Pointer[table]
	counters listenerCounters
	socket   net.Listener
	port     string
	server   *http.Server  // of HTTP/2
	handover chan net.Conn // what it is to serve
	running  sync.WaitGroup
	clients  clients // of HTTP/1.1
	closing  atomic.Bool
	shutdown chan struct{}   // the same, to wait for
	ctx      context.Context // ends when what still runs is cut
	cancel   context.CancelFunc
}

// Listen binds an address ("127.0.0.1:8080", port 0 for any) and answers every
// request with 503 until the first Swap. The error is the one of the bind, for
// errors.Is(err, syscall.EADDRINUSE).
func Listen(addr string, o Options) (*Listener, error) {
	socket, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	l := &Listener{o: o.filled(60 * time.Second), socket: socket, handover: make(chan net.Conn), shutdown: make(chan struct{}),
		port: strconv.Itoa(socket.Addr().(*net.TCPAddr).Port)}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	l.Swap(nil, Action{})
	l.server = l.newServer()
	l.running.Go(func() { _ = l.server.Serve(handedOver{l}) }) // ends with Close
	l.running.Go(func() {
		acceptAll(l.ctx, socket, func(c *net.TCPConn) {
			l.running.Go(func() { l.serveClient(&clientConn{TCPConn: c, limit: l.o.IdleTimeout}) })
		})
	})
	return l, nil
}

// Swap replaces the rules. When it has returned, every later request on any
// connection is decided by the new ones; running requests end where they are.
func (l *Listener) Swap(rules []Rule, fallback Action) { l.table.Store(newTable(rules, fallback)) }

// Addr is the address that is bound.
func (l *Listener) Addr() net.Addr { return l.socket.Addr() }

// Count is what the listener has done so far.
func (l *Listener) Count() ListenerCounters { return l.counters.read() }

// Close stops taking connections, waits for running requests until the context
// ends, and then cuts what is left, upgraded connections at once. The error is
// the context's when something had to be cut.
func (l *Listener) Close(ctx context.Context) error {
	defer l.cancel()
	_ = l.socket.Close() // its error is that it is closed already
	if !l.closing.Swap(true) {
		close(l.shutdown)
	}
	l.clients.close(func(cl *client) bool { return cl.idle.Load() })
	err := l.server.Shutdown(ctx)
	ended := make(chan struct{})
	go func() { l.running.Wait(); close(ended) }()
	select {
	case <-ended:
		return err
	case <-ctx.Done():
	}
	l.cancel()
	_ = l.server.Close() // its errors are those of sockets that are closed already
	l.clients.close(func(*client) bool { return true })
	<-ended
	return ctx.Err()
}

// clients are the connections of HTTP/1.1.
type clients struct {
	mu   sync.Mutex
	open map[*client]struct{}
}

func (s *clients) add(cl *client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[*client]struct{}{}
	}
	s.open[cl] = struct{}{}
}

func (s *clients) remove(cl *client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, cl)
}

// close closes those that are chosen.
func (s *clients) close(chosen func(*client) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for cl := range s.open {
		if chosen(cl) {
			_ = cl.conn.Close() // often it is
			cl.leave()
		}
	}
}

// clientConn limits writes, so that a client that reads nothing does not hold a
// request for ever.
type clientConn struct {
	*net.TCPConn
	limit   time.Duration
	writeBy deadline
}

func (c *clientConn) Write(p []byte) (int, error) {
	c.writeBy.extend(time.Now(), c.limit, c.SetWriteDeadline)
	return c.TCPConn.Write(p)
}

// ReadFrom goes through Write, for its limit.
func (c *clientConn) ReadFrom(r io.Reader) (int64, error) {
	return io.Copy(struct{ io.Writer }{c}, r)
}
