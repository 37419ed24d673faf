package s3

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"

	"github.com/google/uuid"
	"github.com/rclone/gofakes3"

	"greenlight/internal/awswire"
	"greenlight/internal/sqldb"
)

// contentStore keeps the bytes of objects, one file per content, under names
// that are never used twice, and the parts of uploads under way.
type contentStore struct{ objects, parts string }

// openContents makes the folders. Parts of an earlier process are of no use:
// the library has forgotten their uploads.
func openContents(dir string) (contentStore, error) {
	c := contentStore{filepath.Join(dir, "objects"), filepath.Join(dir, "parts")}
	return c, errors.Join(os.RemoveAll(c.parts), os.MkdirAll(c.parts, 0o700), os.MkdirAll(c.objects, 0o700))
}

// content is a file in the store.
type content struct {
	name string // in the folder objects; for a part its whole path
	size int64
	md5  string // in hex
}

// path is where the content of an object is.
func (c contentStore) path(name string) string { return filepath.Join(c.objects, name) }

// write puts an object's content on disk, synced. want is its size, or -1 if
// only its end will tell. On an error nothing is left.
func (c contentStore) write(from io.Reader, want int64) (content, error) {
	name := uuid.NewString()
	written, err := writeFile(c.path(name), from, want)
	written.name = name
	if err == nil {
		err = syncDirectory(c.objects)
	}
	return written, err
}

// remove forgets a content. What cannot be removed is swept at the next start.
func (c contentStore) remove(names ...string) {
	for _, name := range names {
		if name != "" {
			_ = os.Remove(c.path(name))
		}
	}
}

// writeFile creates a file with everything that from has.
func writeFile(path string, from io.Reader, want int64) (_ content, err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return content{}, err
	}
	defer func() {
		if err = errors.Join(err, file.Close()); err != nil {
			_ = os.Remove(path)
		}
	}()
	hash := md5.New()
	size, err := io.Copy(io.MultiWriter(file, hash), from)
	if err != nil {
		return content{}, bodyError(err)
	}
	if want >= 0 && size != want {
		return content{}, gofakes3.ErrorMessage(gofakes3.ErrIncompleteBody,
			"You did not provide the number of bytes specified by the Content-Length HTTP header.")
	}
	return content{path, size, hex.EncodeToString(hash.Sum(nil))}, file.Sync()
}

// bodyError says in S3's terms what was wrong with a request's body.
func bodyError(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return gofakes3.ErrorMessage(gofakes3.ErrEntityTooLarge, tooLarge)
	}
	if errors.Is(err, awswire.ErrPayloadHash) {
		return gofakes3.ErrorMessage(gofakes3.ErrBadDigest,
			"The provided 'x-amz-content-sha256' header does not match what was computed.")
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, os.ErrDeadlineExceeded) {
		return gofakes3.ErrorMessage(gofakes3.ErrIncompleteBody, "The request body ended too early.")
	}
	return err
}

var tooLarge = fmt.Sprintf("Your proposed upload exceeds the maximum of %d MiB per request. Use a multipart upload.", MaxBody>>20)

// sweep removes the files that no object has.
func (s *Service) sweep(ctx context.Context) error {
	kept := map[string]bool{}
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		clear(kept)
		return each(tx, func(row scanner) error {
			var name string
			err := row.Scan(&name)
			kept[name] = true
			return err
		}, `SELECT content FROM object WHERE marker = 0`)
	})
	if err != nil {
		return err
	}
	files, err := os.ReadDir(s.contents.objects)
	for _, file := range files {
		if !kept[file.Name()] {
			err = errors.Join(err, os.Remove(s.contents.path(file.Name())))
		}
	}
	return err
}

func syncDirectory(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }() // only read
	return d.Sync()
}

func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
