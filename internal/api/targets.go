package api

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

func (a *API) getDeploymentTarget(ctx context.Context, sc store.Scope, in *codedeploy.GetDeploymentTargetInput) (*codedeploy.GetDeploymentTargetOutput, error) {
	if err := check(
		deploymentID(in.DeploymentID),
		rule{required: must(in.TargetID != "", codedeploy.DeploymentTargetIdRequiredException, "The target ID must be specified.")},
	); err != nil {
		return nil, err
	}
	targets, err := a.targets(ctx, sc, in.DeploymentID, []string{in.TargetID})
	if err != nil {
		return nil, err
	}
	return &codedeploy.GetDeploymentTargetOutput{DeploymentTarget: &targets[0]}, nil
}

func (a *API) batchGetDeploymentTargets(ctx context.Context, sc store.Scope, in *codedeploy.BatchGetDeploymentTargetsInput) (*codedeploy.BatchGetDeploymentTargetsOutput, error) {
	if err := check(
		deploymentID(in.DeploymentID),
		rule{required: must(len(in.TargetIDs) > 0 && !slices.Contains(in.TargetIDs, ""),
			codedeploy.DeploymentTargetIdRequiredException, "At least one target ID must be specified.")},
	); err != nil {
		return nil, err
	}
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

func targetIDsFormat(platform codedeploy.ComputePlatform, ids []string) error {
	if platform != codedeploy.ComputePlatformLambda {
		return nil
	}
	for _, id := range ids {
		if !lambdaTargetID.MatchString(id) {
			return codedeploy.InvalidDeploymentTargetIdException.Errorf(
				"The target ID %q is not valid: for a deployment on the Lambda compute platform it is the name or ARN of a function.", excerpt(id))
		}
	}
	return nil
}

// isTarget accepts every form of a target's id that api.md 2.1 lists.
func isTarget(t codedeploy.DeploymentTarget, id string) bool {
	l := t.LambdaTarget
	if l == nil {
		return false
	}
	function, _ := strings.CutSuffix(l.TargetARN, ":"+l.LambdaFunctionInfo.FunctionAlias)
	return slices.Contains([]string{
		l.TargetID, l.TargetID + ":" + l.LambdaFunctionInfo.FunctionAlias, l.TargetARN, function,
	}, id)
}

// listDeploymentTargets lists the ids of the targets that pass the filters:
// the values of one filter are alternatives, the filters must all hold.
func (a *API) listDeploymentTargets(ctx context.Context, sc store.Scope, in *codedeploy.ListDeploymentTargetsInput) (*codedeploy.ListDeploymentTargetsOutput, error) {
	if err := check(deploymentID(in.DeploymentID), targetFilters(in.TargetFilters)); err != nil {
		return nil, err
	}
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
	if l := d.Target.LambdaTarget; l != nil && passes(*l, in.TargetFilters) {
		out.TargetIDs = append(out.TargetIDs, l.TargetID)
	}
	return out, nil
}

// targetFilters is the rule of ListDeploymentTargets' filters.
func targetFilters(filters map[codedeploy.TargetFilterName][]string) rule {
	return rule{format: func() error {
		for name, values := range filters {
			if err := targetFilterFormat(name, values); err != nil {
				return err
			}
		}
		return nil
	}}
}

func targetFilterFormat(name codedeploy.TargetFilterName, values []string) error {
	for _, value := range values {
		switch {
		case name == codedeploy.TargetFilterNameTargetStatus && !codedeploy.IsKnown(codedeploy.TargetStatus(value)):
			return codedeploy.InvalidInstanceStatusException.Errorf(
				"The target status %q is not one of %v.", excerpt(value), codedeploy.TargetStatus("").Values())
		case name == codedeploy.TargetFilterNameServerInstanceLabel && !codedeploy.IsKnown(codedeploy.TargetLabel(value)):
			return codedeploy.InvalidInstanceTypeException.Errorf(
				"The instance label %q is not one of %v.", excerpt(value), codedeploy.TargetLabel("").Values())
		}
	}
	if !codedeploy.IsKnown(name) {
		return codedeploy.InvalidTargetFilterNameException.Errorf(
			"The target filter %q is not one of %v.", excerpt(string(name)), name.Values())
	}
	return nil
}

// passes judges a Lambda target, which has no label (api.md 7).
func passes(t codedeploy.LambdaTarget, filters map[codedeploy.TargetFilterName][]string) bool {
	for name, values := range filters {
		if len(values) == 0 {
			continue
		}
		if name != codedeploy.TargetFilterNameTargetStatus || !slices.Contains(values, string(t.Status)) {
			return false
		}
	}
	return true
}
