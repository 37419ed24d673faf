package s3

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"greenlight/internal/awswire"
	"greenlight/internal/clock"
)

const (
	alice = "111122223333"
	bob   = "444455556666"
)

// cloud is a running S3 with its data directory.
type cloud struct {
	dir string
	url string
	s3  *Service
	web *httptest.Server
}

func newCloud(t *testing.T) *cloud {
	t.Helper()
	c := &cloud{dir: t.TempDir()}
	c.start(t)
	t.Cleanup(func() { c.stop(t) })
	return c
}

func (c *cloud) start(t *testing.T) {
	t.Helper()
	service, err := Open(t.Context(), Options{
		Dir: c.dir, Clock: clock.New(clock.Real, 0, nil), Log: slog.New(slog.DiscardHandler), Reserved: []string{"healthz"},
	})
	if err != nil {
		t.Fatal(err)
	}
	c.s3 = service
	c.web = httptest.NewServer(awswire.NewServer(awswire.Options{Auth: awswire.AnyCredentials()}, service))
	c.url = c.web.URL
}

func (c *cloud) stop(t *testing.T) {
	t.Helper()
	c.web.Close()
	if err := c.s3.Close(); err != nil {
		t.Error(err)
	}
}

func (c *cloud) restart(t *testing.T) {
	t.Helper()
	c.stop(t)
	c.start(t)
}

// client is an ordinary SDK client of an account.
func (c *cloud) client(account string) *awss3.Client {
	return awss3.New(awss3.Options{
		BaseEndpoint: &c.url, Region: "eu-west-1", UsePathStyle: true,
		Credentials:      credentials.NewStaticCredentialsProvider(account, "any", ""),
		RetryMaxAttempts: 1,
	})
}

// withBucket is a cloud in which alice has a bucket named app.
func withBucket(t *testing.T) (*cloud, *awss3.Client) {
	t.Helper()
	c := newCloud(t)
	client := c.client(alice)
	must(t)(client.CreateBucket(t.Context(), &awss3.CreateBucketInput{Bucket: aws.String("app")}))
	return c, client
}

// must returns a function that fails the test on an error.
func must(t *testing.T) func(_ any, err error) {
	return func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
}

func put(t *testing.T, client *awss3.Client, key, content string) *awss3.PutObjectOutput {
	t.Helper()
	out, err := client.PutObject(t.Context(), &awss3.PutObjectInput{
		Bucket: aws.String("app"), Key: &key, Body: bytes.NewReader([]byte(content)),
	})
	if err != nil {
		t.Fatalf("put %s: %v", key, err)
	}
	return out
}

func get(t *testing.T, client *awss3.Client, in *awss3.GetObjectInput) string {
	t.Helper()
	if in.Bucket == nil {
		in.Bucket = aws.String("app")
	}
	out, err := client.GetObject(t.Context(), in)
	if err != nil {
		t.Fatalf("get %s: %v", *in.Key, err)
	}
	body, err := io.ReadAll(out.Body)
	if err = errors.Join(err, out.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// wantCode checks the S3 code of an error.
func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

// send makes a request of alice's by hand. Its signature is well-formed, which
// is all that is looked at.
func (c *cloud) send(t *testing.T, method, path string, body io.Reader, header map[string]string) (status int, text string, h http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, c.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Amz-Date", "20260304T050607Z")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+alice+"/20260304/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=0")
	for name, value := range header {
		if name == "Host" {
			r.Host = value
			continue
		}
		r.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(content), response.Header
}
