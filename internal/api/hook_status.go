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
	if err := check(
		deploymentID(in.DeploymentID),
		rule{format: must(in.Status.IsVerdict(), codedeploy.InvalidLifecycleEventHookExecutionStatusException,
			"The lifecycle event hook execution status %q is not valid: it must be Succeeded or Failed.", excerpt(string(in.Status)))},
	); err != nil {
		return nil, err
	}
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
