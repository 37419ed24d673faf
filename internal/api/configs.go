package api

import (
	"context"
	"errors"
	"strings"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// createDeploymentConfig adds a custom configuration, which never changes
// afterwards (api.md 5).
func (a *API) createDeploymentConfig(ctx context.Context, sc store.Scope, in *codedeploy.CreateDeploymentConfigInput) (*codedeploy.CreateDeploymentConfigOutput, error) {
	platform := platformOr(in.ComputePlatform)
	config := store.Config{Scope: sc, Info: codedeploy.DeploymentConfigInfo{
		DeploymentConfigID:   codedeploy.NewUUID(),
		DeploymentConfigName: in.DeploymentConfigName,
		ComputePlatform:      platform,
		CreateTime:           codedeploy.NewTimestamp(a.now()),
		MinimumHealthyHosts:  in.MinimumHealthyHosts,
		TrafficRoutingConfig: in.TrafficRoutingConfig,
		ZonalConfig:          in.ZonalConfig,
	}}
	if err := a.store.Tx(ctx, func(tx *store.Tx) error { return a.insertConfig(tx, config) }); err != nil {
		return nil, err
	}
	return &codedeploy.CreateDeploymentConfigOutput{DeploymentConfigID: config.Info.DeploymentConfigID}, nil
}

func (a *API) insertConfig(tx *store.Tx, config store.Config) error {
	err := tx.CreateConfig(config)
	if errors.Is(err, store.ErrExists) {
		return codedeploy.DeploymentConfigAlreadyExistsException.Errorf(
			"A deployment configuration named %s already exists.", config.Info.DeploymentConfigName)
	}
	if err != nil {
		return err
	}
	count, err := tx.CountConfigs(config.Scope)
	if err == nil && count > a.quotas.DeploymentConfigs {
		return codedeploy.DeploymentConfigLimitExceededException.Errorf(
			"The account already has %d custom deployment configurations in this region, which is the limit.", a.quotas.DeploymentConfigs)
	}
	return err
}

func (a *API) getDeploymentConfig(ctx context.Context, sc store.Scope, in *codedeploy.GetDeploymentConfigInput) (*codedeploy.GetDeploymentConfigOutput, error) {
	var info codedeploy.DeploymentConfigInfo
	err := a.store.View(ctx, func(tx *store.Tx) (err error) {
		info, err = findConfig(tx, sc, in.DeploymentConfigName)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &codedeploy.GetDeploymentConfigOutput{DeploymentConfigInfo: &info}, nil
}

// deleteDeploymentConfig removes a custom configuration that nobody uses. That
// there is none of that name is no error: none is modelled.
func (a *API) deleteDeploymentConfig(ctx context.Context, sc store.Scope, in *codedeploy.DeleteDeploymentConfigInput) error {
	if _, predefined := codedeploy.Predefined(in.DeploymentConfigName); predefined {
		return codedeploy.InvalidOperationException.Errorf(
			"The deployment configuration %s is predefined and cannot be deleted.", in.DeploymentConfigName)
	}
	return a.store.Tx(ctx, func(tx *store.Tx) error {
		used, err := tx.ConfigInUse(sc, in.DeploymentConfigName)
		if err != nil {
			return err
		}
		if used {
			return codedeploy.DeploymentConfigInUseException.Errorf(
				"The deployment configuration %s is used by a deployment group or by a deployment that has not ended.", in.DeploymentConfigName)
		}
		return tx.DeleteConfig(sc, in.DeploymentConfigName)
	})
}

// listDeploymentConfigs lists the custom configurations, then the predefined
// ones, each by name.
func (a *API) listDeploymentConfigs(ctx context.Context, sc store.Scope, in *codedeploy.ListDeploymentConfigsInput) (*codedeploy.ListDeploymentConfigsOutput, error) {
	of := list{Operation: "ListDeploymentConfigs", Scope: sc}
	var after string
	if err := a.tokens.open(of, in.NextToken, &after); err != nil {
		return nil, err
	}
	var names []string
	err := a.store.View(ctx, func(tx *store.Tx) (err error) {
		names, err = configNames(tx, sc, after, a.quotas.PageSize+1)
		return err
	})
	if err != nil {
		return nil, err
	}
	names, next := page(a.tokens, of, names, a.quotas.PageSize)
	return &codedeploy.ListDeploymentConfigsOutput{DeploymentConfigsList: names, NextToken: next}, nil
}

// configNames returns at least most names behind after, if there are as many.
// The reserved prefix tells in which half after lies.
func configNames(tx *store.Tx, sc store.Scope, after string, most int) ([]string, error) {
	var names []string
	if !strings.HasPrefix(after, codedeploy.PredefinedPrefix) {
		custom, err := tx.ListConfigs(sc, after, most)
		if err != nil {
			return nil, err
		}
		names, after = custom, ""
	}
	for _, name := range codedeploy.PredefinedNames() {
		if name > after {
			names = append(names, name)
		}
	}
	return names, nil
}
