package awswire

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/google/go-cmp/cmp"
)

// overTheWire sends a signed request through a real HTTP connection and returns it as the server sees it.
func overTheWire(t *testing.T, build func(endpoint string) *http.Request) (*http.Request, []byte) {
	t.Helper()
	var seen *http.Request
	var body []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r
		body, _ = readBody(w, r, DefaultMaxBody)
	}))
	defer server.Close()
	response, err := server.Client().Do(build(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return seen, body
}

func TestSignedAcceptsWhatTheSDKSigns(t *testing.T) {
	const body = `{"applicationName":"größe"}`
	tests := []struct {
		name, method, path, service, body string
		credentials                       aws.Credentials
		header                            http.Header
	}{
		{name: "json call", method: "POST", path: "/", service: "codedeploy", body: body, credentials: longTerm},
		{name: "session", method: "POST", path: "/", service: "codedeploy", body: body, credentials: session},
		{name: "empty body", method: "GET", path: "/2015-03-31/functions", service: "lambda", credentials: longTerm},
		{name: "escaped path", method: "GET", path: "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A1%3Afunction%3Af/aliases",
			service: "lambda", credentials: longTerm},
		{name: "unicode path", method: "GET", path: "/2015-03-31/functions/gr%C3%B6%C3%9Fe%20%2B", service: "lambda", credentials: longTerm},
		{name: "query", method: "GET", path: "/2015-03-31/functions?MaxItems=5&Marker=a%2Fb%20%C3%A9%2B&Empty=&a=2&a=1&A=-", service: "lambda", credentials: longTerm},
		{name: "s3 path is escaped once", method: "GET", path: "/bucket/a%20b/%C3%A9%2B", service: "s3", credentials: longTerm},
		{name: "spaces in headers", method: "POST", path: "/", service: "codedeploy", body: body, credentials: longTerm,
			header: http.Header{"X-Amz-Meta": {"  a   b  c "}, "My-Header": {"one", " two  three "}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, got := overTheWire(t, func(endpoint string) *http.Request {
				r, err := http.NewRequest(test.method, endpoint+test.path, strings.NewReader(test.body))
				if err != nil {
					t.Fatal(err)
				}
				for name, values := range test.header {
					r.Header[name] = values
				}
				signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = test.service == "s3" })
				err = signer.SignHTTP(context.Background(), test.credentials, r, hashOf(test.body), test.service, "eu-west-1", testNow)
				if err != nil {
					t.Fatal(err)
				}
				return r
			})
			caller, err := Signed(testKeyring, atTestNow).Authenticate(r, got)
			if err != nil {
				t.Fatal(err)
			}
			want := Caller{Account: testAccount, Region: "eu-west-1", Partition: "aws",
				AccessKeyID: test.credentials.AccessKeyID, PrincipalARN: testKeyring[test.credentials.AccessKeyID].PrincipalARN}
			if diff := cmp.Diff(want, caller); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSignedAcceptsPresigned(t *testing.T) {
	for _, test := range []struct {
		service     string
		payload     string
		credentials aws.Credentials
	}{
		{"codedeploy", hashOf(""), longTerm},
		{"codedeploy", hashOf(""), session},
		{"s3", unsignedPayload, session},
	} {
		t.Run(test.service, func(t *testing.T) {
			r, body := overTheWire(t, func(endpoint string) *http.Request {
				return presign(t, endpoint+"/b%C3%A9/k?x=a%20b&X-Amz-Expires=600", test.service, test.payload, test.credentials)
			})
			late := func() time.Time { return testNow.Add(10 * time.Minute) }
			if _, err := Signed(testKeyring, late).Authenticate(r, body); err != nil {
				t.Errorf("within its lifetime: %v", err)
			}
			later := func() time.Time { return testNow.Add(10*time.Minute + time.Second) }
			_, err := Signed(testKeyring, later).Authenticate(r, body)
			wantFault(t, err, "InvalidSignatureException", "Signature expired: 20260304T050607Z is now earlier than 20260304T050608Z (20260304T051608Z - 10 min.)")
			r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "x=a", "x=b", 1)
			_, err = Signed(testKeyring, late).Authenticate(r, body)
			wantFault(t, err, "InvalidSignatureException", mismatchStart)
			if token := test.credentials.SessionToken; token != "" &&
				(strings.Contains(err.Error(), token) || strings.Contains(err.Error(), url.QueryEscape(token))) {
				t.Errorf("the message shows the session token: %v", err)
			}
		})
	}
}

func presign(t *testing.T, address, service, payload string, c aws.Credentials) *http.Request {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = service == "s3" })
	signed, _, err := signer.PresignHTTP(context.Background(), c, r, payload, service, "eu-west-1", testNow)
	if err != nil {
		t.Fatal(err)
	}
	if r.URL, err = url.Parse(signed); err != nil {
		t.Fatal(err)
	}
	return r
}

