package api

import (
	"context"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// registerApplicationRevision makes a revision known (api.md 6). Whether the
// object exists is not asked.
func (a *API) registerApplicationRevision(ctx context.Context, sc store.Scope, in *codedeploy.RegisterApplicationRevisionInput) error {
	return a.store.Tx(ctx, func(tx *store.Tx) error {
		app, err := findApplication(tx, sc, in.ApplicationName)
		if err != nil {
			return err
		}
		if err := revisionSuits(*in.Revision, app.ComputePlatform); err != nil {
			return err
		}
		revision, err := registeredRevision(tx, app, *in.Revision)
		if err != nil {
			return codedeploy.InvalidRevisionException.Errorf("The revision's content is missing: its sha256 alone is of no registered revision.")
		}
		return tx.RegisterRevision(store.Revision{
			ApplicationID: app.ID, Identity: codedeploy.RevisionIdentity(revision),
			Location: revision, Description: in.Description, RegisterTime: a.now(),
		})
	})
}

// getApplicationRevision is the one place, beside its batch form, where inline
// content is told (api.md 2.2).
func (a *API) getApplicationRevision(ctx context.Context, sc store.Scope, in *codedeploy.GetApplicationRevisionInput) (*codedeploy.GetApplicationRevisionOutput, error) {
	var out *codedeploy.GetApplicationRevisionOutput
	err := a.store.View(ctx, func(tx *store.Tx) error {
		app, err := findApplication(tx, sc, in.ApplicationName)
		if err != nil {
			return err
		}
		revision, err := findRevision(tx, app, *in.Revision)
		if err != nil {
			return err
		}
		info, err := revisionInfo(tx, revision)
		out = &codedeploy.GetApplicationRevisionOutput{
			ApplicationName: app.Name, Revision: &revision.Location, RevisionInfo: info,
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// revisionInfo is the revision's history: deploymentGroups are those whose
// last successful deployment had it.
func revisionInfo(tx *store.Tx, r store.Revision) (*codedeploy.GenericRevisionInfo, error) {
	groups, err := tx.RevisionGroups(r.ApplicationID, r.Identity)
	return &codedeploy.GenericRevisionInfo{
		Description:      r.Description,
		DeploymentGroups: append([]string{}, groups...),
		RegisterTime:     codedeploy.NewTimestamp(r.RegisterTime),
		FirstUsedTime:    codedeploy.NewTimestamp(r.FirstUsedTime),
		LastUsedTime:     codedeploy.NewTimestamp(r.LastUsedTime),
	}, err
}
