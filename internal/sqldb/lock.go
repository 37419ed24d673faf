package sqldb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// fileLock is held as long as its file is open; the system takes it back when
// the process ends in whatever way.
type fileLock struct{ file *os.File }

// How long a lock is waited for that somebody else has. A process that was
// killed while it started another one leaves the lock with that one until it has
// begun its own program.
const (
	lockTime  = 500 * time.Millisecond
	lockPause = 5 * time.Millisecond
)

func lockFile(ctx context.Context, path string) (*fileLock, error) {
	file, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock database %s: %w", path, err)
	}
	err = awaitLock(ctx, file)
	if err == nil {
		return &fileLock{file}, nil
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = fmt.Errorf("database %s is in use by another greenlight process", path)
	} else {
		err = fmt.Errorf("lock database %s: %w", path, err)
	}
	return nil, errors.Join(err, file.Close())
}

func awaitLock(ctx context.Context, file *os.File) error {
	limit := time.Now().Add(lockTime)
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) || time.Now().After(limit) {
			return err
		}
		select {
		case <-time.After(lockPause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// release gives the lock back also where a process that is just being started
// has a copy of the file.
func (l *fileLock) release() error {
	return errors.Join(syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN), l.file.Close())
}
