package awswire

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// plainlySigned reports that the signature is right, for requests of the form that clients of JSON services send day in,
// day out: signed in the header, to the path "/", without a query, with headers that are signed as they stand. What it
// says yes to needs no second opinion, because nobody makes a signature without the secret. False says nothing: the
// SDK's signer then judges, at several times the cost, and words the refusal.
func (k *signingKeys) plainlySigned(r *http.Request, a *Authorization, secret Secret, payloadHash string) bool {
	var room [1 << 10]byte
	canonical, ok := appendPlain(room[:0], r, a, payloadHash)
	if !ok {
		return false
	}
	sum := sha256.Sum256(canonical)
	toSign := canonical[:0]
	toSign = append(toSign, algorithm+"\n"...)
	toSign = a.Time.AppendFormat(toSign, dateFormat)
	for i, part := range []string{a.ScopeDate, a.Region, a.Service, terminator} {
		toSign = append(append(toSign, "\n/"[min(i, 1)]), part...)
	}
	toSign = hex.AppendEncode(append(toSign, '\n'), sum[:])

	key, kept := k.get(a, secret.SecretAccessKey)
	if !equal(hex.EncodeToString(hmacSHA256([]byte(key), toSign)), a.Signature) {
		return false
	}
	if !kept {
		k.keep(a, secret.SecretAccessKey, key)
	}
	return true
}

// appendPlain appends the canonical request; ok is false for one that is not plain.
func appendPlain(to []byte, r *http.Request, a *Authorization, payloadHash string) (_ []byte, ok bool) {
	if a.Presigned || r.URL.Path != "/" || r.URL.RawPath != "" || r.URL.RawQuery != "" || !slices.IsSorted(a.SignedHeaders) {
		return nil, false
	}
	to = append(append(to, r.Method...), "\n/\n\n"...)
	for _, name := range a.SignedHeaders {
		value, ok := plainValue(r, name)
		if !ok {
			return nil, false
		}
		to = append(append(append(append(to, name...), ':'), value...), '\n')
	}
	to = append(to, '\n')
	for i, name := range a.SignedHeaders {
		if i > 0 {
			to = append(to, ';')
		}
		to = append(to, name...)
	}
	return append(append(to, '\n'), payloadHash...), true
}

// plainValue returns a signed header that occurs once and in whose value there is no space that the signer would take
// out.
func plainValue(r *http.Request, name string) (string, bool) {
	switch name {
	case "host":
		return r.Host, true
	case "content-length":
		return strconv.FormatInt(r.ContentLength, 10), true
	}
	values := r.Header[http.CanonicalHeaderKey(name)]
	if len(values) != 1 {
		return "", false
	}
	value := values[0]
	return value, value == strings.TrimSpace(value) && !strings.Contains(value, "  ")
}
