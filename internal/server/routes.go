package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"greenlight/internal/clock"
	"greenlight/internal/store"
)

// routes adds what is not AWS's to the address: health, metrics, the clock. A
// path that http.ServeMux would tidy up can only be AWS's: the key of an S3
// object may have any number of slashes and dots.
func (s *Server) routes(aws http.Handler, o Options) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", aws)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", metrics())
	if !o.HideClock {
		mux.HandleFunc("GET /_greenlight/clock", s.showClock)
		mux.HandleFunc("POST /_greenlight/clock", s.advanceClock)
	}
	for pattern, handler := range o.Routes {
		mux.Handle(pattern, s.untilShutdown(handler))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.TrimSuffix(r.URL.Path, "/") != strings.TrimSuffix(path.Clean(r.URL.Path), "/") {
			aws.ServeHTTP(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// untilShutdown ends a request's context when the server is being stopped: a
// follower of a log would hold it up otherwise.
func (s *Server) untilShutdown(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(s.streams, cancel)()
		handler.ServeHTTP(w, r.WithContext(ctx))
	})
}

// ready answers whether the store can be read.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	err := s.store.View(r.Context(), func(tx *store.Tx) error {
		_, err := tx.Setting(clockSetting)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		s.log.Error("not ready", "error", err)
		http.Error(w, "the database cannot be read", http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write([]byte("ok\n"))
}

func metrics() http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
}

// The clock's endpoint (design.md, "Time").
type (
	clockAdvance struct {
		Advance string `json:"advance"` // a Go duration, such as 5m
	}
	clockAnswer struct {
		Now time.Time `json:"now"`
	}
	clockRefusal struct {
		Error string `json:"error"`
	}
)

// Bounds of a call that moves the clock.
const (
	maxClockBody = 1 << 10
	settleTime   = time.Minute
)

func (s *Server) showClock(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, clockAnswer{s.clock.Now()})
}

func (s *Server) advanceClock(w http.ResponseWriter, r *http.Request) {
	var in clockAdvance
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxClockBody)).Decode(&in); err != nil {
		writeJSON(w, http.StatusBadRequest, clockRefusal{`the body must be like {"advance":"5m"}`})
		return
	}
	by, err := time.ParseDuration(in.Advance)
	if err != nil {
		writeJSON(w, http.StatusBadRequest, clockRefusal{"advance must be a duration such as 90s or 5m"})
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), settleTime)
	defer cancel()
	now, err := s.clock.Advance(ctx, by)
	switch {
	case errors.Is(err, clock.ErrNotManual):
		writeJSON(w, http.StatusConflict, clockRefusal{err.Error() + "; start with --clock manual"})
	case errors.Is(err, context.DeadlineExceeded):
		writeJSON(w, http.StatusGatewayTimeout, clockRefusal{err.Error()})
	case err != nil:
		writeJSON(w, http.StatusBadRequest, clockRefusal{err.Error()})
	default:
		writeJSON(w, http.StatusOK, clockAnswer{now})
	}
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a client that has gone cannot be told
}
