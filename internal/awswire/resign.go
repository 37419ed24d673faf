package awswire

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go/logging"
)

// checkSignature signs the request again, as the client should have, with the SDK's own signer, and compares.
func checkSignature(r *http.Request, a *Authorization, secret Secret, payloadHash string) error {
	var text signedText
	signature, err := resign(r, a, secret, payloadHash, &text)
	if err != nil {
		return err
	}
	if equal(signature, a.Signature) {
		return nil
	}
	return invalidSignature("The request signature we calculated does not match the signature you provided. " +
		"Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\n" +
		"The Canonical String for this request should have been\n'" + hideToken(text.canonical, a.SessionToken) +
		"'\n\nThe String-to-Sign should have been\n'" + text.toSign + "'\n")
}

// signedText receives what the signer signed. The signer tells it to nobody but its logger, and a second
// canonicalisation of ours could differ from the one that decided.
type signedText struct{ canonical, toSign string }

func (t *signedText) Logf(_ logging.Classification, _ string, v ...any) {
	if len(v) < 2 {
		return
	}
	t.canonical, _ = v[0].(string)
	t.toSign, _ = v[1].(string)
}

// resign returns the signature that the credential gives to this request. The signer is made anew each time: one that
// lives on keeps derived keys by access key id alone, and would go on accepting a secret after it was changed.
func resign(r *http.Request, a *Authorization, secret Secret, payloadHash string, text *signedText) (string, error) {
	signer := v4.NewSigner(func(o *v4.SignerOptions) {
		o.DisableHeaderHoisting = true
		o.DisableURIPathEscaping = a.Service == "s3"
		o.LogSigning, o.Logger = true, text
	})
	// The session token is part of the request already, where the client put it.
	credentials := aws.Credentials{AccessKeyID: a.AccessKeyID, SecretAccessKey: secret.SecretAccessKey}
	ctx, replica := context.Background(), signedParts(r, a)
	if !a.Presigned {
		err := signer.SignHTTP(ctx, credentials, replica, payloadHash, a.Service, a.Region, a.Time)
		return afterLast(replica.Header.Get("Authorization"), "Signature="), err
	}
	signed, _, err := signer.PresignHTTP(ctx, credentials, replica, payloadHash, a.Service, a.Region, a.Time)
	return afterLast(signed, "X-Amz-Signature="), err
}

// signedParts returns a request with only those parts that the client signed. Header names stay in lower case, because
// the signer leaves out User-Agent and a few others in their usual spelling, which some clients sign nevertheless.
func signedParts(r *http.Request, a *Authorization) *http.Request {
	replica := &http.Request{
		Method: r.Method,
		Host:   r.Host,
		URL:    &url.URL{Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery},
		Header: make(http.Header, len(a.SignedHeaders)),
	}
	for _, name := range a.SignedHeaders {
		switch values := r.Header[http.CanonicalHeaderKey(name)]; {
		case name == "host", name == "x-amz-date" && !a.Presigned: // the signer adds these itself
		case name == "content-length":
			replica.ContentLength = r.ContentLength
		case len(values) == 0:
			replica.Header[name] = []string{""}
		default:
			replica.Header[name] = slices.Clone(values)
		}
	}
	if a.Presigned {
		query := replica.URL.Query()
		query.Del("X-Amz-Signature")
		replica.URL.RawQuery = query.Encode()
	}
	return replica
}

// hideToken takes the session token out of a canonical string, in its plain and its query form: tokens have no place
// in error texts, not even the client's own.
func hideToken(canonical, token string) string {
	if token == "" {
		return canonical
	}
	return strings.NewReplacer(token, redacted, url.QueryEscape(token), redacted).Replace(canonical)
}

func afterLast(s, mark string) string {
	if i := strings.LastIndex(s, mark); i >= 0 {
		return s[i+len(mark):]
	}
	return ""
}
