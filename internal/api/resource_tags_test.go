package api_test

import (
	"strings"
	"testing"

	"greenlight/internal/api"
	"greenlight/internal/codedeploy"
)

// ownARN is an ARN of the service in the test's account and region.
func ownARN(resource string) string { return "arn:aws:codedeploy:eu-west-1:111122223333:" + resource }

// tagsOf lists the tags of a resource by its ARN.
func (c client) tagsOf(t *testing.T, arn string) any {
	t.Helper()
	answer := c.ok(t, "ListTagsForResource", `{"ResourceArn":"`+arn+`"}`)
	if len(answer) != 1 {
		t.Errorf("the answer is %v, want Tags alone", answer)
	}
	return answer["Tags"]
}

// taggable has an application, a group and a custom configuration.
func taggable(t *testing.T) client {
	t.Helper()
	c := newClient(t)
	c.ok(t, "CreateApplication", `{"applicationName":"server","tags":[{"Key":"made","Value":"here"}]}`)
	c.ok(t, "CreateDeploymentGroup", serverGroup)
	c.ok(t, "CreateDeploymentConfig", `{"deploymentConfigName":"conf","minimumHealthyHosts":{"type":"HOST_COUNT","value":1}}`)
	return c
}

func TestResourceTags(t *testing.T) {
	c := taggable(t)
	equal(t, c.tagsOf(t, ownARN("application:server")), `[{"Key":"made","Value":"here"}]`)
	c.ok(t, "UntagResource", `{"ResourceArn":"`+ownARN("application:server")+`","TagKeys":["made"]}`)
	for _, resource := range []string{"application:server", "deploymentgroup:server/g", "deploymentconfig:conf"} {
		t.Run(resource, func(t *testing.T) {
			arn := ownARN(resource)
			equal(t, c.tagsOf(t, arn), `[]`)
			equal(t, any(c.ok(t, "TagResource", `{"ResourceArn":"`+arn+`","Tags":[{"Key":"b","Value":"1"},{"Key":"a","Value":"1"}]}`)), `{}`)
			c.ok(t, "TagResource", `{"ResourceArn":"`+arn+`","Tags":[{"Key":"b","Value":"2"}]}`)
			equal(t, c.tagsOf(t, arn), `[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]`)
			equal(t, any(c.ok(t, "UntagResource", `{"ResourceArn":"`+arn+`","TagKeys":["a","none"]}`)), `{}`)
			equal(t, c.tagsOf(t, arn), `[{"Key":"b","Value":"2"}]`)
		})
	}
}

// TestTagsByARNWithoutAccount does as Terraform with skip_requesting_account_id.
func TestTagsByARNWithoutAccount(t *testing.T) {
	c := taggable(t)
	short := "arn:aws:codedeploy:eu-west-1::deploymentgroup:server/g"
	c.ok(t, "TagResource", `{"ResourceArn":"`+short+`","Tags":[{"Key":"a","Value":"1"}]}`)
	equal(t, c.tagsOf(t, short), `[{"Key":"a","Value":"1"}]`)
	equal(t, c.tagsOf(t, ownARN("deploymentgroup:server/g")), `[{"Key":"a","Value":"1"}]`)
}

// TestTagsStayWithARenamedResource: they belong to what was tagged, not to its
// name.
func TestTagsStayWithARenamedResource(t *testing.T) {
	c := taggable(t)
	c.ok(t, "UpdateApplication", `{"applicationName":"server","newApplicationName":"renamed"}`)
	equal(t, c.tagsOf(t, ownARN("application:renamed")), `[{"Key":"made","Value":"here"}]`)
	equal(t, c.tagsOf(t, ownARN("application:server")), `[]`)
	c.ok(t, "DeleteApplication", `{"applicationName":"renamed"}`)
	equal(t, c.tagsOf(t, ownARN("application:renamed")), `[]`)
}

