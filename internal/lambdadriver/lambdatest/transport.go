package lambdatest

import (
	"bytes"
	"errors"
	"io"
	"net/http"
)

// ErrDropped is what a caller in process gets for a dropped connection.
var ErrDropped = errors.New("lambdatest: connection dropped")

// Transport calls the far side in process, without sockets, whatever host the request names.
func (l *Lambda) Transport() http.RoundTripper { return transport{l} }

// Client is Transport as an HTTP client, the form an aws.Config takes.
func (l *Lambda) Client() *http.Client { return &http.Client{Transport: l.Transport()} }

type transport struct{ handler http.Handler }

func (t transport) RoundTrip(r *http.Request) (_ *http.Response, err error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	inbound := r.WithContext(r.Context()) // the router writes to its request; the caller's stays as it is
	if inbound.Body == nil {
		inbound.Body = http.NoBody
	}
	defer inbound.Body.Close()
	defer func() {
		if p := recover(); p == http.ErrAbortHandler {
			err = dropped(r)
		} else if p != nil {
			panic(p)
		}
	}()
	w := &recorder{header: make(http.Header, 4), status: http.StatusOK}
	t.handler.ServeHTTP(w, inbound)
	return w.response(r), nil
}

// dropped is the caller's own doing when its context ended.
func dropped(r *http.Request) error {
	if err := r.Context().Err(); err != nil {
		return err
	}
	return ErrDropped
}

type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header         { return w.header }
func (w *recorder) WriteHeader(status int)      { w.status = status }
func (w *recorder) Write(b []byte) (int, error) { return w.body.Write(b) }

func (w *recorder) response(r *http.Request) *http.Response {
	return &http.Response{
		StatusCode:    w.status,
		Status:        http.StatusText(w.status),
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        w.header,
		ContentLength: int64(w.body.Len()),
		Body:          io.NopCloser(&w.body),
		Request:       r,
	}
}
