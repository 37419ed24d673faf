package awswire

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	maxExpires     = 7 * 24 * time.Hour
	defaultExpires = maxSkew // services other than S3 give a presigned request no longer than a signed one
)

// presignedQuery returns the query string if it carries a signature.
func presignedQuery(r *http.Request) (url.Values, bool, error) {
	if !strings.Contains(r.URL.RawQuery, "X-Amz-") {
		return nil, false, nil
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, false, incompleteSignature("The query string is malformed.")
	}
	return query, query.Has("X-Amz-Algorithm") || query.Has("X-Amz-Signature"), nil
}

func parseQuery(query url.Values) (*Authorization, error) {
	for _, name := range []string{"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-SignedHeaders", "X-Amz-Signature"} {
		if len(query[name]) != 1 || query.Get(name) == "" {
			return nil, incompleteSignature("AWS query-string parameters must include '" + name + "' once.")
		}
	}
	if query.Get("X-Amz-Algorithm") != algorithm {
		return nil, incompleteSignature("X-Amz-Algorithm must be '" + algorithm + "'.")
	}
	a := &Authorization{Presigned: true, SessionToken: query.Get("X-Amz-Security-Token")}
	if err := a.setScope(query.Get("X-Amz-Credential")); err != nil {
		return nil, err
	}
	if err := a.setSignature(query.Get("X-Amz-SignedHeaders"), query.Get("X-Amz-Signature")); err != nil {
		return nil, err
	}
	if err := a.setExpires(query["X-Amz-Expires"]); err != nil {
		return nil, err
	}
	if err := a.setTime(query["X-Amz-Date"]); err != nil {
		return nil, err
	}
	return a, nil
}

func (a *Authorization) setExpires(values []string) error {
	if len(values) == 0 {
		a.Expires = defaultExpires
		return nil
	}
	seconds, err := strconv.ParseUint(values[0], 10, 31)
	expires := time.Duration(seconds) * time.Second
	if err != nil || len(values) > 1 || expires < time.Second || expires > maxExpires {
		return incompleteSignature("X-Amz-Expires must be a number of seconds from 1 to 604800.")
	}
	a.Expires = expires
	return nil
}
