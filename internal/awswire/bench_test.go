package awswire

import (
	"context"
	"net/http/httptest"
	"testing"
)

const benchBody = `{"name":"my-application","flag":true,"count":5,"items":[{"name":"a"},{"name":"b"}],"tags":{"k":"v"},"inner":{"name":"x"}}`

func BenchmarkVerifyAndDecode(b *testing.B) {
	r := signedCall(b, benchBody)
	verifier, body := Signed(testKeyring, atTestNow), []byte(benchBody)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := verifier.Authenticate(r, body); err != nil {
			b.Fatal(err)
		}
		if err := Decode(body, new(shape)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	body := []byte(benchBody)
	b.ReportAllocs()
	for b.Loop() {
		if err := Decode(body, new(shape)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkServer(b *testing.B) {
	server := NewServer(Options{Auth: Signed(testKeyring, atTestNow)}, codedeployWith(func(_ context.Context, body []byte) (any, error) {
		into := new(shape)
		return into, Decode(body, into)
	}))
	signed := signedCall(b, benchBody)
	b.ReportAllocs()
	for b.Loop() {
		r := newCall(benchBody)
		r.Header = signed.Header
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		if w.Code != 200 {
			b.Fatal(w.Body)
		}
	}
}
