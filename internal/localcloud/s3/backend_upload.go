package s3

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/google/uuid"
	"github.com/rclone/gofakes3"
)

// upload is a multipart upload under way. The library knows whose it is; it is
// gone after a restart, and the client begins again.
type upload struct {
	bucket, key string
	metadata    map[string]string
	dir         string

	mu    sync.Mutex
	ended bool
	parts map[int]content
}

// CreateMultipartUpload begins an upload.
func (b backend) CreateMultipartUpload(ctx context.Context, bucket, key string, metadata map[string]string) (gofakes3.UploadID, error) {
	id := gofakes3.UploadID(uuid.NewString())
	u := &upload{bucket: bucket, key: key, metadata: metadata, parts: map[int]content{}}
	u.dir = filepath.Join(b.contents.parts, string(id))
	if err := os.Mkdir(u.dir, 0o700); err != nil {
		return "", b.fault(ctx, err)
	}
	b.uploading.Lock()
	defer b.uploading.Unlock()
	b.uploads[id] = u
	return id, nil
}

func (b backend) upload(id gofakes3.UploadID) (*upload, error) {
	b.uploading.Lock()
	defer b.uploading.Unlock()
	if u := b.uploads[id]; u != nil {
		return u, nil
	}
	return nil, gofakes3.ErrNoSuchUpload
}

// UploadPart puts a part on disk; a part of the same number makes room.
func (b backend) UploadPart(ctx context.Context, _, _ string, id gofakes3.UploadID, number int, size int64, body io.Reader) (string, error) {
	u, err := b.upload(id)
	if err != nil {
		return "", err
	}
	part, err := writeFile(filepath.Join(u.dir, uuid.NewString()), body, size)
	if err == nil {
		err = u.add(number, part)
	}
	return `"` + part.md5 + `"`, b.fault(ctx, err)
}

func (u *upload) add(number int, part content) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.ended {
		_ = os.Remove(part.name) // goes with the folder otherwise
		return gofakes3.ErrNoSuchUpload
	}
	if before, ok := u.parts[number]; ok {
		_ = os.Remove(before.name) // goes with the folder otherwise
	}
	u.parts[number] = part
	return nil
}

// CompleteMultipartUpload makes an object of the parts that are listed. Its ETag
// is the MD5 of the whole, as if it had been put at once.
func (b backend) CompleteMultipartUpload(ctx context.Context, _, _ string, id gofakes3.UploadID, in *gofakes3.CompleteMultipartUploadRequest) (gofakes3.VersionID, string, error) {
	u, err := b.upload(id)
	if err != nil {
		return "", "", err
	}
	version, etag, err := b.complete(ctx, u, in)
	if err != nil {
		return "", "", b.fault(ctx, err)
	}
	b.forget(id)
	return version, etag, nil
}

func (b backend) complete(ctx context.Context, u *upload, in *gofakes3.CompleteMultipartUploadRequest) (gofakes3.VersionID, string, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.ended {
		return "", "", gofakes3.ErrNoSuchUpload
	}
	parts, size, err := u.chosen(in)
	if err != nil {
		return "", "", err
	}
	whole := &fileChain{names: parts}
	written, err := b.contents.write(whole, size)
	if err = errors.Join(err, whole.close()); err != nil {
		return "", "", err
	}
	version, err := b.commit(ctx, u.bucket, u.key, u.metadata, written)
	u.ended = err == nil
	return version, `"` + written.md5 + `"`, err
}

// chosen checks the list of parts and returns their files and their size.
func (u *upload) chosen(in *gofakes3.CompleteMultipartUploadRequest) (names []string, size int64, err error) {
	if len(in.Parts) == 0 {
		return nil, 0, gofakes3.ErrorMessage(gofakes3.ErrMalformedXML, "You must specify at least one part.")
	}
	last := 0
	for _, listed := range in.Parts {
		part, ok := u.parts[listed.PartNumber]
		switch {
		case listed.PartNumber <= last:
			return nil, 0, gofakes3.ErrorMessage(gofakes3.ErrInvalidPartOrder, "The list of parts was not in ascending order.")
		case !ok || strings.Trim(listed.ETag, `"`) != part.md5:
			return nil, 0, gofakes3.ErrorMessagef(gofakes3.ErrInvalidPart, "Part %d could not be found, or its entity tag is another.", listed.PartNumber)
		}
		last = listed.PartNumber
		names, size = append(names, part.name), size+part.size
	}
	return names, size, nil
}

// AbortMultipartUpload drops an upload and its parts.
func (b backend) AbortMultipartUpload(_ context.Context, _, _ string, id gofakes3.UploadID) error {
	u, err := b.upload(id)
	if err != nil {
		return err
	}
	u.mu.Lock()
	u.ended = true
	u.mu.Unlock()
	b.forget(id)
	return nil
}

func (b backend) forget(id gofakes3.UploadID) {
	b.uploading.Lock()
	u := b.uploads[id]
	delete(b.uploads, id)
	b.uploading.Unlock()
	if u != nil {
		_ = os.RemoveAll(u.dir) // what remains goes at the next start
	}
}

// fileChain reads files one after the other, one open at a time.
type fileChain struct {
	names []string
	open  *os.File
}

func (c *fileChain) Read(p []byte) (int, error) {
	for {
		if c.open == nil {
			if len(c.names) == 0 {
				return 0, io.EOF
			}
			file, err := os.Open(c.names[0])
			if err != nil {
				return 0, err
			}
			c.open, c.names = file, c.names[1:]
		}
		n, err := c.open.Read(p)
		if !errors.Is(err, io.EOF) {
			return n, err
		}
		if err := c.close(); err != nil || n > 0 {
			return n, err
		}
	}
}

func (c *fileChain) close() error {
	if c.open == nil {
		return nil
	}
	err := c.open.Close()
	c.open = nil
	return err
}
