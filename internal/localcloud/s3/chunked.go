package s3

import (
	"bufio"
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/rclone/gofakes3"
)

// Bounds of a body in chunks.
const (
	maxChunkLine = 512 // bytes: a size with a signature, or a trailer
	maxTrailers  = 8
)

// unchunk lets a request whose body comes in aws-chunked form look as if it came
// plain. Newer SDKs send it so to put a checksum behind the body. Signatures of
// chunks are not looked at: whether anybody's are is the authenticator's
// business, and that of dev believes all.
func unchunk(r *http.Request) error {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return nil
	}
	length, err := strconv.ParseInt(r.Header.Get("X-Amz-Decoded-Content-Length"), 10, 64)
	if err != nil || length < 0 {
		return fault(http.StatusLengthRequired, "MissingContentLength", "x-amz-decoded-content-length must be the number of bytes of the body.")
	}
	if length > MaxBody {
		return fault(http.StatusBadRequest, string(gofakes3.ErrEntityTooLarge), tooLarge)
	}
	body := &chunkedBody{in: bufio.NewReader(r.Body), closer: r.Body, expected: length, first: true}
	if name := strings.ToLower(strings.TrimSpace(r.Header.Get("X-Amz-Trailer"))); name != "" {
		newHash, ok := checksums[strings.TrimPrefix(name, checksumPrefix)]
		if !ok {
			return fault(http.StatusBadRequest, "InvalidRequest", "The value specified in the x-amz-trailer header is not supported.")
		}
		body.trailer, body.hash = name, newHash()
	}
	for _, name := range []string{"X-Amz-Content-Sha256", "X-Amz-Decoded-Content-Length", "X-Amz-Trailer"} {
		r.Header.Del(name)
	}
	r.Body, r.ContentLength, r.TransferEncoding = body, length, nil
	r.Header.Set("Content-Length", strconv.FormatInt(length, 10))
	return nil
}

const checksumPrefix = "x-amz-checksum-"

var checksums = map[string]func() hash.Hash{
	"crc32":     func() hash.Hash { return crc32.NewIEEE() },
	"crc32c":    func() hash.Hash { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) },
	"crc64nvme": func() hash.Hash { return crc64.New(nvme) },
	"sha1":      sha1.New,
	"sha256":    sha256.New,
}

// nvme is the polynomial of CRC-64/NVME, reversed as hash/crc64 wants it.
var nvme = crc64.MakeTable(0x9a6c9329ac4bc9b5)

// chunkedBody reads what is in the chunks. With the last byte it reads on to
// the end of the body and checks it: the reader behind it asks for no more.
type chunkedBody struct {
	in       *bufio.Reader
	closer   io.Closer
	expected int64 // bytes still to come
	chunk    int64 // of them in the present chunk
	first    bool
	trailer  string    // the checksum's name
	hash     hash.Hash // nil without a trailer
	err      error     // what every further Read returns
}

func (c *chunkedBody) Close() error { return c.closer.Close() }

func (c *chunkedBody) Read(p []byte) (int, error) {
	if c.err != nil || len(p) == 0 {
		return 0, c.err
	}
	n, err := c.read(p)
	if err == nil && c.expected == 0 {
		err = c.finish()
	}
	c.err = err
	return n, err
}

// read returns bytes of the present chunk, or of the next one.
func (c *chunkedBody) read(p []byte) (int, error) {
	if c.expected == 0 {
		return 0, nil
	}
	if c.chunk == 0 {
		if err := c.nextChunk(); err != nil {
			return 0, err
		}
		if c.chunk == 0 || c.chunk > c.expected {
			return 0, malformed("the chunks do not add up to x-amz-decoded-content-length")
		}
	}
	n, err := c.in.Read(p[:min(int64(len(p)), c.chunk)])
	c.chunk -= int64(n)
	c.expected -= int64(n)
	if c.hash != nil {
		_, _ = c.hash.Write(p[:n]) // never fails
	}
	return n, tooEarly(err)
}

// tooEarly is err where the body may not end yet.
func tooEarly(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// nextChunk reads the line before a chunk, and the line break after the one
// before.
func (c *chunkedBody) nextChunk() error {
	if !c.first {
		line, err := c.line()
		if err != nil {
			return tooEarly(err)
		}
		if len(line) > 0 {
			return malformed("a chunk is longer than it says")
		}
	}
	c.first = false
	line, err := c.line()
	if err != nil {
		return tooEarly(err)
	}
	text, _, _ := bytes.Cut(line, []byte(";"))
	size, err := strconv.ParseUint(string(text), 16, 62)
	if err != nil {
		return malformed("a chunk does not begin with its size")
	}
	c.chunk = int64(size)
	return nil
}

// finish reads the chunk of no bytes that ends a body and the trailers behind
// it, and compares the checksum. It returns io.EOF if all is well.
func (c *chunkedBody) finish() error {
	if err := c.nextChunk(); err != nil {
		return err
	}
	if c.chunk != 0 {
		return malformed("the chunks do not add up to x-amz-decoded-content-length")
	}
	checked := c.hash == nil
	for range maxTrailers {
		line, err := c.line()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if len(line) == 0 {
			break // some clients end with the body
		}
		name, value, _ := strings.Cut(string(line), ":")
		if c.hash == nil || !strings.EqualFold(strings.TrimSpace(name), c.trailer) {
			continue
		}
		if strings.TrimSpace(value) != base64.StdEncoding.EncodeToString(c.hash.Sum(nil)) {
			return gofakes3.ErrorMessagef(gofakes3.ErrBadDigest, "The %s you specified did not match the calculated checksum.", c.trailer)
		}
		checked = true
	}
	if !checked {
		return malformed("the trailer that x-amz-trailer announces is missing")
	}
	return io.EOF
}

// line reads up to a line break, which is not part of it.
func (c *chunkedBody) line() ([]byte, error) {
	var line []byte
	for {
		b, err := c.in.ReadByte()
		switch {
		case err != nil:
			return line, err
		case b == '\n':
			return bytes.TrimSuffix(line, []byte("\r")), nil
		case len(line) >= maxChunkLine:
			return nil, malformed("a line between the chunks is too long")
		}
		line = append(line, b)
	}
}

func malformed(what string) error {
	return gofakes3.ErrorMessagef(gofakes3.ErrInvalidRequest, "The body is not in aws-chunked form: %s.", what)
}
