package clock

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// worker is a party with appointments. It comes to each, works for a while of
// real time, and may make new ones.
type worker struct {
	clock *Clock
	work  time.Duration
	then  map[time.Duration]time.Duration // by appointment: what it makes next, both from start
	start time.Time

	mu      sync.Mutex
	busy    bool
	pending []time.Time
	kept    []time.Duration // when it came, from start
	changed chan struct{}
}

func newWorker(c *Clock, appointments ...time.Duration) *worker {
	w := &worker{clock: c, start: c.Now(), changed: make(chan struct{}, 1)}
	for _, after := range appointments {
		w.pending = append(w.pending, w.start.Add(after))
	}
	return w
}

func (w *worker) NextWake() (time.Time, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.pending) == 0 {
		return time.Time{}, false
	}
	return slices.MinFunc(w.pending, time.Time.Compare), true
}

// Busy follows the contract of Party: something due counts.
func (w *worker) Busy() bool {
	next, ok := w.NextWake()
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.busy || ok && !next.After(w.clock.Now())
}

func (w *worker) run(ctx context.Context) {
	w.clock.Join(w)
	for ctx.Err() == nil {
		next, _ := w.NextWake()
		w.clock.Wait(ctx, next, w.changed)
		if w.take() {
			time.Sleep(w.work)
			w.finish()
		}
	}
}

func (w *worker) take() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.clock.Now()
	due := func(at time.Time) bool { return !at.After(now) }
	if !slices.ContainsFunc(w.pending, due) {
		return false
	}
	w.busy = true
	w.pending = slices.DeleteFunc(w.pending, due)
	w.kept = append(w.kept, now.Sub(w.start).Truncate(time.Second))
	return true
}

func (w *worker) finish() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if next, ok := w.then[w.kept[len(w.kept)-1]]; ok {
		w.pending = append(w.pending, w.start.Add(next))
	}
	w.busy = false
	w.clock.Changed()
}

// seen are the moments that the worker has come to.
func (w *worker) seen() []time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.kept)
}

func (w *worker) setBusy(busy bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy = busy
	w.clock.Changed()
}

func TestNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(1234567 * time.Nanosecond)
		c := New(Real, time.Hour, nil)
		want := time.Now().Add(time.Hour).UTC().Truncate(time.Millisecond)
		if now := c.Now(); now != want {
			t.Errorf("now is %s, want %s", now, want)
		}
	})
}

func TestParseMode(t *testing.T) {
	for _, mode := range []Mode{Real, Fast, Manual} {
		if got, err := ParseMode(string(mode)); got != mode || err != nil {
			t.Errorf("%s is read as %s, %v", mode, got, err)
		}
	}
	for _, text := range []string{"", "REAL", "slow"} {
		if got, err := ParseMode(text); err == nil {
			t.Errorf("%q is read as %s", text, got)
		}
	}
}

func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Manual, 0, nil)
		begun := time.Now()
		c.Wait(t.Context(), c.Now().Add(-time.Hour), nil)
		if time.Since(begun) > 0 {
			t.Error("waited for a moment that is past")
		}
		c.Wait(t.Context(), c.Now().Add(time.Minute), nil)
		if got := time.Since(begun); got != time.Minute {
			t.Errorf("waited %s of the wall's time, want 1m", got)
		}
		wake := make(chan struct{}, 1)
		wake <- struct{}{}
		c.Wait(t.Context(), time.Time{}, wake)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		c.Wait(ctx, c.Now().Add(time.Hour), wake)
		if ctx.Err() == nil {
			t.Error("did not wait for the context")
		}
	})
}

