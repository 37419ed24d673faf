package s3

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"greenlight/internal/awswire"
)

func TestAnotherAccountsBucket(t *testing.T) {
	c, client := withBucket(t)
	put(t, client, "secret", "content")
	other := c.client(bob)
	app := aws.String("app")

	_, err := other.GetObject(t.Context(), &awss3.GetObjectInput{Bucket: app, Key: aws.String("secret")})
	wantCode(t, err, "AccessDenied")
	_, err = other.PutObject(t.Context(), &awss3.PutObjectInput{Bucket: app, Key: aws.String("secret"), Body: strings.NewReader("x")})
	wantCode(t, err, "AccessDenied")
	_, err = other.ListObjectsV2(t.Context(), &awss3.ListObjectsV2Input{Bucket: app})
	wantCode(t, err, "AccessDenied")
	_, err = other.DeleteBucket(t.Context(), &awss3.DeleteBucketInput{Bucket: app})
	wantCode(t, err, "AccessDenied")
	_, err = other.CreateBucket(t.Context(), &awss3.CreateBucketInput{Bucket: app})
	wantCode(t, err, "BucketAlreadyExists")
	_, err = other.GetBucketVersioning(t.Context(), &awss3.GetBucketVersioningInput{Bucket: app})
	wantCode(t, err, "AccessDenied")

	must(t)(other.CreateBucket(t.Context(), &awss3.CreateBucketInput{Bucket: aws.String("bobs")}))
	_, err = other.CopyObject(t.Context(), &awss3.CopyObjectInput{Bucket: aws.String("bobs"), Key: aws.String("k"), CopySource: aws.String("app/secret")})
	wantCode(t, err, "AccessDenied")
	list, err := other.ListBuckets(t.Context(), &awss3.ListBucketsInput{})
	if err != nil || len(list.Buckets) != 1 || *list.Buckets[0].Name != "bobs" {
		t.Errorf("got %+v %v", list, err)
	}
	if got := get(t, client, &awss3.GetObjectInput{Key: aws.String("secret")}); got != "content" {
		t.Errorf("got %q", got)
	}
}

func TestBuckets(t *testing.T) {
	_, client := withBucket(t)
	must(t)(client.CreateBucket(t.Context(), &awss3.CreateBucketInput{Bucket: aws.String("app")})) // one's own
	head, err := client.HeadBucket(t.Context(), &awss3.HeadBucketInput{Bucket: aws.String("app")})
	if err != nil || aws.ToString(head.BucketRegion) != "eu-west-1" {
		t.Errorf("got %+v %v", head, err)
	}
	where, err := client.GetBucketLocation(t.Context(), &awss3.GetBucketLocationInput{Bucket: aws.String("app")})
	if err != nil || where.LocationConstraint != "eu-west-1" {
		t.Errorf("got %+v %v", where, err)
	}
	put(t, client, "k", "x")
	_, err = client.DeleteBucket(t.Context(), &awss3.DeleteBucketInput{Bucket: aws.String("app")})
	wantCode(t, err, "BucketNotEmpty")
	_, err = client.CreateBucket(t.Context(), &awss3.CreateBucketInput{Bucket: aws.String("healthz")})
	wantCode(t, err, "InvalidBucketName")
	_, err = client.GetObject(t.Context(), &awss3.GetObjectInput{Bucket: aws.String("none"), Key: aws.String("k")})
	wantCode(t, err, "NoSuchBucket")
	_, err = client.GetBucketLocation(t.Context(), &awss3.GetBucketLocationInput{Bucket: aws.String("none")})
	wantCode(t, err, "NoSuchBucket")
	_, err = client.GetBucketPolicy(t.Context(), &awss3.GetBucketPolicyInput{Bucket: aws.String("app")})
	wantCode(t, err, "NoSuchBucketPolicy")
}

func TestRefusedBeforeTheLibrary(t *testing.T) {
	c, client := withBucket(t)
	put(t, client, "k", "content")
	tests := []struct {
		name, method, path string
		header             map[string]string
		status             int
		code               string
	}{
		{"an unknown subresource of an object", "PUT", "/app/k?renameObject", nil, 501, "NotImplemented"},
		{"an unknown subresource of a bucket", "DELETE", "/app?metadataTableX", nil, 501, "NotImplemented"},
		{"a form", "POST", "/app", nil, 501, "NotImplemented"},
		{"nothing to put", "PUT", "/", nil, 405, "MethodNotAllowed"},
		{"a preflight", "OPTIONS", "/app/k", map[string]string{"Origin": "https://example.com", "Access-Control-Request-Method": "GET"}, 405, "MethodNotAllowed"},
		{"a key that is no text", "PUT", "/app/%FF", nil, 400, "InvalidURI"},
		{"a key with a zero", "PUT", "/app/a%00b", nil, 400, "InvalidURI"},
		{"a copy from nowhere", "PUT", "/app/c", map[string]string{"X-Amz-Copy-Source": "app"}, 400, "InvalidArgument"},
		{"too large", "PUT", "/app/k", map[string]string{"X-Amz-Content-Sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "X-Amz-Decoded-Content-Length": "999999999999"}, 400, "EntityTooLarge"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			status, text, _ := c.send(t, test.method, test.path, nil, test.header)
			if status != test.status || !strings.Contains(text, test.code) {
				t.Errorf("got %d %s", status, text)
			}
		})
	}
	if got := get(t, client, &awss3.GetObjectInput{Key: aws.String("k")}); got != "content" {
		t.Errorf("got %q", got)
	}
}

