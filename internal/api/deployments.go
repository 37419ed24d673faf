package api

import (
	"context"
	"time"

	"greenlight/internal/codedeploy"
	"greenlight/internal/engine"
	"greenlight/internal/store"
)

func (a *API) getDeployment(ctx context.Context, sc store.Scope, in *codedeploy.GetDeploymentInput) (*codedeploy.GetDeploymentOutput, error) {
	d, err := a.readDeployment(ctx, sc, in.DeploymentID)
	if err != nil {
		return nil, err
	}
	return &codedeploy.GetDeploymentOutput{DeploymentInfo: &d.Info}, nil
}

func (a *API) readDeployment(ctx context.Context, sc store.Scope, id string) (d store.Deployment, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) (err error) {
		d, err = findDeployment(tx, sc, id)
		return err
	})
	return d, err
}

// batchGetDeployments answers in the order of the request and skips ids that
// are unknown: the model has no exception for them.
func (a *API) batchGetDeployments(ctx context.Context, sc store.Scope, in *codedeploy.BatchGetDeploymentsInput) (*codedeploy.BatchGetDeploymentsOutput, error) {
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
	of := list{Operation: "ListDeployments", Scope: sc, Filters: []any{
		in.ApplicationName, in.DeploymentGroupName, in.ExternalID, in.IncludeOnlyStatuses, in.CreateTimeRange,
	}}
	var start, next store.DeploymentKey
	if err := a.tokens.open(of, in.NextToken, &start); err != nil {
		return nil, err
	}
	read := a.store.View
	if in.ApplicationName == "" && len(in.IncludeOnlyStatuses) <= 1 {
		read = a.store.Read // nothing to look up, and one list to read
	}
	out := &codedeploy.ListDeploymentsOutput{}
	err := read(ctx, func(tx *store.Tx) (err error) {
		filter, err := deploymentFilter(tx, sc, in)
		if err != nil {
			return err
		}
		out.Deployments, next, err = tx.ListDeployments(filter, start, a.quotas.PageSize)
		return err
	})
	if err != nil {
		return nil, err
	}
	if out.Deployments == nil {
		out.Deployments = []string{}
	}
	if next != (store.DeploymentKey{}) {
		out.NextToken = a.tokens.seal(of, next)
	}
	return out, nil
}

func besideGroupName(r *request, m *member, application string) error {
	if application == "" && given[string](r, "deploymentGroupName") != "" {
		return m.missing.Errorf("An %s must be specified along with the deployment group name.", m.called())
	}
	return nil
}

func besideApplicationName(r *request, m *member, group string) error {
	if group == "" && given[string](r, "applicationName") != "" {
		return m.missing.Errorf("A %s must be specified along with the application name.", m.called())
	}
	return nil
}

func notBesideNames(r *request, m *member, id string) error {
	if id != "" && given[string](r, "applicationName") != "" {
		return m.bad("An %s cannot be combined with an application and a deployment group.", m.called())
	}
	return nil
}

func timeRange(_ *request, m *member, of *codedeploy.TimeRange) error {
	if of == nil || of.Start.IsZero() || of.End.IsZero() || !of.Start.After(of.End.Time) {
		return nil
	}
	return m.bad("The %s starts at %s, after its end at %s.", m.called(),
		of.Start.UTC().Format(time.RFC3339Nano), of.End.UTC().Format(time.RFC3339Nano))
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
	out, err := a.engine.Stop(ctx, engine.StopRequest{
		Scope: sc, DeploymentID: in.DeploymentID, AutoRollback: in.AutoRollbackEnabled,
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}
