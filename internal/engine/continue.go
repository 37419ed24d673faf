package engine

import (
	"context"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// ContinueRequest is a call of ContinueDeployment.
type ContinueRequest struct {
	Scope        store.Scope
	DeploymentID string
	Wait         codedeploy.DeploymentWaitType
}

// Continue ends a wait of a deployment by a person's word (ecs.md 8.3). When it
// returns nil, the deployment goes on, and that is durable. It is for the caller
// to refuse deployments of a kind that has no waits.
func (e *Engine) Continue(ctx context.Context, r ContinueRequest) error {
	_, err := e.pass(ctx, r.DeploymentID, func(d Deployment) (Input, error) { return judgeContinue(d, r) })
	return unknownDeployment(r.DeploymentID, err)
}

func judgeContinue(d Deployment, r ContinueRequest) (Input, error) {
	termination := r.Wait == codedeploy.DeploymentWaitTypeTerminationWait
	switch {
	case d.Scope != r.Scope:
		return nil, store.ErrNotFound
	case d.ended():
		return nil, alreadyCompleted(d)
	case termination && (!d.awaitsTermination() || d.Progress.Stop != nil):
		return nil, codedeploy.InvalidDeploymentStatusException.Errorf(
			"Deployment %s is not waiting for the termination of its original instances: its status is %s.", d.ID, d.Info.Status)
	case !termination && d.Info.Status != codedeploy.DeploymentStatusReady:
		return nil, codedeploy.DeploymentIsNotInReadyStateException.Errorf(
			"Deployment %s is not in the Ready state: its status is %s.", d.ID, d.Info.Status)
	}
	return Continue{Wait: r.Wait}, nil
}
