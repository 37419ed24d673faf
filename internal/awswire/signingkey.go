package awswire

import (
	"crypto/hmac"
	"crypto/sha256"
	"sync"
)

// maxSigningKeys bounds the signing keys that are kept. A credential has one for each day, region and service that it
// is used in, so this is room for many callers; when it is full all are dropped, and made again by who still calls.
const maxSigningKeys = 1024

// signingKeys keeps the keys that Signature Version 4 derives from a secret in four steps, which is half the work of
// verifying a short request. A key counts for the secret that it was derived from only, so that a secret that was
// changed is refused from its change on.
type signingKeys struct {
	mu   sync.RWMutex
	kept map[keyScope]signingKey
}

// keyScope is what a signing key is derived for.
type keyScope struct{ accessKeyID, date, region, service string }

type signingKey struct{ secret, key string }

func newSigningKeys() *signingKeys { return &signingKeys{kept: map[keyScope]signingKey{}} }

// get returns the signing key of a credential in the scope of a, and whether it is a kept one.
func (k *signingKeys) get(a *Authorization, secret string) (key string, kept bool) {
	k.mu.RLock()
	found, ok := k.kept[a.keyScope()]
	k.mu.RUnlock()
	if ok && equal(found.secret, secret) {
		return found.key, true
	}
	return deriveKey(a, secret), false
}

// keep is told of a key only when a signature was right with it: an access key id is no secret, and whoever knows one
// could otherwise crowd out the others with regions of their invention.
func (k *signingKeys) keep(a *Authorization, secret, key string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.kept) >= maxSigningKeys {
		clear(k.kept)
	}
	k.kept[a.keyScope()] = signingKey{secret, key}
}

func (a *Authorization) keyScope() keyScope {
	return keyScope{a.AccessKeyID, a.ScopeDate, a.Region, a.Service}
}

func deriveKey(a *Authorization, secret string) string {
	key := []byte("AWS4" + secret)
	for _, part := range []string{a.ScopeDate, a.Region, a.Service, terminator} {
		key = hmacSHA256(key, []byte(part))
	}
	return string(key)
}

func hmacSHA256(key, text []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(text)
	return mac.Sum(nil)
}