// A jump wakes whoever waits for a moment that it passes, and nobody else.
func TestJumpWakesThoseItPasses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Manual, 0, nil)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		woken := make(chan time.Duration, 2)
		for _, after := range []time.Duration{time.Minute, time.Hour} {
			until := c.Now().Add(after)
			go func() {
				c.Wait(ctx, until, nil)
				woken <- after
			}()
		}
		synctest.Wait()
		if err := c.jump(c.Now().Add(2 * time.Minute)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if got := <-woken; got != time.Minute || len(woken) > 0 {
			t.Errorf("woke the waits of %s and %d more", got, len(woken))
		}
	})
}

func TestAdvanceStopsAtEachWake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Manual, 0, nil)
		w := newWorker(c, time.Minute, 3*time.Minute, 3*time.Minute, time.Hour)
		w.then = map[time.Duration]time.Duration{time.Minute: 2 * time.Minute} // made on the way, and kept on the way
		w.work = 10 * time.Millisecond
		go w.run(t.Context())
		synctest.Wait()
		now, err := c.Advance(t.Context(), 5*time.Minute)
		if err != nil || now.Before(w.start.Add(5*time.Minute)) || now.After(w.start.Add(5*time.Minute+time.Second)) {
			t.Errorf("now is %s after the start, %v, want 5m", now.Sub(w.start), err)
		}
		if diff := cmp.Diff([]time.Duration{time.Minute, 2 * time.Minute, 3 * time.Minute}, w.seen()); diff != "" {
			t.Errorf("kept appointments (-want +got):\n%s", diff)
		}
		if _, err := c.Advance(t.Context(), 55*time.Minute); err != nil {
			t.Fatal(err)
		}
		if kept := w.seen(); len(kept) != 4 || kept[3] != time.Hour {
			t.Errorf("kept appointments are %v", kept)
		}
	})
}

// Advance by nothing is how one waits until what is due has settled.
func TestAdvanceByNothingSettles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Manual, 0, nil)
		w := newWorker(c, 0)
		w.then = map[time.Duration]time.Duration{0: time.Minute}
		w.work = time.Second
		go w.run(t.Context())
		synctest.Wait()
		if _, err := c.Advance(t.Context(), 0); err != nil || len(w.seen()) != 1 || w.Busy() {
			t.Errorf("%v with %v kept, busy %v", err, w.seen(), w.Busy())
		}
	})
}

func TestAdvanceWaitsForTheBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Manual, 0, nil)
		w := newWorker(c)
		w.busy = true
		c.Join(w)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := c.Advance(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error is %v, want the deadline's", err)
		}
		if ahead := c.Now().Sub(w.start); ahead > 2*time.Second {
			t.Errorf("moved by %s past a busy party", ahead)
		}
		time.AfterFunc(time.Minute, func() { w.setBusy(false) })
		if _, err := c.Advance(t.Context(), time.Hour); err != nil {
			t.Error(err)
		}
	})
}

// Two that move the clock at the same time take turns, so that neither's time is
// swallowed by the other's.
func TestAdvancesAddUp(t *testing.T) {
	const advances = 50
	c := New(Manual, 0, func(time.Duration) error {
		runtime.Gosched() // the moment at which another one would come in between
		return nil
	})
	before := c.Now()
	begin := make(chan struct{})
	var all sync.WaitGroup
	for range advances {
		all.Go(func() {
			<-begin
			if _, err := c.Advance(t.Context(), time.Hour); err != nil {
				t.Error(err)
			}
		})
	}
	close(begin)
	all.Wait()
	if ahead := c.Now().Sub(before); ahead < advances*time.Hour || ahead > (advances+1)*time.Hour {
		t.Errorf("the clock went on by %s, want %d hours", ahead, advances)
	}
}

func TestAdvanceRefuses(t *testing.T) {
	for _, mode := range []Mode{Real, Fast} {
		if _, err := New(mode, 0, nil).Advance(t.Context(), time.Second); !errors.Is(err, ErrNotManual) {
			t.Errorf("in mode %s the error is %v", mode, err)
		}
	}
	for _, by := range []time.Duration{-1, maxAdvance + 1} {
		c := New(Manual, 0, nil)
		if _, err := c.Advance(t.Context(), by); err == nil || time.Until(c.Now()) > time.Minute {
			t.Errorf("advance by %s is %v, the clock %s ahead", by, err, time.Until(c.Now()))
		}
	}
}

