package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"

	"greenlight/internal/api"
	"greenlight/internal/awsaccess"
	"greenlight/internal/awswire"
	"greenlight/internal/clock"
	"greenlight/internal/credentials"
	"greenlight/internal/server"
	"greenlight/internal/store"
)

// Options say where and how to run. Listen, Database and Credentials are
// needed.
type Options struct {
	Listen      string // host:port; port 0 takes a free one
	Database    Database
	Credentials string // path of the credentials file

	TLSCert, TLSKey string // paths of PEM files; both or neither

	Quotas     api.Quotas
	RateLimit  float64 // requests per second of each account; 0: no limit
	GitHubOff  bool    // the operations on GitHub tokens are not supported
	AssumeRole bool    // act on AWS as the deployment group's service role, not with the process's own credentials

	ECSControllers []string // deployment controllers of the services that are deployed to; none: CODE_DEPLOY
	GroupChecksOff bool     // ECS groups are stored without asking ECS and the load balancers about them

	Log *slog.Logger
}

// Serve is a running server.
type Serve struct {
	URL string // http://host:port or https://host:port

	credentials *credentials.File
	certificate *certificate // nil: plain HTTP
	server      *server.Server
	store       *store.Store
	listener    net.Listener
}

// Open prepares a server and binds its address. Nothing is answered before
// Run.
func Open(ctx context.Context, o Options) (_ *Serve, err error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Serve{}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.credentials, err = credentials.Open(o.Credentials, o.Log); err != nil {
		return nil, err
	}
	if s.certificate, err = openCertificate(o.TLSCert, o.TLSKey, o.Log); err != nil {
		return nil, err
	}
	if s.store, err = store.Open(ctx, o.Database.path); err != nil {
		return nil, err
	}
	if err := s.compose(ctx, o); err != nil {
		return nil, err
	}
	return s, s.bind(o.Listen)
}

// compose puts the controller together.
func (s *Serve) compose(ctx context.Context, o Options) error {
	clouds, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return fmt.Errorf("configuration of the AWS SDK: %w", err)
	}
	now, err := server.OpenClock(ctx, s.store, clock.Real)
	if err != nil {
		return err
	}
	var limit awswire.Limiter
	if o.RateLimit > 0 {
		limit = awswire.PerAccount(o.RateLimit)
	}
	s.server, err = server.Open(ctx, server.Options{
		Store: s.store, Clock: now, Quotas: o.Quotas, Log: o.Log,
		Auth:     awswire.Signed(s.credentials, time.Now),
		Policies: s.credentials,
		Limit:    limit,
		Access:   awsaccess.New(awsaccess.Options{Base: clouds, AssumeRole: o.AssumeRole}),

		GitHubOff:      o.GitHubOff,
		HideClock:      true,
		ECSControllers: o.ECSControllers,
		GroupChecksOff: o.GroupChecksOff,
	})
	return err
}

func (s *Serve) bind(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	s.listener, s.URL = listener, "http://"+listener.Addr().String()
	if s.certificate != nil {
		s.listener, s.URL = secure(listener, s.certificate), "https://"+listener.Addr().String()
	}
	return nil
}

// Run serves until ctx ends, then stops cleanly: requests under way are
// answered, what is saved stays for the next start.
func (s *Serve) Run(ctx context.Context) error {
	defer s.close()
	return s.server.Live(ctx, s.listener)
}

// Reload reads the credentials and the certificate again at once, without
// waiting until a change of their files is noticed. What cannot be read stays
// as it was.
func (s *Serve) Reload() error {
	err := s.credentials.Reload()
	if s.certificate != nil {
		err = errors.Join(err, s.certificate.Reload())
	}
	return err
}

func (s *Serve) close() {
	if s.listener != nil {
		_ = s.listener.Close() // closed already after a run
	}
	if s.store != nil {
		_ = s.store.Close()
	}
}
