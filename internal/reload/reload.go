// Package reload keeps what was read from files up to date with them, so that
// a key or a certificate can be replaced without a restart.
//
// Files are looked at when their content is wanted, at most once a second, and
// read again when one of them has another time, size or identity than before. A
// look costs a stat; there is nothing to start or stop, and it works alike for a
// file written in place, one renamed over another and a symbolic link that
// turns elsewhere. What cannot be read leaves the last good content in force.
package reload

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// lookPeriod is how long content may be in use after its file has changed.
const lookPeriod = time.Second

// Source says where a value comes from. All but Now are needed.
type Source[T any] struct {
	What  string // for the log, such as "credentials"
	Paths []string
	Read  func() (T, error) // reads the files; the error is logged, so it must hold no secret
	Log   *slog.Logger
	Now   func() time.Time // default time.Now
}

// Value is what a source held when it was last read well. It is safe for
// concurrent use.
type Value[T any] struct {
	source  Source[T]
	opened  time.Time
	next    atomic.Int64 // when to look again, as the time since opened
	current atomic.Pointer[T]

	mu   sync.Mutex // held while reading
	seen []stamp    // of the files as they were last read, well or not
}

// Open reads a source for the first time.
func Open[T any](source Source[T]) (*Value[T], error) {
	if source.Now == nil {
		source.Now = time.Now
	}
	v := &Value[T]{source: source, opened: source.Now()}
	if err := v.Reload(); err != nil {
		return nil, err
	}
	v.next.Store(int64(lookPeriod))
	return v, nil
}

// Get returns the value, having looked at the files if it is time to.
func (v *Value[T]) Get() T {
	since, next := int64(v.source.Now().Sub(v.opened)), v.next.Load()
	if since >= next && v.next.CompareAndSwap(next, since+int64(lookPeriod)) {
		v.look()
	}
	return *v.current.Load()
}

// Reload reads the files whether they have changed or not. On an error the last
// good content stays in force.
func (v *Value[T]) Reload() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.read(v.stamps())
}

// look reads the files if they have changed. Each change is told once, so a
// file that stays broken does not fill the log.
func (v *Value[T]) look() {
	v.mu.Lock()
	defer v.mu.Unlock()
	found := v.stamps()
	if slices.EqualFunc(found, v.seen, stamp.equal) {
		return
	}
	if err := v.read(found); err != nil {
		v.source.Log.Error(v.source.What+": the new content cannot be read, the old stays in force", "error", err)
		return
	}
	v.source.Log.Info(v.source.What + ": read again after a change")
}

// read takes the stamps first, so that a file which changes while it is read
// is found changed by the next look.
func (v *Value[T]) read(found []stamp) error {
	v.seen = found
	value, err := v.source.Read()
	if err != nil {
		return err
	}
	v.current.Store(&value)
	return nil
}

func (v *Value[T]) stamps() []stamp {
	found := make([]stamp, len(v.source.Paths))
	for i, path := range v.source.Paths {
		info, err := os.Stat(path)
		found[i] = stamp{info: info, missing: errors.Is(err, fs.ErrNotExist)}
	}
	return found
}

// stamp tells one state of a file from another. Both members are zero for a
// file that cannot be looked at.
type stamp struct {
	info    fs.FileInfo
	missing bool
}

func (s stamp) equal(other stamp) bool {
	if s.info == nil || other.info == nil {
		return s.info == nil && other.info == nil && s.missing == other.missing
	}
	return os.SameFile(s.info, other.info) && s.info.Size() == other.info.Size() &&
		s.info.Mode() == other.info.Mode() && s.info.ModTime().Equal(other.info.ModTime())
}
