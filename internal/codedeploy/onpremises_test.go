package codedeploy

import (
	"regexp"
	"strings"
	"testing"
)

func TestOnPremisesNames(t *testing.T) {
	for name, want := range map[string]bool{
		"web1": true, "i": true, "AZaz09+=,.@_-": true, strings.Repeat("n", 100): true, "I-0abc": true,
		"": false, "i-0abc1234": false, "i-": false, strings.Repeat("n", 101): false, "a/b": false, "a:b": false, "é": false, "a\n": false,
	} {
		if got := IsOnPremisesName(name); got != want {
			t.Errorf("IsOnPremisesName(%q) = %v", name, got)
		}
	}
}

func TestIAMIdentities(t *testing.T) {
	const user, session = "arn:aws:iam::111122223333:user/", "arn:aws:sts::111122223333:assumed-role/"
	tests := []struct {
		arn           string
		user, session bool
	}{
		{arn: user + "web1", user: true},
		{arn: user + "AWS/CodeDeploy/web1", user: true},
		{arn: "arn:aws-us-gov:iam::111122223333:user/web1", user: true},
		{arn: user},
		{arn: user + "web 1"},
		{arn: user + strings.Repeat("u", maxARNLength-len(user)), user: true},
		{arn: user + strings.Repeat("u", maxARNLength-len(user)+1)},
		{arn: "arn:aws:iam::1111:user/web1"},
		{arn: "arn:aws:iam::111122223333:role/web1"},
		{arn: "arn:gcp:iam::111122223333:user/web1"},
		{arn: session + "hosts/web1", session: true},
		{arn: "arn:aws-cn:sts::111122223333:assumed-role/hosts/web1", session: true},
		{arn: session + "hosts"},
		{arn: session + "hosts/"},
		{arn: "arn:aws:iam::111122223333:assumed-role/hosts/web1"},
		{arn: ""},
	}
	for _, test := range tests {
		if got := IsIAMUserARN(test.arn); got != test.user {
			t.Errorf("IsIAMUserARN(%q) = %v", test.arn, got)
		}
		if got := IsIAMSessionARN(test.arn); got != test.session {
			t.Errorf("IsIAMSessionARN(%q) = %v", test.arn, got)
		}
	}
}

func TestNewOnPremisesARN(t *testing.T) {
	form := regexp.MustCompile(`^arn:aws:codedeploy:eu-west-1:111122223333:instance/web1_[A-Za-z0-9]{10}$`)
	first, second := NewOnPremisesARN("aws", "eu-west-1", "111122223333", "web1"), NewOnPremisesARN("aws", "eu-west-1", "111122223333", "web1")
	if !form.MatchString(first) || first == second {
		t.Errorf("got %s and %s", first, second)
	}
}
