package api

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

func (a *API) getDeploymentTarget(ctx context.Context, sc store.Scope, in *codedeploy.GetDeploymentTargetInput) (*codedeploy.GetDeploymentTargetOutput, error) {
	targets, err := a.targets(ctx, sc, in.DeploymentID, []string{in.TargetID})
	if err != nil {
		return nil, err
	}
	return &codedeploy.GetDeploymentTargetOutput{DeploymentTarget: &targets[0]}, nil
}

func (a *API) batchGetDeploymentTargets(ctx context.Context, sc store.Scope, in *codedeploy.BatchGetDeploymentTargetsInput) (*codedeploy.BatchGetDeploymentTargetsOutput, error) {
	targets, err := a.targets(ctx, sc, in.DeploymentID, in.TargetIDs)
	if err != nil {
		return nil, err
	}
	return &codedeploy.BatchGetDeploymentTargetsOutput{DeploymentTargets: targets}, nil
}

// targets finds targets of a deployment by their ids, in that order.
func (a *API) targets(ctx context.Context, sc store.Scope, id string, targetIDs []string) ([]codedeploy.DeploymentTarget, error) {
	d, err := a.readDeployment(ctx, sc, id)
	if err != nil {
		return nil, err
	}
	if err := targetIDsFormat(d.Info.ComputePlatform, targetIDs); err != nil {
		return nil, err
	}
	if err := started(d); err != nil {
		return nil, err
	}
	most := a.quotas.BatchTargets
	if d.Info.ComputePlatform != codedeploy.ComputePlatformServer {
		most = 1
	}
	if len(targetIDs) > most {
		return nil, codedeploy.DeploymentTargetListSizeExceededException.Errorf(
			"%d target IDs were given; at most %d are allowed for a deployment on the %s compute platform.", len(targetIDs), most, d.Info.ComputePlatform)
	}
	found := make([]codedeploy.DeploymentTarget, len(targetIDs))
	for i, targetID := range targetIDs {
		if !isTarget(*d.Target, targetID) {
			return nil, codedeploy.DeploymentTargetDoesNotExistException.Errorf(
				"The target %s is not part of the deployment %s.", excerpt(targetID), d.ID)
		}
		found[i] = *d.Target
	}
	return found, nil
}

// started refuses a deployment that has no targets: not yet, or for ever when
// it ended without one (api.md 7, GetDeploymentTarget).
func started(d store.Deployment) error {
	if d.Target != nil {
		return nil
	}
	return codedeploy.DeploymentNotStartedException.Errorf(
		"The deployment %s has not started. Deployment status: %s", d.ID, strings.ToUpper(string(d.Info.Status)))
}

// lambdaTargetID is the written form of a Lambda target's id: a function's
// name, the same with an alias, or an ARN (api.md 2.1).
var lambdaTargetID = regexp.MustCompile(`^(?:[A-Za-z0-9_-]{1,64}(?::[A-Za-z0-9_-]{1,128})?|arn:[a-z-]+:lambda:[^:]*:[^:]*:function:[^:]+(?::[^:]+)?)$`)

// targetForms are what a target's id looks like on each platform.
var targetForms = map[codedeploy.ComputePlatform]form{
	codedeploy.ComputePlatformLambda: {lambdaTargetID.MatchString, "the name or ARN of a function"},
	codedeploy.ComputePlatformECS:    {ecsTargetParts.MatchString, "the names of a cluster and a service with a colon between"},
	codedeploy.ComputePlatformServer: {isHostID, "the name, ID or ARN of an instance"},
}

func isHostID(text string) bool { return codedeploy.IsName(text) || instanceARN.MatchString(text) }

// ecsTargetParts are a cluster and a service, each a name or an ARN, which has
// colons of its own.
var ecsTargetParts = regexp.MustCompile(`^(arn:[a-z-]+:ecs:[^:]*:[^:]*:[^:]+|[^:]+):(arn:[a-z-]+:ecs:[^:]*:[^:]*:[^:]+|[^:]+)$`)

func targetIDsFormat(platform codedeploy.ComputePlatform, ids []string) error {
	like, ok := targetForms[platform]
	for _, id := range ids {
		if ok && !like.is(id) {
			return targetID.bad("The target ID %q is not valid: for a deployment on the %s compute platform it must be %s.", excerpt(id), platform, like.rule)
		}
	}
	return nil
}