const mismatchStart = "The request signature we calculated does not match the signature you provided."

// wantFault checks code, status and how the message begins.
func wantFault(t *testing.T, err error, code, start string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %s", code)
	}
	e := present(err)
	if e.Code != code || e.Status != http.StatusBadRequest || !strings.HasPrefix(e.Message, start) {
		t.Errorf("got %d %s %q, want 400 %s %q", e.Status, e.Code, e.Message, code, start)
	}
}

func TestSignedHeaderPartsInAnyOrder(t *testing.T) {
	r := signedCall(t, "{}")
	scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	p := strings.Split(rest, ", ")
	r.Header.Set("Authorization", scheme+" "+p[2]+","+p[0]+",  "+p[1])
	if _, err := Signed(testKeyring, atTestNow).Authenticate(r, []byte("{}")); err != nil {
		t.Error(err)
	}
}

// Some clients sign User-Agent, which the SDK for Go never does.
func TestSignedUserAgent(t *testing.T) {
	r := newCall("{}")
	r.Header.Set("User-Agent", "aws-cli/2.0")
	signed := newCall("{}")
	signed.Header["user-agent"] = []string{"aws-cli/2.0"}
	sign(t, signed, "{}", longTerm, "codedeploy", testNow)
	r.Header.Set("Authorization", signed.Header.Get("Authorization"))
	r.Header.Set("X-Amz-Date", signed.Header.Get("X-Amz-Date"))
	if !strings.Contains(r.Header.Get("Authorization"), ";user-agent;") {
		t.Fatal("the test's own signature does not cover User-Agent")
	}
	verifier := Signed(testKeyring, atTestNow)
	if _, err := verifier.Authenticate(r, []byte("{}")); err != nil {
		t.Error(err)
	}
	r.Header.Set("User-Agent", "another")
	_, err := verifier.Authenticate(r, []byte("{}"))
	wantFault(t, err, "InvalidSignatureException", mismatchStart)
}

func TestSignedRefusesAlteredRequests(t *testing.T) {
	tests := []struct {
		name  string
		alter func(r *http.Request, body *[]byte)
	}{
		{"body", func(_ *http.Request, body *[]byte) { *body = []byte("{ }") }},
		{"target", func(r *http.Request, _ *[]byte) {
			r.Header.Set("X-Amz-Target", "CodeDeploy_20141006.DeleteApplication")
		}},
		{"host", func(r *http.Request, _ *[]byte) { r.Host = "other.example.com" }},
		{"method", func(r *http.Request, _ *[]byte) { r.Method = http.MethodPut }},
		{"path", func(r *http.Request, _ *[]byte) { r.URL.Path = "/other" }},
		{"query", func(r *http.Request, _ *[]byte) { r.URL.RawQuery = "a=b" }},
		{"date", func(r *http.Request, _ *[]byte) {
			r.Header.Set("X-Amz-Date", testNow.Add(time.Second).Format(dateFormat))
		}},
		{"second value", func(r *http.Request, _ *[]byte) { r.Header.Add("Content-Type", "text/plain") }},
		{"signed header gone", func(r *http.Request, _ *[]byte) { r.Header.Del("Content-Type") }},
		{"unsigned payload", func(r *http.Request, body *[]byte) {
			r.Header.Set("X-Amz-Content-Sha256", unsignedPayload)
			*body = []byte("{ }")
		}},
		{"region", func(r *http.Request, _ *[]byte) { replaceInSignature(r, "eu-west-1", "eu-west-2") }},
		{"signature", func(r *http.Request, _ *[]byte) { replaceInSignature(r, "Signature=", "Signature=0") }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, body := signedCall(t, "{}"), []byte("{}")
			test.alter(r, &body)
			_, err := Signed(testKeyring, atTestNow).Authenticate(r, body)
			wantFault(t, err, "InvalidSignatureException", mismatchStart)
		})
	}
}

