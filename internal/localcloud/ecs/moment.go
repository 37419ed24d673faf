package ecs

import (
	"math"
	"strconv"
	"time"
)

// moment is a time as the wire has it: seconds since 1970 with a fraction to the
// millisecond (ecs.md 14). The zero moment is absent.
type moment struct{ time.Time }

func (m moment) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(m.UnixMilli())/1000, 'f', 3, 64), nil
}

func (m *moment) UnmarshalJSON(text []byte) error {
	seconds, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return err
	}
	m.Time = time.UnixMilli(int64(math.Round(seconds * 1000))).UTC()
	return nil
}

// opaque is a member that is kept and shown again, and not understood. A null
// counts as absent.
type opaque []byte

func (o opaque) MarshalJSON() ([]byte, error) {
	if len(o) == 0 {
		return []byte("null"), nil
	}
	return o, nil
}

func (o *opaque) UnmarshalJSON(text []byte) error {
	*o = nil
	if string(text) != "null" {
		*o = append(opaque{}, text...)
	}
	return nil
}

// instant is one moment by both clocks.
type instant struct {
	real  time.Time // the machine's, for waits
	shown moment    // the shared one's, for what the API shows
}

func (s *Service) now() instant { return instant{time.Now(), moment{s.clock.Now()}} }
