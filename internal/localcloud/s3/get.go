package s3

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/rclone/gofakes3"

	"greenlight/internal/awswire"
	"greenlight/internal/sqldb"
)

// Get returns an object's content for another service of the local cloud that
// acts for an account, as Lambda does with code in S3; version "" is the latest.
// Errors are *awswire.Error: NoSuchBucket, NoSuchKey, NoSuchVersion,
// AccessDenied, and EntityTooLarge over MaxBody.
func (s *Service) Get(ctx context.Context, account, bucket, key, version string) ([]byte, error) {
	ctx = awswire.WithCaller(ctx, awswire.Caller{Account: account})
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		found, err := findBucket(tx, bucket)
		switch {
		case err != nil:
			return err
		case found == nil:
			return noSuchBucket()
		case found.account != account:
			return accessDenied()
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	o, err := backend{s}.open(ctx, bucket, key, version, nil)
	if known, ok := errors.AsType[gofakes3.Error](err); ok {
		return nil, fault(http.StatusNotFound, string(known.ErrorCode()), known.Error())
	}
	if err != nil {
		return nil, err
	}
	if o.Size > MaxBody {
		return nil, errors.Join(fault(http.StatusBadRequest, string(gofakes3.ErrEntityTooLarge), "The object is too large."), o.Contents.Close())
	}
	content := make([]byte, o.Size)
	_, err = io.ReadFull(o.Contents, content)
	return content, errors.Join(err, o.Contents.Close())
}
