package credentials

import (
	"strings"
	"testing"
	"time"

	"greenlight/internal/awswire"
)

func TestMatch(t *testing.T) {
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true}, {"", "a", false}, {"*", "", true}, {"*", "any/thing", true}, {"**", "x", true},
		{"a*", "a", true}, {"a*", "ba", false}, {"*a", "ba", true}, {"*a", "ab", false},
		{"a*c*e", "abcde", true}, {"a*c*e", "abde", false}, {"a?c", "abc", true}, {"a?c", "ac", false},
		{"*ab", "aab", true}, {"shop/?", "shop/*", false}, {"shop/*", "shop/*", true}, {"[a]", "a", false},
	} {
		if got := match(test.pattern, test.text); got != test.want {
			t.Errorf("%q on %q: %v", test.pattern, test.text, got)
		}
	}
}

func TestMatchIsNotExponential(t *testing.T) {
	done := make(chan bool, 1)
	go func() { done <- match(strings.Repeat("*a", 500)+"b", strings.Repeat("a", 1000)) }()
	select {
	case matched := <-done:
		if matched {
			t.Error("matched")
		}
	case <-time.After(time.Minute):
		t.Fatal("still matching")
	}
}

func TestPolicies(t *testing.T) {
	keys, err := parse("f", []byte(good[:strings.Index(good, "  allow")]+`
  allow:
    - actions: ["codedeploy:get*", "codedeploy:StopDeployment"]
      resources: ["arn:aws:codedeploy:*:*:deploymentgroup:shop/*", "arn:aws:codedeploy:eu-*:*:application:shop"]
    - actions: ["codedeploy:List*"]
      resources: ["*"]
  deny:
    - actions: ["*"]
      resources: ["arn:aws:codedeploy:*:*:deploymentgroup:shop/prod"]
    - actions: ["codedeploy:ListOnPremisesInstances"]
      resources: ["*"]
`))
	if err != nil {
		t.Fatal(err)
	}
	const eu, us = "arn:aws:codedeploy:eu-west-1:000000000001:", "arn:aws:codedeploy:us-east-1:000000000001:"
	for _, test := range []struct {
		action, resource string
		want             bool
	}{
		{"GetDeployment", eu + "deploymentgroup:shop/test", true},
		{"GetDeployment", eu + "deploymentgroup:other/test", false},
		{"GetDeployment", eu + "deploymentgroup:shop/prod", false},
		{"GetApplication", eu + "application:shop", true},
		{"GetApplication", us + "application:shop", false},
		{"GetApplication", eu + "application:shop2", false},
		{"GetApplication", "*", false},
		{"StopDeployment", eu + "deploymentgroup:*", false},
		{"CreateDeployment", eu + "deploymentgroup:shop/test", false},
		{"ListApplications", "*", true},
		{"ListOnPremisesInstances", "*", false},
		{"ListDeployments", eu + "deploymentgroup:shop/prod", false},
	} {
		got := keys["AKIAONE"].policy.allows(awswire.Permission{Action: "codedeploy:" + test.action, Resource: test.resource})
		if got != test.want {
			t.Errorf("%s on %s: %v", test.action, test.resource, got)
		}
	}
}