func TestAnonymousRequestsAreRefused(t *testing.T) {
	c, client := withBucket(t)
	put(t, client, "k", "content")
	for _, host := range []string{"", "app.s3.localhost"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url+"/app/k", nil)
		if err != nil {
			t.Fatal(err)
		}
		if host != "" {
			r.Host = host
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode < 400 {
			t.Errorf("host %q: got %s", host, response.Status)
		}
	}
}

func TestNoPageMayReadWhatABrowserMay(t *testing.T) {
	c, client := withBucket(t)
	put(t, client, "k", "content")
	_, text, header := c.send(t, http.MethodGet, "/app/k", nil, map[string]string{"Origin": "https://example.com"})
	for name := range header {
		if strings.HasPrefix(name, "Access-Control-") {
			t.Errorf("got %s: %s", name, header.Get(name))
		}
	}
	if text != "content" {
		t.Errorf("got %q", text)
	}
}

func TestBucketInTheHost(t *testing.T) {
	c, client := withBucket(t)
	put(t, client, "dir/k", "content")
	for host, path := range map[string]string{
		"app.localhost:4610": "/dir/k", "app.s3.localhost": "/dir/k", "app.s3.eu-west-1.amazonaws.com": "/dir/k",
		"s3.localhost": "/app/dir/k", "localhost:4610": "/app/dir/k", "127.0.0.1:4610": "/app/dir/k", "s3.eu-west-1.localhost": "/app/dir/k",
	} {
		if status, text, _ := c.send(t, http.MethodGet, path, nil, map[string]string{"Host": host}); status != 200 || text != "content" {
			t.Errorf("%s: got %d %s", host, status, text)
		}
	}
}

// What a request says about itself is not part of an object: tokens least of all.
func TestHeadersThatAreNotKept(t *testing.T) {
	c, client := withBucket(t)
	const token = "a-session-token"
	status, text, _ := c.send(t, http.MethodPut, "/app/k", strings.NewReader("x"),
		map[string]string{"X-Amz-Security-Token": token, "X-Amz-Meta-Release": "7"})
	if status != 200 {
		t.Fatalf("got %d %s", status, text)
	}
	_, _, header := c.send(t, http.MethodGet, "/app/k", nil, nil)
	if header.Get("X-Amz-Meta-Release") != "7" || header.Get("Content-Type") != defaultType {
		t.Errorf("got %v", header)
	}
	for name, values := range header {
		if strings.Contains(strings.Join(values, ""), token) {
			t.Errorf("%s shows the token", name)
		}
	}
	o, err := backend{c.s3}.lookup(awswire.WithCaller(t.Context(), awswire.Caller{Account: alice}), "app", "k", "")
	if err != nil || strings.Contains(strings.Join(values(o.metadata), ""), token) {
		t.Errorf("kept %v, %v", o, err)
	}
	if got := get(t, client, &awss3.GetObjectInput{Key: aws.String("k")}); got != "x" {
		t.Errorf("got %q", got)
	}
}

func values(m map[string]string) (all []string) {
	for _, v := range m {
		all = append(all, v)
	}
	return all
}

func TestGetForAnotherService(t *testing.T) {
	c, client := withBucket(t)
	put(t, client, "code.zip", "zip")
	content, err := c.s3.Get(t.Context(), alice, "app", "code.zip", "")
	if err != nil || string(content) != "zip" {
		t.Errorf("got %q %v", content, err)
	}
	for _, test := range []struct{ account, bucket, key, version, code string }{
		{bob, "app", "code.zip", "", "AccessDenied"},
		{alice, "none", "code.zip", "", "NoSuchBucket"},
		{alice, "app", "none", "", "NoSuchKey"},
		{alice, "app", "code.zip", "none", "NoSuchVersion"},
	} {
		_, err := c.s3.Get(t.Context(), test.account, test.bucket, test.key, test.version)
		if err == nil || !strings.HasPrefix(err.Error(), test.code+": ") {
			t.Errorf("%+v: got %v", test, err)
		}
	}
}
