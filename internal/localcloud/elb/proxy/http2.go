package proxy

import (
	"bufio"
	"io"
	"log"
	"math"
	"net"
	"net/http"
	"time"
)

// mostStreams is how many requests run at once on a connection.
const mostStreams = 128

// newServer is net/http's, for the connections that begin with the preface of
// HTTP/2.
func (l *Listener) newServer() *http.Server {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	return &http.Server{
		Handler:                      http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { l.serve(w, r, nil) }),
		DisableGeneralOptionsHandler: true,
		ReadHeaderTimeout:            l.o.HeaderTimeout,
		IdleTimeout:                  l.o.IdleTimeout,
		MaxHeaderBytes:               l.o.MaxHeaderBytes,
		Protocols:                    protocols,
		HTTP2:                        &http.HTTP2Config{MaxConcurrentStreams: mostStreams},
		ErrorLog:                     log.New(io.Discard, "", 0), // there is no access log; what fails is counted
		ConnState:                    l.track,
	}
}

// track counts the connections that net/http serves.
func (l *Listener) track(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		l.running.Add(1)
	case http.StateClosed:
		l.running.Done()
	}
}

// handOver gives a connection to the server of HTTP/2.
func (l *Listener) handOver(cl *client) {
	_ = cl.SetReadDeadline(time.Time{}) // a closed connection shows in the read
	cl.limit.left = math.MaxInt64
	select {
	case l.handover <- &preread{cl.conn, cl.r}:
	case <-l.shutdown:
		_ = cl.conn.Close() // often it is
	}
}

// handedOver is the socket of the server of HTTP/2.
type handedOver struct{ l *Listener }

func (h handedOver) Accept() (net.Conn, error) {
	select {
	case c := <-h.l.handover:
		return c, nil
	case <-h.l.shutdown:
		return nil, net.ErrClosed
	}
}

func (h handedOver) Close() error   { return nil }
func (h handedOver) Addr() net.Addr { return h.l.Addr() }

// preread is a connection of which some was read.
type preread struct {
	*clientConn
	r *bufio.Reader
}

func (p *preread) Read(b []byte) (int, error) { return p.r.Read(b) }
