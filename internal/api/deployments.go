package api

import (
	"context"
	"time"

	"greenlight/internal/codedeploy"
	"greenlight/internal/engine"
	"greenlight/internal/store"
)

func (a *API) getDeployment(ctx context.Context, sc store.Scope, in *codedeploy.GetDeploymentInput) (*codedeploy.GetDeploymentOutput, error) {
	if err := check(deploymentID(in.DeploymentID)); err != nil {
		return nil, err
	}
	d, err := a.readDeployment(ctx, sc, in.DeploymentID)
	if err != nil {
		return nil, err
	}
	return &codedeploy.GetDeploymentOutput{DeploymentInfo: &d.Info}, nil
}

func (a *API) readDeployment(ctx context.Context, sc store.Scope, id string) (d store.Deployment, err error) {
	err = a.store.View(ctx, func(tx *store.Tx) (err error) {
		d, err = findDeployment(tx, sc, id)
		return err
	})
	return d, err
}

// batchGetDeployments answers in the order of the request and skips ids that
// are unknown: the model has no exception for them.
func (a *API) batchGetDeployments(ctx context.Context, sc store.Scope, in *codedeploy.BatchGetDeploymentsInput) (*codedeploy.BatchGetDeploymentsOutput, error) {
	if err := check(batch(in.DeploymentIDs, a.quotas.BatchDeployments,
		codedeploy.DeploymentIdRequiredException, codedeploy.BatchLimitExceededException, "deployment ID", deploymentID)); err != nil {
		return nil, err
	}
	out := &codedeploy.BatchGetDeploymentsOutput{DeploymentsInfo: []codedeploy.DeploymentInfo{}}
	err := a.store.View(ctx, func(tx *store.Tx) error {
		for _, id := range in.DeploymentIDs {
			d, err := findDeployment(tx, sc, id)
			if codedeploy.CodeOf(err) == codedeploy.DeploymentDoesNotExistException {
				continue
			}
			if err != nil {
				return err
			}
			out.DeploymentsInfo = append(out.DeploymentsInfo, d.Info)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// listDeployments lists ids, the newest first (api.md 7).
func (a *API) listDeployments(ctx context.Context, sc store.Scope, in *codedeploy.ListDeploymentsInput) (*codedeploy.ListDeploymentsOutput, error) {
	if err := check(listDeploymentsRules(in)...); err != nil {
		return nil, err
	}
	of := list{Operation: "ListDeployments", Scope: sc, Filters: []any{
		in.ApplicationName, in.DeploymentGroupName, in.ExternalID, in.IncludeOnlyStatuses, in.CreateTimeRange,
	}}
	var after store.DeploymentKey
	if err := a.tokens.open(of, in.NextToken, &after); err != nil {
		return nil, err
	}
	var rows []store.DeploymentKey
	err := a.store.View(ctx, func(tx *store.Tx) (err error) {
		filter, err := deploymentFilter(tx, sc, in)
		if err != nil {
			return err
		}
		rows, err = tx.ListDeployments(filter, after, a.quotas.PageSize+1)
		return err
	})
	if err != nil {
		return nil, err
	}
	rows, next := page(a.tokens, of, rows, a.quotas.PageSize)
	out := &codedeploy.ListDeploymentsOutput{Deployments: make([]string, len(rows)), NextToken: next}
	for i, row := range rows {
		out.Deployments[i] = row.ID
	}
	return out, nil
}

func listDeploymentsRules(in *codedeploy.ListDeploymentsInput) []rule {
	named := in.ApplicationName != "" || in.DeploymentGroupName != ""
	rules := []rule{
		{required: must(!named || in.ApplicationName != "", codedeploy.ApplicationNameRequiredException,
			"An application name must be specified along with the deployment group name.")},
		{required: must(!named || in.DeploymentGroupName != "", codedeploy.DeploymentGroupNameRequiredException,
			"A deployment group name must be specified along with the application name.")},
		optionalName(in.ApplicationName, "application name", codedeploy.InvalidApplicationNameException),
		optionalName(in.DeploymentGroupName, "deployment group name", codedeploy.InvalidDeploymentGroupNameException),
		{combination: must(!named || in.ExternalID == "", codedeploy.InvalidInputException,
			"An external ID cannot be combined with an application and a deployment group.")},
	}
	for _, status := range in.IncludeOnlyStatuses {
		rules = append(rules, knownStatus(status))
	}
	return append(rules, rule{format: func() error { return timeRangeFormat(in.CreateTimeRange) }})
}

func knownStatus(status codedeploy.DeploymentStatus) rule {
	return rule{format: must(codedeploy.IsKnown(status), codedeploy.InvalidDeploymentStatusException,
		"The deployment status %q is not one of %v.", excerpt(string(status)), status.Values())}
}

func timeRangeFormat(r *codedeploy.TimeRange) error {
	if r == nil || r.Start.IsZero() || r.End.IsZero() || !r.Start.After(r.End.Time) {
		return nil
	}
	return codedeploy.InvalidTimeRangeException.Errorf("The time range starts at %s, after its end at %s.",
		r.Start.UTC().Format(time.RFC3339Nano), r.End.UTC().Format(time.RFC3339Nano))
}

func deploymentFilter(tx *store.Tx, sc store.Scope, in *codedeploy.ListDeploymentsInput) (store.DeploymentFilter, error) {
	filter := store.DeploymentFilter{Scope: sc, ExternalID: in.ExternalID, Statuses: in.IncludeOnlyStatuses}
	if r := in.CreateTimeRange; r != nil {
		filter.From, filter.To = r.Start.Time, r.End.Time
	}
	if in.ApplicationName == "" {
		return filter, nil
	}
	app, err := findApplication(tx, sc, in.ApplicationName)
	if err != nil {
		return filter, err
	}
	group, err := findGroup(tx, app, in.DeploymentGroupName)
	filter.GroupID = group.ID
	return filter, err
}

func (a *API) stopDeployment(ctx context.Context, sc store.Scope, in *codedeploy.StopDeploymentInput) (*codedeploy.StopDeploymentOutput, error) {
	if err := check(deploymentID(in.DeploymentID)); err != nil {
		return nil, err
	}
	out, err := a.engine.Stop(ctx, engine.StopRequest{
		Scope: sc, DeploymentID: in.DeploymentID, AutoRollback: in.AutoRollbackEnabled,
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}
