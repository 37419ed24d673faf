package ecs

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"greenlight/internal/awswire"
	"greenlight/internal/clock"
	launcher "greenlight/internal/localcloud/ecs/task"
	"greenlight/internal/localcloud/elb"
	"greenlight/internal/sqldb"
)

// Options of a Service. Dir, Clock, Launcher and Balancer are required.
type Options struct {
	// Dir is the server's data directory. The service keeps ecs.db in it.
	Dir string
	// Clock dates everything. The service joins it as a party.
	Clock *clock.Clock
	// Launcher runs the tasks. It belongs to the caller, who closes it after
	// the service.
	Launcher launcher.Launcher
	// Balancer is where the targets of services are registered.
	Balancer Balancer
	// Environment is what a task's containers get besides what their
	// definitions say, which wins: AWS_ENDPOINT_URL, region, credentials of the
	// task role (an ARN or ""). Nil adds nothing.
	Environment func(account, region, taskRole string) map[string]string
	// Pace is how much faster than told grace periods and back-offs pass;
	// default 1.
	Pace float64
	// Log gets the faults of the server itself; default slog.Default().
	Log *slog.Logger
}

// Balancer is the load balancing that services use; *elb.Service is one. All
// methods may be called at the same time. TargetGroup and Health are called
// inside transactions: they must answer from memory.
type Balancer interface {
	// TargetGroup finds a target group by its ARN.
	TargetGroup(account, region, arn string) (elb.TargetGroup, bool)
	// RegisterTarget adds a target to a group; again is no error.
	RegisterTarget(account, region, arn string, t elb.TargetID) error
	// DeregisterTarget takes a target out, which then drains as long as the
	// group says. One that is not there is no error.
	DeregisterTarget(account, region, arn string, t elb.TargetID) error
	// Health tells of each target of a group how it is; a target that has
	// drained is absent.
	Health(account, region, arn string) map[elb.TargetID]elb.Health
	// Watch has a token after any change of health or association.
	Watch() (changed <-chan struct{}, stop func())
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Pace <= 0 {
		o.Pace = 1
	}
	if o.Environment == nil {
		o.Environment = func(string, string, string) map[string]string { return nil }
	}
	return o
}

// Service is the local ECS: an awswire.Service, and a clock.Party while task
// sets settle.
type Service struct {
	wire     awswire.Service
	clock    *clock.Clock
	launcher launcher.Launcher
	balancer Balancer
	log      *slog.Logger
	environ  func(account, region, taskRole string) map[string]string
	pace     float64

	db       *sqldb.DB
	engine   engineStates
	agenda   agenda
	settling settling
	starting starting

	stop context.CancelFunc // ends passes and acts
	loop sync.WaitGroup     // the passes and the watchers
	work sync.WaitGroup     // the acts
}

//go:embed migrations/*.sql
var embedded embed.FS

// Open brings the local ECS of a data directory to life. Tasks that run since
// before are taken over as they are, those that are lost are replaced, and tasks
// of the launcher that no row knows are stopped. It must be closed.
func Open(ctx context.Context, options Options) (*Service, error) {
	o := options.withDefaults()
	migrations, err := fs.Sub(embedded, "migrations")
	if err != nil {
		return nil, err
	}
	s := &Service{
		clock: o.Clock, launcher: o.Launcher, balancer: o.Balancer, log: o.Log, environ: o.Environment, pace: o.Pace,
		agenda: newAgenda(), starting: newStarting(),
	}
	s.wire = awswire.JSONService("ecs", targetPrefix, s.operations())
	if s.db, err = sqldb.Open(ctx, filepath.Join(o.Dir, "ecs.db"), migrations); err != nil {
		return nil, err
	}
	running, stop := context.WithCancel(context.Background())
	s.stop = stop
	watched := s.launcher.Watch(running) // before they are looked at, so that no change is missed
	if err := s.takeOver(ctx, running); err != nil {
		stop()
		s.work.Wait()
		return nil, errors.Join(fmt.Errorf("take over tasks: %w", err), s.db.Close())
	}
	s.markAll(ctx)
	s.start(running, watched)
	return s, nil
}

func (s *Service) start(ctx context.Context, watched <-chan string) {
	s.loop.Go(func() { s.watchEngine(ctx, watched) })
	s.loop.Go(func() { s.watchBalancer(ctx) })
	s.loop.Go(func() { s.passes(ctx) })
	s.clock.Join(s)
}

// Close stops all tasks, each with the time that its definition gives it to
// stop, and closes the database. What is not over when ctx ends goes on without
// this process; the next one finds it. The next Open starts tasks anew.
func (s *Service) Close(ctx context.Context) error {
	s.stop()
	s.loop.Wait()
	s.work.Wait()
	s.settling.clear()
	err := s.stopEverything(ctx)
	return errors.Join(err, s.db.Close())
}

const targetPrefix = "AmazonEC2ContainerServiceV20141113"

// Name implements awswire.Service.
func (s *Service) Name() string { return s.wire.Name() }

// ServeHTTP implements awswire.Service.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.wire.ServeHTTP(w, r) }

// Claims implements awswire.Claimer: a request whose target is ECS's, whatever
// its signature says.
func (s *Service) Claims(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("X-Amz-Target"), targetPrefix+".")
}

// Permissions implements awswire.Guarded.
func (s *Service) Permissions(r *http.Request, body []byte) ([]awswire.Permission, error) {
	return s.wire.(awswire.Guarded).Permissions(r, body)
}

// paced is how long a wait really takes.
func (s *Service) paced(d time.Duration) time.Duration { return time.Duration(float64(d) / s.pace) }
