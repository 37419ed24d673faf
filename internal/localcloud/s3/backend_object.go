package s3

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"net/http"
	"os"
	"strings"

	"github.com/google/uuid"
	"github.com/rclone/gofakes3"

	"greenlight/internal/sqldb"
)

// defaultType is the media type of an object that was put without one.
const defaultType = "binary/octet-stream"

// HeadObject tells about the version that the request names, else the latest.
func (b backend) HeadObject(ctx context.Context, bucket, key string) (*gofakes3.Object, error) {
	o, err := b.lookup(ctx, bucket, key, versionFrom(ctx))
	if err != nil {
		return nil, b.fault(ctx, err)
	}
	shown, err := o.show(nil)
	return shown, b.fault(ctx, err)
}

// GetObject opens the version that the request names, else the latest.
func (b backend) GetObject(ctx context.Context, bucket, key string, part *gofakes3.ObjectRangeRequest) (*gofakes3.Object, error) {
	shown, err := b.open(ctx, bucket, key, versionFrom(ctx), part)
	return shown, b.fault(ctx, err)
}

// open reads an object. Its file may go between the row and the open, when it is
// overwritten at this moment: then the row is another by now.
func (b backend) open(ctx context.Context, bucket, key, version string, part *gofakes3.ObjectRangeRequest) (*gofakes3.Object, error) {
	const tries = 8
	for try := 1; ; try++ {
		o, err := b.lookup(ctx, bucket, key, version)
		if err != nil {
			return nil, err
		}
		shown, err := o.show(part)
		if err != nil {
			return nil, err
		}
		file, err := os.Open(b.contents.path(o.content.name))
		if missing(err) && try < tries {
			continue
		}
		if err != nil {
			return nil, err
		}
		shown.Contents = file
		if shown.Range != nil {
			shown.Contents = section{io.NewSectionReader(file, shown.Range.Start, shown.Range.Length), file}
		}
		return shown, nil
	}
}

// section is a part of a file that closes the file.
type section struct {
	io.Reader
	io.Closer
}

// lookup finds a version of an object of the caller's; never nil without an
// error. A delete marker is no object.
func (b backend) lookup(ctx context.Context, bucket, key, version string) (*object, error) {
	var found *object
	err := b.db.View(ctx, func(tx *sqldb.Tx) error {
		if _, err := ownBucket(tx, accountOf(ctx), bucket); err != nil {
			return err
		}
		var err error
		found, err = findObject(tx, bucket, key, version)
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case found == nil && version != "":
		return nil, noSuchVersion(version)
	case found == nil || found.marker:
		return nil, gofakes3.KeyNotFound(key)
	}
	return found, nil
}

// show presents an object without its content.
func (o *object) show(part *gofakes3.ObjectRangeRequest) (*gofakes3.Object, error) {
	within, err := part.Range(o.content.size)
	if err != nil {
		return nil, err
	}
	hash, err := hex.DecodeString(o.content.md5)
	if err != nil {
		return nil, err
	}
	metadata := maps.Clone(o.metadata)
	metadata["Last-Modified"] = o.modified.Format(http.TimeFormat)
	return &gofakes3.Object{
		Name: o.key, Metadata: metadata, Size: o.content.size, Hash: hash, Range: within,
		VersionID: gofakes3.VersionID(o.version), Contents: http.NoBody,
	}, nil
}

// PutObject saves a new latest version.
func (b backend) PutObject(ctx context.Context, bucket, key string, metadata map[string]string, body io.Reader, size int64) (gofakes3.PutObjectResult, error) {
	written, err := b.contents.write(body, size)
	if err != nil {
		return gofakes3.PutObjectResult{}, b.fault(ctx, err)
	}
	version, err := b.commit(ctx, bucket, key, metadata, written)
	return gofakes3.PutObjectResult{VersionID: version}, b.fault(ctx, err)
}

// commit makes a written content the latest version of a key, under the
// conditions that the request names. It owns the content from here on.
func (b backend) commit(ctx context.Context, bucket, key string, metadata map[string]string, written content) (gofakes3.VersionID, error) {
	o := &object{bucket: bucket, key: key, content: written, metadata: kept(metadata), modified: b.clock.Now()}
	var replaced string
	err := b.db.Tx(ctx, func(tx *sqldb.Tx) error {
		into, err := ownBucket(tx, accountOf(ctx), bucket)
		if err != nil {
			return err
		}
		current, err := findObject(tx, bucket, key, "")
		if err != nil {
			return err
		}
		exists, etag := false, ""
		if current != nil && !current.marker {
			exists, etag = true, current.content.md5
		}
		if err := gofakes3.CheckWriteConditions(ctx, exists, etag); err != nil {
			return err
		}
		o.version = newVersion(into)
		replaced, err = insertLatest(tx, o)
		return err
	})
	if err != nil {
		b.contents.remove(written.name)
		return "", err
	}
	b.contents.remove(replaced)
	return gofakes3.VersionID(o.version), nil
}

// newVersion names the version that a write into a bucket makes.
func newVersion(into *bucket) string {
	if into.versioning != gofakes3.VersioningEnabled {
		return ""
	}
	return strings.ReplaceAll(uuid.NewString(), "-", "")
}

// kept is the metadata that is saved: the date has a column of its own.
func kept(metadata map[string]string) map[string]string {
	saved := map[string]string{}
	maps.Copy(saved, metadata)
	delete(saved, "Last-Modified")
	if saved["Content-Type"] == "" {
		saved["Content-Type"] = defaultType
	}
	return saved
}

// CopyObject copies the version that the request names, else the latest.
func (b backend) CopyObject(ctx context.Context, fromBucket, fromKey, bucket, key string, metadata map[string]string) (gofakes3.CopyObjectResult, error) {
	result, err := b.copyObject(ctx, fromBucket, fromKey, bucket, key, metadata)
	return result, b.fault(ctx, err)
}

func (b backend) copyObject(ctx context.Context, fromBucket, fromKey, bucket, key string, metadata map[string]string) (gofakes3.CopyObjectResult, error) {
	var none gofakes3.CopyObjectResult
	source, err := b.open(ctx, fromBucket, fromKey, versionFrom(ctx), nil)
	if err != nil {
		return none, err
	}
	written, err := b.contents.write(source.Contents, source.Size)
	if err = errors.Join(err, source.Contents.Close()); err != nil {
		return none, err
	}
	if _, err := b.commit(ctx, bucket, key, metadata, written); err != nil {
		return none, err
	}
	return gofakes3.CopyObjectResult{
		ETag:         `"` + written.md5 + `"`,
		LastModified: gofakes3.NewContentTime(b.clock.Now()),
	}, nil
}

// SetObjectTagging changes the tags of the latest version.
func (b backend) SetObjectTagging(ctx context.Context, bucket, key, tagging string) error {
	return b.fault(ctx, b.db.Tx(ctx, func(tx *sqldb.Tx) error {
		if _, err := ownBucket(tx, accountOf(ctx), bucket); err != nil {
			return err
		}
		o, err := findObject(tx, bucket, key, versionFrom(ctx))
		if err != nil {
			return err
		}
		if o == nil || o.marker {
			return gofakes3.KeyNotFound(key)
		}
		o.metadata[gofakes3.TaggingMetadataKey] = tagging
		if tagging == "" {
			delete(o.metadata, gofakes3.TaggingMetadataKey)
		}
		return updateMetadata(tx, o)
	}))
}
