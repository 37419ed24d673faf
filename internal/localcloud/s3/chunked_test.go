package s3

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/rclone/gofakes3"
)

// inChunks writes content in aws-chunked form.
func inChunks(content string, size int, signature, trailer string) string {
	var b strings.Builder
	for len(content) > 0 {
		chunk := content[:min(size, len(content))]
		content = content[len(chunk):]
		fmt.Fprintf(&b, "%x%s\r\n%s\r\n", len(chunk), signature, chunk)
	}
	fmt.Fprintf(&b, "0%s\r\n%s\r\n", signature, trailer)
	return b.String()
}

// checksumOf is the trailer that an SDK sends.
func checksumOf(algorithm, content string) string {
	h := checksums[algorithm]()
	_, _ = io.WriteString(h, content)
	return checksumPrefix + algorithm + ":" + base64.StdEncoding.EncodeToString(h.Sum(nil)) + "\r\n"
}

func chunkedRequest(body, length, trailer string) *http.Request {
	r := &http.Request{Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
	r.Header.Set("X-Amz-Content-Sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
	r.Header.Set("X-Amz-Decoded-Content-Length", length)
	if trailer != "" {
		r.Header.Set("X-Amz-Trailer", trailer)
	}
	return r
}

func TestBodiesInChunks(t *testing.T) {
	content := strings.Repeat("0123456789", 1000)
	signature := ";chunk-signature=" + strings.Repeat("a", 64)
	for algorithm := range checksums {
		body := inChunks(content, 4096, "", checksumOf(algorithm, content))
		r := chunkedRequest(body, "10000", checksumPrefix+algorithm)
		if err := unchunk(r); err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(iotest.OneByteReader(r.Body))
		if err != nil || string(got) != content || r.Header.Get("Content-Length") != "10000" {
			t.Errorf("%s: got %d bytes, %v", algorithm, len(got), err)
		}
	}
	r := chunkedRequest(inChunks(content, 8192, signature, ""), "10000", "")
	if err := unchunk(r); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r.Body); err != nil || string(got) != content {
		t.Errorf("signed: got %d bytes, %v", len(got), err)
	}
}

// TestCRC64NVME uses the check value of the CRC catalogue.
func TestCRC64NVME(t *testing.T) {
	h := checksums["crc64nvme"]()
	_, _ = io.WriteString(h, "123456789")
	if got := fmt.Sprintf("%x", h.Sum(nil)); got != "ae8b14860a799888" {
		t.Errorf("got %s", got)
	}
}

func TestChunksThatAreRefused(t *testing.T) {
	crc := checksumOf("crc32", "hello")
	tests := map[string]struct {
		body, length, trailer string
		code                  gofakes3.ErrorCode
	}{
		"not in chunks":          {"hello\r\n", "5", "", gofakes3.ErrInvalidRequest},
		"a negative size":        {"-5\r\nhello\r\n0\r\n\r\n", "5", "", gofakes3.ErrInvalidRequest},
		"more than declared":     {inChunks("hello", 9, "", ""), "4", "", gofakes3.ErrInvalidRequest},
		"less than declared":     {inChunks("hello", 9, "", ""), "6", "", gofakes3.ErrInvalidRequest},
		"one more chunk":         {inChunks("helloX", 5, "", ""), "5", "", gofakes3.ErrInvalidRequest},
		"a chunk that runs over": {"4\r\nhello\r\n0\r\n\r\n", "5", "", gofakes3.ErrInvalidRequest},
		"an endless line":        {strings.Repeat("0", 10_000), "5", "", gofakes3.ErrInvalidRequest},
		"another checksum":       {inChunks("hellO", 9, "", crc), "5", "x-amz-checksum-crc32", gofakes3.ErrBadDigest},
		"no checksum":            {inChunks("hello", 9, "", ""), "5", "x-amz-checksum-crc32", gofakes3.ErrInvalidRequest},
		"cut in a chunk":         {"5\r\nhel", "5", "", gofakes3.ErrIncompleteBody},
		"cut behind a chunk":     {"5\r\nhello\r\n", "5", "", gofakes3.ErrIncompleteBody},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := chunkedRequest(test.body, test.length, test.trailer)
			if err := unchunk(r); err != nil {
				t.Fatal(err)
			}
			_, err := io.ReadAll(r.Body)
			if got := codeOf(bodyError(err)); err == nil || got != test.code {
				t.Errorf("got %v", err)
			}
		})
	}
	for _, length := range []string{"", "-1", "many"} {
		if err := unchunk(chunkedRequest("", length, "")); err == nil {
			t.Errorf("length %q was accepted", length)
		}
	}
	if err := unchunk(chunkedRequest("", "0", "x-amz-checksum-unknown")); err == nil {
		t.Error("an unknown checksum was accepted")
	}
}

func TestChunkedUploadIsStoredPlain(t *testing.T) {
	c, _ := withBucket(t)
	body := inChunks("hello", 2, "", checksumOf("crc64nvme", "hello"))
	header := map[string]string{
		"X-Amz-Content-Sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "X-Amz-Decoded-Content-Length": "5",
		"X-Amz-Trailer": "x-amz-checksum-crc64nvme", "Content-Encoding": "aws-chunked",
	}
	if status, text, _ := c.send(t, http.MethodPut, "/app/k", strings.NewReader(body), header); status != 200 {
		t.Fatalf("got %d %s", status, text)
	}
	if _, text, h := c.send(t, http.MethodGet, "/app/k", nil, nil); text != "hello" || h.Get("Content-Encoding") != "" {
		t.Errorf("got %q %v", text, h)
	}
	bad := inChunks("hellO", 2, "", checksumOf("crc64nvme", "hello"))
	if status, text, _ := c.send(t, http.MethodPut, "/app/k", strings.NewReader(bad), header); status != 400 || !strings.Contains(text, "BadDigest") {
		t.Errorf("got %d %s", status, text)
	}
}

func FuzzChunkedBody(f *testing.F) {
	f.Add([]byte(inChunks("hello", 2, "", checksumOf("crc32", "hello"))), "5", true)
	f.Add([]byte("5\r\nhello\r\n0\r\n\r\n"), "5", false)
	f.Add([]byte("ffffffffffffffff\r\n"), "7", false)
	f.Fuzz(func(t *testing.T, body []byte, length string, checked bool) {
		trailer := ""
		if checked {
			trailer = "x-amz-checksum-crc32"
		}
		r := chunkedRequest(string(body), length, trailer)
		if unchunk(r) != nil {
			return
		}
		got, err := io.ReadAll(r.Body)
		if err == nil && int64(len(got)) != r.ContentLength && r.ContentLength > 0 {
			t.Fatalf("read %d bytes of %d without an error", len(got), r.ContentLength)
		}
		if again, second := r.Body.Read(make([]byte, 1)); again != 0 || !errors.Is(second, io.EOF) && err == nil {
			t.Fatalf("after the end: %d %v", again, second)
		}
		if err == nil && len(got) > 0 && !bytes.Contains(body, got[:1]) {
			t.Fatalf("read %q out of nothing", got)
		}
	})
}
