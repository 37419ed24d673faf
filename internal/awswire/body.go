package awswire

import (
	"bytes"
	"errors"
	"net/http"
	"os"
)

// readBody reads the request's body, at most limit bytes.
func readBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	if r.ContentLength > limit {
		return nil, entityTooLarge()
	}
	var buffer bytes.Buffer
	if r.ContentLength > 0 {
		// MinRead more lets ReadFrom see the end without growing. A large length is only a promise of somebody not yet
		// authenticated, so it buys no memory before the bytes arrive.
		buffer.Grow(int(min(r.ContentLength, DefaultMaxBody)) + bytes.MinRead)
	}
	_, err := buffer.ReadFrom(http.MaxBytesReader(w, r.Body, limit))
	if err == nil {
		return buffer.Bytes(), nil
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, entityTooLarge()
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, &Error{Status: http.StatusRequestTimeout, Code: "RequestTimeoutException",
			Message: "The request body did not arrive in time.", Cause: err}
	}
	return nil, &Error{Status: http.StatusBadRequest, Code: "SerializationException",
		Message: "The request body could not be read.", Cause: err}
}

// bufferedBody is a body already in memory; a JSON service takes the bytes without copying them.
type bufferedBody struct {
	bytes.Reader
	all []byte
}

func newBufferedBody(all []byte) *bufferedBody {
	b := &bufferedBody{all: all}
	b.Reset(all)
	return b
}

func (*bufferedBody) Close() error { return nil }

// bodyOf returns the whole body of a request, which the server has normally read already.
func bodyOf(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if b, ok := r.Body.(*bufferedBody); ok {
		return b.all, nil
	}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	return readBody(w, r, DefaultMaxBody)
}

// response remembers whether the answer has begun, after which a fault can no longer be told.
type response struct {
	http.ResponseWriter
	begun bool
}

func (w *response) WriteHeader(status int) {
	w.begun = w.begun || status >= http.StatusOK // an informational status may be followed by a real one
	w.ResponseWriter.WriteHeader(status)
}

func (w *response) Write(p []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection's own writer.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }
