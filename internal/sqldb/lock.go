package sqldb

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// fileLock is held as long as its file is open; the system takes it back when
// the process ends in whatever way.
type fileLock struct{ file *os.File }

func lockFile(path string) (*fileLock, error) {
	file, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock database %s: %w", path, err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
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

func (l *fileLock) release() error { return l.file.Close() }
