package dev

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"greenlight/internal/api"
	"greenlight/internal/awsaccess"
	"greenlight/internal/awswire"
	"greenlight/internal/clock"
	"greenlight/internal/localcloud/lambda"
	"greenlight/internal/server"
	"greenlight/internal/store"
)

// Options say where and how to run. Listen, Data and Clock are needed.
type Options struct {
	Listen string // host:port; the host must be a loopback address, port 0 takes a free one
	Data   string // directory of everything that survives a restart; created if missing
	Clock  clock.Mode
	Quotas api.Quotas
	Log    *slog.Logger

	// Tasks says how tasks run: task.ModeAuto, ModeContainers or ModeProcesses;
	// "" is auto.
	Tasks string
	// PortOffset is added to the port of every listener of a load balancer, for
	// machines where the port itself may not be bound.
	PortOffset int
}

// Dev is a running server.
type Dev struct {
	URL   string // http://host:port
	Tasks string // what tasks run as: "processes", or the container engine's name

	cloud    cloud
	log      *slog.Logger
	server   *server.Server
	store    *store.Store
	listener net.Listener
}

// ErrNotLoopback refuses an address that others can reach: dev takes any
// credentials.
var ErrNotLoopback = errors.New("dev accepts any credentials, so it listens on loopback addresses only")

// Open prepares a server on a data directory and binds its address. Nothing is
// answered before Run.
func Open(ctx context.Context, o Options) (_ *Dev, err error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if err := loopback(o.Listen); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	d := &Dev{log: o.Log}
	defer func() {
		if err != nil {
			d.close(ctx)
		}
	}()
	if d.store, err = store.Open(ctx, filepath.Join(o.Data, "greenlight.db")); err != nil {
		return nil, err
	}
	if d.listener, err = net.Listen("tcp", o.Listen); err != nil {
		return nil, err
	}
	d.URL = "http://" + d.listener.Addr().String()
	return d, d.compose(ctx, o)
}

// compose puts the local cloud and the controller behind the address.
func (d *Dev) compose(ctx context.Context, o Options) error {
	time, err := server.OpenClock(ctx, d.store, o.Clock)
	if err != nil {
		return err
	}
	if err := d.cloud.open(ctx, o, d.URL, time); err != nil {
		return err
	}
	d.Tasks = d.cloud.launcher.Name()
	d.server, err = server.Open(ctx, server.Options{
		Store: d.store, Clock: time, Quotas: o.Quotas, Log: o.Log,
		Auth:     awswire.AnyCredentials(),
		Access:   awsaccess.New(awsaccess.Options{Base: aws.Config{}, Endpoint: d.URL, AccountCredentials: true}),
		Services: d.cloud.behind(),
		Routes:   map[string]http.Handler{"GET " + lambda.LogsPath: d.cloud.functions.LogsHandler()},
		HookBusy: d.hookBusy(o.Clock),
	})
	return err
}

// hookGrace is how long, in real time, a function that has returned without a
// report may still send one (design.md, "Time").
const hookGrace = 5 * time.Second

// hookBusy tells the engine when a hook that owes its report may still be at
// work. A manual clock is moved by somebody who knows; only running functions
// hold it.
func (d *Dev) hookBusy(mode clock.Mode) func() bool {
	if mode == clock.Manual {
		return d.cloud.functions.AsyncRunning
	}
	return func() bool {
		return d.cloud.functions.AsyncRunning() || time.Since(d.cloud.functions.QuietSince()) < hookGrace
	}
}

// Run serves until ctx ends, then stops cleanly: requests under way are
// answered, what is saved stays for the next start.
func (d *Dev) Run(ctx context.Context) error {
	defer d.close(context.WithoutCancel(ctx))
	return d.server.Live(ctx, d.listener)
}

// closeTime bounds how long a stop waits for functions at work. An event that is
// cut off is delivered again at the next start.
const closeTime = 3 * time.Second

func (d *Dev) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, closeTime)
	defer cancel()
	d.cloud.close(ctx, d.log)
	if d.listener != nil {
		_ = d.listener.Close() // closed already after a run
	}
	if d.store != nil {
		_ = d.store.Close()
	}
}

// loopback refuses an address that is not one of this machine's own.
func loopback(listen string) error {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("listen address %q: %w", listen, err)
	}
	addr, err := netip.ParseAddr(host)
	if host != "localhost" && (err != nil || !addr.IsLoopback()) {
		return fmt.Errorf("listen address %q: %w", listen, ErrNotLoopback)
	}
	return nil
}
