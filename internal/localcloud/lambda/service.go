package lambda

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"greenlight/internal/clock"
	"greenlight/internal/localcloud/lambda/runtime"
	"greenlight/internal/sqldb"
)

// Options of a Service. Dir and Clock are required.
type Options struct {
	// Dir is the server's data directory. The service keeps lambda.db and the
	// folder lambda in it.
	Dir string
	// Clock dates everything and decides when a failed event is tried again.
	Clock *clock.Clock
	// Endpoint is the base URL that functions get as AWS_ENDPOINT_URL;
	// SetEndpoint replaces it.
	Endpoint string
	// Log gets the faults of the server itself; default slog.Default().
	Log *slog.Logger
	// CodeStorage bounds the uploaded code of an account in a region, in bytes;
	// default 75 GiB, as on Lambda.
	CodeStorage int64
	// AsyncConcurrency is how many asynchronous invocations run at a time;
	// default 100. Others wait in the queue.
	AsyncConcurrency int
	// LogSegment is how many bytes of a function's log one file has; four are
	// kept. Default 4 MiB.
	LogSegment int64
	// Random picks the version of a weighted alias: a number in [0, 1).
	Random func() float64
	// Objects is where code in S3 is; without it, it is refused.
	Objects Objects

	newPool func(runtime.Options) pool // tests replace the processes
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.CodeStorage <= 0 {
		o.CodeStorage = 75 << 30
	}
	if o.AsyncConcurrency <= 0 {
		o.AsyncConcurrency = 100
	}
	if o.LogSegment <= 0 {
		o.LogSegment = 4 << 20
	}
	if o.Random == nil {
		o.Random = rand.Float64
	}
	if o.newPool == nil {
		o.newPool = func(o runtime.Options) pool { return runtime.NewPool(o) }
	}
	return o
}

// Service is the local Lambda: an awswire.Service, and a clock.Party for its
// queue of asynchronous events.
type Service struct {
	options  Options
	clock    *clock.Clock
	log      *slog.Logger
	handlers *http.ServeMux
	endpoint atomic.Pointer[string]

	db        *sqldb.DB
	functions index
	code      *codeStore
	run       string // where the pools have their directories
	logs      *logStore
	pools     pools
	queue     queue

	stop context.CancelFunc // ends the delivery of events
	work sync.WaitGroup     // the dispatcher and the deliveries
}

// Open brings the local Lambda of a data directory to life, with the functions
// and the undelivered events that an earlier process left. It must be closed.
func Open(ctx context.Context, options Options) (*Service, error) {
	options = options.withDefaults()
	dir, err := filepath.Abs(filepath.Join(options.Dir, "lambda"))
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	s := &Service{options: options, clock: options.Clock, log: options.Log}
	s.handlers = s.mux()
	s.SetEndpoint(options.Endpoint)
	s.logs = newLogStore(filepath.Join(dir, "logs"), options.LogSegment, s.clock.Now)
	s.run = filepath.Join(dir, "run")
	s.pools.start = s.startPool
	s.queue.wake = make(chan struct{}, 1)
	if s.code, err = openCodeStore(filepath.Join(dir, "code")); err != nil {
		return nil, fmt.Errorf("open the code store: %w", err)
	}
	if s.db, err = sqldb.Open(ctx, filepath.Join(options.Dir, "lambda.db"), migrations()); err != nil {
		return nil, err
	}
	if err := s.restore(ctx); err != nil {
		return nil, errors.Join(err, s.db.Close())
	}
	s.start()
	return s, nil
}

// restore reads what was saved.
func (s *Service) restore(ctx context.Context) error {
	if err := s.load(ctx); err != nil {
		return err
	}
	if err := s.code.sweep(); err != nil {
		return fmt.Errorf("sweep the code store: %w", err)
	}
	s.sweepRun()
	events, err := s.loadEvents(ctx)
	if err != nil {
		return fmt.Errorf("read events: %w", err)
	}
	for _, e := range events {
		s.queue.add(e)
	}
	return nil
}

// sweepRun removes what the functions of a server that was killed have left. The
// database is open and locked: that server is gone. What a function has made
// unremovable is in nobody's way.
func (s *Service) sweepRun() {
	if err := os.RemoveAll(s.run); err != nil {
		s.log.Warn("leftovers of functions not removed", "error", err)
	}
}

func (s *Service) start() {
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.work.Go(func() { s.dispatch(ctx) })
	s.clock.Join(s)
}

// Close stops delivering events, gives those at work until ctx ends to finish,
// and ends every function. An event that could not finish is delivered again
// by the next process.
func (s *Service) Close(ctx context.Context) error {
	s.stop()
	idle := make(chan struct{})
	go func() {
		s.work.Wait()
		close(idle)
	}()
	select {
	case <-idle:
	case <-ctx.Done():
	}
	err := s.pools.close()
	<-idle
	s.queue.clear()
	return errors.Join(err, s.db.Close())
}

// SetEndpoint sets the base URL under which functions reach the server, such
// as http://127.0.0.1:4610. Processes that run already keep what they got.
func (s *Service) SetEndpoint(url string) { s.endpoint.Store(&url) }
