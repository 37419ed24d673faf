package s3

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"greenlight/internal/awswire"
	"greenlight/internal/sqldb"
)

// ServeHTTP answers an authenticated request: here what the library cannot or
// must not do, by the library the rest.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := s.serve(w, r); err != nil {
		s.WriteError(w, r, err)
	}
}

// serve returns what has not been answered yet.
func (s *Service) serve(w http.ResponseWriter, r *http.Request) error {
	t := targetOf(r)
	if err := t.check(r); err != nil {
		return err
	}
	source, err := copySource(r)
	if err != nil {
		return err
	}
	if err := s.authorize(r, t, source, w.Header()); err != nil {
		return err
	}
	switch query := r.URL.Query(); {
	case r.Method == http.MethodGet && t.ofBucket() && query.Has("location"):
		return s.bucketLocation(w, r, t.bucket)
	case r.Method == http.MethodPost && t.ofBucket() && query.Has("delete"):
		return s.deleteObjects(w, r, t.bucket)
	}
	forwarded, err := forLibrary(r, t, source)
	if err != nil {
		return err
	}
	s.library.ServeHTTP(&answer{ResponseWriter: w}, forwarded)
	return nil
}

// target is what a request is about; without a bucket it is all of them.
type target struct{ bucket, key string }

func (t target) ofBucket() bool { return t.bucket != "" && t.key == "" }

// targetOf reads bucket and key from the path, and from the host where clients
// put the bucket there.
func targetOf(r *http.Request) target {
	path := strings.TrimPrefix(r.URL.Path, "/")
	if bucket := bucketInHost(r.Host); bucket != "" {
		return target{bucket, path}
	}
	bucket, key, _ := strings.Cut(path, "/")
	return target{bucket, key}
}

// bucketInHost is the bucket of names such as bucket.s3.eu-west-1.example.com
// and bucket.localhost; "" in all others.
func bucketInHost(host string) string {
	name, _, _ := strings.Cut(strings.ToLower(host), ":")
	if bucket, _, ok := strings.Cut(name, ".s3."); ok {
		return bucket
	}
	bucket, ok := strings.CutSuffix(name, ".localhost")
	if !ok || bucket == "s3" || strings.HasPrefix(bucket, "s3.") {
		return ""
	}
	return strings.TrimSuffix(bucket, ".s3")
}

// writeParameters are the query parameters that requests may have that change
// something. Any other would name a subresource of which the library knows
// nothing, and it would write the bucket or the object itself.
var writeParameters = map[string]bool{
	"delete": true, "partNumber": true, "tagging": true, "uploadId": true, "uploads": true, "versionId": true,
	"versioning": true, "x-id": true,
	// not kept here: answered as where they are not configured, or NotImplemented
	"acl": true, "cors": true, "encryption": true, "lifecycle": true, "ownershipControls": true, "policy": true,
	"publicAccessBlock": true, "replication": true, "website": true,
}

// check refuses what neither the library nor we can do.
func (t target) check(r *http.Request) error {
	switch {
	case !utf8.ValidString(t.bucket+t.key) || strings.Contains(t.bucket+t.key, "\x00"):
		return fault(http.StatusBadRequest, "InvalidURI", "Couldn't parse the specified URI.")
	case t.bucket == "" && r.Method != http.MethodGet, r.Method == http.MethodOptions:
		return fault(http.StatusMethodNotAllowed, "MethodNotAllowed", "The specified method is not allowed against this resource.")
	case r.Method == http.MethodPost && t.ofBucket() && !r.URL.Query().Has("delete"):
		return fault(http.StatusNotImplemented, "NotImplemented", "Uploads of HTML forms are not available in the local S3.")
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		return nil
	}
	for name := range r.URL.Query() {
		if !writeParameters[name] && !strings.HasPrefix(name, "X-Amz-") {
			return fault(http.StatusNotImplemented, "NotImplemented", "A parameter of this request is not available in the local S3.")
		}
	}
	return nil
}

// authorize refuses buckets of other accounts, also as the source of a copy, and
// tells the region of one's own. A bucket that does not exist is left to the
// library, and so is the name of one that is to be created.
func (s *Service) authorize(r *http.Request, t target, source *version, header http.Header) error {
	names := []string{t.bucket}
	if source != nil {
		names = append(names, source.bucket)
	}
	return s.db.View(r.Context(), func(tx *sqldb.Tx) error {
		for i, name := range names {
			found, err := findBucket(tx, name)
			switch {
			case err != nil:
				return err
			case found == nil:
			case found.account != accountOf(r.Context()):
				if i == 0 && creates(r, t) {
					continue
				}
				return accessDenied()
			case i == 0:
				header.Set("X-Amz-Bucket-Region", found.region)
			}
		}
		return nil
	})
}

// creates reports whether a request is a CreateBucket.
func creates(r *http.Request, t target) bool {
	if r.Method != http.MethodPut || !t.ofBucket() {
		return false
	}
	for name := range r.URL.Query() {
		if name != "x-id" && !strings.HasPrefix(name, "X-Amz-") {
			return false
		}
	}
	return true
}

// version is one version of an object, or with version "" the latest.
type version struct{ bucket, key, version string }

// copySource reads the source of a CopyObject or UploadPartCopy; nil if the
// request is neither.
func copySource(r *http.Request) (*version, error) {
	header := r.Header.Get("X-Amz-Copy-Source")
	if header == "" {
		return nil, nil
	}
	path, query, _ := strings.Cut(strings.TrimPrefix(header, "/"), "?")
	bucket, key, ok := strings.Cut(path, "/")
	values, err := url.ParseQuery(query)
	if !ok || bucket == "" || key == "" || err != nil {
		return nil, fault(http.StatusBadRequest, "InvalidArgument",
			"Copy Source must mention the source bucket and key: sourcebucket/sourcekey")
	}
	return &version{bucket, key, values.Get("versionId")}, nil
}

// forLibrary is the request as the library understands it: the bucket in the
// path, the version in the context, the body as it is meant to be stored.
func forLibrary(r *http.Request, t target, source *version) (*http.Request, error) {
	wanted := r.URL.Query().Get("versionId")
	if source != nil {
		wanted = source.version
	}
	r = r.Clone(context.WithValue(r.Context(), versionKey{}, wanted))
	r.URL.RawPath, r.URL.Path = "", "/"+t.bucket
	if t.key != "" {
		r.URL.Path += "/" + t.key
	}
	if query := r.URL.Query(); query.Has("versionId") {
		query.Del("versionId")
		r.URL.RawQuery = query.Encode()
	}
	return r, unchunk(r)
}

type versionKey struct{}

// versionFrom is the version that the request of ctx is about; "" is the latest.
func versionFrom(ctx context.Context) string {
	v, _ := ctx.Value(versionKey{}).(string)
	return v
}

// answer corrects what the library writes. It allows every web page to read
// what a browser on this machine may read, which must not be: dev believes
// anybody's signature.
type answer struct {
	http.ResponseWriter
	begun bool
}

func (a *answer) WriteHeader(status int) {
	if !a.begun {
		for name := range a.Header() {
			if strings.HasPrefix(name, "Access-Control-") {
				a.Header().Del(name)
			}
		}
	}
	a.begun = a.begun || status >= http.StatusOK
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(p []byte) (int, error) {
	if !a.begun {
		if a.Header().Get("Content-Type") == "" { // an object always has one
			a.Header().Set("Content-Type", xmlType)
		}
		a.WriteHeader(http.StatusOK)
	}
	return a.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection's own writer.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

var _ awswire.ErrorWriter = (*Service)(nil)
