package api

import (
	"context"
	"errors"

	"greenlight/internal/awswire"
	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// registerOnPremisesInstance is not idempotent; a name that was deregistered
// can be registered again (api.md 7b).
func (a *API) registerOnPremisesInstance(ctx context.Context, sc store.Scope, in *codedeploy.RegisterOnPremisesInstanceInput) error {
	instance := store.OnPremisesInstance{Scope: sc, Info: codedeploy.InstanceInfo{
		InstanceName:  in.InstanceName,
		InstanceARN:   codedeploy.NewOnPremisesARN(awswire.Partition(sc.Region), sc.Region, sc.Account, in.InstanceName),
		IAMUserARN:    in.IAMUserARN,
		IAMSessionARN: in.IAMSessionARN,
		RegisterTime:  codedeploy.NewTimestamp(a.now()),
	}}
	err := a.store.Tx(ctx, func(tx *store.Tx) error { return tx.RegisterOnPremisesInstance(instance) })
	switch {
	case errors.Is(err, store.ErrExists):
		return codedeploy.InstanceNameAlreadyRegisteredException.Errorf("An on-premises instance named %s is already registered.", in.InstanceName)
	case errors.Is(err, store.ErrIdentityTaken) && in.IAMSessionARN != "":
		return codedeploy.IamSessionArnAlreadyRegisteredException.Errorf("The IAM session %s is already registered with another instance.", in.IAMSessionARN)
	case errors.Is(err, store.ErrIdentityTaken):
		return codedeploy.IamUserArnAlreadyRegisteredException.Errorf("The IAM user %s is already registered with another instance.", in.IAMUserARN)
	}
	return err
}

// deregisterOnPremisesInstance keeps the instance readable, with its tags. That
// there is none of that name is no error: none is modelled.
func (a *API) deregisterOnPremisesInstance(ctx context.Context, sc store.Scope, in *codedeploy.DeregisterOnPremisesInstanceInput) error {
	return a.store.Tx(ctx, func(tx *store.Tx) error {
		return tx.DeregisterOnPremisesInstance(sc, in.InstanceName, a.now())
	})
}

func (a *API) getOnPremisesInstance(ctx context.Context, sc store.Scope, in *codedeploy.GetOnPremisesInstanceInput) (*codedeploy.GetOnPremisesInstanceOutput, error) {
	var instance store.OnPremisesInstance
	err := a.store.View(ctx, func(tx *store.Tx) (err error) {
		instance, err = findInstance(tx, sc, in.InstanceName)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &codedeploy.GetOnPremisesInstanceOutput{InstanceInfo: new(shownInstance(instance))}, nil
}

// findInstance finds an instance that is registered, or was.
func findInstance(tx *store.Tx, sc store.Scope, name string) (store.OnPremisesInstance, error) {
	instance, err := tx.OnPremisesInstance(sc, name)
	if errors.Is(err, store.ErrNotFound) {
		return instance, codedeploy.InstanceNotRegisteredException.Errorf("The on-premises instance %s is not registered.", name)
	}
	return instance, err
}

// shownInstance has tags always: `aws deploy deregister` indexes them without a
// default.
func shownInstance(i store.OnPremisesInstance) codedeploy.InstanceInfo {
	i.Info.Tags = append([]codedeploy.Tag{}, i.Info.Tags...)
	return i.Info
}

// batchGetOnPremisesInstances answers in the order of the request, each
// instance once, and skips names that are unknown: no exception is modelled.
func (a *API) batchGetOnPremisesInstances(ctx context.Context, sc store.Scope, in *codedeploy.BatchGetOnPremisesInstancesInput) (*codedeploy.BatchGetOnPremisesInstancesOutput, error) {
	out := new(codedeploy.BatchGetOnPremisesInstancesOutput)
	err := a.store.View(ctx, func(tx *store.Tx) error {
		out.InstanceInfos = []codedeploy.InstanceInfo{}
		for _, name := range unique(in.InstanceNames) {
			instance, err := tx.OnPremisesInstance(sc, name)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			out.InstanceInfos = append(out.InstanceInfos, shownInstance(instance))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// listOnPremisesInstances lists names in order. Of several tag filters one must
// hold, as in a group's filters.
func (a *API) listOnPremisesInstances(ctx context.Context, sc store.Scope, in *codedeploy.ListOnPremisesInstancesInput) (*codedeploy.ListOnPremisesInstancesOutput, error) {
	of := list{Operation: "ListOnPremisesInstances", Scope: sc, Filters: []any{in.RegistrationStatus, in.TagFilters}}
	var after string
	if err := a.tokens.open(of, in.NextToken, &after); err != nil {
		return nil, err
	}
	filter := store.OnPremisesFilter{Scope: sc, Status: in.RegistrationStatus}
	for _, f := range in.TagFilters { // what its type does not compare is empty
		filter.AnyTag = append(filter.AnyTag, codedeploy.Tag{Key: f.Key, Value: f.Value})
	}
	var names []string
	err := a.store.View(ctx, func(tx *store.Tx) (err error) {
		names, err = tx.ListOnPremisesInstances(filter, after, a.quotas.PageSize+1)
		return err
	})
	if err != nil {
		return nil, err
	}
	names, next := page(a.tokens, of, names, a.quotas.PageSize)
	return &codedeploy.ListOnPremisesInstancesOutput{InstanceNames: names, NextToken: next}, nil
}
