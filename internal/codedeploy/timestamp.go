package codedeploy

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"
)

// maxEpochSeconds is the last second of the year 9999. Later times have no
// ISO-8601 form with a four-digit year, and clients fail on them.
const maxEpochSeconds = 253402300799

// Timestamp is a moment of the API in UTC with millisecond precision; the zero
// value means absent. On the wire it is a JSON number of epoch seconds with a
// fraction, such as 1446744188.711 (api.md 1.3).
type Timestamp struct{ time.Time }

// NewTimestamp returns t as the API shows it: in UTC, cut to milliseconds, so
// that a stored and a fresh value of the same moment are equal.
func NewTimestamp(t time.Time) Timestamp {
	if t.IsZero() {
		return Timestamp{}
	}
	return Timestamp{time.UnixMilli(t.UnixMilli()).UTC()}
}

// MarshalJSON writes epoch seconds with three digits of fraction and never an
// exponent. The zero value is null; a moment outside 1970..9999 is an error.
func (t Timestamp) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	milli := t.UnixMilli()
	if milli < 0 || milli > maxEpochSeconds*1000+999 {
		return nil, fmt.Errorf("timestamp %s is outside the years 1970 to 9999", t.Format(time.RFC3339))
	}
	return fmt.Appendf(nil, "%d.%03d", milli/1000, milli%1000), nil
}

// UnmarshalJSON reads a number of epoch seconds, or an ISO-8601 or RFC-822
// string as old SDKs send it. Numbers outside 0..253402300799 and strings that
// name such a moment are errors; null leaves the value alone.
func (t *Timestamp) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	if len(data) > 0 && data[0] == '"' {
		return t.unmarshalText(data)
	}
	seconds, err := strconv.ParseFloat(string(data), 64)
	if err != nil {
		return fmt.Errorf("timestamp %.40s is not a number of seconds", data)
	}
	if seconds < 0 || seconds > maxEpochSeconds {
		return errTimestampRange(string(data))
	}
	t.Time = time.UnixMilli(int64(math.Round(seconds * 1000))).UTC()
	return nil
}

func (t *Timestamp) unmarshalText(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("timestamp is not a string: %w", err)
	}
	for _, layout := range timestampLayouts {
		parsed, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		if parsed.Unix() < 0 || parsed.Unix() > maxEpochSeconds {
			return errTimestampRange(text)
		}
		*t = NewTimestamp(parsed)
		return nil
	}
	return fmt.Errorf("timestamp %.40q is neither epoch seconds, nor ISO-8601, nor RFC-822", text)
}

func errTimestampRange(text string) error {
	return fmt.Errorf("timestamp %.40s is outside 0 to %d seconds", text, maxEpochSeconds)
}

// timestampLayouts are the string forms read on input. Go accepts a fraction
// after the seconds of any of them; a text without a zone is UTC.
var timestampLayouts = []string{
	time.RFC3339,
	"2006-01-02T15:04:05Z0700",
	"2006-01-02T15:04:05",
	"2006-01-02",
	"20060102T150405Z0700",
	time.RFC1123,
	time.RFC1123Z,
	"Mon, _2 Jan 2006 15:04:05 MST",
	"Mon, _2 Jan 2006 15:04:05 -0700",
	time.RFC822,
	time.RFC822Z,
}
