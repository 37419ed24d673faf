package revisionsource_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
)

// bucket is S3 with one bucket "b", addressed by path.
type bucket struct {
	objects map[string]object // by key and version id: "k", "k?v1"
	refuse  *s3Error
}

type object struct{ etag, body string }

type s3Error struct {
	status int
	code   string
}

func (b bucket) Do(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return w.Result(), nil
}

func (b bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if b.refuse != nil {
		fail(w, b.refuse.status, b.refuse.code)
		return
	}
	name, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if name != "b" {
		fail(w, http.StatusNotFound, "NoSuchBucket")
		return
	}
	missing := "NoSuchKey"
	if version := r.URL.Query().Get("versionId"); version != "" {
		key, missing = key+"?"+version, "NoSuchVersion"
	}
	o, ok := b.objects[key]
	if !ok {
		fail(w, http.StatusNotFound, missing)
		return
	}
	if match := r.Header.Get("If-Match"); match != "" && match != `"`+o.etag+`"` {
		fail(w, http.StatusPreconditionFailed, "PreconditionFailed")
		return
	}
	w.Header().Set("ETag", `"`+o.etag+`"`)
	fmt.Fprint(w, o.body)
}

func fail(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, `<?xml version="1.0"?><Error><Code>%s</Code><Message>no</Message></Error>`, code)
}
