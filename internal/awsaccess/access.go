// Package awsaccess decides as whom and where AWS is called, and names what went wrong in the terms of deployments.md
// section 4. Lambda, ECS, Elastic Load Balancing, CloudWatch and S3 are all reached through it, so that there is one place for
// assumed roles, endpoints, connection pools and the meaning of errors.
package awsaccess

import (
	"context"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

const (
	// roleSessionName is what the owner of a role reads in the audit trail of the calls made with it.
	roleSessionName = "greenlight"
	// localSecret completes a signature that nobody verifies: the local cloud accepts any credential.
	localSecret = "local"
	// expiryWindow renews assumed credentials this long before their end, so that none expires on its way.
	expiryWindow = time.Minute

	maxIdleConnsPerHost   = 64
	responseHeaderTimeout = 60 * time.Second
)

// As says on whose behalf and where AWS is called.
type As struct {
	Account string // twelve digits
	Region  string
	RoleARN string // the deployment group's service role
}

// Options of an Access.
type Options struct {
	Base               aws.Config // the standard SDK chain (endpoint, profile, HTTP client), loaded by the caller
	Endpoint           string     // when set, every service is called there, whatever the chain says
	AssumeRole         bool       // assume As.RoleARN through STS before any call
	AccountCredentials bool       // sign with access key id = As.Account, so that the local cloud sees that account
}

// Access hands out SDK configurations. It is safe for concurrent use.
type Access struct {
	options Options
	base    aws.Config
	configs *Cache[aws.Config]
}

// New prepares access. No call is made and no credential is read yet.
func New(options Options) *Access {
	a := &Access{options: options, base: baseConfig(options)}
	a.configs = NewCache(a.build)
	return a
}

// Config returns the SDK configuration of as. All configurations share one connection pool and none retries: the engine
// owns retries, because it must count their time and show it. With AssumeRole, an empty RoleARN is a Fault RoleMissing;
// everything else about the role is told by the first call (see Classify).
func (a *Access) Config(ctx context.Context, as As) (aws.Config, error) {
	return a.configs.Get(ctx, as)
}

func (a *Access) build(_ context.Context, as As) (aws.Config, error) {
	cfg := a.base.Copy()
	if as.Region != "" {
		cfg.Region = as.Region
	}
	if a.options.AccountCredentials {
		cfg.Credentials = credentials.NewStaticCredentialsProvider(as.Account, localSecret, "")
	}
	if !a.options.AssumeRole {
		return cfg, nil
	}
	if as.RoleARN == "" {
		return aws.Config{}, &Fault{Kind: RoleMissing, Service: ServiceSTS, Operation: assumeRole, Message: "no role is given"}
	}
	cfg.Credentials = aws.NewCredentialsCache(
		stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), as.RoleARN, func(o *stscreds.AssumeRoleOptions) {
			o.RoleSessionName = roleSessionName
		}),
		func(o *aws.CredentialsCacheOptions) { o.ExpiryWindow = expiryWindow },
	)
	return cfg, nil
}

// baseConfig is what all configurations have in common.
func baseConfig(options Options) aws.Config {
	cfg := options.Base.Copy()
	cfg.HTTPClient = sharedClient(cfg.HTTPClient)
	cfg.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
	cfg.RetryMaxAttempts, cfg.RetryMode = 0, ""
	// The correction only serves a second attempt, and there is none.
	cfg.DisableClockSkewCorrection = true
	if options.Endpoint != "" {
		cfg.BaseEndpoint = aws.String(options.Endpoint)
		// AWS_ENDPOINT_URL_<SERVICE> would otherwise win over the endpoint.
		cfg.ConfigSources = nil
	}
	return cfg
}

// sharedClient freezes the SDK's own client: an unfrozen one is rebuilt, with a pool of its own, by every service client.
// A client of another type is the caller's and is used as it is.
func sharedClient(given aws.HTTPClient) aws.HTTPClient {
	buildable, ok := given.(*awshttp.BuildableClient)
	if given != nil && !ok {
		return given
	}
	if buildable == nil {
		buildable = awshttp.NewBuildableClient()
	}
	return buildable.WithTransportOptions(func(t *http.Transport) {
		t.MaxIdleConnsPerHost = maxIdleConnsPerHost
		t.MaxIdleConns = 4 * maxIdleConnsPerHost
		t.ResponseHeaderTimeout = responseHeaderTimeout
	}).Freeze()
}
