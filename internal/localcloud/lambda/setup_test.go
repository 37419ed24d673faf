package lambda

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

func TestTags(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	must(c.TagResource(t.Context(), &client.TagResourceInput{Resource: aws.String(testARN), Tags: map[string]string{"a": "1", "b c": "2"}}))(t)
	must(c.UntagResource(t.Context(), &client.UntagResourceInput{Resource: aws.String(testARN), TagKeys: []string{"a"}}))(t)
	got := must(c.ListTags(t.Context(), &client.ListTagsInput{Resource: aws.String(testARN)}))(t)
	if len(got.Tags) != 1 || got.Tags["b c"] != "2" {
		t.Errorf("tags %v", got.Tags)
	}
	_, err := c.TagResource(t.Context(), &client.TagResourceInput{Resource: aws.String(testARN), Tags: map[string]string{"aws:x": "1"}})
	wantCode(t, err, "InvalidParameterValueException", "aws:x")
	_, err = c.ListTags(t.Context(), &client.ListTagsInput{Resource: aws.String(testARN + ":1")})
	wantCode(t, err, "InvalidParameterValueException", "not supported")
	_, err = c.ListTags(t.Context(), &client.ListTagsInput{Resource: aws.String("f")})
	wantCode(t, err, "ValidationException", "resource")
}

func TestPolicy(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	_, err := c.GetPolicy(t.Context(), &client.GetPolicyInput{FunctionName: name})
	wantCode(t, err, "ResourceNotFoundException", "does not exist")
	add := &client.AddPermissionInput{
		FunctionName: name, StatementId: aws.String("events"), Action: aws.String("lambda:InvokeFunction"),
		Principal: aws.String("events.amazonaws.com"), SourceArn: aws.String("arn:aws:events:eu-west-1:123456789012:rule/r"),
	}
	must(c.AddPermission(t.Context(), add))(t)
	_, err = c.AddPermission(t.Context(), add)
	wantCode(t, err, "ResourceConflictException", "statement id (events)")
	got := must(c.GetPolicy(t.Context(), &client.GetPolicyInput{FunctionName: name}))(t)
	var document struct {
		Statement []struct {
			Sid, Resource string
			Principal     map[string]string
			Condition     map[string]map[string]string
		}
	}
	if err := json.Unmarshal([]byte(*got.Policy), &document); err != nil {
		t.Fatal(err)
	}
	st := document.Statement[0]
	if st.Sid != "events" || st.Resource != testARN || st.Principal["Service"] != "events.amazonaws.com" || st.Condition["ArnLike"]["AWS:SourceArn"] == "" {
		t.Errorf("policy %s", *got.Policy)
	}
	must(c.RemovePermission(t.Context(), &client.RemovePermissionInput{FunctionName: name, StatementId: aws.String("events")}))(t)
	_, err = c.RemovePermission(t.Context(), &client.RemovePermissionInput{FunctionName: name, StatementId: aws.String("events")})
	wantCode(t, err, "ResourceNotFoundException", "events")
}

func TestProvisionedConcurrency(t *testing.T) {
	c := withAlias(t)
	get := func(qualifier string) (*client.GetProvisionedConcurrencyConfigOutput, error) {
		return c.GetProvisionedConcurrencyConfig(t.Context(), &client.GetProvisionedConcurrencyConfigInput{FunctionName: name, Qualifier: aws.String(qualifier)})
	}
	_, err := get("live")
	wantCode(t, err, "ProvisionedConcurrencyConfigNotFoundException", "No Provisioned Concurrency Config found")
	_, err = get("dead")
	wantCode(t, err, "ResourceNotFoundException", "dead")
	_, err = get("$LATEST")
	wantCode(t, err, "InvalidParameterValueException", "unpublished")
	put := must(c.PutProvisionedConcurrencyConfig(t.Context(), &client.PutProvisionedConcurrencyConfigInput{
		FunctionName: name, Qualifier: live, ProvisionedConcurrentExecutions: aws.Int32(2),
	}))(t)
	if put.Status != types.ProvisionedConcurrencyStatusEnumReady {
		t.Errorf("status %s", put.Status)
	}
	c.restart()
	if got := must(c.provisioned())(t); *got.AllocatedProvisionedConcurrentExecutions != 2 {
		t.Errorf("allocated %d", *got.AllocatedProvisionedConcurrentExecutions)
	}
	must(c.DeleteProvisionedConcurrencyConfig(t.Context(), &client.DeleteProvisionedConcurrencyConfigInput{FunctionName: name, Qualifier: live}))(t)
	_, err = c.provisioned()
	wantCode(t, err, "ProvisionedConcurrencyConfigNotFoundException", "")
}

func (c *cloud) provisioned() (*client.GetProvisionedConcurrencyConfigOutput, error) {
	return c.GetProvisionedConcurrencyConfig(c.t.Context(), &client.GetProvisionedConcurrencyConfigInput{FunctionName: name, Qualifier: live})
}

func TestAccountSettings(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	must(c.PutFunctionConcurrency(t.Context(), &client.PutFunctionConcurrencyInput{FunctionName: name, ReservedConcurrentExecutions: aws.Int32(50)}))(t)
	got := must(c.GetAccountSettings(t.Context(), &client.GetAccountSettingsInput{}))(t)
	if got.AccountUsage.FunctionCount != 1 || got.AccountUsage.TotalCodeSize != int64(len(codeOf(t, "f"))) ||
		*got.AccountLimit.UnreservedConcurrentExecutions != 950 {
		t.Errorf("limits %+v, usage %+v", got.AccountLimit, got.AccountUsage)
	}
	signing := must(c.GetFunctionCodeSigningConfig(t.Context(), &client.GetFunctionCodeSigningConfigInput{FunctionName: name}))(t)
	if *signing.FunctionName != "f" || signing.CodeSigningConfigArn != nil {
		t.Errorf("code signing %+v", signing)
	}
}

func TestEverythingSurvivesARestart(t *testing.T) {
	c := withAlias(t)
	must(c.UpdateAlias(t.Context(), &client.UpdateAliasInput{FunctionName: name, Name: live, RoutingConfig: weights(map[string]float64{"2": 0.25})}))(t)
	must(c.TagResource(t.Context(), &client.TagResourceInput{Resource: aws.String(testARN), Tags: map[string]string{"a": "1"}}))(t)
	type state struct {
		function *client.GetFunctionOutput
		versions *client.ListVersionsByFunctionOutput
		aliases  *client.ListAliasesOutput
	}
	read := func() string {
		s := state{
			must(c.GetFunction(t.Context(), &client.GetFunctionInput{FunctionName: name}))(t),
			must(c.ListVersionsByFunction(t.Context(), &client.ListVersionsByFunctionInput{FunctionName: name}))(t),
			must(c.ListAliases(t.Context(), &client.ListAliasesInput{FunctionName: name}))(t),
		}
		text, err := json.Marshal([]any{s.function.Configuration, s.function.Tags, s.versions.Versions, s.aliases.Aliases})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	before := read()
	c.restart()
	if after := read(); after != before {
		t.Errorf("before %s\nafter %s", before, after)
	}
}

// What is not offered is refused in the protocol's words.
func TestUnknownOperation(t *testing.T) {
	c := newCloud(t)
	_, err := c.ListLayers(t.Context(), &client.ListLayersInput{})
	wantCode(t, err, "UnknownOperationException", "/2018-10-31/layers")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.server.URL+"/2015-03-31/functions/", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if got := response.Header.Get("X-Amzn-Errortype"); got != "MissingAuthenticationTokenException" {
		t.Errorf("an unsigned request was answered %d %s", response.StatusCode, got)
	}
}
