package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// hook is a hook function as it would be written for AWS: it finds endpoint and
// credentials by the standard chain, checks, and reports.
type hook struct {
	deployments *codedeploy.Client
	functions   *lambda.Client
	check       check
}

// check judges what a deployment brings, and says what it found.
type check func(ctx context.Context, h *hook, deployment string) (string, error)

// hookEvent is what a deployment sends to its hook functions.
type hookEvent struct {
	DeploymentID string `json:"DeploymentId"`
	ExecutionID  string `json:"LifecycleEventHookExecutionId"`
}

// verdict begins the line in which a hook logs what it found. A report has no
// room for a reason.
const verdict = "verdict: "

func newHook(cfg aws.Config, check check) *hook {
	return &hook{codedeploy.NewFromConfig(cfg), lambda.NewFromConfig(cfg), check}
}

func (h *hook) handle(ctx context.Context, event hookEvent) error {
	status := types.LifecycleEventStatusSucceeded
	found, err := h.check(ctx, h, event.DeploymentID)
	if err != nil {
		status, found = types.LifecycleEventStatusFailed, err.Error()
	}
	fmt.Println(verdict + found)
	_, err = h.deployments.PutLifecycleEventHookExecutionStatus(ctx, &codedeploy.PutLifecycleEventHookExecutionStatusInput{
		DeploymentId:                  &event.DeploymentID,
		LifecycleEventHookExecutionId: &event.ExecutionID,
		Status:                        status,
	})
	return err
}

// aboutFunction asks the deployment which function it is about and checks that.
func aboutFunction(asks func(context.Context, *lambda.Client, *types.LambdaFunctionInfo) (string, error)) check {
	return func(ctx context.Context, h *hook, deployment string) (string, error) {
		targets, err := targetsOf(ctx, h.deployments, deployment)
		if err != nil {
			return "", err
		}
		if len(targets) != 1 || targets[0].LambdaTarget == nil {
			return "", errors.New("the deployment is not about one function")
		}
		return asks(ctx, h.functions, targets[0].LambdaTarget.LambdaFunctionInfo)
	}
}

func targetsOf(ctx context.Context, client *codedeploy.Client, deployment string) ([]types.DeploymentTarget, error) {
	list, err := client.ListDeploymentTargets(ctx, &codedeploy.ListDeploymentTargetsInput{DeploymentId: &deployment})
	if err != nil {
		return nil, err
	}
	answer, err := client.BatchGetDeploymentTargets(ctx, &codedeploy.BatchGetDeploymentTargetsInput{
		DeploymentId: &deployment, TargetIds: list.TargetIds,
	})
	if err != nil {
		return nil, err
	}
	return answer.DeploymentTargets, nil
}

// asksVersion tries the new version itself, which no caller reaches yet.
func asksVersion(ctx context.Context, client *lambda.Client, about *types.LambdaFunctionInfo) (string, error) {
	version := aws.ToString(about.TargetVersion)
	text, _, err := greet(ctx, client, about.FunctionName, version, names[0])
	if err != nil {
		return "", fmt.Errorf("version %s: %w", version, err)
	}
	return fmt.Sprintf("version %s answers %q", version, text), nil
}

const (
	aliasCalls   = 60
	aliasPause   = 25 * time.Millisecond
	mostFailures = 1 // percent
)

// asksAlias calls as callers do, under every name, and allows few failures.
func asksAlias(ctx context.Context, client *lambda.Client, about *types.LambdaFunctionInfo) (string, error) {
	failures, reason := 0, error(nil)
	pause := time.NewTicker(aliasPause)
	defer pause.Stop()
	for call := range aliasCalls {
		_, _, err := greet(ctx, client, about.FunctionName, aws.ToString(about.FunctionAlias), names[call%len(names)])
		if err != nil {
			failures, reason = failures+1, err
		}
		<-pause.C
	}
	found := fmt.Sprintf("%d of %d calls of %s failed", failures, aliasCalls, aws.ToString(about.FunctionAlias))
	if failures*100 > mostFailures*aliasCalls {
		return "", fmt.Errorf("%s: %w", found, reason)
	}
	return found, nil
}

// asksGreen asks the new tasks, which no client reaches yet, through the test
// listener: under every name, so that more than one of them answers.
func asksGreen(ctx context.Context, url string) (string, error) {
	said, by := "", ""
	for _, name := range names {
		text, release, err := ask(ctx, http.DefaultClient, url, name)
		if err != nil {
			return "", fmt.Errorf("release %s: %w", release, err)
		}
		said, by = text, release
	}
	return fmt.Sprintf("release %s answers %q", by, said), nil
}

// greet calls the greeter and judges the answer: it must name the one who is
// greeted. It tells which version answered, "" if none did.
func greet(ctx context.Context, client *lambda.Client, function *string, qualifier, name string) (text, version string, err error) {
	payload, err := json.Marshal(request{name})
	if err != nil {
		return "", "", err
	}
	answer, err := client.Invoke(ctx, &lambda.InvokeInput{FunctionName: function, Qualifier: &qualifier, Payload: payload})
	if err != nil {
		return "", "", err
	}
	version = aws.ToString(answer.ExecutedVersion)
	if answer.FunctionError != nil {
		var failed struct{ ErrorMessage string }
		if err := json.Unmarshal(answer.Payload, &failed); err != nil {
			return "", version, err
		}
		return "", version, errors.New(failed.ErrorMessage)
	}
	var said greeting
	if err := json.Unmarshal(answer.Payload, &said); err != nil {
		return "", version, err
	}
	return said.Text, version, judge(said.Text, name)
}

// judge holds an answer to what a greeting must do.
func judge(text, name string) error {
	if !strings.Contains(text, name) {
		return fmt.Errorf("asked to greet %s, the answer was %q", name, text)
	}
	return nil
}
