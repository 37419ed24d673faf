package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"greenlight/internal/alarmsource"
	"greenlight/internal/api"
	"greenlight/internal/awsaccess"
	"greenlight/internal/awswire"
	"greenlight/internal/clock"
	"greenlight/internal/ecsdriver"
	"greenlight/internal/engine"
	"greenlight/internal/lambdadriver"
	"greenlight/internal/revisionsource"
	"greenlight/internal/store"
)

// Options are what a controller is made of. Store, Clock, Auth and Access are
// needed.
type Options struct {
	Store    *store.Store
	Clock    *clock.Clock
	Auth     awswire.Authenticator
	Policies awswire.Authorizer      // nil: a caller may do everything in its account
	Limit    awswire.Limiter         // nil: no limit
	Access   *awsaccess.Access       // how the engine reaches the clouds
	Services []awswire.Service       // what else shares the address
	Routes   map[string]http.Handler // endpoints beside the services, by http.ServeMux pattern
	Quotas   api.Quotas
	HookBusy func() bool // see engine.Options
	Log      *slog.Logger

	GitHubOff bool // see api.Options

	// ECSControllers are the deployment controllers that services may have; see
	// engine.Options. GroupChecksOff leaves what only AWS knows about an ECS group
	// to its deployments.
	ECSControllers []string
	GroupChecksOff bool

	HideClock bool // no endpoint tells or moves the time: in production there is only the real one
}

// Server is a controller that has not yet been told where to listen.
type Server struct {
	clock   *clock.Clock
	store   *store.Store
	engine  *engine.Engine
	handler http.Handler
	log     *slog.Logger

	streams context.Context // ends when answers that go on for ever must end
	hangUp  context.CancelFunc
}

// Open puts a controller together and takes over the deployments in its store;
// nothing is acted upon before Run.
func Open(ctx context.Context, o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	ecs := ecsdriver.New(o.Access)
	eng, err := engine.Open(ctx, engine.Options{
		Store: o.Store, Clock: o.Clock, Log: o.Log, HookBusy: o.HookBusy,
		Lambda:    lambdadriver.New(o.Access),
		ECS:       ecs,
		Alarms:    alarmsource.New(o.Access),
		Revisions: revisionsource.NewS3(o.Access),

		ECSControllers: o.ECSControllers,
	})
	if err != nil {
		return nil, err
	}
	asked := api.Options{
		Store: o.Store, Engine: eng, Clock: o.Clock, Quotas: o.Quotas, GitHubOff: o.GitHubOff, ECSControllers: o.ECSControllers,
	}
	if !o.GroupChecksOff {
		asked.ECS = ecs
	}
	codedeploy, err := api.New(ctx, asked)
	if err != nil {
		return nil, err
	}
	services := append([]awswire.Service{codedeploy.Service()}, o.Services...)
	s := &Server{clock: o.Clock, store: o.Store, engine: eng, log: o.Log}
	s.streams, s.hangUp = context.WithCancel(context.WithoutCancel(ctx))
	wire := awswire.NewServer(awswire.Options{Auth: o.Auth, Authorize: o.Policies, Limit: o.Limit, Log: o.Log}, services...)
	s.handler = s.routes(wire, o)
	return s, nil
}

// Handler answers everything that comes to the address.
func (s *Server) Handler() http.Handler { return s.handler }

// Run turns the engine and the clock until ctx ends.
func (s *Server) Run(ctx context.Context) error {
	var parts sync.WaitGroup
	var engineErr, clockErr error
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	parts.Go(func() { engineErr = s.engine.Run(ctx); cancel() })
	parts.Go(func() { clockErr = s.clock.Run(ctx) })
	parts.Wait()
	return errors.Join(engineErr, clockErr)
}

// Live answers requests on listener and turns the engine until ctx ends or
// either fails. Requests under way are answered; what they call for is saved,
// and begun by the next start.
func (s *Server) Live(ctx context.Context, listener net.Listener) error {
	collectLessOften()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var parts sync.WaitGroup
	var serveErr, runErr error
	parts.Go(func() { runErr = s.Run(ctx); cancel() })
	serveErr = s.Serve(ctx, listener)
	cancel()
	parts.Wait()
	return errors.Join(serveErr, runErr)
}

// The bounds of a connection. Answers may take long (an invoke of a function
// does), so only what the client sends is limited in time.
const (
	headerTime = 10 * time.Second
	bodyTime   = 2 * time.Minute
	idleTime   = 3 * time.Minute
	drainTime  = 10 * time.Second
	maxHeaders = 64 << 10
)

// Serve answers requests on listener until ctx ends, then lets those under way
// finish, for a bounded time.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	web := &http.Server{
		Handler: s.handler, ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime,
		IdleTimeout: idleTime, MaxHeaderBytes: maxHeaders,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	web.RegisterOnShutdown(s.hangUp)
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if err := web.Shutdown(drain); err != nil {
		return web.Close()
	}
	return nil
}
