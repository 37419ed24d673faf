// Command hook is a lifecycle hook as one writes it for AWS: it reports through
// the SDK, which finds endpoint, region and credentials by itself.
//
// Its environment variables:
//
//	VERDICT  the status to report; absent: never report
//	RECORD   a file that gets a line of JSON for every invocation
//	GATE     a file to wait for between the two
package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

type event struct {
	DeploymentID string `json:"DeploymentId"`
	ExecutionID  string `json:"LifecycleEventHookExecutionId"`
}

func main() { lambda.Start(handle) }

func handle(ctx context.Context, payload json.RawMessage) error {
	if err := record(ctx, payload); err != nil {
		return err
	}
	if err := pass(ctx, os.Getenv("GATE")); err != nil {
		return err
	}
	verdict := os.Getenv("VERDICT")
	if verdict == "" {
		return nil
	}
	var e event
	if err := json.Unmarshal(payload, &e); err != nil {
		return err
	}
	return report(ctx, e, types.LifecycleEventStatus(verdict))
}

// report tells CodeDeploy the verdict. Lambda may deliver an event twice, so
// somebody may have been faster.
func report(ctx context.Context, e event, verdict types.LifecycleEventStatus) error {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	_, err = codedeploy.NewFromConfig(cfg).PutLifecycleEventHookExecutionStatus(ctx,
		&codedeploy.PutLifecycleEventHookExecutionStatusInput{
			DeploymentId:                  &e.DeploymentID,
			LifecycleEventHookExecutionId: &e.ExecutionID,
			Status:                        verdict,
		})
	if _, late := errors.AsType[*types.LifecycleEventAlreadyCompletedException](err); late {
		return nil
	}
	return err
}

// record appends one line in one write, so that concurrent invocations do not
// mix theirs.
func record(ctx context.Context, payload json.RawMessage) error {
	name := os.Getenv("RECORD")
	if name == "" {
		return nil
	}
	line := map[string]any{"function": lambdacontext.FunctionName, "at": time.Now(), "payload": payload}
	if invocation, ok := lambdacontext.FromContext(ctx); ok {
		line["request"] = invocation.AwsRequestID
	}
	text, err := json.Marshal(line)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(append(text, '\n'))
	return errors.Join(err, file.Close())
}

// pass waits until the gate is there; no gate is an open one.
func pass(ctx context.Context, gate string) error {
	for gate != "" {
		if _, err := os.Stat(gate); err == nil {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
	return nil
}
