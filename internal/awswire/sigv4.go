package awswire

import (
	"net/http"
	"strings"
	"time"
)

const (
	algorithm  = "AWS4-HMAC-SHA256"
	terminator = "aws4_request"
	dateFormat = "20060102T150405Z"

	maxAuthorization = 8 << 10 // bytes of an Authorization header
	maxSignedHeaders = 128
)

// Authorization is the Signature Version 4 of a request, as written by the client and not verified in any way.
type Authorization struct {
	AccessKeyID   string
	ScopeDate     string // YYYYMMDD
	Region        string
	Service       string
	SignedHeaders []string // lower case, in the client's order
	Signature     string
	SessionToken  string    // "" for long-term credentials
	Time          time.Time // when the client says it signed
	Presigned     bool      // carried in the query string
	Expires       time.Duration
}

// ParseAuthorization reads the signature from the Authorization header or from the query string (a presigned request).
// Errors are *[Error]: MissingAuthenticationTokenException if there is neither, IncompleteSignatureException if it is
// malformed or has no date, InvalidSignatureException for a scope that cannot be right (api.md 1.5). X-Amz-Date is
// the only date read: the signers of all SDKs send it, and a bare Date header cannot be verified with theirs.
func ParseAuthorization(r *http.Request) (*Authorization, error) {
	headers := r.Header["Authorization"]
	query, presigned, err := presignedQuery(r)
	switch {
	case err != nil:
		return nil, err
	case len(headers) > 1 || len(headers) == 1 && presigned:
		return nil, incompleteSignature("The request carries more than one signature.")
	case presigned:
		return parseQuery(query)
	case len(headers) == 0 || headers[0] == "":
		return nil, missingToken()
	}
	return parseHeader(r, headers[0])
}

// authorizationOf is ParseAuthorization, asked by the router and again by the authenticator: a request that the server
// has taken in is parsed once.
func authorizationOf(r *http.Request) (*Authorization, error) {
	x := exchangeFrom(r.Context())
	if x.authorization == nil && x.unauthorized == nil {
		x.authorization, x.unauthorized = ParseAuthorization(r)
	}
	return x.authorization, x.unauthorized
}

func parseHeader(r *http.Request, header string) (*Authorization, error) {
	if len(header) > maxAuthorization {
		return nil, incompleteSignature("Authorization header is too long.")
	}
	scheme, rest, _ := strings.Cut(header, " ")
	if scheme != algorithm {
		return nil, incompleteSignature("Authorization header must start with '" + algorithm + "'.")
	}
	parts, err := parseParts(rest)
	if err != nil {
		return nil, err
	}
	a := &Authorization{SessionToken: r.Header.Get("X-Amz-Security-Token")}
	if err := a.setScope(parts.credential); err != nil {
		return nil, err
	}
	if err := a.setSignature(parts.signedHeaders, parts.signature); err != nil {
		return nil, err
	}
	return a, a.setTime(r.Header["X-Amz-Date"])
}

// headerParts are the three parameters of an Authorization header.
type headerParts struct{ credential, signedHeaders, signature string }

// parseParts takes the parameters in any order, each exactly once and nothing else.
func parseParts(text string) (headerParts, error) {
	var p headerParts
	for part := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(strings.Trim(part, " "), "=")
		var into *string
		switch name {
		case "Credential":
			into = &p.credential
		case "SignedHeaders":
			into = &p.signedHeaders
		case "Signature":
			into = &p.signature
		}
		if into == nil || *into != "" || value == "" {
			return p, incompleteSignature("Authorization header must consist of Credential=, SignedHeaders= and Signature=, each once and not empty.")
		}
		*into = value
	}
	switch {
	case p.credential == "":
		return p, incompleteSignature("Authorization header requires 'Credential' parameter.")
	case p.signedHeaders == "":
		return p, incompleteSignature("Authorization header requires 'SignedHeaders' parameter.")
	case p.signature == "":
		return p, incompleteSignature("Authorization header requires 'Signature' parameter.")
	}
	return p, nil
}

// setScope reads <access key>/<date>/<region>/<service>/aws4_request.
func (a *Authorization) setScope(credential string) error {
	e := strings.Split(credential, "/")
	switch {
	case len(e) != 5:
		return incompleteSignature("Credential must have exactly 5 slash-delimited elements: keyid/date/region/service/term.")
	case !isToken(e[0], 128, isGraphic):
		return incompleteSignature("Credential has no valid access key id.")
	case len(e[1]) != 8 || !isToken(e[1], 8, isDigit):
		return incompleteSignature("Credential should be scoped with a date of the form YYYYMMDD.")
	case !isToken(e[2], 64, isLowerName):
		return invalidSignature("Credential should be scoped to a valid region.")
	case !isToken(e[3], 64, isLowerName):
		return invalidSignature("Credential should be scoped to correct service.")
	case e[4] != terminator:
		return invalidSignature("Credential should be scoped with a valid terminator: '" + terminator + "'.")
	}
	a.AccessKeyID, a.ScopeDate, a.Region, a.Service = e[0], e[1], e[2], e[3]
	return nil
}

func (a *Authorization) setSignature(signedHeaders, signature string) error {
	names := strings.Split(signedHeaders, ";")
	if len(names) > maxSignedHeaders {
		return incompleteSignature("SignedHeaders names too many headers.")
	}
	for _, name := range names {
		if !isToken(name, 256, isHeaderName) {
			return incompleteSignature("SignedHeaders must be lower-case header names separated by ';'.")
		}
	}
	// What it must look like is left to the comparison: a wrong one is a mismatch, whatever its form.
	if !isToken(signature, 256, isGraphic) {
		return incompleteSignature("Signature is not well-formed.")
	}
	a.SignedHeaders, a.Signature = names, signature
	return nil
}

func (a *Authorization) setTime(values []string) error {
	if len(values) != 1 {
		return incompleteSignature("The request requires exactly one 'X-Amz-Date'.")
	}
	t, err := time.Parse(dateFormat, values[0])
	if err != nil || len(values[0]) != len(dateFormat) { // time.Parse would also take fractions of a second
		return incompleteSignature("X-Amz-Date must be in ISO-8601 'basic format': YYYYMMDDThhmmssZ.")
	}
	a.Time = t
	return nil
}

// isToken reports that s has 1 to limit bytes, all of them allowed.
func isToken(s string, limit int, allowed func(byte) bool) bool {
	if s == "" || len(s) > limit {
		return false
	}
	for i := range len(s) {
		if !allowed(s[i]) {
			return false
		}
	}
	return true
}

func isGraphic(c byte) bool   { return '!' <= c && c <= '~' && c != ',' && c != '/' }
func isDigit(c byte) bool     { return '0' <= c && c <= '9' }
func isLowerName(c byte) bool { return 'a' <= c && c <= 'z' || isDigit(c) || c == '-' }
func isHeaderName(c byte) bool {
	return isLowerName(c) || strings.IndexByte("!#$%&'*+.^_`|~", c) >= 0
}
