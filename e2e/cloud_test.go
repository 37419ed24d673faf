package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

const (
	region  = "eu-west-1"
	account = "000000000000"
	role    = "arn:aws:iam::000000000000:role/release"
)

// credentialVariables are for clients that are programs.
func credentialVariables(url string) []string {
	return []string{
		"AWS_ENDPOINT_URL=" + url, "AWS_REGION=" + region, "AWS_DEFAULT_REGION=" + region,
		"AWS_ACCESS_KEY_ID=" + account, "AWS_SECRET_ACCESS_KEY=any",
	}
}

// cloud is a server seen through the Go SDK.
type cloud struct {
	t          testing.TB
	http       *http.Client
	lambda     *lambda.Client
	codeDeploy *codedeploy.Client
	ecs        *ecs.Client
	elb        *elb.Client
}

func newCloud(t testing.TB, url, key, secret string) *cloud {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 16}
	t.Cleanup(transport.CloseIdleConnections)
	c := &cloud{t: t, http: &http.Client{Transport: wholeBodies{transport}}}
	cfg := aws.Config{
		Region: region, BaseEndpoint: &url, HTTPClient: c.http, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(key, secret, ""),
	}
	c.lambda = lambda.NewFromConfig(cfg)
	c.codeDeploy = codedeploy.NewFromConfig(cfg)
	c.ecs = ecs.NewFromConfig(cfg)
	c.elb = elb.NewFromConfig(cfg)
	return c
}

// wholeBodies sends request bodies from memory. The SDK closes the body that it
// made as soon as it has an answer; when the server is faster than the
// transport's last look at that body, the transport takes this for a failure and
// drops the connection, with the rest of the answer in it.
type wholeBodies struct{ *http.Transport }

func (t wholeBodies) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		return t.Transport.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	return t.Transport.RoundTrip(r)
}

// createFunction creates a function from a Go program.
func (c *cloud) createFunction(name string, code []byte, variables map[string]string) {
	c.t.Helper()
	must(c.lambda.CreateFunction(c.t.Context(), &lambda.CreateFunctionInput{
		FunctionName: &name, Role: aws.String(role), Handler: aws.String("bootstrap"),
		Runtime: lambdatypes.RuntimeProvidedal2023,
		Code:    &lambdatypes.FunctionCode{ZipFile: code},
		Timeout: aws.Int32(60), MemorySize: aws.Int32(256),
		Environment: &lambdatypes.Environment{Variables: variables},
	}))(c.t)
}

// createHook creates a hook function that reports a verdict, "" for none.
func (c *cloud) createHook(name, verdict string, hooks *hookRecord, more ...string) {
	c.t.Helper()
	variables := map[string]string{"RECORD": hooks.file}
	if verdict != "" {
		variables["VERDICT"] = verdict
	}
	for i := 0; i+1 < len(more); i += 2 {
		variables[more[i]] = more[i+1]
	}
	c.createFunction(name, must(hookZip())(c.t), variables)
}

// createHello creates a function with the versions 1 and 2, and aliases that
// point to version 1.
func (c *cloud) createHello(name string, aliases ...string) {
	c.t.Helper()
	c.createFunction(name, must(helloZip())(c.t), map[string]string{"GREETING": "one"})
	c.publish(name, "1")
	must(c.lambda.UpdateFunctionConfiguration(c.t.Context(), &lambda.UpdateFunctionConfigurationInput{
		FunctionName: &name, Environment: &lambdatypes.Environment{Variables: map[string]string{"GREETING": "two"}},
	}))(c.t)
	c.publish(name, "2")
	for _, alias := range aliases {
		must(c.lambda.CreateAlias(c.t.Context(), &lambda.CreateAliasInput{
			FunctionName: &name, Name: &alias, FunctionVersion: aws.String("1"),
		}))(c.t)
	}
}

func (c *cloud) publish(name, want string) {
	c.t.Helper()
	answer := must(c.lambda.PublishVersion(c.t.Context(), &lambda.PublishVersionInput{FunctionName: &name}))(c.t)
	if got := aws.ToString(answer.Version); got != want {
		c.t.Fatalf("published version %s of %s, want %s", got, name, want)
	}
}

// invoke calls a function, by alias if qualified, and answers its version.
func (c *cloud) invoke(name, qualifier string) (string, error) {
	answer, err := c.lambda.Invoke(c.t.Context(), &lambda.InvokeInput{FunctionName: &name, Qualifier: &qualifier})
	if err != nil {
		return "", err
	}
	var said struct{ Version string }
	return said.Version, json.Unmarshal(answer.Payload, &said)
}

// traffic is where an alias leads.
type traffic struct {
	Version string
	Weights map[string]float64 // nil for none
}

func (c *cloud) alias(name, alias string) traffic {
	c.t.Helper()
	answer := must(c.lambda.GetAlias(c.t.Context(), &lambda.GetAliasInput{FunctionName: &name, Name: &alias}))(c.t)
	seen := traffic{Version: aws.ToString(answer.FunctionVersion)}
	if answer.RoutingConfig != nil && len(answer.RoutingConfig.AdditionalVersionWeights) > 0 {
		seen.Weights = answer.RoutingConfig.AdditionalVersionWeights
	}
	return seen
}

// blueGreen is the style that a group of functions must be given.
var blueGreen = &types.DeploymentStyle{
	DeploymentType: types.DeploymentTypeBlueGreen, DeploymentOption: types.DeploymentOptionWithTrafficControl,
}

// createGroup creates a group, and its application if need be, that rolls back
// whatever ends badly.
func (c *cloud) createGroup(application, group, config string) {
	c.t.Helper()
	_, err := c.codeDeploy.CreateApplication(c.t.Context(), &codedeploy.CreateApplicationInput{
		ApplicationName: &application, ComputePlatform: types.ComputePlatformLambda,
	})
	if !isA[*types.ApplicationAlreadyExistsException](err) {
		must(0, err)(c.t)
	}
	must(c.codeDeploy.CreateDeploymentGroup(c.t.Context(), &codedeploy.CreateDeploymentGroupInput{
		ApplicationName: &application, DeploymentGroupName: &group, ServiceRoleArn: aws.String(role),
		DeploymentConfigName: &config, DeploymentStyle: blueGreen,
		AutoRollbackConfiguration: &types.AutoRollbackConfiguration{Enabled: true, Events: []types.AutoRollbackEvent{
			types.AutoRollbackEventDeploymentFailure, types.AutoRollbackEventDeploymentStopOnRequest,
		}},
	}))(c.t)
}
