package task

import (
	"context"
	"fmt"
	"time"
)

// ECS's defaults of a health check, and how soon the first verdict is looked for.
const (
	defaultInterval = 30 * time.Second
	defaultTimeout  = 5 * time.Second
	defaultRetries  = 3
	firstInterval   = 200 * time.Millisecond
)

// The first elements of a health check's command.
const (
	checkCommand = "CMD"
	checkShell   = "CMD-SHELL"
)

// argv is what to execute for a check. The text of CMD-SHELL is the task definition's own, and it runs where the task's
// own program runs.
func (h HealthCheck) argv() ([]string, error) {
	switch {
	case len(h.Command) > 1 && h.Command[0] == checkCommand:
		return h.Command[1:], nil
	case len(h.Command) == 2 && h.Command[0] == checkShell:
		return []string{"/bin/sh", "-c", h.Command[1]}, nil
	}
	return nil, fmt.Errorf("healthCheck.command must be [CMD, program, arguments...] or [CMD-SHELL, text], not %q", h.Command)
}

// paced fills in the defaults and lets the intervals pass faster. The timeout is real: a check needs the time it needs.
func (h HealthCheck) paced(pace float64) HealthCheck {
	orElse := func(d, otherwise time.Duration) time.Duration {
		if d <= 0 {
			return otherwise
		}
		return d
	}
	h.Interval = time.Duration(float64(orElse(h.Interval, defaultInterval)) / pace)
	h.StartPeriod = time.Duration(float64(max(h.StartPeriod, 0)) / pace)
	h.Timeout = orElse(h.Timeout, defaultTimeout)
	if h.Retries <= 0 {
		h.Retries = defaultRetries
	}
	return h
}

// probe finds out a container's health. The engines' own health checks are not used: Podman runs none without systemd, and
// processes have none.
type probe struct {
	check HealthCheck // paced
	// run executes the check: true for exit code 0. An error says that it could not be executed for a reason that is not
	// the container's; then there is no verdict.
	run  func(ctx context.Context) (bool, error)
	tell func(health string) // called on every change of the verdict
}

// loop checks until ctx ends. ECS makes the first check after one interval. Here checks begin at once and come at small,
// growing distances until the first success, so that a good container is HEALTHY soon.
func (p probe) loop(ctx context.Context) {
	began := time.Now()
	j := judge{check: p.check, began: began, counted: began, health: Unknown, early: min(firstInterval, p.check.Interval)}
	for {
		before := j.health
		good, err := p.once(ctx)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			j.hear(good, time.Now())
		}
		if j.health != before {
			p.tell(j.health)
		}
		if !pause(ctx, j.wait(time.Now())) {
			return
		}
	}
}

// judge makes a verdict of results. A failure counts only when ECS would have seen it too: after the start period, and an
// interval after the one that counted before.
type judge struct {
	check    HealthCheck // paced
	began    time.Time
	counted  time.Time // when the last failure counted
	health   string
	failures int
	early    time.Duration // until the next check, as long as there is no verdict
}

func (j *judge) hear(good bool, now time.Time) {
	switch {
	case good:
		j.health, j.failures = Healthy, 0
	case now.Sub(j.began) > j.check.StartPeriod && now.Sub(j.counted) >= j.check.Interval:
		j.counted = now
		if j.failures++; j.failures >= j.check.Retries {
			j.health = Unhealthy
		}
	}
}

// wait says how long to wait for the next check.
func (j *judge) wait(now time.Time) time.Duration {
	if j.health != Unknown {
		return j.check.Interval
	}
	wait := j.early
	if due := j.counted.Add(j.check.Interval).Sub(now); due > 0 {
		wait = min(wait, due)
	}
	j.early = min(2*j.early, j.check.Interval)
	return wait
}

func (p probe) once(ctx context.Context) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, p.check.Timeout)
	defer cancel()
	return p.run(ctx)
}

// pause waits, and is false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
