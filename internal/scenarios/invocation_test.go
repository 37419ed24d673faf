package scenarios

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"

	"greenlight/internal/lambdadriver/lambdatest"
)

// hookEvent is what a hook function receives.
type hookEvent struct {
	DeploymentID string `json:"DeploymentId"`
	ExecutionID  string `json:"LifecycleEventHookExecutionId"`
}

// invoked are the payloads that a hook function has received.
func (w *world) invoked(function string) []hookEvent {
	w.Helper()
	var events []hookEvent
	for _, in := range w.far.Invocations(function) {
		events = append(events, w.payload(in))
	}
	return events
}

// payload wants exactly the two members of lambda.md 5.1.
func (w *world) payload(in lambdatest.Invocation) (e hookEvent) {
	w.Helper()
	var members map[string]string
	if err := json.Unmarshal(in.Payload, &members); err != nil || len(members) != 2 {
		w.Fatalf("payload %s: %v", in.Payload, err)
	}
	e = hookEvent{members["DeploymentId"], members["LifecycleEventHookExecutionId"]}
	if e.DeploymentID == "" || !strings.HasPrefix(e.ExecutionID, "eyJlbmNyeXB0ZWREYXRhIjoi") {
		w.Fatalf("payload %s", in.Payload)
	}
	if in.Type != "Event" || in.Qualifier != "" {
		w.Errorf("invoked as %q with the qualifier %q, want Event without", in.Type, in.Qualifier)
	}
	return e
}

// execution is the execution id that a hook function received last.
func (w *world) execution(function string) string {
	w.Helper()
	events := w.invoked(function)
	if len(events) == 0 {
		w.Fatalf("%s was not invoked", function)
	}
	return events[len(events)-1].ExecutionID
}

// report is what a hook function does with its event.
func (w *world) report(id, execution string, status types.LifecycleEventStatus) error {
	return w.reportAs(w.ours, id, execution, status)
}

func (w *world) reportAs(client *codedeploy.Client, id, execution string, status types.LifecycleEventStatus) error {
	out, err := client.PutLifecycleEventHookExecutionStatus(context.Background(), &codedeploy.PutLifecycleEventHookExecutionStatusInput{
		DeploymentId: &id, LifecycleEventHookExecutionId: &execution, Status: status,
	})
	if err == nil && aws.ToString(out.LifecycleEventHookExecutionId) != execution {
		err = fmt.Errorf("the answer does not echo the execution id: %q", aws.ToString(out.LifecycleEventHookExecutionId))
	}
	return err
}

// succeed and fail have a hook function report on the event it received last.
func (w *world) succeed(id, function string) {
	w.Helper()
	w.must(w.report(id, w.execution(function), types.LifecycleEventStatusSucceeded))
	w.settle()
}

func (w *world) fail(id, function string) {
	w.Helper()
	w.must(w.report(id, w.execution(function), types.LifecycleEventStatusFailed))
	w.settle()
}
