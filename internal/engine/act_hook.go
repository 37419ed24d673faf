package engine

import (
	"context"
	"encoding/json"
)

// hookEvent is what a hook function receives: exactly these two members
// (lambda.md 5.1).
type hookEvent struct {
	DeploymentID string `json:"DeploymentId"`
	ExecutionID  string `json:"LifecycleEventHookExecutionId"`
}

// invokeHook invokes the function of a lifecycle event with the execution id
// that the saved nonce makes: the same one however often it is called.
func (e *Engine) invokeHook(ctx context.Context, d Deployment, act Act) Outcome {
	hook := d.Progress.Hooks[act.Event]
	id, err := e.executions.seal(executionOf(d, act.Event, hook.Nonce))
	if err != nil {
		return Outcome{Err: err}
	}
	payload, err := json.Marshal(hookEvent{DeploymentID: d.ID, ExecutionID: id})
	if err != nil {
		return Outcome{Err: err}
	}
	return Outcome{Err: e.lambda.InvokeHook(ctx, d.as(), hook.Function, payload)}
}
