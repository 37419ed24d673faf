package elb

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"greenlight/internal/awswire"
	"greenlight/internal/sqldb"
)

// Options of a Service. Dir is required.
type Options struct {
	// Dir is the server's data directory. The service keeps elb.db in it.
	Dir string
	// Host is the address that listeners are bound on; default 127.0.0.1.
	Host string
	// Port maps a listener's port to the one that is bound; default the same. Zero binds any free port.
	Port func(int) int
	// Pace is how much faster than told health check intervals and deregistration delays pass; default 1.
	Pace float64
	// DeregistrationDelay is the default of deregistration_delay.timeout_seconds; default 300 s, as on AWS.
	DeregistrationDelay time.Duration
	// Now dates what is created; default time.Now.
	Now func() time.Time
	// Log gets the faults of the server itself; default slog.Default().
	Log *slog.Logger
}

func (o Options) withDefaults() Options {
	if o.Host == "" {
		o.Host = "127.0.0.1"
	}
	if o.Port == nil {
		o.Port = func(port int) int { return port }
	}
	if o.Pace <= 0 {
		o.Pace = 1
	}
	if o.DeregistrationDelay <= 0 {
		o.DeregistrationDelay = 300 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o
}

// front is all of a query service that the server asks for.
type front interface {
	awswire.Service
	awswire.ErrorWriter
	awswire.Guarded
}

// Service is the local Elastic Load Balancing: an awswire.Service with the data plane behind it.
type Service struct {
	front
	options Options
	db      *sqldb.DB

	changing sync.Mutex            // held by an operation that changes the world
	closed   bool                  // guarded by changing
	world    atomic.Pointer[world] // what operations read
	plane    *plane
	watchers watchers
}

// Open brings the load balancers of a data directory to life: their ports are bound again and their targets probed. A
// port that is taken is no error: it is logged, and tried again until it is free. The service must be closed.
func Open(ctx context.Context, options Options) (*Service, error) {
	s := &Service{options: options.withDefaults()}
	s.front = awswire.QueryService(awswire.QueryAPI{
		Name: serviceName, Version: version, Namespace: namespace, Operations: s.operations(),
	}).(front)
	var err error
	if s.db, err = sqldb.Open(ctx, filepath.Join(options.Dir, "elb.db"), migrations()); err != nil {
		return nil, err
	}
	w, err := load(ctx, s.db)
	if err != nil {
		return nil, errors.Join(err, s.db.Close())
	}
	s.world.Store(w)
	s.plane = newPlane(s.options, s.watchers.changed)
	s.restore(w)
	return s, nil
}

// Close takes the listeners' ports away, lets running requests end until ctx does, and closes the database.
func (s *Service) Close(ctx context.Context) error {
	s.changing.Lock()
	again := s.closed
	s.closed = true
	s.changing.Unlock()
	if again {
		return nil
	}
	return errors.Join(s.plane.close(ctx), s.db.Close())
}
