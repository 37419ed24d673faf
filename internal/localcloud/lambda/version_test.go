package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestPublishVersion(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	publish := func(in client.PublishVersionInput) (*client.PublishVersionOutput, error) {
		in.FunctionName = name
		return c.PublishVersion(t.Context(), &in)
	}
	first := must(publish(client.PublishVersionInput{Description: aws.String("the first")}))(t)
	if *first.Version != "1" || *first.FunctionArn != testARN+":1" || *first.Description != "the first" {
		t.Errorf("published %s (%s) as %s", *first.Version, *first.Description, *first.FunctionArn)
	}
	again := must(publish(client.PublishVersionInput{Description: aws.String("nothing new")}))(t)
	if *again.Version != "1" || *again.RevisionId != *first.RevisionId || *again.Description != "the first" {
		t.Errorf("published an unchanged function as %s (%s)", *again.Version, *again.Description)
	}
	must(c.UpdateFunctionConfiguration(t.Context(), &client.UpdateFunctionConfigurationInput{FunctionName: name, Timeout: aws.Int32(9)}))(t)
	second := must(publish(client.PublishVersionInput{CodeSha256: first.CodeSha256}))(t)
	if *second.Version != "2" || *second.Timeout != 9 {
		t.Errorf("published version %s with timeout %d", *second.Version, *second.Timeout)
	}
	_, err := publish(client.PublishVersionInput{CodeSha256: aws.String("abc=")})
	wantCode(t, err, "InvalidParameterValueException", "CodeSHA256 (abc=) is different from current CodeSHA256 in $LATEST")
	_, err = publish(client.PublishVersionInput{RevisionId: first.RevisionId})
	wantCode(t, err, "PreconditionFailedException", "Revision Id")

	old := must(c.GetFunctionConfiguration(t.Context(), &client.GetFunctionConfigurationInput{FunctionName: name, Qualifier: aws.String("1")}))(t)
	if *old.Timeout != 3 || *old.FunctionArn != testARN+":1" {
		t.Errorf("version 1 became %s with timeout %d", *old.FunctionArn, *old.Timeout)
	}
}

func TestListVersionsInPages(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	c.publish("f", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11")
	var last string
	count := 0
	pages := client.NewListVersionsByFunctionPaginator(c, &client.ListVersionsByFunctionInput{FunctionName: name, MaxItems: aws.Int32(5)})
	for pages.HasMorePages() {
		for _, v := range must(pages.NextPage(t.Context()))(t).Versions {
			count++
			last = *v.FunctionArn
		}
	}
	if count != 12 || last != testARN+":11" {
		t.Errorf("%d versions, the last %s", count, last)
	}
}

func TestQualifiersOfGetFunction(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	c.publish("f", "one")
	must(c.CreateAlias(t.Context(), &client.CreateAliasInput{FunctionName: name, Name: aws.String("live"), FunctionVersion: aws.String("1")}))(t)
	tests := []struct{ function, qualifier, version, arn string }{
		{"f", "", "$LATEST", testARN},
		{"f", "$LATEST", "$LATEST", testARN + ":$LATEST"},
		{"f:1", "", "1", testARN + ":1"},
		{"f:1", "1", "1", testARN + ":1"},
		{testAccount + ":function:f", "live", "1", testARN + ":live"},
		{testARN + ":live", "", "1", testARN + ":live"},
	}
	for _, test := range tests {
		in := &client.GetFunctionConfigurationInput{FunctionName: aws.String(test.function)}
		if test.qualifier != "" {
			in.Qualifier = aws.String(test.qualifier)
		}
		got := must(c.GetFunctionConfiguration(t.Context(), in))(t)
		if *got.Version != test.version || *got.FunctionArn != test.arn {
			t.Errorf("%s, %q: version %s as %s", test.function, test.qualifier, *got.Version, *got.FunctionArn)
		}
	}
	for _, missing := range []string{"9", "99999999999999999999999", "dead", "a$"} {
		_, err := c.GetFunctionConfiguration(t.Context(), &client.GetFunctionConfigurationInput{FunctionName: name, Qualifier: aws.String(missing)})
		wantCode(t, err, "ResourceNotFoundException", "Function not found: "+testARN+":"+missing)
	}
}
