package api

import (
	"context"
	"fmt"
	"net/http"

	"greenlight/internal/awswire"
	"greenlight/internal/codedeploy"
)

// built are the operations that this version has. An operation of the model
// that is missing here is routed, and answers that it is missing.
func (a *API) built() map[string]awswire.JSONOperation {
	return map[string]awswire.JSONOperation{
		"CreateApplication":    handle(a.createApplication),
		"GetApplication":       handle(a.getApplication),
		"UpdateApplication":    handleSilently(a.updateApplication),
		"DeleteApplication":    handleSilently(a.deleteApplication),
		"ListApplications":     handle(a.listApplications),
		"BatchGetApplications": handle(a.batchGetApplications),

		"CreateDeploymentGroup":    handle(a.createDeploymentGroup),
		"GetDeploymentGroup":       handle(a.getDeploymentGroup),
		"UpdateDeploymentGroup":    handle(a.updateDeploymentGroup),
		"DeleteDeploymentGroup":    handle(a.deleteDeploymentGroup),
		"ListDeploymentGroups":     handle(a.listDeploymentGroups),
		"BatchGetDeploymentGroups": handle(a.batchGetDeploymentGroups),

		"CreateDeploymentConfig": handle(a.createDeploymentConfig),
		"GetDeploymentConfig":    handle(a.getDeploymentConfig),
		"DeleteDeploymentConfig": handleSilently(a.deleteDeploymentConfig),
		"ListDeploymentConfigs":  handle(a.listDeploymentConfigs),

		"RegisterApplicationRevision": handleSilently(a.registerApplicationRevision),
		"GetApplicationRevision":      handle(a.getApplicationRevision),

		"CreateDeployment":    handle(a.createDeployment),
		"GetDeployment":       handle(a.getDeployment),
		"BatchGetDeployments": handle(a.batchGetDeployments),
		"ListDeployments":     handle(a.listDeployments),
		"StopDeployment":      handle(a.stopDeployment),
		"ContinueDeployment":  handleSilently(a.continueDeployment),

		"GetDeploymentTarget":       handle(a.getDeploymentTarget),
		"BatchGetDeploymentTargets": handle(a.batchGetDeploymentTargets),
		"ListDeploymentTargets":     handle(a.listDeploymentTargets),

		"PutLifecycleEventHookExecutionStatus": handle(a.putLifecycleEventHookExecutionStatus),
	}
}

// operations routes every operation of the model.
func (a *API) operations() map[string]awswire.JSONOperation {
	operations := a.built()
	for _, op := range codedeploy.Operations {
		if operations[op.Name] == nil {
			operations[op.Name] = missing(op.Name)
		}
	}
	return operations
}

// missing answers for an operation that is not built: 501, which no SDK tries
// again.
func missing(name string) awswire.JSONOperation {
	return func(context.Context, []byte) (any, error) {
		return nil, &awswire.Error{
			Status: http.StatusNotImplemented, Code: "NotImplemented",
			Message: fmt.Sprintf("This version of Greenlight does not have the operation %s.", name),
		}
	}
}
