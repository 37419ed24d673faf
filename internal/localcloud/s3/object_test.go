package s3

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

func TestObjectsSurviveARestart(t *testing.T) {
	c, client := withBucket(t)
	put(t, client, "dir/appspec.yaml", "version: 0.0")
	c.restart(t)
	client = c.client(alice)
	if got := get(t, client, &awss3.GetObjectInput{Key: aws.String("dir/appspec.yaml")}); got != "version: 0.0" {
		t.Errorf("got %q", got)
	}
	head, err := client.HeadObject(t.Context(), &awss3.HeadObjectInput{Bucket: aws.String("app"), Key: aws.String("dir/appspec.yaml")})
	if err != nil {
		t.Fatal(err)
	}
	sum := md5.Sum([]byte("version: 0.0"))
	if *head.ETag != `"`+hex.EncodeToString(sum[:])+`"` || *head.ContentLength != 12 || *head.ContentType != "application/octet-stream" {
		t.Errorf("got ETag %s, length %d, type %s", *head.ETag, *head.ContentLength, *head.ContentType)
	}
}

func TestWhatNoObjectHasIsSwept(t *testing.T) {
	c, client := withBucket(t)
	put(t, client, "k", "first")
	put(t, client, "k", "second")
	orphan := filepath.Join(c.dir, "objects", "left-by-a-crash")
	if err := os.WriteFile(orphan, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.restart(t)
	files, err := os.ReadDir(filepath.Join(c.dir, "objects"))
	if err != nil || len(files) != 1 {
		t.Errorf("got %d files, %v, want the one of the object", len(files), err)
	}
	if got := get(t, c.client(alice), &awss3.GetObjectInput{Key: aws.String("k")}); got != "second" {
		t.Errorf("got %q", got)
	}
}

func TestConditionsOnReading(t *testing.T) {
	_, client := withBucket(t)
	etag := put(t, client, "k", "content").ETag
	if got := get(t, client, &awss3.GetObjectInput{Key: aws.String("k"), IfMatch: etag}); got != "content" {
		t.Errorf("got %q", got)
	}
	_, err := client.GetObject(t.Context(), &awss3.GetObjectInput{Bucket: aws.String("app"), Key: aws.String("k"), IfMatch: aws.String(`"other"`)})
	wantCode(t, err, "PreconditionFailed")
	if got := get(t, client, &awss3.GetObjectInput{Key: aws.String("k"), Range: aws.String("bytes=2-4")}); got != "nte" {
		t.Errorf("range: got %q", got)
	}
}

func TestConditionsOnWriting(t *testing.T) {
	_, client := withBucket(t)
	in := func(content string) *awss3.PutObjectInput {
		return &awss3.PutObjectInput{Bucket: aws.String("app"), Key: aws.String("k"), Body: strings.NewReader(content)}
	}
	first := in("1")
	first.IfNoneMatch = aws.String("*")
	out, err := client.PutObject(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	again := in("2")
	again.IfNoneMatch = aws.String("*")
	_, err = client.PutObject(t.Context(), again)
	wantCode(t, err, "PreconditionFailed")
	next := in("3")
	next.IfMatch = out.ETag
	must(t)(client.PutObject(t.Context(), next))
	stale := in("4")
	stale.IfMatch = out.ETag
	_, err = client.PutObject(t.Context(), stale)
	wantCode(t, err, "PreconditionFailed")
	if got := get(t, client, &awss3.GetObjectInput{Key: aws.String("k")}); got != "3" {
		t.Errorf("got %q", got)
	}
}

func TestMultipartUpload(t *testing.T) {
	c, client := withBucket(t)
	begun, err := client.CreateMultipartUpload(t.Context(), &awss3.CreateMultipartUploadInput{
		Bucket: aws.String("app"), Key: aws.String("big.zip"), Metadata: map[string]string{"release": "7"},
	})
	if err != nil {
		t.Fatal(err)
	}
	var parts []types.CompletedPart
	var whole []byte
	for i, text := range []string{"first ", "second ", "third"} {
		content := bytes.Repeat([]byte(text), 1000)
		whole = append(whole, content...)
		out, err := client.UploadPart(t.Context(), &awss3.UploadPartInput{
			Bucket: aws.String("app"), Key: aws.String("big.zip"), UploadId: begun.UploadId,
			PartNumber: aws.Int32(int32(i + 1)), Body: bytes.NewReader(content),
		})
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, types.CompletedPart{PartNumber: aws.Int32(int32(i + 1)), ETag: out.ETag})
	}
	complete := func(parts []types.CompletedPart) (*awss3.CompleteMultipartUploadOutput, error) {
		return client.CompleteMultipartUpload(t.Context(), &awss3.CompleteMultipartUploadInput{
			Bucket: aws.String("app"), Key: aws.String("big.zip"), UploadId: begun.UploadId,
			MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
		})
	}
	_, err = complete([]types.CompletedPart{parts[1], parts[0]})
	wantCode(t, err, "InvalidPartOrder")
	_, err = complete([]types.CompletedPart{{PartNumber: aws.Int32(1), ETag: parts[2].ETag}})
	wantCode(t, err, "InvalidPart")
	done, err := complete(parts)
	if err != nil {
		t.Fatal(err)
	}
	sum := md5.Sum(whole)
	if *done.ETag != `"`+hex.EncodeToString(sum[:])+`"` {
		t.Errorf("got ETag %s", *done.ETag)
	}
	if got := get(t, client, &awss3.GetObjectInput{Key: aws.String("big.zip"), IfMatch: done.ETag}); got != string(whole) {
		t.Errorf("got %d bytes", len(got))
	}
	if left, err := os.ReadDir(filepath.Join(c.dir, "parts")); err != nil || len(left) > 0 {
		t.Errorf("parts left: %v %v", left, err)
	}
}

func TestAbortedUpload(t *testing.T) {
	c, client := withBucket(t)
	begun, err := client.CreateMultipartUpload(t.Context(), &awss3.CreateMultipartUploadInput{Bucket: aws.String("app"), Key: aws.String("k")})
	if err != nil {
		t.Fatal(err)
	}
	part := &awss3.UploadPartInput{Bucket: aws.String("app"), Key: aws.String("k"), UploadId: begun.UploadId,
		PartNumber: aws.Int32(1), Body: strings.NewReader("x")}
	_, err = c.client(bob).UploadPart(t.Context(), part)
	wantCode(t, err, "AccessDenied")
	must(t)(client.AbortMultipartUpload(t.Context(), &awss3.AbortMultipartUploadInput{Bucket: aws.String("app"), Key: aws.String("k"), UploadId: begun.UploadId}))
	_, err = client.UploadPart(t.Context(), part)
	wantCode(t, err, "NoSuchUpload")
}

func TestVersions(t *testing.T) {
	c, client := withBucket(t)
	put(t, client, "k", "before versioning")
	must(t)(client.PutBucketVersioning(t.Context(), &awss3.PutBucketVersioningInput{Bucket: aws.String("app"),
		VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}}))
	first, second := put(t, client, "k", "first"), put(t, client, "k", "second")
	removed, err := client.DeleteObject(t.Context(), &awss3.DeleteObjectInput{Bucket: aws.String("app"), Key: aws.String("k")})
	if err != nil || !aws.ToBool(removed.DeleteMarker) {
		t.Fatalf("got %+v, %v, want a delete marker", removed, err)
	}
	c.restart(t)
	client = c.client(alice)
	_, err = client.GetObject(t.Context(), &awss3.GetObjectInput{Bucket: aws.String("app"), Key: aws.String("k")})
	wantCode(t, err, "NoSuchKey")
	for version, want := range map[string]string{"null": "before versioning", *first.VersionId: "first", *second.VersionId: "second"} {
		if got := get(t, client, &awss3.GetObjectInput{Key: aws.String("k"), VersionId: &version}); got != want {
			t.Errorf("version %s: got %q", version, got)
		}
		head, err := client.HeadObject(t.Context(), &awss3.HeadObjectInput{Bucket: aws.String("app"), Key: aws.String("k"), VersionId: &version})
		if err != nil || *head.ContentLength != int64(len(want)) {
			t.Errorf("head of version %s: %v", version, err)
		}
	}
	_, err = client.GetObject(t.Context(), &awss3.GetObjectInput{Bucket: aws.String("app"), Key: aws.String("k"), VersionId: aws.String("none")})
	wantCode(t, err, "NoSuchVersion")
	must(t)(client.DeleteObject(t.Context(), &awss3.DeleteObjectInput{Bucket: aws.String("app"), Key: aws.String("k"), VersionId: removed.VersionId}))
	if got := get(t, client, &awss3.GetObjectInput{Key: aws.String("k")}); got != "second" {
		t.Errorf("without the marker: got %q", got)
	}
	must(t)(client.CopyObject(t.Context(), &awss3.CopyObjectInput{Bucket: aws.String("app"), Key: aws.String("copy"),
		CopySource: aws.String("app/k?versionId=" + *first.VersionId)}))
	if got := get(t, client, &awss3.GetObjectInput{Key: aws.String("copy")}); got != "first" {
		t.Errorf("the copy of a version: got %q", got)
	}
}

