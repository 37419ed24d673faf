package awsaccess_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"greenlight/internal/awsaccess"
)

var as = awsaccess.As{Account: "123456789012", Region: "eu-west-1", RoleARN: "arn:aws:iam::123456789012:role/deployer"}

// seen keeps the last request and answers every one with status.
type seen struct {
	status int
	calls  atomic.Int64
	last   atomic.Pointer[http.Request]
}

func (s *seen) Do(r *http.Request) (*http.Response, error) {
	s.calls.Add(1)
	s.last.Store(r)
	w := httptest.NewRecorder()
	w.WriteHeader(s.status)
	return w.Result(), nil
}

func getAlias(t *testing.T, access *awsaccess.Access, as awsaccess.As) error {
	t.Helper()
	cfg, err := access.Config(t.Context(), as)
	if err != nil {
		return err
	}
	_, err = lambda.NewFromConfig(cfg).GetAlias(t.Context(), &lambda.GetAliasInput{
		FunctionName: aws.String("f"), Name: aws.String("live"),
	})
	return awsaccess.Classify(awsaccess.ServiceLambda, "GetAlias", err)
}

func TestEndpointWinsOverTheChain(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL_LAMBDA", "http://elsewhere.test")
	t.Setenv("AWS_PROFILE", "")
	t.Setenv("AWS_CA_BUNDLE", "")
	base, err := config.LoadDefaultConfig(t.Context(), config.WithSharedConfigFiles(nil))
	if err != nil {
		t.Fatal(err)
	}
	client := &seen{status: http.StatusInternalServerError}
	base.HTTPClient = client
	access := awsaccess.New(awsaccess.Options{Base: base, Endpoint: "http://here.test", AccountCredentials: true})
	getAlias(t, access, as)
	if host := client.last.Load().URL.Host; host != "here.test" {
		t.Errorf("called %s, want here.test", host)
	}
}

func TestAccountCredentialsNameAccountAndRegion(t *testing.T) {
	client := &seen{status: http.StatusInternalServerError}
	access := awsaccess.New(awsaccess.Options{
		Base: aws.Config{HTTPClient: client, Region: "us-east-1"}, Endpoint: "http://here.test", AccountCredentials: true,
	})
	for _, tenant := range []awsaccess.As{as, {Account: "210987654321", Region: "us-west-2"}} {
		getAlias(t, access, tenant)
		scope := client.last.Load().Header.Get("Authorization")
		if !strings.Contains(scope, "Credential="+tenant.Account+"/") || !strings.Contains(scope, "/"+tenant.Region+"/lambda/") {
			t.Errorf("signed with %q, want account %s in %s", scope, tenant.Account, tenant.Region)
		}
	}
}

func TestNothingIsRetried(t *testing.T) {
	client := &seen{status: http.StatusServiceUnavailable}
	base := aws.Config{HTTPClient: client, RetryMaxAttempts: 5, RetryMode: aws.RetryModeAdaptive}
	access := awsaccess.New(awsaccess.Options{Base: base, Endpoint: "http://here.test", AccountCredentials: true})
	if err := getAlias(t, access, as); err == nil {
		t.Error("a call answered with 503 succeeded")
	}
	if n := client.calls.Load(); n != 1 {
		t.Errorf("%d calls, want 1", n)
	}
}

func TestConfigurationsShareOneConnectionPool(t *testing.T) {
	access := awsaccess.New(awsaccess.Options{AccountCredentials: true})
	one, err := access.Config(t.Context(), as)
	if err != nil {
		t.Fatal(err)
	}
	two, err := access.Config(t.Context(), awsaccess.As{Account: "210987654321", Region: "us-west-2"})
	if err != nil {
		t.Fatal(err)
	}
	if one.HTTPClient != two.HTTPClient {
		t.Error("two accounts have two HTTP clients")
	}
	if _, ok := one.HTTPClient.(*awshttp.BuildableClient); ok {
		t.Error("the HTTP client can still be rebuilt by every service client")
	}
}

func TestAssumingNoRoleIsARoleMissing(t *testing.T) {
	access := awsaccess.New(awsaccess.Options{AssumeRole: true})
	_, err := access.Config(t.Context(), awsaccess.As{Account: as.Account, Region: as.Region})
	var fault *awsaccess.Fault
	if !errors.As(err, &fault) || fault.Kind != awsaccess.RoleMissing {
		t.Errorf("error is %v, want a fault of kind RoleMissing", err)
	}
}
