package awswire

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

func TestKeptSigningKeyGoesWithItsSecret(t *testing.T) {
	const body = `{"applicationName":"a"}`
	before, after := longTerm, longTerm
	after.SecretAccessKey = "the-next-secret"
	keys := keyring{}
	verifier := Signed(keys, atTestNow)
	for _, step := range []struct{ known, accepted, refused aws.Credentials }{
		{before, before, after},
		{before, before, after}, // now with a kept key
		{after, after, before},
		{before, before, after},
	} {
		keys[longTerm.AccessKeyID] = Secret{SecretAccessKey: step.known.SecretAccessKey, Account: testAccount}
		if _, err := verifier.Authenticate(sign(t, newCall(body), body, step.accepted, "codedeploy", testNow), []byte(body)); err != nil {
			t.Errorf("with the secret of the keyring: %v", err)
		}
		_, err := verifier.Authenticate(sign(t, newCall(body), body, step.refused, "codedeploy", testNow), []byte(body))
		wantFault(t, err, "InvalidSignatureException", mismatchStart)
	}
	delete(keys, longTerm.AccessKeyID)
	_, err := verifier.Authenticate(sign(t, newCall(body), body, before, "codedeploy", testNow), []byte(body))
	wantFault(t, err, "UnrecognizedClientException", "The security token included in the request is invalid.")
}

func TestSigningKeysAreBounded(t *testing.T) {
	keys := newSigningKeys()
	for i := range 3*maxSigningKeys + 7 {
		a := &Authorization{AccessKeyID: "AKID", ScopeDate: "20260304", Region: fmt.Sprintf("region-%d", i), Service: "codedeploy"}
		key, kept := keys.get(a, "secret")
		if kept {
			t.Fatalf("%s: kept before it was told", a.Region)
		}
		keys.keep(a, "secret", key)
		if again, kept := keys.get(a, "secret"); !kept || again != key {
			t.Fatalf("%s: not kept, or another key", a.Region)
		}
		if n := len(keys.kept); n > maxSigningKeys {
			t.Fatalf("%d keys are kept", n)
		}
	}
}

func TestSigningKeyIsKeptForARightSignatureOnly(t *testing.T) {
	const body = `{}`
	v := Signed(testKeyring, atTestNow).(*verifier)
	wrong := longTerm
	wrong.SecretAccessKey = "guessed"
	for range 2 {
		_, err := v.Authenticate(sign(t, newCall(body), body, wrong, "codedeploy", testNow), []byte(body))
		wantFault(t, err, "InvalidSignatureException", mismatchStart)
		if n := len(v.signing.kept); n != 0 {
			t.Fatalf("%d keys are kept after a wrong signature", n)
		}
	}
	for range 2 {
		if _, err := v.Authenticate(signedCall(t, body), []byte(body)); err != nil {
			t.Fatal(err)
		}
		if n := len(v.signing.kept); n != 1 {
			t.Fatalf("%d keys are kept, want 1", n)
		}
	}
}

// TestPlainlySigned holds that what SDKs send is judged by the short way, that
// every change of it is refused there, and that other forms are left to the
// SDK's signer.
func TestPlainlySigned(t *testing.T) {
	const body = `{"applicationName":"a"}`
	tests := []struct {
		name   string
		change func(r *http.Request, a *Authorization, hash *string)
		want   bool
	}{
		{"as signed", func(*http.Request, *Authorization, *string) {}, true},
		{"body", func(_ *http.Request, _ *Authorization, hash *string) { *hash = hashOf("{}") }, false},
		{"method", func(r *http.Request, _ *Authorization, _ *string) { r.Method = http.MethodPut }, false},
		{"path", func(r *http.Request, _ *Authorization, _ *string) { r.URL.Path = "/a" }, false},
		{"escaped path", func(r *http.Request, _ *Authorization, _ *string) { r.URL.RawPath = "%2F" }, false},
		{"query", func(r *http.Request, _ *Authorization, _ *string) { r.URL.RawQuery = "a=b" }, false},
		{"host", func(r *http.Request, _ *Authorization, _ *string) { r.Host = "other.example.com" }, false},
		{"length", func(r *http.Request, _ *Authorization, _ *string) { r.ContentLength++ }, false},
		{"target", func(r *http.Request, _ *Authorization, _ *string) {
			r.Header.Set("X-Amz-Target", "CodeDeploy_20141006.StopDeployment")
		}, false},
		{"header twice", func(r *http.Request, _ *Authorization, _ *string) { r.Header.Add("X-Amz-Target", testTarget) }, false},
		{"header gone", func(r *http.Request, _ *Authorization, _ *string) { r.Header.Del("X-Amz-Target") }, false},
		{"space in a header", func(r *http.Request, _ *Authorization, _ *string) { r.Header.Set("X-Amz-Target", testTarget+" ") }, false},
		{"time", func(_ *http.Request, a *Authorization, _ *string) { a.Time = a.Time.Add(1e9) }, false},
		{"scope date", func(_ *http.Request, a *Authorization, _ *string) { a.ScopeDate = "20260305" }, false},
		{"region", func(_ *http.Request, a *Authorization, _ *string) { a.Region = "eu-west-2" }, false},
		{"service", func(_ *http.Request, a *Authorization, _ *string) { a.Service = "s3" }, false},
		{"signed headers", func(_ *http.Request, a *Authorization, _ *string) { a.SignedHeaders = a.SignedHeaders[1:] }, false},
		{"order of signed headers", func(_ *http.Request, a *Authorization, _ *string) {
			a.SignedHeaders[0], a.SignedHeaders[1] = a.SignedHeaders[1], a.SignedHeaders[0]
		}, false},
		{"signature", func(_ *http.Request, a *Authorization, _ *string) { a.Signature = a.Signature[1:] + "0" }, false},
		{"presigned", func(_ *http.Request, a *Authorization, _ *string) { a.Presigned = true }, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, hash := signedCall(t, body), hashOf(body)
			a, err := ParseAuthorization(r)
			if err != nil {
				t.Fatal(err)
			}
			test.change(r, a, &hash)
			keys := newSigningKeys()
			for _, what := range []string{"derived", "kept"} {
				if got := keys.plainlySigned(r, a, testKeyring[longTerm.AccessKeyID], hash); got != test.want {
					t.Errorf("%s key: %t, want %t", what, got, test.want)
				}
			}
		})
	}
}