func TestFastJumpsFromWakeToWake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Fast, 0, nil)
		w := newWorker(c, 30*time.Minute, 47*time.Hour)
		w.then = map[time.Duration]time.Duration{30 * time.Minute: time.Hour}
		w.work = 100 * time.Millisecond
		go w.run(t.Context())
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if err := c.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]time.Duration{30 * time.Minute, time.Hour, 47 * time.Hour}, w.seen()); diff != "" {
			t.Errorf("kept appointments (-want +got):\n%s", diff)
		}
		// Nobody waits for anything more: time goes on with the wall's.
		if ahead := c.Now().Sub(w.start); ahead > 47*time.Hour+20*time.Second {
			t.Errorf("the clock is %s after the start", ahead)
		}
	})
}

func TestFastDoesNotJumpWhileSomebodyIsBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Fast, 0, nil)
		w, other := newWorker(c, time.Hour), newWorker(c)
		other.busy = true
		c.Join(other)
		go w.run(t.Context())
		go c.Run(t.Context())
		time.Sleep(time.Minute)
		if kept := w.seen(); len(kept) > 0 {
			t.Errorf("kept %v while another party was busy", kept)
		}
		other.setBusy(false)
		time.Sleep(time.Second)
		if diff := cmp.Diff([]time.Duration{time.Hour}, w.seen()); diff != "" {
			t.Errorf("kept appointments (-want +got):\n%s", diff)
		}
	})
}

func TestRunHasNothingToDoInOtherModes(t *testing.T) {
	for _, mode := range []Mode{Real, Manual} {
		if err := New(mode, 0, nil).Run(t.Context()); err != nil {
			t.Errorf("in mode %s: %v", mode, err)
		}
	}
}

// What everybody may have seen must be saved, or time would run backwards over
// a restart.
func TestOffsetIsSavedBeforeItIsSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c *Clock
		var saved []time.Duration
		var full error
		c = New(Manual, time.Hour, func(offset time.Duration) error {
			if full == nil {
				saved = append(saved, offset)
			}
			return full
		})
		before := c.Now()
		if _, err := c.Advance(t.Context(), time.Minute); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]time.Duration{time.Hour + time.Minute}, saved); diff != "" {
			t.Errorf("saved (-want +got):\n%s", diff)
		}
		full = errors.New("the disk is full")
		if _, err := c.Advance(t.Context(), time.Minute); !errors.Is(err, full) {
			t.Errorf("error is %v, want %v", err, full)
		}
		if ahead := c.Now().Sub(before); ahead != time.Minute {
			t.Errorf("moved by %s, of which 1m was saved", ahead)
		}
	})
}

// Whoever is in a transaction that the save has to wait for may read the clock.
func TestClockCanBeReadWhileItsOffsetIsSaved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c *Clock
		var meanwhile time.Time
		c = New(Manual, 0, func(time.Duration) error {
			read := make(chan time.Time)
			go func() { read <- c.Now() }()
			meanwhile = <-read
			return nil
		})
		before := c.Now()
		if _, err := c.Advance(t.Context(), time.Minute); err != nil {
			t.Fatal(err)
		}
		if !meanwhile.Equal(before) || c.Now().Sub(before) != time.Minute {
			t.Errorf("read %s while saving and %s afterwards, want %s and a minute later", meanwhile, c.Now(), before)
		}
	})
}

func TestFastEndsWhenItCannotSave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := errors.New("the disk is full")
		c := New(Fast, 0, func(time.Duration) error { return full })
		c.Join(newWorker(c, time.Hour))
		if err := c.Run(t.Context()); !errors.Is(err, full) {
			t.Errorf("error is %v, want %v", err, full)
		}
	})
}
