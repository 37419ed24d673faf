package api

import (
	"context"
	"errors"

	"greenlight/internal/codedeploy"
	"greenlight/internal/engine"
	"greenlight/internal/store"
)

// createDeployment accepts a deployment (api.md 7). What is inside the AppSpec
// is judged later, by the deployment itself (lambda.md 2.3). The request is
// judged on a snapshot, beside the one writer; whether the group is idle is
// decided by the insert, and a group that is deleted in between fails the
// deployment like one that is deleted right after (D6).
func (a *API) createDeployment(ctx context.Context, sc store.Scope, in *codedeploy.CreateDeploymentInput) (*codedeploy.CreateDeploymentOutput, error) {
	var draft engine.Draft
	err := a.store.View(ctx, func(tx *store.Tx) (err error) {
		draft, err = a.draft(tx, sc, in)
		return err
	})
	if err != nil {
		return nil, err
	}
	created := a.engine.NewDeployment(draft)
	if err := a.store.Tx(ctx, func(tx *store.Tx) error { return a.insertDeployment(tx, created) }); err != nil {
		return nil, err
	}
	a.engine.Start(created)
	return &codedeploy.CreateDeploymentOutput{DeploymentID: created.Deployment().ID}, nil
}

// draft completes a request to a deployment: the settings in force are copied
// into it, so that later updates do not change it (deployments.md 3.1).
func (a *API) draft(tx *store.Tx, sc store.Scope, in *codedeploy.CreateDeploymentInput) (engine.Draft, error) {
	var none engine.Draft
	app, err := findApplication(tx, sc, in.ApplicationName)
	if err != nil {
		return none, err
	}
	group, err := findGroup(tx, app, in.DeploymentGroupName)
	if err != nil {
		return none, err
	}
	configName := in.DeploymentConfigName
	if configName == "" {
		configName = group.Info.DeploymentConfigName
	}
	config, err := findConfig(tx, sc, configName)
	if err != nil {
		return none, err
	}
	if err := suitsPlatform(in, config, group.Info); err != nil {
		return none, err
	}
	revision, err := registeredRevision(tx, app, *in.Revision)
	if err != nil {
		return none, err
	}
	info, err := a.deploymentInfo(tx, app, group, in)
	if err != nil {
		return none, err
	}
	info.DeploymentConfigName = configName
	info.Revision = new(codedeploy.WithoutContent(revision))
	return engine.Draft{
		Scope: sc, ApplicationID: app.ID, GroupID: group.ID,
		RevisionIdentity: codedeploy.RevisionIdentity(revision),
		Info:             info,
		Snapshot:         snapshot(in, group, config, revision),
	}, nil
}

// deploymentInfo is the deployment as GetDeployment will answer it
// (api.md 8.1), less what draft and the engine fill in.
func (a *API) deploymentInfo(tx *store.Tx, app store.Application, group store.Group, in *codedeploy.CreateDeploymentInput) (codedeploy.DeploymentInfo, error) {
	info := codedeploy.DeploymentInfo{
		ApplicationName:                    app.Name,
		DeploymentGroupName:                group.Name,
		Description:                        in.Description,
		Creator:                            codedeploy.DeploymentCreatorUser,
		IgnoreApplicationStopFailures:      new(isTrue(in.IgnoreApplicationStopFailures)),
		UpdateOutdatedInstancesOnly:        new(isTrue(in.UpdateOutdatedInstancesOnly)),
		InstanceTerminationWaitTimeStarted: new(false),
		FileExistsBehavior:                 in.FileExistsBehavior,
		DeploymentStatusMessages:           []string{},
		ComputePlatform:                    app.ComputePlatform,
		DeploymentStyle:                    group.Info.DeploymentStyle,
		LoadBalancerInfo:                   group.Info.LoadBalancerInfo,
		BlueGreenDeploymentConfiguration:   group.Info.BlueGreenDeploymentConfiguration,
		AutoRollbackConfiguration:          rollbackInForce(in, group),
		OverrideAlarmConfiguration:         completeAlarms(in.OverrideAlarmConfiguration),
		TargetInstances:                    in.TargetInstances,
	}
	if info.FileExistsBehavior == "" {
		info.FileExistsBehavior = codedeploy.FileExistsBehaviorDisallow
	}
	last, err := tx.LastSuccessful(group.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
	case err != nil:
		return info, err
	default:
		info.PreviousRevision = last.Info.Revision
	}
	return info, nil
}

// snapshot is what the engine runs the deployment by.
func snapshot(in *codedeploy.CreateDeploymentInput, group store.Group, config codedeploy.DeploymentConfigInfo, revision codedeploy.RevisionLocation) engine.Snapshot {
	s := engine.Snapshot{
		Revision:       revision,
		ServiceRoleARN: group.Info.ServiceRoleARN,
		Alarms:         group.Info.AlarmConfiguration,
		Rollback:       rollbackInForce(in, group),
	}
	if services := group.Info.ECSServices; len(services) > 0 {
		s.ECSService = &services[0]
	}
	if config.TrafficRoutingConfig != nil {
		s.TrafficRouting = *config.TrafficRoutingConfig
	}
	if in.OverrideAlarmConfiguration != nil {
		s.Alarms = completeAlarms(in.OverrideAlarmConfiguration)
	}
	return s
}

// rollbackInForce is the deployment's own configuration if given, which
// replaces the group's as a whole.
func rollbackInForce(in *codedeploy.CreateDeploymentInput, group store.Group) *codedeploy.AutoRollbackConfiguration {
	if in.AutoRollbackConfiguration != nil {
		return completeRollback(in.AutoRollbackConfiguration)
	}
	return group.Info.AutoRollbackConfiguration
}

// insertDeployment adds the deployment if its group is idle and the account
// has room. The group is decided by the database, so of any number of callers
// exactly one wins.
func (a *API) insertDeployment(tx *store.Tx, created engine.Newborn) error {
	d := created.Deployment()
	active, err := tx.CountActive(d.Scope, a.quotas.ConcurrentDeployments)
	if err != nil {
		return err
	}
	err = a.engine.Insert(tx, created)
	if busy, ok := errors.AsType[*store.BusyError](err); ok {
		return codedeploy.DeploymentLimitExceededException.Errorf(
			"The Deployment Group '%s' already has an active Deployment '%s'", d.Info.DeploymentGroupName, busy.ActiveID)
	}
	if err == nil && active >= a.quotas.ConcurrentDeployments {
		return codedeploy.DeploymentLimitExceededException.Errorf(
			"The account already has %d active deployments; at most %d are allowed at the same time.", active, a.quotas.ConcurrentDeployments)
	}
	return err
}

func isTrue(b *bool) bool { return b != nil && *b }
