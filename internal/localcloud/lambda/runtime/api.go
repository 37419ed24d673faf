package runtime

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// delivery is one invocation on its way through the Runtime API.
type delivery struct {
	in       Invocation
	deadline time.Time
	traceID  string
	answered chan reply // receives once
}

// reply is what the runtime posted.
type reply struct {
	payload       []byte
	functionError string
	errorType     string
}

// poll is a request for the next invocation that waits for its answer. Whoever receives one owes it a delivery.
type poll chan *delivery

// runtimeAPI serves the Lambda Runtime API of one environment.
type runtimeAPI struct {
	address    string
	polls      chan poll
	initErrors chan reply // receives at most one

	server *http.Server
	served sync.WaitGroup
	closed chan struct{}

	mu      sync.Mutex
	current *delivery
}

// newRuntimeAPI listens on a free port of the loopback address and serves until close.
func newRuntimeAPI() (*runtimeAPI, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	a := &runtimeAPI{
		address:    listener.Addr().String(),
		polls:      make(chan poll),
		initErrors: make(chan reply, 1),
		closed:     make(chan struct{}),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", a.next)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", a.response)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", a.failure)
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", a.initFailure)
	a.server = &http.Server{Handler: mux, ConnState: a.count}
	a.served.Go(func() { _ = a.server.Serve(listener) }) // always http.ErrServerClosed
	return a, nil
}

// count lets close wait for the connections, which http.Server.Close does not. New connections are counted by Serve,
// which is counted itself, so the group is never at zero while it grows.
func (a *runtimeAPI) count(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		a.served.Add(1)
	case http.StateClosed:
		a.served.Done()
	}
}

// close ends the listener, every connection and every handler, and waits for them.
func (a *runtimeAPI) close() {
	close(a.closed)
	_ = a.server.Close() // the listener is gone either way
	a.served.Wait()
}

// next answers when there is an invocation. A runtime must answer one invocation before it asks for another.
func (a *runtimeAPI) next(w http.ResponseWriter, r *http.Request) {
	if a.busy() {
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "the invocation before has no response yet")
		return
	}
	offer := make(poll, 1)
	select {
	case a.polls <- offer:
	case <-r.Context().Done():
		return
	case <-a.closed:
		return
	}
	select {
	case d := <-offer:
		writeDelivery(w, d)
	case <-a.closed:
	}
}

func (a *runtimeAPI) busy() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.current != nil
}

// deliver hands an invocation to a waiting poll. The answer arrives on d.answered.
func (a *runtimeAPI) deliver(to poll, d *delivery) {
	a.mu.Lock()
	a.current = d
	a.mu.Unlock()
	to <- d
}

func writeDelivery(w http.ResponseWriter, d *delivery) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(d.in.Payload)))
	h.Set("Lambda-Runtime-Aws-Request-Id", d.in.RequestID)
	h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(d.deadline.UnixMilli(), 10))
	h.Set("Lambda-Runtime-Invoked-Function-Arn", d.in.ARN)
	h.Set("Lambda-Runtime-Trace-Id", d.traceID)
	if c := clientContext(d.in.ClientContext); c != "" {
		h.Set("Lambda-Runtime-Client-Context", c)
	}
	_, _ = w.Write(d.in.Payload) // a runtime that is gone is noticed by its process
}

// clientContext decodes what the Invoke operation takes as base64; the Runtime API carries the JSON itself.
func clientContext(s string) string {
	if strings.HasPrefix(strings.TrimSpace(s), "{") {
		return s
	}
	decoded, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return ""
	}
	return string(decoded)
}

func (a *runtimeAPI) response(w http.ResponseWriter, r *http.Request) {
	d := a.claim(w, r)
	if d == nil {
		return
	}
	payload, err := readBody(w, r)
	switch {
	case errors.Is(err, errTooLarge):
		d.answered <- tooLargeReply()
		refuse(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "Exceeded maximum allowed payload size ("+strconv.Itoa(maxPayload)+" bytes).")
	case err != nil:
		d.answered <- truncatedReply()
	default:
		d.answered <- streamedReply(payload, r.Trailer)
		accept(w)
	}
}

// streamedReply looks for the trailers by which a runtime that streams its response says that it failed half-way.
func streamedReply(payload []byte, trailer http.Header) reply {
	errorType := trailer.Get("Lambda-Runtime-Function-Error-Type")
	if errorType == "" {
		return reply{payload: payload}
	}
	body, err := base64.StdEncoding.DecodeString(trailer.Get("Lambda-Runtime-Function-Error-Body"))
	if err != nil || len(body) == 0 {
		body = errorObject(errorType, "the function failed while it streamed its response")
	}
	return reply{payload: body, functionError: unhandled, errorType: errorType}
}

func (a *runtimeAPI) failure(w http.ResponseWriter, r *http.Request) {
	d := a.claim(w, r)
	if d == nil {
		return
	}
	d.answered <- a.readFailure(w, r)
}

func (a *runtimeAPI) initFailure(w http.ResponseWriter, r *http.Request) {
	said := a.readFailure(w, r)
	select {
	case a.initErrors <- said:
	default: // one reason is enough
	}
}

// readFailure reads an error object and acknowledges it. The acknowledgement is on its way only when the handler
// returns, so a runtime that exits once it is heard cannot overtake its own reason.
func (a *runtimeAPI) readFailure(w http.ResponseWriter, r *http.Request) reply {
	said := reply{functionError: unhandled, errorType: r.Header.Get("Lambda-Runtime-Function-Error-Type")}
	if said.errorType == "Handled" {
		said.functionError = "Handled"
	}
	body, err := readBody(w, r)
	switch {
	case errors.Is(err, errTooLarge):
		said = tooLargeReply()
	case err != nil:
		said = truncatedReply()
	case len(body) == 0:
		said.payload = errorObject(said.errorType, "the runtime gave no reason")
	default:
		said.payload = body
	}
	accept(w)
	return said
}

// claim finds the invocation that a request answers and ends its turn: the first answer counts, later ones are refused.
func (a *runtimeAPI) claim(w http.ResponseWriter, r *http.Request) *delivery {
	a.mu.Lock()
	defer a.mu.Unlock()
	d := a.current
	if d == nil || d.in.RequestID != r.PathValue("id") {
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "no such invocation is waiting for an answer")
		return nil
	}
	a.current = nil
	return d
}

var errTooLarge = errors.New("body too large")

// readBody reads a body of at most maxPayload bytes; of a larger one it discards enough to let the sender read the answer.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if n := r.ContentLength; n >= 0 && n <= maxPayload {
		body := make([]byte, n)
		_, err := io.ReadFull(r.Body, body)
		return body, err
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxPayload+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxPayload {
		_, _ = io.CopyN(io.Discard, r.Body, maxDiscard) // a shorter rest is the usual case
		return nil, errTooLarge
	}
	return body, nil
}

func accept(w http.ResponseWriter) {
	writeJSON(w, http.StatusAccepted, map[string]string{"status": "OK"})
}

func refuse(w http.ResponseWriter, status int, errorType, message string) {
	writeJSON(w, status, map[string]string{"errorType": errorType, "errorMessage": message})
}

func writeJSON(w http.ResponseWriter, status int, v map[string]string) {
	body, _ := json.Marshal(v) // a map of strings always encodes
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // a runtime that is gone is noticed by its process
}
