package api_test

import (
	"strings"
	"testing"

	"greenlight/internal/api"
	"greenlight/internal/codedeploy"
)

func TestGitHubTokens(t *testing.T) {
	c := newHarness(t, api.Quotas{PageSize: 1}).client()
	equal(t, any(c.ok(t, "ListGitHubAccountTokenNames", ``)), `{"tokenNameList":[]}`)
	equal(t, any(c.ok(t, "ListGitHubAccountTokenNames", `{"nextToken":""}`)), `{"tokenNameList":[]}`)
	for _, name := range []string{"a", "b"} {
		c.ok(t, "CreateApplication", `{"applicationName":"`+name+`"}`)
	}
	token := c.ok(t, "ListApplications", ``)["nextToken"].(string)
	for _, given := range []string{"x", token} {
		c.refused(t, "ListGitHubAccountTokenNames", `{"nextToken":"`+given+`"}`, codedeploy.InvalidNextTokenException)
	}
	for _, r := range gitHubRefusals {
		t.Run(r.name, func(t *testing.T) { r.check(t, c, "DeleteGitHubAccountToken", r.body) })
	}
	c.refused(t, "DeleteGitHubAccountToken", `{"tokenName":"mine"}`, codedeploy.GitHubAccountTokenDoesNotExistException)
}

var gitHubRefusals = []refusal{
	{"no name", `{}`, codedeploy.GitHubAccountTokenNameRequiredException, "token name"},
	{"empty name", `{"tokenName":""}`, codedeploy.GitHubAccountTokenNameRequiredException, "token name"},
	{"long name", `{"tokenName":"` + strings.Repeat("n", 101) + `"}`, codedeploy.InvalidGitHubAccountTokenNameException, "100"},
	{"a line break", `{"tokenName":"a\nb"}`, codedeploy.InvalidGitHubAccountTokenNameException, `a\nb`},
}

// TestGitHubOff: that it is switched off is told after what is wrong with the
// request itself.
func TestGitHubOff(t *testing.T) {
	c := newHarnessWith(t, api.Options{GitHubOff: true}).client()
	c.refused(t, "ListGitHubAccountTokenNames", ``, codedeploy.OperationNotSupportedException)
	c.refused(t, "ListGitHubAccountTokenNames", `{"nextToken":"x"}`, codedeploy.InvalidNextTokenException)
	c.refused(t, "DeleteGitHubAccountToken", `{"tokenName":"mine"}`, codedeploy.OperationNotSupportedException)
	for _, r := range gitHubRefusals {
		r.check(t, c, "DeleteGitHubAccountToken", r.body)
	}
}

func TestDeleteResourcesByExternalID(t *testing.T) {
	c := newClient(t)
	for _, request := range []string{``, `{}`, `{"externalId":"arn:aws:cloudformation:eu-west-1:111122223333:stack/s/1"}`} {
		equal(t, any(c.ok(t, "DeleteResourcesByExternalId", request)), `{}`)
	}
}
