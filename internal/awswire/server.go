package awswire

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"
)

// DefaultMaxBody is the bound on request bodies, in bytes, unless [Options] or the service say otherwise.
const DefaultMaxBody = 1 << 20

// Options configure a Server. Only Auth is required.
type Options struct {
	Auth      Authenticator
	Authorize Authorizer       // nil: a caller may do everything in its account
	Limit     Limiter          // nil: no limit
	Log       *slog.Logger     // default slog.Default()
	MaxBody   int64            // bytes, default DefaultMaxBody
	Now       func() time.Time // source of the Date header; the same clock as the authenticator's, default time.Now
}

// Server shares one address among AWS services. Per request it assigns an id, bounds and reads the body, finds the
// service, authenticates, authorizes, throttles and hands over, in the order of faults that api.md 1.5 gives.
type Server struct {
	auth       Authenticator
	authorizer Authorizer
	limiter    Limiter
	log        *slog.Logger
	maxBody    int64
	now        func() time.Time
	services   []Service
}

// NewServer returns the handler for these services. It panics without an Authenticator, because the alternative would
// be to serve everybody.
func NewServer(o Options, services ...Service) *Server {
	if o.Auth == nil {
		panic("awswire: Options.Auth is required")
	}
	s := &Server{auth: o.Auth, authorizer: o.Authorize, limiter: o.Limit,
		log: o.Log, maxBody: o.MaxBody, now: o.Now, services: services}
	if s.log == nil {
		s.log = slog.Default()
	}
	if s.maxBody <= 0 {
		s.maxBody = DefaultMaxBody
	}
	if s.now == nil {
		s.now = time.Now
	}
	return s
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{requestID: newRequestID(), log: s.log}
	r = r.WithContext(context.WithValue(r.Context(), exchangeKey{}, x))
	w.Header().Set("X-Amzn-Requestid", x.requestID)
	// Clients derive their clock skew from it (api.md 1.2).
	w.Header().Set("Date", s.now().UTC().Format(http.TimeFormat))

	service := s.route(r)
	out := &response{ResponseWriter: w}
	defer recoverPanic(service, out, r)
	if err := s.serve(service, out, r, x); err != nil {
		writeError(service, out, r, err)
	}
}

// serve runs one request; the error it returns has not been answered yet.
func (s *Server) serve(service Service, w http.ResponseWriter, r *http.Request, x *exchange) error {
	body, err := s.takeBody(service, w, r, x)
	if err != nil {
		return err
	}
	if service == nil {
		return unrouted(r)
	}
	x.service = service.Name()
	if a, ok := service.(admitter); ok {
		if err := a.admit(r); err != nil {
			return err
		}
	}
	caller, err := s.auth.Authenticate(r, body)
	if err != nil {
		return err
	}
	r = r.WithContext(WithCaller(r.Context(), caller))
	if err := s.authorize(service, r, body); err != nil {
		return err
	}
	if s.limiter != nil && !s.limiter.Allow(caller) {
		return throttled()
	}
	if !x.streamed {
		r.Body = newBufferedBody(body)
	}
	service.ServeHTTP(w, r)
	return nil
}

// takeBody reads the body, or leaves it, bounded, to a service that streams.
func (s *Server) takeBody(service Service, w http.ResponseWriter, r *http.Request, x *exchange) ([]byte, error) {
	limit := s.bodyLimit(service)
	if _, ok := service.(BodyStreamer); ok {
		x.streamed = true
		return nil, streamBody(w, r, limit)
	}
	return readBody(w, r, limit)
}

func (s *Server) bodyLimit(service Service) int64 {
	if own, ok := service.(BodyLimiter); ok {
		return own.BodyLimit()
	}
	return s.maxBody
}

// recoverPanic answers a panic of a service like any other fault of the server. When the answer has already begun the
// connection is cut instead, so that the client does not take half an answer for a whole one.
func recoverPanic(service Service, w *response, r *http.Request) {
	v := recover()
	if v == nil {
		return
	}
	if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(v)
	}
	fault := &Error{Status: http.StatusInternalServerError, Code: "InternalFailure",
		Cause: fmt.Errorf("panic: %v\n%s", v, debug.Stack())}
	if w.begun {
		logFault(r, fault)
		panic(http.ErrAbortHandler)
	}
	writeError(service, w, r, fault)
}

// newRequestID returns a random (version 4) UUID in lower case.
func newRequestID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	text := make([]byte, 0, 36)
	for i := range b {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			text = append(text, '-')
		}
		text = hex.AppendEncode(text, b[i:i+1])
	}
	return string(text)
}
