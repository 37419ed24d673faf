package server

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"greenlight/internal/clock"
	"greenlight/internal/store"
)

// clockSetting is where the clock's offset is kept, in nanoseconds.
const clockSetting = "clock-offset"

// OpenClock makes a clock that goes on where the store's last one stopped: a
// database that has seen a moving clock keeps its lead in every mode, so that
// time never runs backwards.
func OpenClock(ctx context.Context, s *store.Store, mode clock.Mode) (*clock.Clock, error) {
	var saved []byte
	err := s.View(ctx, func(tx *store.Tx) (err error) {
		saved, err = tx.Setting(clockSetting)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	var offset int64
	if len(saved) > 0 {
		if offset, err = strconv.ParseInt(string(saved), 10, 64); err != nil {
			return nil, fmt.Errorf("setting %s: %w", clockSetting, err)
		}
	}
	return clock.New(mode, time.Duration(offset), func(ahead time.Duration) error {
		return s.Tx(context.WithoutCancel(ctx), func(tx *store.Tx) error {
			return tx.SetSetting(clockSetting, strconv.AppendInt(nil, int64(ahead), 10))
		})
	}), nil
}
