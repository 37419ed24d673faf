package e2e

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
)

// TestAWSCLI_OnPremisesInstance takes a host through the two commands of the
// AWS CLI's own making (api.md 11.1). They end with 0 also when they failed, so
// that only what they say tells.
func TestAWSCLI_OnPremisesInstance(t *testing.T) {
	t.Parallel()
	lookPath(t, "aws")
	s := start(t, "real")
	cli := newAWSCLI(t, s)
	api := newCloud(t, s.URL, "000000000000", "any").codeDeploy
	const user = "arn:aws:iam::000000000000:user/AWS/CodeDeploy/web1"
	seen := func() *codedeploy.GetOnPremisesInstanceOutput {
		return must(api.GetOnPremisesInstance(t.Context(), &codedeploy.GetOnPremisesInstanceInput{InstanceName: aws.String("web1")}))(t)
	}

	cli.flawless("deploy", "register", "--instance-name", "web1", "--iam-user-arn", user, "--tags", "Key=role,Value=web", "Key=room,Value=1")
	info := seen().InstanceInfo
	if aws.ToString(info.IamUserArn) != user || len(info.Tags) != 2 || info.DeregisterTime != nil {
		t.Errorf("registered: %s with %d tags, deregistered at %v", aws.ToString(info.IamUserArn), len(info.Tags), info.DeregisterTime)
	}

	again := run(t, cli.env, "", cli.path, "deploy", "register", "--instance-name", "web1", "--iam-user-arn", user)
	if !strings.Contains(again.stdout+again.stderr, "InstanceNameAlreadyRegisteredException") {
		t.Errorf("registered twice: %s%s", again.stdout, again.stderr)
	}

	cli.flawless("deploy", "deregister", "--instance-name", "web1", "--no-delete-iam-user")
	if info := seen().InstanceInfo; info.DeregisterTime == nil || len(info.Tags) != 0 {
		t.Errorf("deregistered at %v with %d tags", info.DeregisterTime, len(info.Tags))
	}
}

// flawless runs a command that must not speak of an error.
func (a awsCLI) flawless(args ...string) {
	a.t.Helper()
	o := run(a.t, a.env, "", a.path, args...)
	if said := o.stdout + o.stderr; o.code != 0 || strings.Contains(said, "ERROR") || strings.Contains(said, "Exception") {
		a.t.Fatalf("aws %v: exit code %d\n%s", args, o.code, said)
	}
}
