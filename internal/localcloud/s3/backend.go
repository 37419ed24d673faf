package s3

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rclone/gofakes3"

	"greenlight/internal/awswire"
	"greenlight/internal/sqldb"
)

// backend is what the library asks: buckets here, objects, versions, lists and
// uploads in files of their own. Its errors are the library's; anything else is
// logged here, once, and answered as InternalError.
type backend struct{ *Service }

var (
	_ gofakes3.Backend              = backend{}
	_ gofakes3.VersionedBackend     = backend{}
	_ gofakes3.MultipartBackend     = backend{}
	_ gofakes3.ObjectTaggingBackend = backend{}
)

// fault lets the library's errors pass and hides all others, after it has
// logged them. It is the last thing that a method of the backend does.
func (b backend) fault(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if known, ok := errors.AsType[gofakes3.Error](err); ok {
		return known
	}
	if ctx.Err() == nil {
		b.log.ErrorContext(ctx, "request failed", "requestId", awswire.RequestID(ctx), "service", "s3", "error", err)
	}
	return gofakes3.ErrInternal
}

// ListBuckets returns the caller's buckets in all regions.
func (b backend) ListBuckets(ctx context.Context) ([]gofakes3.BucketInfo, error) {
	var list []gofakes3.BucketInfo
	err := b.db.View(ctx, func(tx *sqldb.Tx) error {
		list = nil
		return each(tx, func(row scanner) error {
			found, err := scanBucket(row)
			if err == nil {
				list = append(list, gofakes3.BucketInfo{Name: found.name, CreationDate: gofakes3.NewContentTime(found.created)})
			}
			return err
		}, bucketColumns+`WHERE account = $1 ORDER BY name`, accountOf(ctx))
	})
	return list, b.fault(ctx, err)
}

// CreateBucket makes a bucket in the caller's region. One that the caller has
// already is good, as it is in us-east-1.
func (b backend) CreateBucket(ctx context.Context, name string) error {
	if slices.Contains(b.reserved, name) {
		return gofakes3.ErrorMessage(gofakes3.ErrInvalidBucketName,
			"The bucket name "+name+" is reserved: another path of this server has it.")
	}
	caller, now := awswire.CallerFrom(ctx), b.clock.Now()
	return b.fault(ctx, b.db.Tx(ctx, func(tx *sqldb.Tx) error {
		found, err := findBucket(tx, name)
		switch {
		case err != nil:
			return err
		case found == nil:
			_, err = tx.Exec(`INSERT INTO bucket (name, account, region, versioning, created_at) VALUES ($1, $2, $3, '', $4)`,
				name, caller.Account, caller.Region, now.UnixMilli())
			return err
		case found.account != caller.Account:
			return gofakes3.ResourceError(gofakes3.ErrBucketAlreadyExists, name)
		}
		return nil
	}))
}

// BucketExists is what the library asks before everything else.
func (b backend) BucketExists(ctx context.Context, name string) (bool, error) {
	var found *bucket
	err := b.db.View(ctx, func(tx *sqldb.Tx) (err error) {
		found, err = findBucket(tx, name)
		return err
	})
	return found != nil && found.account == accountOf(ctx), b.fault(ctx, err)
}

// DeleteBucket removes a bucket that has no objects and no versions of any.
func (b backend) DeleteBucket(ctx context.Context, name string) error {
	return b.fault(ctx, b.db.Tx(ctx, func(tx *sqldb.Tx) error {
		if _, err := ownBucket(tx, accountOf(ctx), name); err != nil {
			return err
		}
		var objects int
		if err := tx.QueryRow(`SELECT COUNT(*) FROM (SELECT 1 FROM object WHERE bucket = $1 LIMIT 1)`, name).Scan(&objects); err != nil {
			return err
		}
		if objects > 0 {
			return gofakes3.ResourceError(gofakes3.ErrBucketNotEmpty, name)
		}
		_, err := tx.Exec(`DELETE FROM bucket WHERE name = $1`, name)
		return err
	}))
}

// VersioningConfiguration and its setter get no context from the library, which
// has just asked BucketExists with one.
func (b backend) VersioningConfiguration(name string) (c gofakes3.VersioningConfiguration, err error) {
	ctx, cancel := bounded()
	defer cancel()
	err = b.db.View(ctx, func(tx *sqldb.Tx) error {
		found, err := findBucket(tx, name)
		if err == nil && found == nil {
			return gofakes3.BucketNotFound(name)
		}
		if found != nil {
			c.Status = found.versioning
		}
		return err
	})
	return c, b.fault(ctx, err)
}

func (b backend) SetVersioningConfiguration(name string, c gofakes3.VersioningConfiguration) error {
	if c.MFADelete.Enabled() {
		return gofakes3.ErrorMessage(gofakes3.ErrNotImplemented, "MFA delete is not available in the local S3.")
	}
	if c.Status == gofakes3.VersioningNone {
		return gofakes3.ErrorMessage(gofakes3.ErrIllegalVersioningConfiguration, "The Versioning element must be specified.")
	}
	ctx, cancel := bounded()
	defer cancel()
	return b.fault(ctx, b.db.Tx(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(`UPDATE bucket SET versioning = $2 WHERE name = $1`, name, string(c.Status))
		return err
	}))
}

// bounded is the context of a call for which the library hands over none.
func bounded() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), 30*time.Second)
}

func noSuchVersion(version string) error {
	return gofakes3.ErrorMessage(gofakes3.ErrNoSuchVersion, fmt.Sprintf("The specified version %.64q does not exist.", version))
}