func replaceInSignature(r *http.Request, old, replacement string) {
	r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), old, replacement, 1))
}

// Derived keys are kept, and must not outlive the secret that they come from.
func TestSignedNoticesAChangedSecret(t *testing.T) {
	keys := keyring{longTerm.AccessKeyID: testKeyring[longTerm.AccessKeyID]}
	verifier := Signed(keys, atTestNow)
	if _, err := verifier.Authenticate(signedCall(t, "{}"), []byte("{}")); err != nil {
		t.Fatal(err)
	}
	keys[longTerm.AccessKeyID] = Secret{SecretAccessKey: "rotated", Account: testAccount}
	_, err := verifier.Authenticate(signedCall(t, "{}"), []byte("{}"))
	wantFault(t, err, "InvalidSignatureException", mismatchStart)
}

func TestMismatchMessage(t *testing.T) {
	r := sign(t, newCall("{}"), "{}", session, "codedeploy", testNow)
	_, err := Signed(testKeyring, atTestNow).Authenticate(r, []byte("[]"))
	message := present(err).Message
	for _, want := range []string{
		"The Canonical String for this request should have been\n'POST\n/\n\n",
		"content-length;content-type;host;x-amz-date;x-amz-security-token;x-amz-target\n" + hashOf("[]"),
		"The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20260304T050607Z\n20260304/eu-west-1/codedeploy/aws4_request\n",
	} {
		if !strings.Contains(message, want) {
			t.Errorf("message lacks %q:\n%s", want, message)
		}
	}
	for _, secret := range []string{session.SecretAccessKey, session.SessionToken} {
		if strings.Contains(message, secret) {
			t.Errorf("message shows %q:\n%s", secret, message)
		}
	}
}

func TestPresignedLifetimeInSeconds(t *testing.T) {
	r := presign(t, "http://s3.example.com/b/k?X-Amz-Expires=90", "s3", unsignedPayload, longTerm)
	late := func() time.Time { return testNow.Add(91 * time.Second) }
	_, err := Signed(testKeyring, late).Authenticate(r, nil)
	wantFault(t, err, "InvalidSignatureException", "Signature expired: 20260304T050607Z is now earlier than 20260304T050608Z (20260304T050738Z - 90 sec.)")
}

func TestSignedMayLeaveS3BodiesUnsigned(t *testing.T) {
	r := newCall("{}")
	r.Header.Set("X-Amz-Content-Sha256", unsignedPayload)
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	if err := signer.SignHTTP(context.Background(), longTerm, r, unsignedPayload, "s3", "eu-west-1", testNow); err != nil {
		t.Fatal(err)
	}
	if _, err := Signed(testKeyring, atTestNow).Authenticate(r, []byte("anything")); err != nil {
		t.Error(err)
	}
}

func TestSecretDoesNotPrint(t *testing.T) {
	secret := testKeyring[session.AccessKeyID]
	var log logBuffer
	log.logger().Info("x", "secret", secret, slog.Any("pointer", &secret))
	for _, text := range []string{fmt.Sprint(secret), fmt.Sprintf("%#v", secret), fmt.Sprintf("%+v", &secret), log.String()} {
		if strings.Contains(text, secret.SecretAccessKey) || strings.Contains(text, secret.SessionToken) {
			t.Errorf("shown: %s", text)
		}
	}
}
