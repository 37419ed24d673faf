package awswire

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"strings"
)

const defaultAccount = "000000000000"

// AnyCredentials accepts whoever presents a well-formed signature and verifies nothing, so it is for a server that
// only its own machine can reach. A 12-digit access key names the account, and so does one made by [NewTemporaryKey];
// any other means 000000000000. The region is the one in the credential scope. A request without a signature is still
// refused, as AWS would.
func AnyCredentials() Authenticator { return anyCredentials{} }

type anyCredentials struct{}

func (anyCredentials) Authenticate(r *http.Request, _ []byte) (Caller, error) {
	a, err := authorizationOf(r)
	if err != nil {
		return Caller{}, err
	}
	account, principal := accountOfKey(a.AccessKeyID), principalOf(a.SessionToken)
	partition := Partition(a.Region)
	if !strings.Contains(principal, ":"+account+":") {
		principal = "arn:" + partition + ":iam::" + account + ":root"
	}
	return Caller{
		Account:      account,
		Region:       a.Region,
		Partition:    partition,
		AccessKeyID:  a.AccessKeyID,
		PrincipalARN: principal,
	}, nil
}

// TemporaryKey is a credential for a while, as STS hands them out.
type TemporaryKey struct{ AccessKeyID, SecretAccessKey, SessionToken string }

const (
	temporaryPrefix = "ASIA"  // what the ids of all temporary access keys begin with
	tokenPrefix     = "local" // no token of AWS begins like this
	maxPrincipal    = 2048    // bytes of an ARN
)

// NewTemporaryKey makes a credential from which [AnyCredentials] reads back the account (12 digits) and the principal:
// the id is ASIA, the account and four random characters, twenty in all as on AWS; the principal's ARN is in the token.
// Nothing is remembered and the secret is not checked, so it outlives a restart and protects nothing.
func NewTemporaryKey(account, principalARN string) TemporaryKey {
	random := rand.Text()
	return TemporaryKey{
		AccessKeyID:     temporaryPrefix + account + random[:4],
		SecretAccessKey: random + rand.Text()[:14], // forty characters, as on AWS
		SessionToken:    tokenPrefix + base64.RawURLEncoding.EncodeToString([]byte(principalARN)),
	}
}

// accountOfKey returns the account that an access key names.
func accountOfKey(key string) string {
	digits := key
	if rest, ok := strings.CutPrefix(key, temporaryPrefix); ok && len(rest) == len(defaultAccount)+4 {
		digits = rest[:len(defaultAccount)]
	}
	if len(digits) == len(defaultAccount) && isToken(digits, len(defaultAccount), isDigit) {
		return digits
	}
	return defaultAccount
}

// principalOf returns the ARN in the token of a temporary key of ours, or "".
func principalOf(token string) string {
	encoded, ok := strings.CutPrefix(token, tokenPrefix)
	if !ok || len(encoded) > 2*maxPrincipal {
		return ""
	}
	arn, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || !strings.HasPrefix(string(arn), "arn:") || !isToken(string(arn), maxPrincipal, isVisible) {
		return ""
	}
	return string(arn)
}

func isVisible(c byte) bool { return '!' <= c && c <= '~' }
