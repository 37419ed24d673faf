package api

import (
	"context"
	"strings"

	"greenlight/internal/codedeploy"
	"greenlight/internal/engine"
	"greenlight/internal/store"
)

// The two waits of a blue/green deployment: for traffic to be moved, and for
// the original side to be terminated.

// continueDeployment ends a wait (api.md 7). A missing type means READY_WAIT.
func (a *API) continueDeployment(ctx context.Context, sc store.Scope, in *codedeploy.ContinueDeploymentInput) error {
	if _, err := a.ongoingWithWaits(ctx, sc, in.DeploymentID); err != nil {
		return err
	}
	return a.engine.Continue(ctx, engine.ContinueRequest{Scope: sc, DeploymentID: in.DeploymentID, Wait: in.DeploymentWaitType})
}

// skipWaitTimeForInstanceTermination is the older name of ending a termination
// wait, with an exception of its own when there is none.
func (a *API) skipWaitTimeForInstanceTermination(ctx context.Context, sc store.Scope, in *codedeploy.SkipWaitTimeForInstanceTerminationInput) error {
	d, err := a.ongoingWithWaits(ctx, sc, in.DeploymentID)
	if err != nil {
		return err
	}
	err = a.engine.Continue(ctx, engine.ContinueRequest{
		Scope: sc, DeploymentID: in.DeploymentID, Wait: codedeploy.DeploymentWaitTypeTerminationWait,
	})
	if codedeploy.CodeOf(err) == codedeploy.InvalidDeploymentStatusException {
		return codedeploy.DeploymentNotStartedException.Errorf(
			"The termination wait of deployment %s has not started. Deployment status: %s", d.ID, strings.ToUpper(string(d.Info.Status)))
	}
	return err
}

// ongoingWithWaits reads a deployment of a kind that has waits and that has not
// ended.
func (a *API) ongoingWithWaits(ctx context.Context, sc store.Scope, id string) (store.Deployment, error) {
	d, err := a.readDeployment(ctx, sc, id)
	switch {
	case err != nil:
		return d, err
	case !hasWaits(d.Info):
		return d, codedeploy.UnsupportedActionForDeploymentTypeException.Errorf(
			"Deployment %s on the %s compute platform is of a type that has no wait which could be ended.", d.ID, d.Info.ComputePlatform)
	case d.Info.Status.Terminal():
		return d, codedeploy.DeploymentAlreadyCompletedException.Errorf(
			"Deployment %s has already completed: its status is %s.", d.ID, d.Info.Status)
	}
	return d, nil
}

// hasWaits leaves out deployments in place, Lambda's, and rollbacks on ECS.
func hasWaits(info codedeploy.DeploymentInfo) bool {
	switch info.ComputePlatform {
	case codedeploy.ComputePlatformServer:
		return !inPlace(info)
	case codedeploy.ComputePlatformECS:
		return info.Creator != codedeploy.DeploymentCreatorCodeDeployRollback
	default:
		return false
	}
}

func inPlace(info codedeploy.DeploymentInfo) bool {
	return info.DeploymentStyle == nil || info.DeploymentStyle.DeploymentType == codedeploy.DeploymentTypeInPlace
}
