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
// decides what it may be (api.md 4). What only AWS knows is asked before the
// group is stored, and changed after it: a request that is refused must not
// have moved anybody's traffic.
func (a *API) createDeploymentGroup(ctx context.Context, sc store.Scope, in *codedeploy.CreateDeploymentGroupInput) (*codedeploy.CreateDeploymentGroupOutput, error) {
	group := store.Group{Scope: sc, ID: codedeploy.NewUUID(), Name: in.DeploymentGroupName, CreateTime: a.now()}
	draft := func(tx *store.Tx) error {
		app, err := findApplication(tx, sc, in.ApplicationName)
		if err != nil {
			return err
		}
		group.ApplicationID, group.Info = app.ID, newGroupInfo(app.ComputePlatform)
		return settle(tx, &group, in)
	}
	routes, err := a.routesOf(ctx, &group, draft, true)
	if err != nil {
		return nil, err
	}
	err = a.store.Tx(ctx, func(tx *store.Tx) error {
		if err := draft(tx); err != nil {
			return err
		}
		return a.insertGroup(tx, group, in.Tags)
	})
	if err != nil {
		return nil, err
	}
	if err := a.normalize(ctx, routes); err != nil {
		return nil, errors.Join(err, a.store.Tx(context.WithoutCancel(ctx), func(tx *store.Tx) error { return tx.DeleteGroup(group.ID) }))
	}
	return &codedeploy.CreateDeploymentGroupOutput{DeploymentGroupID: group.ID}, nil
}

// routesOf drafts a group and asks AWS about it, beside the one writer; nil
// when there is nothing to ask.
func (a *API) routesOf(ctx context.Context, group *store.Group, draft func(*store.Tx) error, asks bool) (*routes, error) {
	if a.ecs == nil || !asks {
		return nil, nil
	}
	if err := a.store.View(ctx, draft); err != nil {
		return nil, err
	}
	return a.askNetwork(ctx, group.Scope, group.Info)
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
	if err := gradualOnALB(config, group.Info); err != nil {
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
	cluster, service := group.Info.ECSServices[0].Names()
	err := tx.ClaimECSService(group.Scope, group.ID, cluster+"/"+service)
	if errors.Is(err, store.ErrExists) {
		return codedeploy.ECSServiceMappingLimitExceededException.Errorf(
			"The ECS service %s of the cluster %s already belongs to another deployment group.", excerpt(service), excerpt(cluster))
	}
	return err
}

// updateDeploymentGroup changes what is given. A deployment that runs goes on
// with what it was created with, and keeps its listeners.
func (a *API) updateDeploymentGroup(ctx context.Context, sc store.Scope, in *codedeploy.UpdateDeploymentGroupInput) (*codedeploy.UpdateDeploymentGroupOutput, error) {
	var before, group store.Group
	draft := func(tx *store.Tx) error {
		app, err := findApplication(tx, sc, in.ApplicationName)
		if err != nil {
			return err
		}
		if before, err = findGroup(tx, app, in.CurrentDeploymentGroupName); err != nil {
			return err
		}
		group = before
		return settle(tx, &group, settingsOf(in))
	}
	routes, err := a.routesOf(ctx, &group, draft, in.ECSServices != nil || in.LoadBalancerInfo != nil)
	if err != nil {
		return nil, err
	}
	var busy bool
	err = a.store.Tx(ctx, func(tx *store.Tx) error {
		if err := draft(tx); err != nil {
			return err
		}
		replaceText(&group.Name, in.NewDeploymentGroupName)
		if _, busy, err = tx.Active(group.ID); err != nil {
			return err
		}
		return replaceGroup(tx, group)
	})
	if err != nil {
		return nil, err
	}
	if !busy {
		if err := a.normalize(ctx, routes); err != nil {
			return nil, errors.Join(err, a.store.Tx(context.WithoutCancel(ctx), func(tx *store.Tx) error { return replaceGroup(tx, before) }))
		}
	}
	out := new(codedeploy.UpdateDeploymentGroupOutput)
	if len(before.Info.AutoScalingGroups)+len(group.Info.AutoScalingGroups) > 0 {
		out.HooksNotCleanedUp = []codedeploy.AutoScalingGroup{}
	}
	return out, nil
}

func replaceGroup(tx *store.Tx, group store.Group) error {
	if err := tx.UpdateGroup(group); err != nil {
		return groupTaken(err, group.Name)
	}
	return claimService(tx, group)
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
