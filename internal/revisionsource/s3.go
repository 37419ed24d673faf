// Package revisionsource fetches the AppSpec of a deployment whose revision is not inline. It hands over bytes and does not
// read them.
package revisionsource

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"greenlight/internal/awsaccess"
	"greenlight/internal/codedeploy"
)

// maxAppSpec bounds what is read, in bytes: the same 64 KiB that inline content may have (lambda.md 2.3, M4).
const maxAppSpec = 64 << 10

const getObject = "GetObject"

// S3 fetches revisions from S3. It is safe for concurrent use.
type S3 struct {
	clients *awsaccess.Cache[*s3.Client]
}

// NewS3 returns a source that calls S3 through access.
func NewS3(access *awsaccess.Access) *S3 {
	return &S3{clients: awsaccess.Clients(access, newClient)}
}

func newClient(cfg aws.Config) *s3.Client {
	return s3.NewFromConfig(cfg, func(o *s3.Options) {
		// One shared address serves every bucket; a bucket in the host name would need a name server that agrees.
		o.UsePathStyle = true
		o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	})
}

// Fetch returns the object at loc: bucket and key, the version when one is named, and only with the ETag when one is named
// (GetObject). Its faults, all *awsaccess.Fault: NotFound (no such bucket, key or version), Denied (also what S3 says of a
// missing key to a role that may not list the bucket), Precondition (another ETag), Invalid (over 64 KiB).
func (s *S3) Fetch(ctx context.Context, as awsaccess.As, loc codedeploy.S3Location) ([]byte, error) {
	client, err := s.clients.Get(ctx, as)
	if err != nil {
		return nil, err
	}
	out, err := client.GetObject(ctx, input(loc))
	if err != nil {
		return nil, classify(err)
	}
	defer out.Body.Close()
	body, err := io.ReadAll(io.LimitReader(out.Body, maxAppSpec+1))
	if err != nil {
		return nil, classify(err)
	}
	if len(body) > maxAppSpec {
		return nil, tooLarge(loc)
	}
	return body, nil
}

func input(loc codedeploy.S3Location) *s3.GetObjectInput {
	in := &s3.GetObjectInput{Bucket: &loc.Bucket, Key: &loc.Key}
	if loc.Version != "" {
		in.VersionId = &loc.Version
	}
	if loc.ETag != "" {
		in.IfMatch = aws.String(quoted(loc.ETag))
	}
	return in
}

// quoted puts an ETag in quotes, as HTTP wants it; CodeDeploy's clients give it either way.
func quoted(etag string) string {
	return `"` + strings.Trim(etag, `"`) + `"`
}

func tooLarge(loc codedeploy.S3Location) error {
	return &awsaccess.Fault{
		Kind:      awsaccess.Invalid,
		Service:   awsaccess.ServiceS3,
		Operation: getObject,
		Message:   fmt.Sprintf("AppSpec over 64 KiB: s3://%s/%s", loc.Bucket, loc.Key),
	}
}

func classify(err error) error {
	return awsaccess.Classify(awsaccess.ServiceS3, getObject, err)
}
