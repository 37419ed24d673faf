package revisionsource_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"greenlight/internal/awsaccess"
	"greenlight/internal/awsaccess/awstest"
	"greenlight/internal/codedeploy"
	"greenlight/internal/revisionsource"
)

const limit = 64 << 10

var objects = map[string]object{
	"appspec.yml":     {"e2", "version: 0.0 # second"},
	"appspec.yml?v1":  {"e1", "version: 0.0 # first"},
	"dir/a b.yml":     {"e3", "version: 0.0 # path"},
	"full":            {"e4", strings.Repeat("x", limit)},
	"one byte larger": {"e5", strings.Repeat("x", limit+1)},
}

func TestFetch(t *testing.T) {
	source := revisionsource.NewS3(awstest.Access("http://s3.test", bucket{objects: objects}))
	for name, c := range map[string]struct {
		loc  codedeploy.S3Location
		want string
	}{
		"newest":        {codedeploy.S3Location{Bucket: "b", Key: "appspec.yml"}, "appspec.yml"},
		"version":       {codedeploy.S3Location{Bucket: "b", Key: "appspec.yml", Version: "v1"}, "appspec.yml?v1"},
		"ETag":          {codedeploy.S3Location{Bucket: "b", Key: "appspec.yml", ETag: "e2"}, "appspec.yml"},
		"ETag quoted":   {codedeploy.S3Location{Bucket: "b", Key: "appspec.yml", ETag: `"e2"`}, "appspec.yml"},
		"both":          {codedeploy.S3Location{Bucket: "b", Key: "appspec.yml", Version: "v1", ETag: "e1"}, "appspec.yml?v1"},
		"key as a path": {codedeploy.S3Location{Bucket: "b", Key: "dir/a b.yml"}, "dir/a b.yml"},
		"64 KiB":        {codedeploy.S3Location{Bucket: "b", Key: "full"}, "full"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := source.Fetch(t.Context(), awstest.As, c.loc)
			if err != nil || string(got) != objects[c.want].body {
				t.Errorf("got %.40q, %v, want the body of %s", got, err, c.want)
			}
		})
	}
}

// M7 needs to tell missing, unreadable and changed apart (lambda.md 2.3).
func TestM7Faults(t *testing.T) {
	for name, c := range map[string]struct {
		loc    codedeploy.S3Location
		refuse *s3Error
		kind   awsaccess.FaultKind
	}{
		"no bucket":       {codedeploy.S3Location{Bucket: "gone", Key: "appspec.yml"}, nil, awsaccess.NotFound},
		"no key":          {codedeploy.S3Location{Bucket: "b", Key: "gone"}, nil, awsaccess.NotFound},
		"no version":      {codedeploy.S3Location{Bucket: "b", Key: "appspec.yml", Version: "v9"}, nil, awsaccess.NotFound},
		"other ETag":      {codedeploy.S3Location{Bucket: "b", Key: "appspec.yml", ETag: "e1"}, nil, awsaccess.Precondition},
		"over 64 KiB":     {codedeploy.S3Location{Bucket: "b", Key: "one byte larger"}, nil, awsaccess.Invalid},
		"access denied":   {codedeploy.S3Location{Bucket: "b", Key: "k"}, &s3Error{403, "AccessDenied"}, awsaccess.Denied},
		"slow down":       {codedeploy.S3Location{Bucket: "b", Key: "k"}, &s3Error{503, "SlowDown"}, awsaccess.Throttled},
		"internal error":  {codedeploy.S3Location{Bucket: "b", Key: "k"}, &s3Error{500, "InternalError"}, awsaccess.Unavailable},
		"other region":    {codedeploy.S3Location{Bucket: "b", Key: "k"}, &s3Error{301, "PermanentRedirect"}, awsaccess.Invalid},
		"deleted version": {codedeploy.S3Location{Bucket: "b", Key: "k"}, &s3Error{405, "MethodNotAllowed"}, awsaccess.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			source := revisionsource.NewS3(awstest.Access("http://s3.test", bucket{objects, c.refuse}))
			_, err := source.Fetch(t.Context(), awstest.As, c.loc)
			wantKind(t, err, c.kind)
		})
	}
}

