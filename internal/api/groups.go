package api

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// createDeploymentGroup makes a group of an application, whose platform
// decides what it may be (api.md 4).
func (a *API) createDeploymentGroup(ctx context.Context, sc store.Scope, in *codedeploy.CreateDeploymentGroupInput) (*codedeploy.CreateDeploymentGroupOutput, error) {
	group := store.Group{Scope: sc, ID: codedeploy.NewUUID(), Name: in.DeploymentGroupName, CreateTime: a.now()}
	err := a.store.Tx(ctx, func(tx *store.Tx) error {
		app, err := findApplication(tx, sc, in.ApplicationName)
		if err != nil {
			return err
		}
		group.ApplicationID, group.Info = app.ID, newGroupInfo(app.ComputePlatform)
		if err := settle(tx, &group, in); err != nil {
			return err
		}
		return a.insertGroup(tx, group, in.Tags)
	})
	if err != nil {
		return nil, err
	}
	return &codedeploy.CreateDeploymentGroupOutput{DeploymentGroupID: group.ID}, nil
}

// settle puts given settings on a group and judges the group as it is then.
func settle(tx *store.Tx, group *store.Group, in *groupSettings) error {
	applySettings(&group.Info, in)
	config, err := findConfig(tx, group.Scope, group.Info.DeploymentConfigName)
	if err != nil {
		return err
	}
	if err := wrongPlatform(config, group.Info.ComputePlatform); err != nil {
		return err
	}
	if err := suitsGroupPlatform(&group.Info); err != nil {
		return err
	}
	if !namesBalancer(group.Info.LoadBalancerInfo) {
		group.Info.LoadBalancerInfo = nil
	}
	return nil
}

func (a *API) insertGroup(tx *store.Tx, group store.Group, tags []codedeploy.Tag) error {
	if err := tx.CreateGroup(group); err != nil {
		return groupTaken(err, group.Name)
	}
	if err := claimService(tx, group); err != nil {
		return err
	}
	count, err := tx.CountGroups(group.ApplicationID)
	if err != nil {
		return err
	}
	if count > a.quotas.GroupsPerApplication {
		return codedeploy.DeploymentGroupLimitExceededException.Errorf(
			"The application already has %d deployment groups, which is the limit.", a.quotas.GroupsPerApplication)
	}
	return tx.PutTags(group.ID, tags)
}

func groupTaken(err error, name string) error {
	if errors.Is(err, store.ErrExists) {
		return codedeploy.DeploymentGroupAlreadyExistsException.Errorf("A deployment group named %s already exists in the application.", name)
	}
	return err
}

// claimService holds the rule that an ECS service belongs to one group of the
// account and region (ecs.md 1).
func claimService(tx *store.Tx, group store.Group) error {
	if len(group.Info.ECSServices) == 0 {
		return nil
	}
	cluster, service := ecsServiceNames(group.Info.ECSServices[0])
	err := tx.ClaimECSService(group.Scope, group.ID, cluster+"/"+service)
	if errors.Is(err, store.ErrExists) {
		return codedeploy.ECSServiceMappingLimitExceededException.Errorf(
			"The ECS service %s of the cluster %s already belongs to another deployment group.", excerpt(service), excerpt(cluster))
	}
	return err
}

// updateDeploymentGroup changes what is given. A deployment that runs goes on
// with what it was created with.
func (a *API) updateDeploymentGroup(ctx context.Context, sc store.Scope, in *codedeploy.UpdateDeploymentGroupInput) (*codedeploy.UpdateDeploymentGroupOutput, error) {
	settings := settingsOf(in)
	var hooked bool
	err := a.store.Tx(ctx, func(tx *store.Tx) error {
		app, err := findApplication(tx, sc, in.ApplicationName)
		if err != nil {
			return err
		}
		group, err := findGroup(tx, app, in.CurrentDeploymentGroupName)
		if err != nil {
			return err
		}
		hooked = len(group.Info.AutoScalingGroups) > 0
		if err := settle(tx, &group, settings); err != nil {
			return err
		}
		hooked = hooked || len(group.Info.AutoScalingGroups) > 0
		replaceText(&group.Name, in.NewDeploymentGroupName)
		if err := tx.UpdateGroup(group); err != nil {
			return groupTaken(err, group.Name)
		}
		return claimService(tx, group)
	})
	if err != nil {
		return nil, err
	}
	out := new(codedeploy.UpdateDeploymentGroupOutput)
	if hooked {
		out.HooksNotCleanedUp = []codedeploy.AutoScalingGroup{}
	}
	return out, nil
}

