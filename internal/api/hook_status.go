package api

import (
	"context"

	"greenlight/internal/codedeploy"
	"greenlight/internal/engine"
	"greenlight/internal/store"
)

// putLifecycleEventHookExecutionStatus is how a hook function reports. Rows 1
// to 3 of its table in api.md are judged here, the others by the engine.
func (a *API) putLifecycleEventHookExecutionStatus(ctx context.Context, sc store.Scope, in *codedeploy.PutLifecycleEventHookExecutionStatusInput) (*codedeploy.PutLifecycleEventHookExecutionStatusOutput, error) {
	err := a.engine.Report(ctx, engine.HookReport{
		Scope: sc, DeploymentID: in.DeploymentID, ExecutionID: in.LifecycleEventHookExecutionID, Status: in.Status,
	})
	if err != nil {
		return nil, err
	}
	return &codedeploy.PutLifecycleEventHookExecutionStatusOutput{
		LifecycleEventHookExecutionID: in.LifecycleEventHookExecutionID,
	}, nil
}

// verdict wants one of the two statuses that a hook may report; an absent one
// is none of them.
func verdict(_ *request, m *member, status codedeploy.LifecycleEventStatus) error {
	if status.IsVerdict() {
		return nil
	}
	return m.bad("The %s %q is not valid: it must be Succeeded or Failed.", m.called(), excerpt(string(status)))
}