func wantKind(t *testing.T, err error, kind awsaccess.FaultKind) {
	t.Helper()
	var fault *awsaccess.Fault
	if !errors.As(err, &fault) || fault.Kind != kind || fault.Service != "AmazonS3" || fault.Operation != "GetObject" {
		t.Errorf("error is %v, want a fault of AmazonS3 of kind %s", err, kind)
	}
}

func TestOversizeSaysSoWithoutTheContent(t *testing.T) {
	source := revisionsource.NewS3(awstest.Access("http://s3.test", bucket{objects: objects}))
	_, err := source.Fetch(t.Context(), awstest.As, codedeploy.S3Location{Bucket: "b", Key: "one byte larger"})
	if err == nil || !strings.Contains(err.Error(), "AppSpec over 64 KiB") || strings.Contains(err.Error(), "xxx") {
		t.Errorf("error is %.200q", err)
	}
}

// breaks is S3 whose connection is lost in the middle of a body.
type breaks struct{ cause error }

func (b breaks) Do(r *http.Request) (*http.Response, error) {
	body := io.MultiReader(strings.NewReader("version: "), failing(b))
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(body), Request: r}, nil
}

type failing breaks

func (f failing) Read([]byte) (int, error) { return 0, f.cause }

func TestBrokenBody(t *testing.T) {
	loc := codedeploy.S3Location{Bucket: "b", Key: "k"}
	lost := revisionsource.NewS3(awstest.Access("http://s3.test", breaks{io.ErrUnexpectedEOF}))
	_, err := lost.Fetch(t.Context(), awstest.As, loc)
	wantKind(t, err, awsaccess.Unavailable)

	ended := revisionsource.NewS3(awstest.Access("http://s3.test", breaks{context.Canceled}))
	var fault *awsaccess.Fault
	if _, err := ended.Fetch(t.Context(), awstest.As, loc); errors.As(err, &fault) || !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want the context's own", err)
	}
}

func TestFetchFromMoto(t *testing.T) {
	access := awstest.Access(awstest.Moto(t), nil)
	cfg, err := access.Config(t.Context(), awstest.As)
	if err != nil {
		t.Fatal(err)
	}
	client := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	versionedBucket(t, client)
	first := put(t, client, "version: 0.0 # first")
	second := put(t, client, "version: 0.0 # second")
	source := revisionsource.NewS3(access)
	loc := codedeploy.S3Location{Bucket: "revisions", Key: "dir/appspec.yml"}

	check := func(version, etag, want string) {
		t.Helper()
		loc.Version, loc.ETag = version, etag
		if got, err := source.Fetch(t.Context(), awstest.As, loc); err != nil || string(got) != want {
			t.Errorf("version %q with ETag %q is %q, %v, want %q", version, etag, got, err, want)
		}
	}
	check("", "", "version: 0.0 # second")
	check("", strings.Trim(*second.ETag, `"`), "version: 0.0 # second")
	check(*first.VersionId, strings.Trim(*first.ETag, `"`), "version: 0.0 # first")

	loc.Version, loc.ETag = "", *first.ETag
	_, err = source.Fetch(t.Context(), awstest.As, loc)
	wantKind(t, err, awsaccess.Precondition)
	_, err = source.Fetch(t.Context(), awstest.As, codedeploy.S3Location{Bucket: "revisions", Key: "gone"})
	wantKind(t, err, awsaccess.NotFound)
	_, err = source.Fetch(t.Context(), awstest.As, codedeploy.S3Location{Bucket: "gone", Key: "gone"})
	wantKind(t, err, awsaccess.NotFound)
}

func versionedBucket(t *testing.T, client *s3.Client) {
	t.Helper()
	_, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: aws.String("revisions"),
		CreateBucketConfiguration: &types.CreateBucketConfiguration{
			LocationConstraint: types.BucketLocationConstraint(awstest.As.Region),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket:                  aws.String("revisions"),
		VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, client *s3.Client, body string) *s3.PutObjectOutput {
	t.Helper()
	out, err := client.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String("revisions"), Key: aws.String("dir/appspec.yml"), Body: bytes.NewReader([]byte(body)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
