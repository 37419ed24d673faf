package engine

import (
	"testing"
	"time"
)

// ecs.md 6.2: soon at first, then every 5 to 15 seconds.
func TestServiceIsReadLessOftenInTime(t *testing.T) {
	since := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for waited, want := range map[time.Duration]time.Duration{
		0:                 500 * time.Millisecond,
		2 * time.Second:   500 * time.Millisecond,
		10 * time.Second:  2500 * time.Millisecond,
		20 * time.Second:  5 * time.Second,
		100 * time.Second: 5 * time.Second,
		200 * time.Second: 10 * time.Second,
		5 * time.Minute:   15 * time.Second,
		time.Hour:         15 * time.Second,
	} {
		e := ECSProgress{Asked: since}
		now := since.Add(waited)
		e.asked(now)
		if got := e.Ask.Sub(now); got != want {
			t.Errorf("after %s the next reading is in %s, want %s", waited, got, want)
		}
	}
}
