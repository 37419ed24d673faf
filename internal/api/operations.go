package api

import "greenlight/internal/awswire"

// operations are the operations of the model, all of them.
func (a *API) operations() map[string]awswire.JSONOperation {
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

		"RegisterApplicationRevision":  handleSilently(a.registerApplicationRevision),
		"GetApplicationRevision":       handle(a.getApplicationRevision),
		"ListApplicationRevisions":     handle(a.listApplicationRevisions),
		"BatchGetApplicationRevisions": handle(a.batchGetApplicationRevisions),

		"CreateDeployment":    handle(a.createDeployment),
		"GetDeployment":       handle(a.getDeployment),
		"BatchGetDeployments": handle(a.batchGetDeployments),
		"ListDeployments":     handle(a.listDeployments),
		"StopDeployment":      handle(a.stopDeployment),

		"ContinueDeployment":                 handleSilently(a.continueDeployment),
		"SkipWaitTimeForInstanceTermination": handleSilently(a.skipWaitTimeForInstanceTermination),

		"GetDeploymentTarget":       handle(a.getDeploymentTarget),
		"BatchGetDeploymentTargets": handle(a.batchGetDeploymentTargets),
		"ListDeploymentTargets":     handle(a.listDeploymentTargets),

		"GetDeploymentInstance":       handle(a.getDeploymentInstance),
		"BatchGetDeploymentInstances": handle(a.batchGetDeploymentInstances),
		"ListDeploymentInstances":     handle(a.listDeploymentInstances),

		"PutLifecycleEventHookExecutionStatus": handle(a.putLifecycleEventHookExecutionStatus),

		"RegisterOnPremisesInstance":        handleSilently(a.registerOnPremisesInstance),
		"DeregisterOnPremisesInstance":      handleSilently(a.deregisterOnPremisesInstance),
		"GetOnPremisesInstance":             handle(a.getOnPremisesInstance),
		"BatchGetOnPremisesInstances":       handle(a.batchGetOnPremisesInstances),
		"ListOnPremisesInstances":           handle(a.listOnPremisesInstances),
		"AddTagsToOnPremisesInstances":      handleSilently(a.addTagsToOnPremisesInstances),
		"RemoveTagsFromOnPremisesInstances": handleSilently(a.removeTagsFromOnPremisesInstances),

		"TagResource":         handle(a.tagResource),
		"UntagResource":       handle(a.untagResource),
		"ListTagsForResource": handle(a.listTagsForResource),

		"ListGitHubAccountTokenNames": handle(a.listGitHubAccountTokenNames),
		"DeleteGitHubAccountToken":    handle(a.deleteGitHubAccountToken),

		"DeleteResourcesByExternalId": handle(a.deleteResourcesByExternalID),
	}
}