// settingsOf is what an update gives, in the shape that rules read.
func settingsOf(in *codedeploy.UpdateDeploymentGroupInput) *groupSettings {
	return &groupSettings{
		AlarmConfiguration:               in.AlarmConfiguration,
		AutoRollbackConfiguration:        in.AutoRollbackConfiguration,
		AutoScalingGroups:                in.AutoScalingGroups,
		BlueGreenDeploymentConfiguration: in.BlueGreenDeploymentConfiguration,
		DeploymentConfigName:             in.DeploymentConfigName,
		DeploymentStyle:                  in.DeploymentStyle,
		EC2TagFilters:                    in.EC2TagFilters,
		EC2TagSet:                        in.EC2TagSet,
		ECSServices:                      in.ECSServices,
		LoadBalancerInfo:                 in.LoadBalancerInfo,
		OnPremisesInstanceTagFilters:     in.OnPremisesInstanceTagFilters,
		OnPremisesTagSet:                 in.OnPremisesTagSet,
		OutdatedInstancesStrategy:        in.OutdatedInstancesStrategy,
		ServiceRoleARN:                   in.ServiceRoleARN,
		TerminationHookEnabled:           in.TerminationHookEnabled,
		TriggerConfigurations:            in.TriggerConfigurations,
	}
}

func (a *API) getDeploymentGroup(ctx context.Context, sc store.Scope, in *codedeploy.GetDeploymentGroupInput) (*codedeploy.GetDeploymentGroupOutput, error) {
	var group store.Group
	err := a.store.View(ctx, func(tx *store.Tx) error {
		app, err := findApplication(tx, sc, in.ApplicationName)
		if err != nil {
			return err
		}
		group, err = findGroup(tx, app, in.DeploymentGroupName)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &codedeploy.GetDeploymentGroupOutput{DeploymentGroupInfo: new(shown(group))}, nil
}

// batchGetDeploymentGroups answers in the order of the request, each group
// once. Unknown groups are named in errorMessage: no exception is modelled.
func (a *API) batchGetDeploymentGroups(ctx context.Context, sc store.Scope, in *codedeploy.BatchGetDeploymentGroupsInput) (*codedeploy.BatchGetDeploymentGroupsOutput, error) {
	names := in.DeploymentGroupNames
	out := new(codedeploy.BatchGetDeploymentGroupsOutput)
	var unknown []string
	err := a.store.View(ctx, func(tx *store.Tx) error {
		app, err := findApplication(tx, sc, in.ApplicationName)
		if err != nil {
			return err
		}
		out.DeploymentGroupsInfo, unknown, err = knownGroups(tx, app, unique(names))
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(unknown) > 0 {
		out.ErrorMessage = fmt.Sprintf("No deployment group found for name: %s", strings.Join(unknown, ", "))
	}
	return out, nil
}

func knownGroups(tx *store.Tx, app store.Application, names []string) (known []codedeploy.DeploymentGroupInfo, unknown []string, err error) {
	known = []codedeploy.DeploymentGroupInfo{}
	for _, name := range names {
		group, err := tx.Group(app.ID, name)
		switch {
		case errors.Is(err, store.ErrNotFound):
			unknown = append(unknown, name)
		case err != nil:
			return nil, nil, err
		default:
			known = append(known, shown(group))
		}
	}
	return known, unknown, nil
}

func (a *API) listDeploymentGroups(ctx context.Context, sc store.Scope, in *codedeploy.ListDeploymentGroupsInput) (*codedeploy.ListDeploymentGroupsOutput, error) {
	of := list{Operation: "ListDeploymentGroups", Scope: sc, Filters: in.ApplicationName}
	var after string
	if err := a.tokens.open(of, in.NextToken, &after); err != nil {
		return nil, err
	}
	var names []string
	err := a.store.View(ctx, func(tx *store.Tx) error {
		app, err := findApplication(tx, sc, in.ApplicationName)
		if err != nil {
			return err
		}
		names, err = tx.ListGroups(app.ID, after, a.quotas.PageSize+1)
		return err
	})
	if err != nil {
		return nil, err
	}
	names, next := page(a.tokens, of, names, a.quotas.PageSize)
	return &codedeploy.ListDeploymentGroupsOutput{ApplicationName: in.ApplicationName, DeploymentGroups: names, NextToken: next}, nil
}

// deleteDeploymentGroup keeps the group's deployments. That there is no such
// group, or application, is no error: none is modelled.
func (a *API) deleteDeploymentGroup(ctx context.Context, sc store.Scope, in *codedeploy.DeleteDeploymentGroupInput) (*codedeploy.DeleteDeploymentGroupOutput, error) {
	err := a.store.Tx(ctx, func(tx *store.Tx) error {
		app, err := tx.Application(sc, in.ApplicationName)
		if err != nil {
			return err
		}
		group, err := tx.Group(app.ID, in.DeploymentGroupName)
		if err != nil {
			return err
		}
		return tx.DeleteGroup(group.ID)
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	return &codedeploy.DeleteDeploymentGroupOutput{HooksNotCleanedUp: []codedeploy.AutoScalingGroup{}}, nil
}
