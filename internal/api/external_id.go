package api

import (
	"context"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// deleteResourcesByExternalID cleans up behind CloudFormation's blue/green
// deployments. No operation links anything to an external id, so nothing is
// ever found, which is a success (api.md 7c).
func (a *API) deleteResourcesByExternalID(context.Context, store.Scope, *codedeploy.DeleteResourcesByExternalIDInput) (*codedeploy.DeleteResourcesByExternalIDOutput, error) {
	return new(codedeploy.DeleteResourcesByExternalIDOutput), nil
}
