package api

import (
	"errors"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// The look-ups that operations share: what is not there is the modelled
// exception.

func findApplication(tx *store.Tx, sc store.Scope, name string) (store.Application, error) {
	app, err := tx.Application(sc, name)
	if errors.Is(err, store.ErrNotFound) {
		return app, codedeploy.ApplicationDoesNotExistException.Errorf("No application found for name: %s", name)
	}
	return app, err
}

func findGroup(tx *store.Tx, app store.Application, name string) (store.Group, error) {
	group, err := tx.Group(app.ID, name)
	if errors.Is(err, store.ErrNotFound) {
		return group, codedeploy.DeploymentGroupDoesNotExistException.Errorf("No deployment group found for name: %s", name)
	}
	return group, err
}

// findConfig finds a predefined or custom configuration.
func findConfig(tx *store.Tx, sc store.Scope, name string) (codedeploy.DeploymentConfigInfo, error) {
	if info, ok := codedeploy.Predefined(name); ok {
		return info, nil
	}
	config, err := tx.Config(sc, name)
	if errors.Is(err, store.ErrNotFound) {
		return config.Info, codedeploy.DeploymentConfigDoesNotExistException.Errorf("No deployment configuration found for name: %s", name)
	}
	return config.Info, err
}

// wrongPlatform refuses a configuration of another platform; nil when it is of
// the right one.
func wrongPlatform(info codedeploy.DeploymentConfigInfo, platform codedeploy.ComputePlatform) error {
	if info.ComputePlatform == platform {
		return nil
	}
	return codedeploy.InvalidDeploymentConfigNameException.Errorf(
		"Compute platform of deployment config %s does not match expected compute platform, correct compute platform should be %s.",
		info.DeploymentConfigName, platform)
}

func findDeployment(tx *store.Tx, sc store.Scope, id string) (store.Deployment, error) {
	d, err := tx.Deployment(id)
	if errors.Is(err, store.ErrNotFound) || err == nil && d.Scope != sc {
		return d, codedeploy.DeploymentDoesNotExistException.Errorf("The deployment %s could not be found.", id)
	}
	return d, err
}