func TestResourceTagRefusals(t *testing.T) {
	c := taggable(t)
	arn := func(text string) string { return `{"ResourceArn":` + quoted(text) + `}` }
	shared := []refusal{
		{"no ARN", `{"ResourceArn":null,"Tags":null,"TagKeys":null}`, codedeploy.ResourceArnRequiredException, "ResourceArn"},
		{"no ARN at all", arn("server"), codedeploy.InvalidArnException, "server"},
		{"no name", arn(ownARN("application:")), codedeploy.InvalidArnException, "application"},
		{"too long", arn(ownARN("application:" + strings.Repeat("n", 1011))), codedeploy.InvalidArnException, "1011"},
		{"another service", arn("arn:aws:s3:::bucket"), codedeploy.ArnNotSupportedException, "s3"},
		{"an instance", arn(ownARN("instance/web1_4IwLNI2Alh")), codedeploy.ArnNotSupportedException, "web1"},
		{"another account", arn("arn:aws:codedeploy:eu-west-1:999988887777:application:server"), codedeploy.ArnNotSupportedException, "999988887777"},
		{"another region", arn("arn:aws:codedeploy:us-east-1:111122223333:application:server"), codedeploy.ArnNotSupportedException, "us-east-1"},
		{"another partition", arn("arn:aws-cn:codedeploy:eu-west-1:111122223333:application:server"), codedeploy.ArnNotSupportedException, "aws-cn"},
		{"predefined", arn(ownARN("deploymentconfig:CodeDeployDefault.AllAtOnce")), codedeploy.ArnNotSupportedException, "CodeDeployDefault.AllAtOnce"},
	}
	missing := []refusal{
		{"no application", arn(ownARN("application:none")), codedeploy.ApplicationDoesNotExistException, "none"},
		{"no application of a group", arn(ownARN("deploymentgroup:none/g")), codedeploy.ApplicationDoesNotExistException, "none"},
		{"no group", arn(ownARN("deploymentgroup:server/none")), codedeploy.DeploymentGroupDoesNotExistException, "none"},
		{"no configuration", arn(ownARN("deploymentconfig:none")), codedeploy.DeploymentConfigDoesNotExistException, "none"},
	}
	tagOnly := []refusal{
		{"no tags", `{"ResourceArn":"x","Tags":[]}`, codedeploy.TagRequiredException, "Tags"},
		{"an empty key", `{"Tags":[{"Key":"","Value":"v"}]}`, codedeploy.InvalidTagsToAddException, "Tags[0].Key"},
		{"long value", `{"Tags":[{"Key":"stage","Value":"` + strings.Repeat("v", 257) + `"}]}`, codedeploy.InvalidTagsToAddException, "257"},
		{"twice", `{"Tags":[{"Key":"stage"},{"Key":"stage"}]}`, codedeploy.InvalidTagsToAddException, "stage"},
		{"reserved", `{"ResourceArn":` + quoted(ownARN("application:none")) + `,"Tags":[{"Key":"AWS:x"}]}`, codedeploy.InvalidTagsToAddException, "AWS:x"},
		{"51", `{"Tags":` + manyTags("k", 51) + `}`, codedeploy.InvalidTagsToAddException, "51"},
	}
	untagOnly := []refusal{
		{"no keys", `{"ResourceArn":"x","TagKeys":[]}`, codedeploy.TagRequiredException, "TagKeys"},
		{"an empty key", `{"TagKeys":["a",""]}`, codedeploy.InvalidTagsToAddException, "TagKeys[1]"},
		{"a long key", `{"TagKeys":["` + strings.Repeat("k", 129) + `"]}`, codedeploy.InvalidTagsToAddException, "129"},
		{"reserved", `{"TagKeys":["aws:x"]}`, codedeploy.InvalidTagsToAddException, "aws:x"},
	}
	good := `{"ResourceArn":"` + ownARN("application:server") + `"`
	for _, operation := range []struct {
		name, good string
		tables     [][]refusal
	}{
		{"TagResource", good + `,"Tags":[{"Key":"a"}]}`, [][]refusal{shared, missing, tagOnly}},
		{"UntagResource", good + `,"TagKeys":["a"]}`, [][]refusal{shared, missing, untagOnly}},
		{"ListTagsForResource", good + `}`, [][]refusal{shared, {
			{"a token", `{"NextToken":"x"}`, "ValidationException", "NextToken"},
		}}},
	} {
		for _, table := range operation.tables {
			for _, r := range table {
				t.Run(operation.name+", "+r.name, func(t *testing.T) { r.check(t, c, operation.name, with(t, operation.good, r.body)) })
			}
		}
	}
	for _, r := range missing {
		equal(t, any(c.ok(t, "ListTagsForResource", r.body)), `{"Tags":[]}`)
	}
}

// TestResourceTagLimit: fifty fit, and a call that would make it 51 leaves the
// fifty as they were.
func TestResourceTagLimit(t *testing.T) {
	c := taggable(t)
	arn := ownARN("deploymentgroup:server/g")
	for _, prefix := range []string{"a", "b"} {
		c.ok(t, "TagResource", `{"ResourceArn":"`+arn+`","Tags":`+manyTags(prefix, 25)+`}`)
	}
	c.refused(t, "TagResource", `{"ResourceArn":"`+arn+`","Tags":[{"Key":"a0","Value":"new"},{"Key":"c","Value":"v"}]}`, codedeploy.InvalidTagsToAddException)
	tags := c.tagsOf(t, arn).([]any)
	if len(tags) != 50 {
		t.Errorf("%d tags, want 50", len(tags))
	}
	equal(t, tags[0], `{"Key":"a0","Value":"v"}`)
}

// TestA8ResourceTags: an ARN that names no account means the caller's, whoever
// that is.
func TestA8ResourceTags(t *testing.T) {
	h := newHarness(t, api.Quotas{})
	here, there := h.client(), client{h, "999988887777", testRegion}
	short := "arn:aws:codedeploy:eu-west-1::application:a"
	here.ok(t, "CreateApplication", `{"applicationName":"a","tags":[{"Key":"k","Value":"here"}]}`)
	there.refused(t, "TagResource", `{"ResourceArn":"`+short+`","Tags":[{"Key":"k"}]}`, codedeploy.ApplicationDoesNotExistException)
	equal(t, there.tagsOf(t, short), `[]`)
	there.ok(t, "CreateApplication", `{"applicationName":"a","tags":[{"Key":"k","Value":"there"}]}`)
	there.ok(t, "UntagResource", `{"ResourceArn":"`+short+`","TagKeys":["k"]}`)
	equal(t, here.tagsOf(t, short), `[{"Key":"k","Value":"here"}]`)
	there.refused(t, "ListTagsForResource", `{"ResourceArn":"`+ownARN("application:a")+`"}`, codedeploy.ArnNotSupportedException)
}