func TestDeletingAllVersions(t *testing.T) {
	_, client := withBucket(t)
	must(t)(client.PutBucketVersioning(t.Context(), &awss3.PutBucketVersioningInput{Bucket: aws.String("app"),
		VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}}))
	for i := range 5 {
		put(t, client, fmt.Sprintf("k%d", i%2), "x")
	}
	must(t)(client.DeleteObject(t.Context(), &awss3.DeleteObjectInput{Bucket: aws.String("app"), Key: aws.String("k0")}))
	var all []types.ObjectIdentifier
	pages := awss3.NewListObjectVersionsPaginator(client, &awss3.ListObjectVersionsInput{Bucket: aws.String("app"), MaxKeys: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range page.Versions {
			all = append(all, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
		}
		for _, m := range page.DeleteMarkers {
			all = append(all, types.ObjectIdentifier{Key: m.Key, VersionId: m.VersionId})
		}
	}
	if len(all) != 6 {
		t.Fatalf("listed %d versions, want 6", len(all))
	}
	out, err := client.DeleteObjects(t.Context(), &awss3.DeleteObjectsInput{Bucket: aws.String("app"), Delete: &types.Delete{Objects: all}})
	if err != nil || len(out.Deleted) != 6 || len(out.Errors) > 0 {
		t.Fatalf("got %+v %v", out, err)
	}
	must(t)(client.DeleteBucket(t.Context(), &awss3.DeleteBucketInput{Bucket: aws.String("app")}))
}

func TestListing(t *testing.T) {
	_, client := withBucket(t)
	for _, key := range []string{"a", "a/1", "a/2", "b/1", "b0", "c d+e", "/lead", "ä/1"} {
		put(t, client, key, "x")
	}
	tests := []struct {
		prefix, delimiter, startAfter string
		want                          []string
	}{
		{"", "", "", []string{"/lead", "a", "a/1", "a/2", "b/1", "b0", "c d+e", "ä/1"}},
		{"", "/", "", []string{"/", "a", "a/", "b/", "b0", "c d+e", "ä/"}},
		{"a", "/", "", []string{"a", "a/"}},
		{"a/", "/", "", []string{"a/1", "a/2"}},
		{"", "", "a/1", []string{"a/2", "b/1", "b0", "c d+e", "ä/1"}},
		{"", "/", "a/1", []string{"a/", "b/", "b0", "c d+e", "ä/"}},
		{"nothing", "/", "", nil},
	}
	for _, size := range []int32{1, 2, 1000} {
		for _, test := range tests {
			in := &awss3.ListObjectsV2Input{Bucket: aws.String("app"), MaxKeys: &size, Prefix: &test.prefix, EncodingType: ""}
			if test.delimiter != "" {
				in.Delimiter = &test.delimiter
			}
			if test.startAfter != "" {
				in.StartAfter = &test.startAfter
			}
			if got := listAll(t, client, in); !slices.Equal(got, test.want) {
				t.Errorf("%+v in pages of %d: got %q", test, size, got)
			}
		}
	}
}

func listAll(t *testing.T, client *awss3.Client, in *awss3.ListObjectsV2Input) (all []string) {
	t.Helper()
	pages := awss3.NewListObjectsV2Paginator(client, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Contents {
			all = append(all, *o.Key)
		}
		for _, p := range page.CommonPrefixes {
			all = append(all, *p.Prefix)
		}
	}
	slices.Sort(all)
	return all
}

func TestCopyAndTags(t *testing.T) {
	_, client := withBucket(t)
	put(t, client, "from me", "content")
	must(t)(client.PutObjectTagging(t.Context(), &awss3.PutObjectTaggingInput{Bucket: aws.String("app"), Key: aws.String("from me"),
		Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("stage"), Value: aws.String("test")}}}}))
	must(t)(client.CopyObject(t.Context(), &awss3.CopyObjectInput{Bucket: aws.String("app"), Key: aws.String("to"), CopySource: aws.String("app/from%20me")}))
	if got := get(t, client, &awss3.GetObjectInput{Key: aws.String("to")}); got != "content" {
		t.Errorf("got %q", got)
	}
	tags, err := client.GetObjectTagging(t.Context(), &awss3.GetObjectTaggingInput{Bucket: aws.String("app"), Key: aws.String("to")})
	if err != nil || len(tags.TagSet) != 1 || *tags.TagSet[0].Value != "test" {
		t.Errorf("got %+v %v", tags, err)
	}
}

func TestBodiesThatAreNotWhatTheySay(t *testing.T) {
	c, client := withBucket(t)
	tests := map[string]struct {
		header map[string]string
		code   string
	}{
		"another hash":     {map[string]string{"X-Amz-Content-Sha256": strings.Repeat("0", 64)}, "BadDigest"},
		"another MD5":      {map[string]string{"Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="}, "BadDigest"},
		"another checksum": {map[string]string{"X-Amz-Checksum-Crc32": "AAAAAA=="}, "BadDigest"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			status, text, _ := c.send(t, http.MethodPut, "/app/k", strings.NewReader("content"), test.header)
			if status != 400 || !strings.Contains(text, "<Code>"+test.code+"</Code>") {
				t.Errorf("got %d %s", status, text)
			}
		})
	}
	_, err := client.HeadObject(t.Context(), &awss3.HeadObjectInput{Bucket: aws.String("app"), Key: aws.String("k")})
	wantCode(t, err, "NotFound")
	if files, err := os.ReadDir(filepath.Join(c.dir, "objects")); err != nil || len(files) > 0 {
		t.Errorf("half-written: %v %v", files, err)
	}
}
