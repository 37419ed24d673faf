package api

import (
	"context"

	"greenlight/internal/awswire"
	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// resources says, for every operation, which resources a caller needs its
// permission on, as the service authorization reference of AWS has it. Two
// things are ours. An operation about a deployment is one about its deployment
// group, also where AWS knows no resource (StopDeployment, the targets, the
// hooks' reports), so that a policy can say whose deployments may be stopped. And
// whatever is not named, or not by a valid name, is "*" in the ARN: only who may
// act on all of its kind learns what is wrong.
var resources = map[string]func(*subject) ([]string, error){
	"CreateApplication":            (*subject).application,
	"GetApplication":               (*subject).application,
	"UpdateApplication":            (*subject).application,
	"DeleteApplication":            (*subject).application,
	"BatchGetApplications":         (*subject).applications,
	"ListDeploymentGroups":         (*subject).application,
	"RegisterApplicationRevision":  (*subject).application,
	"GetApplicationRevision":       (*subject).application,
	"BatchGetApplicationRevisions": (*subject).application,
	"ListApplicationRevisions":     (*subject).application,

	"CreateDeploymentGroup":    (*subject).group,
	"GetDeploymentGroup":       (*subject).group,
	"UpdateDeploymentGroup":    (*subject).currentGroup,
	"DeleteDeploymentGroup":    (*subject).group,
	"BatchGetDeploymentGroups": (*subject).groups,
	"CreateDeployment":         (*subject).group,
	"ListDeployments":          (*subject).group,

	"GetDeployment":                        (*subject).deployment,
	"BatchGetDeployments":                  (*subject).deployments,
	"StopDeployment":                       (*subject).deployment,
	"ContinueDeployment":                   (*subject).deployment,
	"SkipWaitTimeForInstanceTermination":   (*subject).deployment,
	"GetDeploymentTarget":                  (*subject).deployment,
	"BatchGetDeploymentTargets":            (*subject).deployment,
	"ListDeploymentTargets":                (*subject).deployment,
	"GetDeploymentInstance":                (*subject).deployment,
	"BatchGetDeploymentInstances":          (*subject).deployment,
	"ListDeploymentInstances":              (*subject).deployment,
	"PutLifecycleEventHookExecutionStatus": (*subject).deployment,

	"CreateDeploymentConfig": (*subject).config,
	"GetDeploymentConfig":    (*subject).config,
	"DeleteDeploymentConfig": (*subject).config,

	"RegisterOnPremisesInstance":        (*subject).instance,
	"DeregisterOnPremisesInstance":      (*subject).instance,
	"GetOnPremisesInstance":             (*subject).instance,
	"BatchGetOnPremisesInstances":       (*subject).instances,
	"AddTagsToOnPremisesInstances":      (*subject).instances,
	"RemoveTagsFromOnPremisesInstances": (*subject).instances,

	"TagResource":         (*subject).tagged,
	"UntagResource":       (*subject).tagged,
	"ListTagsForResource": (*subject).tagged,

	"ListApplications":            (*subject).anything,
	"ListDeploymentConfigs":       (*subject).anything,
	"ListOnPremisesInstances":     (*subject).anything,
	"ListGitHubAccountTokenNames": (*subject).anything,
	"DeleteGitHubAccountToken":    (*subject).anything,
	"DeleteResourcesByExternalId": (*subject).anything,
}

// permissions are what a caller needs for an operation. Authorization comes
// before the body is judged (api.md 1.5): one that cannot be read names
// nothing, and is refused for what it is once the caller has passed.
func (a *API) permissions(ctx context.Context, operation string, body []byte) ([]awswire.Permission, error) {
	s := &subject{api: a, ctx: ctx, sc: scopeOf(ctx)}
	if err := awswire.Decode(body, &s.naming); err != nil {
		s.naming = naming{}
	}
	find, ok := resources[operation]
	if !ok {
		find = (*subject).anything
	}
	arns, err := find(s)
	if err != nil {
		return nil, err
	}
	needed := make([]awswire.Permission, 0, len(arns)+1)
	for _, arn := range arns {
		needed = append(needed, awswire.Permission{Action: serviceName + ":" + operation, Resource: arn})
	}
	// Who replaces the group's alarms for a deployment must be allowed to replace
	// them in the group (deployments.md 3.1).
	if operation == "CreateDeployment" && s.OverrideAlarmConfiguration != nil {
		needed = append(needed, awswire.Permission{Action: serviceName + ":UpdateDeploymentGroup", Resource: arns[0]})
	}
	return needed, nil
}

// naming has the members of all requests that name what is acted upon. They
// have the types of the operations' own, so what cannot be read here cannot be
// read there either.
type naming struct {
	ApplicationName            string                         `json:"applicationName"`
	ApplicationNames           []string                       `json:"applicationNames"`
	DeploymentGroupName        string                         `json:"deploymentGroupName"`
	CurrentDeploymentGroupName string                         `json:"currentDeploymentGroupName"`
	DeploymentGroupNames       []string                       `json:"deploymentGroupNames"`
	DeploymentConfigName       string                         `json:"deploymentConfigName"`
	DeploymentID               string                         `json:"deploymentId"`
	DeploymentIDs              []string                       `json:"deploymentIds"`
	InstanceName               string                         `json:"instanceName"`
	InstanceNames              []string                       `json:"instanceNames"`
	ResourceARN                string                         `json:"ResourceArn"`
	OverrideAlarmConfiguration *codedeploy.AlarmConfiguration `json:"overrideAlarmConfiguration"`
}

// subject is what one request is about. Its methods answer with at least one
// ARN each.
type subject struct {
	api *API
	ctx context.Context
	sc  store.Scope
	naming
}
