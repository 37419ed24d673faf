package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// awsCLI is the ordinary AWS CLI, told of the server by nothing but its
// standard variables.
type awsCLI struct {
	t    testing.TB
	path string
	env  []string
}

func newAWSCLI(t testing.TB, s *server) awsCLI {
	t.Helper()
	env := append(credentialVariables(s.URL), "AWS_PAGER=", "AWS_DEFAULT_OUTPUT=json", "AWS_EC2_METADATA_DISABLED=true")
	return awsCLI{t, lookPath(t, "aws"), environment(t, env...)}
}

// do runs a command that must succeed and decodes what it prints.
func (a awsCLI) do(into any, args ...string) {
	a.t.Helper()
	o := run(a.t, a.env, "", a.path, args...)
	if o.code != 0 {
		a.t.Fatalf("aws %v: exit code %d\n%s%s", args, o.code, o.stdout, o.stderr)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal([]byte(o.stdout), into); err != nil {
		a.t.Fatalf("aws %v: %v\n%s", args, err, o.stdout)
	}
}

// TestAWSCLI_Release is the guide of the README, command by command.
func TestAWSCLI_Release(t *testing.T) {
	t.Parallel()
	lookPath(t, "aws")
	s := start(t, "fast")
	hooks := newHookRecord(t)
	s.createHook(hookBefore, "Succeeded", hooks)
	aws := newAWSCLI(t, s)
	aws.publishTwoVersions()
	aws.createGroup()

	id := aws.createDeployment(firstRelease(hookBefore, ""))
	s.awaitEnd(id) // the waiter asks at once, and then every 15 seconds
	aws.do(nil, "deploy", "wait", "deployment-successful", "--deployment-id", id)
	aws.checkTarget(id)
	if got := aws.invoke(); got != "2" {
		t.Errorf("the alias answers from version %s, want 2", got)
	}
	hooks.check(t, id, hookBefore)

	var listed struct{ Deployments []string }
	aws.do(&listed, "deploy", "list-deployments", "--application-name", application, "--deployment-group-name", group)
	if !slices.Equal(listed.Deployments, []string{id}) {
		t.Errorf("list-deployments: %v", listed.Deployments)
	}
}

// TestAWSCLI_Failure: a script must see that a deployment has failed, and why.
func TestAWSCLI_Failure(t *testing.T) {
	t.Parallel()
	lookPath(t, "aws")
	s := start(t, "fast")
	prepare(s, "Failed", "Succeeded")
	aws := newAWSCLI(t, s)

	id := aws.createDeployment(firstRelease(hookBefore, ""))
	s.awaitEnd(id)
	if o := run(t, aws.env, "", aws.path, "deploy", "wait", "deployment-successful", "--deployment-id", id); o.code != 255 {
		t.Errorf("the waiter ended with exit code %d, want 255: %s", o.code, o.stderr)
	}
	var seen struct {
		DeploymentInfo struct {
			Status           types.DeploymentStatus
			ErrorInformation struct{ Code types.ErrorCode }
			RollbackInfo     struct{ RollbackDeploymentID string }
		}
	}
	aws.do(&seen, "deploy", "get-deployment", "--deployment-id", id)
	if info := seen.DeploymentInfo; info.Status != types.DeploymentStatusFailed ||
		info.ErrorInformation.Code != types.ErrorCodeHookExecutionFailure || info.RollbackInfo.RollbackDeploymentID == "" {
		t.Errorf("get-deployment: %+v", info)
	}
	s.awaitEnd(seen.DeploymentInfo.RollbackInfo.RollbackDeploymentID)
	if got := aws.invoke(); got != "1" {
		t.Errorf("the alias answers from version %s, want 1", got)
	}
}

func (a awsCLI) publishTwoVersions() {
	a.t.Helper()
	code := filepath.Join(a.t.TempDir(), "orders.zip")
	if err := os.WriteFile(code, must(helloZip())(a.t), 0o600); err != nil {
		a.t.Fatal(err)
	}
	var created, second struct{ Version string }
	a.do(&created, "lambda", "create-function", "--function-name", function, "--runtime", "provided.al2023",
		"--handler", "bootstrap", "--role", role, "--zip-file", "fileb://"+code,
		"--environment", "Variables={GREETING=one}", "--publish")
	a.do(nil, "lambda", "wait", "function-active-v2", "--function-name", function)
	a.do(nil, "lambda", "create-alias", "--function-name", function, "--name", live, "--function-version", created.Version)
	a.do(nil, "lambda", "update-function-configuration", "--function-name", function, "--environment", "Variables={GREETING=two}")
	a.do(nil, "lambda", "wait", "function-updated-v2", "--function-name", function)
	a.do(&second, "lambda", "publish-version", "--function-name", function)
	if created.Version != "1" || second.Version != "2" {
		a.t.Fatalf("published the versions %q and %q", created.Version, second.Version)
	}
}

func (a awsCLI) createGroup() {
	a.t.Helper()
	a.do(nil, "deploy", "create-application", "--application-name", application, "--compute-platform", "Lambda")
	a.do(nil, "deploy", "create-deployment-group", "--application-name", application, "--deployment-group-name", group,
		"--service-role-arn", role, "--deployment-config-name", canary,
		"--deployment-style", "deploymentType=BLUE_GREEN,deploymentOption=WITH_TRAFFIC_CONTROL",
		"--auto-rollback-configuration", "enabled=true,events=DEPLOYMENT_FAILURE")
}

func (a awsCLI) createDeployment(r release) string {
	a.t.Helper()
	revision := must(json.Marshal(map[string]any{
		"revisionType": "AppSpecContent", "appSpecContent": map[string]string{"content": r.appSpec()},
	}))(a.t)
	var created struct{ DeploymentID string }
	a.do(&created, "deploy", "create-deployment", "--application-name", application, "--deployment-group-name", group,
		"--revision", string(revision))
	return created.DeploymentID
}

func (a awsCLI) checkTarget(id string) {
	a.t.Helper()
	var seen struct {
		DeploymentTarget struct {
			LambdaTarget struct {
				Status             types.TargetStatus
				LambdaFunctionInfo struct{ TargetVersionWeight float64 }
				LifecycleEvents    []struct{ Status types.LifecycleEventStatus }
			}
		}
	}
	a.do(&seen, "deploy", "get-deployment-target", "--deployment-id", id, "--target-id", function)
	target := seen.DeploymentTarget.LambdaTarget
	if target.Status != types.TargetStatusSucceeded || target.LambdaFunctionInfo.TargetVersionWeight != 1 || len(target.LifecycleEvents) != 3 {
		a.t.Errorf("get-deployment-target: %+v", target)
	}
}

// invoke calls the alias and answers the version that ran.
func (a awsCLI) invoke() string {
	a.t.Helper()
	out := filepath.Join(a.t.TempDir(), "answer.json")
	a.do(nil, "lambda", "invoke", "--function-name", function+":"+live, out)
	var said struct{ Version string }
	if err := json.Unmarshal(must(os.ReadFile(out))(a.t), &said); err != nil {
		a.t.Fatal(err)
	}
	return said.Version
}