// isTarget accepts every form of a target's id that api.md 2.1 lists.
func isTarget(t codedeploy.DeploymentTarget, id string) bool {
	switch {
	case t.LambdaTarget != nil:
		l := t.LambdaTarget
		function, _ := strings.CutSuffix(l.TargetARN, ":"+l.LambdaFunctionInfo.FunctionAlias)
		return slices.Contains([]string{
			l.TargetID, l.TargetID + ":" + l.LambdaFunctionInfo.FunctionAlias, l.TargetARN, function,
		}, id)
	case t.ECSTarget != nil:
		return id == t.ECSTarget.TargetID || shortECSTargetID(id) == t.ECSTarget.TargetID
	}
	return false
}

// shortECSTargetID turns the ARNs in a target's id into names.
func shortECSTargetID(id string) string {
	parts := ecsTargetParts.FindStringSubmatch(id)
	if parts == nil {
		return ""
	}
	cluster, service := parts[1], parts[2]
	return cluster[strings.LastIndexByte(cluster, '/')+1:] + ":" + service[strings.LastIndexByte(service, '/')+1:]
}

// targetMembers are what lists of targets look at.
func targetMembers(t codedeploy.DeploymentTarget) (id string, status codedeploy.TargetStatus) {
	switch {
	case t.LambdaTarget != nil:
		return t.LambdaTarget.TargetID, t.LambdaTarget.Status
	case t.ECSTarget != nil:
		return t.ECSTarget.TargetID, t.ECSTarget.Status
	}
	return "", ""
}

// listDeploymentTargets lists the ids of the targets that pass the filters:
// the values of one filter are alternatives, the filters must all hold.
func (a *API) listDeploymentTargets(ctx context.Context, sc store.Scope, in *codedeploy.ListDeploymentTargetsInput) (*codedeploy.ListDeploymentTargetsOutput, error) {
	of := list{Operation: "ListDeploymentTargets", Scope: sc, Filters: []any{in.DeploymentID, in.TargetFilters}}
	var after string
	if err := a.tokens.open(of, in.NextToken, &after); err != nil {
		return nil, err
	}
	d, err := a.readDeployment(ctx, sc, in.DeploymentID)
	if err != nil {
		return nil, err
	}
	if err := colored(d, len(in.TargetFilters[codedeploy.TargetFilterNameServerInstanceLabel]) > 0); err != nil {
		return nil, err
	}
	if err := started(d); err != nil {
		return nil, err
	}
	out := &codedeploy.ListDeploymentTargetsOutput{TargetIDs: []string{}}
	if id, status := targetMembers(*d.Target); id != "" && passes(status, in.TargetFilters) {
		out.TargetIDs = append(out.TargetIDs, id)
	}
	return out, nil
}

// targetFilterMap judges filters by their values, then by their names, which is
// the order of the chain; in the order of the model, then of the alphabet.
func targetFilterMap(_ *request, m *member, filters map[codedeploy.TargetFilterName][]string) error {
	for _, status := range filters[codedeploy.TargetFilterNameTargetStatus] {
		if !codedeploy.IsKnown(codedeploy.TargetStatus(status)) {
			return codedeploy.InvalidInstanceStatusException.Errorf(
				"The TargetStatus %q in %s is not one of %v.", excerpt(status), m.called(), codedeploy.TargetStatus("").Values())
		}
	}
	for _, label := range filters[codedeploy.TargetFilterNameServerInstanceLabel] {
		if !codedeploy.IsKnown(codedeploy.TargetLabel(label)) {
			return codedeploy.InvalidInstanceTypeException.Errorf(
				"The ServerInstanceLabel %q in %s is not one of %v.", excerpt(label), m.called(), codedeploy.TargetLabel("").Values())
		}
	}
	for _, name := range slices.Sorted(maps.Keys(filters)) {
		if !codedeploy.IsKnown(name) {
			return m.bad("The filter %q in %s is not one of %v.", excerpt(string(name)), m.called(), name.Values())
		}
	}
	return nil
}

// passes judges a target that has no label, as on Lambda and ECS (api.md 7).
func passes(status codedeploy.TargetStatus, filters map[codedeploy.TargetFilterName][]string) bool {
	for name, values := range filters {
		if len(values) == 0 {
			continue
		}
		if name != codedeploy.TargetFilterNameTargetStatus || !slices.Contains(values, string(status)) {
			return false
		}
	}
	return true
}
