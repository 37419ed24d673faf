package clock

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// recheck is how often a moving clock looks again at parties that were busy:
// some of them become quiet by the mere passing of real time.
const recheck = 5 * time.Millisecond

// idleRecheck bounds how long a quiet fast clock sleeps when nobody says
// Changed; parties do, so it is only a safety net that costs nothing.
const idleRecheck = time.Second

// ErrNotManual answers an attempt to move a clock that moves by itself.
var ErrNotManual = errors.New("the clock can be moved only in mode manual")

// maxAdvance bounds one Advance; the longest life of a deployment is 50 hours
// (lambda.md 1).
const maxAdvance = 366 * 24 * time.Hour

// Run moves a fast clock until ctx ends: whenever every party is quiet it
// jumps to the next moment that one of them waits for. In the other modes it
// returns at once.
func (c *Clock) Run(ctx context.Context) error {
	if c.mode != Fast {
		return nil
	}
	for ctx.Err() == nil {
		quiet, next := c.quiet()
		pause := idleRecheck
		switch {
		case !quiet:
			pause = recheck
		case !next.IsZero() && next.After(c.Now()):
			if err := c.jump(next); err != nil {
				return err
			}
			pause = recheck
		case !next.IsZero():
			pause = recheck // due: its party is about to take it up
		}
		c.rest(ctx, pause)
	}
	return nil
}

// rest sleeps in real time until a party has changed, but not longer than d.
func (c *Clock) rest(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-c.changed:
	case <-timer.C:
	}
}

// Advance moves a manual clock by d, stopping at each moment on the way that a
// party waits for, and returns the new time once everything that became due
// has settled. Calls take turns. When ctx ends before that it returns ctx's
// error; the clock is then somewhere between.
func (c *Clock) Advance(ctx context.Context, d time.Duration) (time.Time, error) {
	if c.mode != Manual {
		return time.Time{}, ErrNotManual
	}
	if d < 0 || d > maxAdvance {
		return time.Time{}, fmt.Errorf("cannot advance by %s: it must be between 0 and %s", d, maxAdvance)
	}
	c.advancing.Lock()
	defer c.advancing.Unlock()
	target := c.Now().Add(d)
	for {
		next, err := c.settle(ctx)
		if err != nil {
			return time.Time{}, err
		}
		if !c.Now().Before(target) {
			return c.Now(), nil
		}
		if next.IsZero() || next.After(target) {
			next = target
		}
		if err := c.jump(next); err != nil {
			return time.Time{}, err
		}
	}
}

// settle waits until no party is busy or has something due, and returns the
// next moment that one waits for.
func (c *Clock) settle(ctx context.Context) (time.Time, error) {
	for {
		quiet, next := c.quiet()
		if quiet && (next.IsZero() || next.After(c.Now())) {
			return next, nil
		}
		c.rest(ctx, recheck)
		if err := ctx.Err(); err != nil {
			return time.Time{}, fmt.Errorf("waiting for what became due to settle: %w", err)
		}
	}
}
