package api

import (
	"context"
	"errors"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// createApplication is not idempotent: the second of two equal calls finds the
// name taken (api.md 3).
func (a *API) createApplication(ctx context.Context, sc store.Scope, in *codedeploy.CreateApplicationInput) (*codedeploy.CreateApplicationOutput, error) {
	app := store.Application{
		Scope: sc, ID: codedeploy.NewUUID(), Name: in.ApplicationName,
		ComputePlatform: platformOr(in.ComputePlatform), CreateTime: a.now(),
	}
	err := a.store.Tx(ctx, func(tx *store.Tx) error { return a.insertApplication(tx, app, in.Tags) })
	if err != nil {
		return nil, err
	}
	return &codedeploy.CreateApplicationOutput{ApplicationID: app.ID}, nil
}

func (a *API) insertApplication(tx *store.Tx, app store.Application, tags []codedeploy.Tag) error {
	if err := tx.CreateApplication(app); err != nil {
		return applicationTaken(err, app.Name)
	}
	count, err := tx.CountApplications(app.Scope)
	if err != nil {
		return err
	}
	if count > a.quotas.Applications {
		return codedeploy.ApplicationLimitExceededException.Errorf(
			"The account already has %d applications in this region, which is the limit.", a.quotas.Applications)
	}
	return tx.PutTags(app.ID, tags)
}

// platformOr is the platform that a request names, or the default.
func platformOr(platform codedeploy.ComputePlatform) codedeploy.ComputePlatform {
	if platform == "" {
		return codedeploy.ComputePlatformServer
	}
	return platform
}

func applicationTaken(err error, name string) error {
	if errors.Is(err, store.ErrExists) {
		return codedeploy.ApplicationAlreadyExistsException.Errorf("An application named %s already exists.", name)
	}
	return err
}

func (a *API) getApplication(ctx context.Context, sc store.Scope, in *codedeploy.GetApplicationInput) (*codedeploy.GetApplicationOutput, error) {
	out := &codedeploy.GetApplicationOutput{}
	err := a.store.Read(ctx, func(tx *store.Tx) error {
		app, err := findApplication(tx, sc, in.ApplicationName)
		if err != nil {
			return err
		}
		out.Application = new(applicationInfo(app))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// readApplications reads all of them, or fails by the first that is unknown.
func (a *API) readApplications(ctx context.Context, sc store.Scope, names []string) ([]codedeploy.ApplicationInfo, error) {
	var found []codedeploy.ApplicationInfo
	err := a.store.View(ctx, func(tx *store.Tx) error {
		found = make([]codedeploy.ApplicationInfo, 0, len(names))
		for _, name := range names {
			app, err := findApplication(tx, sc, name)
			if err != nil {
				return err
			}
			found = append(found, applicationInfo(app))
		}
		return nil
	})
	return found, err
}

func applicationInfo(app store.Application) codedeploy.ApplicationInfo {
	return codedeploy.ApplicationInfo{
		ApplicationID:   app.ID,
		ApplicationName: app.Name,
		ComputePlatform: app.ComputePlatform,
		CreateTime:      codedeploy.NewTimestamp(app.CreateTime),
		LinkedToGitHub:  new(false),
	}
}

// updateApplication renames; everything that the application has stays with
// it. Its own name as the new one changes nothing.
func (a *API) updateApplication(ctx context.Context, sc store.Scope, in *codedeploy.UpdateApplicationInput) error {
	return a.store.Tx(ctx, func(tx *store.Tx) error {
		app, err := findApplication(tx, sc, in.ApplicationName)
		if err != nil {
			return err
		}
		return applicationTaken(tx.RenameApplication(app.ID, in.NewApplicationName), in.NewApplicationName)
	})
}

// deleteApplication takes groups, revisions and ended deployments along. That
// there is none of that name is no error: none is modelled.
func (a *API) deleteApplication(ctx context.Context, sc store.Scope, in *codedeploy.DeleteApplicationInput) error {
	return a.store.Tx(ctx, func(tx *store.Tx) error {
		app, err := tx.Application(sc, in.ApplicationName)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return tx.DeleteApplication(app.ID)
	})
}

func (a *API) listApplications(ctx context.Context, sc store.Scope, in *codedeploy.ListApplicationsInput) (*codedeploy.ListApplicationsOutput, error) {
	of := list{Operation: "ListApplications", Scope: sc}
	var after string
	if err := a.tokens.open(of, in.NextToken, &after); err != nil {
		return nil, err
	}
	var names []string
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		names, err = tx.ListApplications(sc, after, a.quotas.PageSize+1)
		return err
	})
	if err != nil {
		return nil, err
	}
	names, next := page(a.tokens, of, names, a.quotas.PageSize)
	return &codedeploy.ListApplicationsOutput{Applications: names, NextToken: next}, nil
}

// batchGetApplications answers in the order of the request, each name once.
// One unknown name fails the call.
func (a *API) batchGetApplications(ctx context.Context, sc store.Scope, in *codedeploy.BatchGetApplicationsInput) (*codedeploy.BatchGetApplicationsOutput, error) {
	found, err := a.readApplications(ctx, sc, unique(in.ApplicationNames))
	if err != nil {
		return nil, err
	}
	return &codedeploy.BatchGetApplicationsOutput{ApplicationsInfo: found}, nil
}

// unique keeps the first of equal names.
func unique(names []string) []string {
	seen := make(map[string]bool, len(names))
	var first []string
	for _, name := range names {
		if !seen[name] {
			seen[name] = true
			first = append(first, name)
		}
	}
	return first
}
