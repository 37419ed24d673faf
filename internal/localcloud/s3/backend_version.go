package s3

import (
	"context"
	"errors"

	"github.com/rclone/gofakes3"

	"greenlight/internal/sqldb"
)

// DeleteObject deletes the version that the request names for good; without
// one it deletes the latest, which leaves a delete marker where the bucket has
// versioning.
func (b backend) DeleteObject(ctx context.Context, bucket, key string) (gofakes3.ObjectDeleteResult, error) {
	result, err := b.remove(ctx, bucket, key, versionFrom(ctx))
	return result, b.fault(ctx, err)
}

// DeleteObjectVersion is never reached: the front puts a request's version into
// its context and takes it out of the query, because the library hands over no
// context here and forgets the version in a HEAD.
func (b backend) DeleteObjectVersion(string, string, gofakes3.VersionID) (gofakes3.ObjectDeleteResult, error) {
	return gofakes3.ObjectDeleteResult{}, gofakes3.ErrNotImplemented
}

// GetObjectVersion is never reached: see DeleteObjectVersion.
func (b backend) GetObjectVersion(string, string, gofakes3.VersionID, *gofakes3.ObjectRangeRequest) (*gofakes3.Object, error) {
	return nil, gofakes3.ErrNotImplemented
}

// HeadObjectVersion is never reached: see DeleteObjectVersion.
func (b backend) HeadObjectVersion(string, string, gofakes3.VersionID) (*gofakes3.Object, error) {
	return nil, gofakes3.ErrNotImplemented
}

// DeleteMulti is never reached: the front answers DeleteObjects itself.
func (b backend) DeleteMulti(context.Context, string, ...string) (gofakes3.MultiDeleteResult, error) {
	return gofakes3.MultiDeleteResult{}, gofakes3.ErrNotImplemented
}

// remove deletes a version, or the latest.
func (b backend) remove(ctx context.Context, bucket, key, version string) (gofakes3.ObjectDeleteResult, error) {
	var result gofakes3.ObjectDeleteResult
	var gone string
	err := b.db.Tx(ctx, func(tx *sqldb.Tx) error {
		result, gone = gofakes3.ObjectDeleteResult{}, ""
		from, err := ownBucket(tx, accountOf(ctx), bucket)
		if err != nil {
			return err
		}
		if version == "" && from.versioning != gofakes3.VersioningNone {
			marker := &object{bucket: bucket, key: key, version: newVersion(from), marker: true, modified: b.clock.Now()}
			result = gofakes3.ObjectDeleteResult{IsDeleteMarker: true, VersionID: shownVersion(marker.version)}
			gone, err = insertLatest(tx, marker)
			return err
		}
		o, err := findObject(tx, bucket, key, version)
		if err != nil || o == nil {
			return err // what is not there is deleted already
		}
		if version != "" {
			result = gofakes3.ObjectDeleteResult{IsDeleteMarker: o.marker, VersionID: shownVersion(o.version)}
		}
		gone = o.content.name
		return deleteVersion(tx, o)
	})
	if err == nil {
		b.contents.remove(gone)
	}
	return result, err
}

func shownVersion(version string) gofakes3.VersionID {
	if version == "" {
		return nullVersion
	}
	return gofakes3.VersionID(version)
}

// codeOf is the S3 code of an error of the backend.
func codeOf(err error) gofakes3.ErrorCode {
	if known, ok := errors.AsType[gofakes3.Error](err); ok {
		return known.ErrorCode()
	}
	return gofakes3.ErrInternal
}
