package awswire

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// maxSkew is how far the client's clock may be from ours, either way (api.md 1.5).
const maxSkew = 5 * time.Minute

const (
	unsignedPayload = "UNSIGNED-PAYLOAD"
	unsignedTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER" // chunks without signatures, a checksum behind them
)

// Signed verifies Signature Version 4 in full against the keyring: key, session token, scope, date, signed headers and
// the signature over request and body. now is the server's real clock. Refusals are those of api.md 1.5.
func Signed(keys Keyring, now func() time.Time) Authenticator {
	return &verifier{keys, now, newSigningKeys()}
}

type verifier struct {
	keys    Keyring
	now     func() time.Time
	signing *signingKeys
}

func (v *verifier) Authenticate(r *http.Request, body []byte) (Caller, error) {
	a, err := authorizationOf(r)
	if err != nil {
		return Caller{}, err
	}
	secret, err := v.secret(a)
	if err != nil {
		return Caller{}, err
	}
	if err := checkScope(a, exchangeFrom(r.Context()).service); err != nil {
		return Caller{}, err
	}
	if err := v.checkDate(a); err != nil {
		return Caller{}, err
	}
	if err := checkSignedHeaders(r, a); err != nil {
		return Caller{}, err
	}
	if hash := payloadHash(r, a, body); !v.signing.plainlySigned(r, a, secret, hash) {
		if err := checkSignature(r, a, secret, hash); err != nil {
			return Caller{}, err
		}
	}
	return Caller{
		Account:      secret.Account,
		Region:       a.Region,
		Partition:    Partition(a.Region),
		AccessKeyID:  a.AccessKeyID,
		PrincipalARN: secret.PrincipalARN,
	}, nil
}

// secret finds the credential and checks its session. An empty secret would let anybody sign, so it counts as no
// credential.
func (v *verifier) secret(a *Authorization) (Secret, error) {
	secret, ok := v.keys.Key(a.AccessKeyID)
	if !ok || secret.SecretAccessKey == "" || !equal(secret.SessionToken, a.SessionToken) {
		return Secret{}, unrecognizedClient()
	}
	if !secret.SessionExpires.IsZero() && !v.now().Before(secret.SessionExpires) {
		return Secret{}, expiredToken()
	}
	return secret, nil
}

// checkScope compares the scope with the service that the request was routed to ("" outside a server: any) and the
// signing date.
func checkScope(a *Authorization, service string) error {
	if service != "" && a.Service != service {
		return invalidSignature("Credential should be scoped to correct service: '" + service + "'.")
	}
	if a.ScopeDate != a.Time.Format("20060102") {
		return invalidSignature("Credential should be scoped to the date of X-Amz-Date.")
	}
	return nil
}

func (v *verifier) checkDate(a *Authorization) error {
	now := v.now().UTC()
	lifetime := maxSkew
	if a.Presigned {
		lifetime = a.Expires
	}
	signed := a.Time.Format(dateFormat)
	if earliest := now.Add(-lifetime); a.Time.Before(earliest) {
		return invalidSignature(fmt.Sprintf("Signature expired: %s is now earlier than %s (%s - %s.)",
			signed, earliest.Format(dateFormat), now.Format(dateFormat), inWords(lifetime)))
	}
	if latest := now.Add(maxSkew); a.Time.After(latest) {
		return invalidSignature(fmt.Sprintf("Signature not yet current: %s is still later than %s (%s + %s.)",
			signed, latest.Format(dateFormat), now.Format(dateFormat), inWords(maxSkew)))
	}
	return nil
}

// inWords writes a duration as AWS does in these messages.
func inWords(d time.Duration) string {
	if d%time.Minute == 0 {
		return fmt.Sprintf("%d min", d/time.Minute)
	}
	return fmt.Sprintf("%d sec", d/time.Second)
}

// mayBeUnsigned are X-Amz headers that need no signature: the content hash is compared with the body and the token
// with the keyring, and the third is added by content delivery networks on the way.
var mayBeUnsigned = []string{"X-Amz-Content-Sha256", "X-Amz-Security-Token", "X-Amz-Cf-Id"}

// checkSignedHeaders demands that what decides a request's meaning is signed, so that a captured request cannot be
// turned into another one (another operation, by X-Amz-Target).
func checkSignedHeaders(r *http.Request, a *Authorization) error {
	if !slices.Contains(a.SignedHeaders, "host") {
		return invalidSignature("'Host' must be a 'SignedHeader' in the AWS Authorization.")
	}
	for name := range r.Header {
		if !strings.HasPrefix(name, "X-Amz-") || slices.Contains(mayBeUnsigned, name) {
			continue
		}
		if !slices.ContainsFunc(a.SignedHeaders, func(signed string) bool { return strings.EqualFold(signed, name) }) {
			return invalidSignature("'" + name + "' must be a 'SignedHeader' in the AWS Authorization.")
		}
	}
	return nil
}

// payloadHash is the hash that the client must have signed. It comes from the body itself, so a declared hash that
// differs ends in a mismatch. Only S3 lets a client leave the body unsigned, and a presigned URL always does.
//
// A body that is streamed is held to the declared hash while it is read. Bodies whose chunks are signed one by one are a
// mismatch: nobody here verifies the chunks.
func payloadHash(r *http.Request, a *Authorization, body []byte) string {
	declared := r.Header.Get(contentHash)
	switch streamed := exchangeFrom(r.Context()).streamed; {
	case a.Service == "s3" && (declared == unsignedPayload || a.Presigned && declared == ""):
		return unsignedPayload
	case streamed && (isPayloadHash(declared) || declared == unsignedTrailer):
		return declared
	case streamed:
		return ""
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
