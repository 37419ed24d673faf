package dev

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"greenlight/internal/awswire"
	"greenlight/internal/clock"
	"greenlight/internal/localcloud/ecs"
	"greenlight/internal/localcloud/ecs/task"
	"greenlight/internal/localcloud/elb"
	"greenlight/internal/localcloud/lambda"
	"greenlight/internal/localcloud/s3"
	"greenlight/internal/localcloud/sts"
)

// cloud is the local cloud of a data directory. Its parts know each other only
// as far as the real ones do: Lambda reads code in S3, ECS registers its tasks
// with the load balancers.
type cloud struct {
	objects   *s3.Service
	functions *lambda.Service
	balancers *elb.Service
	launcher  task.Launcher
	services  *ecs.Service
}

// reserved are the paths of the address that a bucket of the same name would be
// hidden by.
var reserved = []string{"healthz", "readyz", "metrics"}

// drainTime is the default deregistration delay of the local load balancers:
// AWS's five minutes would make every deployment wait that long for its end.
const drainTime = 5 * time.Second

// fastPace is how much faster health checks, drains and pauses before restarts
// pass when the clock does not wait either. They are real waits on real
// processes, so the clock cannot jump over them.
const fastPace = 20

// open brings the local cloud to life, side by side where parts do not need each
// other: each has a database to open. What is open when it fails is closed by the
// caller.
func (c *cloud) open(ctx context.Context, o Options, url string, now *clock.Clock) error {
	pace := 1.0
	if o.Clock == clock.Fast {
		pace = fastPace
	}
	err := together(
		func() error { return c.openFunctions(ctx, o, url, now) },
		func() error { return c.openBalancers(ctx, o, now, pace) },
		func() error { return c.openLauncher(ctx, o, url, pace) },
	)
	if err != nil {
		return err
	}
	c.services, err = ecs.Open(ctx, ecs.Options{
		Dir: o.Data, Clock: now, Launcher: c.launcher, Balancer: c.balancers, Pace: pace, Log: o.Log,
		Environment: func(account, region, _ string) map[string]string { return taskEnvironment(url, account, region) },
	})
	return err
}

// together runs functions beside each other and returns all of their errors.
func together(parts ...func() error) error {
	failures := make([]error, len(parts))
	var all sync.WaitGroup
	for i, part := range parts {
		all.Go(func() { failures[i] = part() })
	}
	all.Wait()
	return errors.Join(failures...)
}

func (c *cloud) openFunctions(ctx context.Context, o Options, url string, now *clock.Clock) (err error) {
	c.objects, err = s3.Open(ctx, s3.Options{Dir: filepath.Join(o.Data, "s3"), Clock: now, Log: o.Log, Reserved: reserved})
	if err != nil {
		return err
	}
	c.functions, err = lambda.Open(ctx, lambda.Options{Dir: o.Data, Clock: now, Endpoint: url, Log: o.Log, Objects: c.objects})
	return err
}

func (c *cloud) openBalancers(ctx context.Context, o Options, now *clock.Clock, pace float64) (err error) {
	c.balancers, err = elb.Open(ctx, elb.Options{
		Dir: o.Data, Pace: pace, DeregistrationDelay: drainTime, Log: o.Log, Now: now.Now,
		Port: func(port int) int { return port + o.PortOffset },
	})
	return err
}

func (c *cloud) openLauncher(ctx context.Context, o Options, url string, pace float64) error {
	instance, err := filepath.Abs(o.Data)
	if err != nil {
		return err
	}
	c.launcher, err = task.Choose(ctx, o.Tasks, task.Options{
		Dir: o.Data, Instance: instance, Pace: pace, Endpoint: url, Log: o.Log,
	})
	if err != nil {
		return fmt.Errorf("tasks: %w", err)
	}
	return nil
}

// taskEnvironment is what a task needs to be a client of this address. The access
// key is the account's id, which is how the server knows the account of a
// caller without users.
func taskEnvironment(url, account, region string) map[string]string {
	return map[string]string{
		"AWS_ENDPOINT_URL":      url,
		"AWS_REGION":            region,
		"AWS_DEFAULT_REGION":    region,
		"AWS_ACCESS_KEY_ID":     account,
		"AWS_SECRET_ACCESS_KEY": "local",
	}
}

// behind lists the services for the shared address.
func (c *cloud) behind() []awswire.Service {
	return []awswire.Service{c.functions, c.objects, c.balancers, c.services, sts.New(time.Now)}
}

// close ends what is open, users before what they use.
func (c *cloud) close(ctx context.Context, log *slog.Logger) {
	var err error
	if c.services != nil {
		err = errors.Join(err, c.services.Close(ctx))
	}
	if c.launcher != nil {
		err = errors.Join(err, c.launcher.Close())
	}
	if c.balancers != nil {
		err = errors.Join(err, c.balancers.Close(ctx))
	}
	if c.functions != nil {
		err = errors.Join(err, c.functions.Close(ctx))
	}
	if c.objects != nil {
		err = errors.Join(err, c.objects.Close())
	}
	if err != nil {
		log.Warn("the local cloud did not end cleanly; the next start puts it in order", "error", err)
	}
}
