package awswire

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net/http"
)

// BodyStreamer is a service that reads request bodies itself, because they are too large for memory, as S3's objects
// are. BodyLimit bounds them all the same: reading on fails with an *http.MaxBytesError.
//
// Such a request is authenticated by its headers alone: they declare the body's SHA-256 (X-Amz-Content-Sha256), that
// hash is signed, and reading a body that turns out to have another fails with [ErrPayloadHash] where it ends.
type BodyStreamer interface {
	BodyLimiter
	StreamsBody()
}

// ErrPayloadHash is the failure of reading a body that is not the one whose hash the headers declare.
var ErrPayloadHash = errors.New("the body does not have the declared SHA-256")

// streamBody bounds the body of r and holds it to its declared hash.
func streamBody(w http.ResponseWriter, r *http.Request, limit int64) error {
	if r.ContentLength > limit {
		return entityTooLarge()
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	if declared := r.Header.Get(contentHash); isPayloadHash(declared) {
		r.Body = &hashedBody{ReadCloser: r.Body, declared: declared, left: r.ContentLength, hash: sha256.New()}
	}
	return nil
}

// hashedBody fails where the body ends if its hash is not the declared one.
type hashedBody struct {
	io.ReadCloser
	declared string
	left     int64 // bytes until the end, negative if that is not known in advance
	hash     hash.Hash
	failed   bool
}

func (b *hashedBody) Read(p []byte) (int, error) {
	if b.failed {
		return 0, ErrPayloadHash
	}
	n, err := b.ReadCloser.Read(p)
	_, _ = b.hash.Write(p[:n]) // never fails
	known := b.left >= 0
	if known {
		b.left -= int64(n)
	}
	// A reader that wants no more than Content-Length bytes never gets to see the end.
	if ended := errors.Is(err, io.EOF) || known && b.left <= 0; !ended {
		return n, err
	}
	if hex.EncodeToString(b.hash.Sum(nil)) != b.declared {
		b.failed = true
		return n, ErrPayloadHash
	}
	return n, err
}

// contentHash is the header that declares how the body is signed.
const contentHash = "X-Amz-Content-Sha256"

// isPayloadHash tells a SHA-256 in hex from the words for other ways to sign a body.
func isPayloadHash(s string) bool {
	return len(s) == 2*sha256.Size && isToken(s, len(s), func(c byte) bool { return isDigit(c) || 'a' <= c && c <= 'f' })
}
