// Package clock is the time that deployments live by.
//
// There is one Clock in a process. Whoever waits for a moment or stamps a
// record asks it, so that a canary of thirty minutes can run in milliseconds
// through exactly the states that it would have gone through in real time.
//
// The clock shows the wall's time plus an offset. In mode real the offset
// never changes. In mode fast it grows by itself: whenever no party is busy,
// the clock jumps to the next moment that a party waits for. In mode manual it
// grows only by Advance. The offset is saved before anybody can see it, so
// that time never runs backwards over a restart.
package clock

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Mode says what moves the clock besides the wall's time.
type Mode string

// The modes of design.md, "Time".
const (
	Real   Mode = "real"
	Fast   Mode = "fast"
	Manual Mode = "manual"
)

// ParseMode reads a mode as the command line gives it.
func ParseMode(text string) (Mode, error) {
	switch m := Mode(text); m {
	case Real, Fast, Manual:
		return m, nil
	}
	return "", fmt.Errorf("clock %q is none of real, fast, manual", text)
}

// Party is somebody who lives by the clock: the engine, a queue with retries.
type Party interface {
	// NextWake is the earliest moment at which the party has something to do;
	// false when it waits for no moment.
	NextWake() (time.Time, bool)
	// Busy says that the party is at work now, has something due, or waits for
	// something outside the clock that may still change its next moment. Time
	// does not jump then. Work that is about to be taken up must not be
	// invisible in between: the clock asks for Busy first.
	Busy() bool
}

// Clock is safe for use by many goroutines.
type Clock struct {
	mode Mode
	save func(time.Duration) error

	advancing sync.Mutex // held by the one Advance that moves the clock
	jumping   sync.Mutex // held by the one jump that is being made

	mu      sync.Mutex
	offset  time.Duration
	parties []Party
	moved   chan struct{} // closed and replaced at every jump
	changed chan struct{} // holds one token when a party has changed
}

// New returns a clock that starts at the wall's time plus offset. save is
// called with each new offset before it takes effect; nil keeps it in memory.
func New(mode Mode, offset time.Duration, save func(time.Duration) error) *Clock {
	if save == nil {
		save = func(time.Duration) error { return nil }
	}
	return &Clock{
		mode: mode, offset: offset, save: save,
		moved: make(chan struct{}), changed: make(chan struct{}, 1),
	}
}

// Mode tells how the clock moves.
func (c *Clock) Mode() Mode { return c.mode }

// Now is the present moment in UTC, in whole milliseconds: the precision of
// the API's timestamps, so that what is saved and what is told agree.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	return time.Now().Add(c.offset).UTC().Truncate(time.Millisecond)
}

// Join makes p one of the parties whose work holds the clock and whose waits
// it jumps to.
func (c *Clock) Join(p Party) {
	c.mu.Lock()
	c.parties = append(c.parties, p)
	c.mu.Unlock()
	c.Changed()
}

// Changed tells the clock that a party's NextWake or Busy has changed.
func (c *Clock) Changed() {
	select {
	case c.changed <- struct{}{}:
	default:
	}
}

// Wait returns when ctx ends, when the clock reaches until (zero: never), or
// when wake receives.
func (c *Clock) Wait(ctx context.Context, until time.Time, wake <-chan struct{}) {
	for c.waitOnce(ctx, until, wake) {
	}
}

// waitOnce waits until anything happens, and reports whether the wait goes on.
func (c *Clock) waitOnce(ctx context.Context, until time.Time, wake <-chan struct{}) bool {
	c.mu.Lock()
	moved, now := c.moved, c.now()
	c.mu.Unlock()

	var due <-chan time.Time
	if !until.IsZero() {
		if !now.Before(until) {
			return false
		}
		timer := time.NewTimer(until.Sub(now))
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-ctx.Done():
		return false
	case <-wake:
		return false
	case <-due: // to the millisecond; look again
		return true
	case <-moved:
		return true
	}
}

// jump sets the clock forward to at, having saved the new offset. The clock can
// be read meanwhile: saving is a transaction, and it may have to wait for others
// that ask what time it is.
func (c *Clock) jump(at time.Time) error {
	c.jumping.Lock()
	defer c.jumping.Unlock()
	c.mu.Lock()
	offset, ahead := c.offset, at.Sub(c.now())
	c.mu.Unlock()
	if ahead <= 0 {
		return nil
	}
	if err := c.save(offset + ahead); err != nil {
		return fmt.Errorf("save the clock's offset: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset = offset + ahead
	close(c.moved)
	c.moved = make(chan struct{})
	return nil
}

// quiet reports whether no party is busy, and the earliest moment that one
// waits for.
func (c *Clock) quiet() (quiet bool, next time.Time) {
	c.mu.Lock()
	parties := c.parties
	c.mu.Unlock()
	for _, p := range parties {
		if p.Busy() {
			return false, time.Time{}
		}
		if wake, ok := p.NextWake(); ok && (next.IsZero() || wake.Before(next)) {
			next = wake
		}
	}
	return true, next
}
