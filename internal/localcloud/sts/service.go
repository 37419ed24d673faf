package sts

import (
	"context"
	"net/url"
	"time"

	"greenlight/internal/awswire"
)

const (
	version   = "2011-06-15"
	namespace = "https://sts.amazonaws.com/doc/2011-06-15/"
)

// New returns the service. now is the real time: the end of a credential is
// compared with its holder's clock, which no fast or manual clock moves.
func New(now func() time.Time) awswire.Service {
	s := &service{now}
	return awswire.QueryService(awswire.QueryAPI{
		Name: "sts", Version: version, Namespace: namespace,
		Operations: map[string]awswire.QueryOperation{
			"AssumeRole":        s.assumeRole,
			"GetCallerIdentity": s.getCallerIdentity,
		},
	})
}

type service struct{ now func() time.Time }

type callerIdentity struct {
	ARN     string `xml:"Arn"`
	UserID  string `xml:"UserId"`
	Account string
}

// getCallerIdentity implements GetCallerIdentity.
func (s *service) getCallerIdentity(ctx context.Context, _ url.Values) (any, error) {
	caller := awswire.CallerFrom(ctx)
	return callerIdentity{ARN: caller.PrincipalARN, UserID: userID(caller), Account: caller.Account}, nil
}
