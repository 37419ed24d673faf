package awswire

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// streaming is an S3-like service that reads the body itself.
type streaming struct{ limit int64 }

func (streaming) Name() string       { return "s3" }
func (s streaming) BodyLimit() int64 { return s.limit }
func (streaming) StreamsBody()       {}

func (streaming) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, max(r.ContentLength, 0)))
	if r.ContentLength < 0 {
		body, err = io.ReadAll(r.Body)
	}
	switch tooLarge, isLarge := errors.AsType[*http.MaxBytesError](err); {
	case isLarge:
		http.Error(w, tooLarge.Error(), http.StatusRequestEntityTooLarge)
	case errors.Is(err, ErrPayloadHash):
		http.Error(w, err.Error(), http.StatusBadRequest)
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	default:
		_, _ = w.Write(body)
	}
}

func TestStreamedBodies(t *testing.T) {
	server := NewServer(Options{Auth: Signed(testKeyring, atTestNow), Log: (&logBuffer{}).logger()}, streaming{8})
	tests := []struct {
		name, declared, body string
		chunked              bool
		status               int
	}{
		{"a hash", hashOf("content"), "content", false, 200},
		{"a hash, length unknown", hashOf("content"), "content", true, 200},
		{"unsigned", unsignedPayload, "content", false, 200},
		{"a trailer", unsignedTrailer, "content", false, 200},
		{"another hash", hashOf("Content"), "content", false, 400},
		{"another hash, length unknown", hashOf("Content"), "content", true, 400},
		{"chunks with signatures of their own", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "content", false, 400},
		{"too long", hashOf("too long."), "too long.", false, 413},
		{"too long, length unknown", unsignedPayload, "too long.", true, 413},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest("PUT", "http://s3.eu-west-1.example.com/bucket/key", strings.NewReader(test.body))
			if test.chunked {
				r.ContentLength = -1
			}
			r.Header.Set(contentHash, test.declared)
			if err := newTestSigner().SignHTTP(t.Context(), longTerm, r, test.declared, "s3", "eu-west-1", testNow); err != nil {
				t.Fatal(err)
			}
			if a := do(t, server, r); a.status != test.status || a.status == 200 && a.body != test.body {
				t.Errorf("got %d %s", a.status, a.body)
			}
		})
	}
}

func TestStreamedBodyCannotBeReplaced(t *testing.T) {
	server := NewServer(Options{Auth: Signed(testKeyring, atTestNow), Log: (&logBuffer{}).logger()}, streaming{1 << 10})
	r := httptest.NewRequest("PUT", "http://s3.eu-west-1.example.com/bucket/key", strings.NewReader("harmful"))
	r.Header.Set(contentHash, hashOf("content"))
	if err := newTestSigner().SignHTTP(t.Context(), longTerm, r, hashOf("content"), "s3", "eu-west-1", testNow); err != nil {
		t.Fatal(err)
	}
	if a := do(t, server, r); a.status != 400 {
		t.Errorf("got %d %s", a.status, a.body)
	}
	r.Header.Set(contentHash, hashOf("harmful"))
	if a := do(t, server, r); a.status != 400 || a.code != "InvalidSignatureException" {
		t.Errorf("got %d %s", a.status, a.body)
	}
}

func TestTemporaryKeys(t *testing.T) {
	const principal = "arn:aws:sts::444455556666:assumed-role/deploy/s"
	key := NewTemporaryKey("444455556666", principal)
	if other := NewTemporaryKey("444455556666", principal); other.AccessKeyID == key.AccessKeyID && other.SecretAccessKey == key.SecretAccessKey {
		t.Error("two keys are the same")
	}
	tests := map[string]struct{ id, token, account, principal string }{
		"ours":             {key.AccessKeyID, key.SessionToken, "444455556666", principal},
		"without token":    {key.AccessKeyID, "", "444455556666", "arn:aws:iam::444455556666:root"},
		"another account":  {"111122223333", key.SessionToken, "111122223333", "arn:aws:iam::111122223333:root"},
		"a token of AWS":   {key.AccessKeyID, "IQoJb3JpZ2luX2VjE", "444455556666", "arn:aws:iam::444455556666:root"},
		"a broken token":   {key.AccessKeyID, "local%%%", "444455556666", "arn:aws:iam::444455556666:root"},
		"a token of words": {key.AccessKeyID, "localYXJuOiA6NDQ0NDU1NTU2NjY2OiA", "444455556666", "arn:aws:iam::444455556666:root"},
		"a key of AWS":     {"ASIAIOSFODNN7EXAMPLE", "", "000000000000", "arn:aws:iam::000000000000:root"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			header := strings.Replace(goodHeader, "AKID", test.id, 1)
			r := withAuthorization(header, "20260304T050607Z")
			if test.token != "" {
				r.Header.Set("X-Amz-Security-Token", test.token)
			}
			got, err := AnyCredentials().Authenticate(r, nil)
			if err != nil || got.Account != test.account || got.PrincipalARN != test.principal {
				t.Errorf("got %+v %v", got, err)
			}
		})
	}
}

// newTestSigner signs as S3's clients do.
func newTestSigner() *v4.Signer {
	return v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
}
