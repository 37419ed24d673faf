package credentials

import (
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"

	"greenlight/internal/awswire"
	"greenlight/internal/reload"
)

// maxFile bounds the file, in bytes; it is room for ten thousand credentials.
const maxFile = 8 << 20

// File is a credentials file in use: the keyring and the policies of a server.
// A change of the file is in force within a second; one that cannot be read is
// told to the log and leaves the last good content in force.
type File struct {
	ring *reload.Value[ring]
}

var (
	_ awswire.Keyring    = (*File)(nil)
	_ awswire.Authorizer = (*File)(nil)
)

// Open reads a credentials file. The error names every fault with its line, and
// shows no secret.
func Open(path string, log *slog.Logger) (*File, error) {
	value, err := reload.Open(reload.Source[ring]{
		What: "credentials", Paths: []string{path}, Log: log,
		Read: func() (ring, error) { return read(path) },
	})
	if err != nil {
		return nil, err
	}
	return &File{ring: value}, nil
}

// Reload reads the file at once, changed or not. On an error the last good
// content stays in force.
func (f *File) Reload() error { return f.ring.Reload() }

// Key implements [awswire.Keyring].
func (f *File) Key(accessKeyID string) (awswire.Secret, bool) {
	c, ok := f.ring.Get()[accessKeyID]
	if !ok {
		return awswire.Secret{}, false
	}
	return c.secret, true
}

// Allowed implements [awswire.Authorizer]. A key that was taken away, or given
// to somebody else, while its request was under way may do nothing.
func (f *File) Allowed(caller awswire.Caller, p awswire.Permission) bool {
	c, ok := f.ring.Get()[caller.AccessKeyID]
	if !ok || c.secret.Account != caller.Account || c.secret.PrincipalARN != caller.PrincipalARN {
		return false
	}
	return c.policy.allows(p)
}

func read(path string) (ring, error) {
	// Opening anything else, a pipe say, could take for ever.
	if info, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("credentials: %w", err)
	} else if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("credentials: %s is not a file", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("credentials: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("credentials: %w", err)
	}
	if err := private(path, info.Mode()); err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("credentials: %w", err)
	}
	if len(content) > maxFile {
		return nil, fmt.Errorf("credentials: %s is larger than %d bytes", path, maxFile)
	}
	return parse(path, content)
}

// private refuses a file that more people can read or write than have to.
func private(path string, mode fs.FileMode) error {
	const tooOpen = 0o027 // the group may read, others nothing
	if mode.Perm()&tooOpen == 0 {
		return nil
	}
	return fmt.Errorf("credentials: %s has mode %04o, so others can read or change it: chmod 600 (or 640) the file", path, mode.Perm())
}
