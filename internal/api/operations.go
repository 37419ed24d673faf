package api

// operations are the operations of the model, all of them, each with the members
// of its input in the order of its error chain (api.md 3 to 7c). A member stands
// in a chain more than once where the chain has something between its faults.
func (a *API) operations() map[string]operation {
	return map[string]operation{
		"CreateApplication":    handle(a, a.createApplication, applicationName, computePlatform, newTags),
		"GetApplication":       handle(a, a.getApplication, applicationName),
		"UpdateApplication":    handleSilently(a, a.updateApplication, applicationName, newApplicationName),
		"DeleteApplication":    handleSilently(a, a.deleteApplication, applicationName),
		"ListApplications":     handle(a, a.listApplications, nextToken),
		"BatchGetApplications": handle(a, a.batchGetApplications, applicationNames),

		"CreateDeploymentGroup":    handle(a, a.createDeploymentGroup, append(withGroupSettings(applicationName, groupName, roleGiven), newTags)...),
		"GetDeploymentGroup":       handle(a, a.getDeploymentGroup, applicationName, groupName),
		"UpdateDeploymentGroup":    handle(a, a.updateDeploymentGroup, withGroupSettings(applicationName, currentGroupName, newGroupName)...),
		"DeleteDeploymentGroup":    handle(a, a.deleteDeploymentGroup, applicationName, groupName),
		"ListDeploymentGroups":     handle(a, a.listDeploymentGroups, applicationName, nextToken),
		"BatchGetDeploymentGroups": handle(a, a.batchGetDeploymentGroups, applicationName, groupNames),

		"CreateDeploymentConfig": handle(a, a.createDeploymentConfig, configName, customConfigName, computePlatform, minimumHealthyHosts, trafficRouting, zonal),
		"GetDeploymentConfig":    handle(a, a.getDeploymentConfig, configName),
		"DeleteDeploymentConfig": handleSilently(a, a.deleteDeploymentConfig, configName),
		"ListDeploymentConfigs":  handle(a, a.listDeploymentConfigs, nextToken),

		"RegisterApplicationRevision":  handleSilently(a, a.registerApplicationRevision, applicationName, description, revision),
		"GetApplicationRevision":       handle(a, a.getApplicationRevision, applicationName, revision),
		"ListApplicationRevisions":     handle(a, a.listApplicationRevisions, applicationName, sortBy, sortOrder, deployed, s3Bucket, s3KeyPrefix, bucketForPrefix, nextToken),
		"BatchGetApplicationRevisions": handle(a, a.batchGetApplicationRevisions, applicationName, revisions),

		"CreateDeployment": handle(a, a.createDeployment, applicationName, groupName, usedConfigName, revision, description, autoRollback, overrideAlarms,
			fileExistsBehavior, ignoreStopFailures, outdatedOnly, targetInstances),
		"GetDeployment":       handle(a, a.getDeployment, deploymentID),
		"BatchGetDeployments": handle(a, a.batchGetDeployments, deploymentIDs),
		"ListDeployments": handle(a, a.listDeployments, filterApplication, filterGroup, optionalApplicationName, optionalGroupName,
			externalID, externalIDCombination, includeOnlyStatuses, createTimeRange, nextToken),
		"StopDeployment": handle(a, a.stopDeployment, deploymentID, rollbackOnStop),

		"ContinueDeployment":                 handleSilently(a, a.continueDeployment, deploymentID, waitType),
		"SkipWaitTimeForInstanceTermination": handleSilently(a, a.skipWaitTimeForInstanceTermination, deploymentID),

		"GetDeploymentTarget":       handle(a, a.getDeploymentTarget, deploymentID, targetID),
		"BatchGetDeploymentTargets": handle(a, a.batchGetDeploymentTargets, deploymentID, targetIDs),
		"ListDeploymentTargets":     handle(a, a.listDeploymentTargets, deploymentID, targetFilters, nextToken),

		"GetDeploymentInstance":       handle(a, a.getDeploymentInstance, deploymentID, instanceID),
		"BatchGetDeploymentInstances": handle(a, a.batchGetDeploymentInstances, deploymentID, instanceIDs),
		"ListDeploymentInstances":     handle(a, a.listDeploymentInstances, deploymentID, instanceStatusFilter, instanceTypeFilter, nextToken),

		"PutLifecycleEventHookExecutionStatus": handle(a, a.putLifecycleEventHookExecutionStatus, deploymentID, hookStatus, executionID),

		"RegisterOnPremisesInstance":        handleSilently(a, a.registerOnPremisesInstance, instanceName, iamARN, onlyIAMARN, iamSessionARN, iamUserARN),
		"DeregisterOnPremisesInstance":      handleSilently(a, a.deregisterOnPremisesInstance, instanceName),
		"GetOnPremisesInstance":             handle(a, a.getOnPremisesInstance, instanceName),
		"BatchGetOnPremisesInstances":       handle(a, a.batchGetOnPremisesInstances, batchInstanceNames),
		"ListOnPremisesInstances":           handle(a, a.listOnPremisesInstances, registrationStatus, instanceTagFilters, nextToken),
		"AddTagsToOnPremisesInstances":      handleSilently(a, a.addTagsToOnPremisesInstances, taggedInstanceNames, instanceTags, distinctInstanceTags, instanceTagCount, taggedInstanceCount),
		"RemoveTagsFromOnPremisesInstances": handleSilently(a, a.removeTagsFromOnPremisesInstances, taggedInstanceNames, instanceTags, instanceTagCount, taggedInstanceCount),

		"TagResource":         handle(a, a.tagResource, resourceARN, resourceTags),
		"UntagResource":       handle(a, a.untagResource, resourceARN, resourceTagKeys),
		"ListTagsForResource": handle(a, a.listTagsForResource, resourceARN, noNextToken),

		"ListGitHubAccountTokenNames": handle(a, a.listGitHubAccountTokenNames, nextToken),
		"DeleteGitHubAccountToken":    handle(a, a.deleteGitHubAccountToken, gitHubTokenName),

		"DeleteResourcesByExternalId": handle(a, a.deleteResourcesByExternalID, anyExternalID),
	}
}

// withGroupSettings is a chain of a group's members: the first, then those that
// creating and updating one have in common.
func withGroupSettings(first ...*member) []*member {
	return append(first,
		usedConfigName, serviceRole, outdatedStrategy,
		ec2Filters, ec2Set, onPremisesFilters, onPremisesSet,
		ec2Combination, onPremisesCombination, ec2SetSize, onPremisesSetSize,
		triggers, alarmConfiguration, autoRollback, deploymentStyle,
		autoScalingGroupNames, loadBalancers, blueGreen, ecsServices, targetGroupPair, terminationHook)
}
