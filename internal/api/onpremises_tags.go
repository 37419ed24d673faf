package api

import (
	"context"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// addTagsToOnPremisesInstances tags all the instances or none.
func (a *API) addTagsToOnPremisesInstances(ctx context.Context, sc store.Scope, in *codedeploy.AddTagsToOnPremisesInstancesInput) error {
	return a.tagInstances(ctx, sc, in.InstanceNames, func(tx *store.Tx, name string) error {
		if err := tx.PutOnPremisesTags(sc, name, in.Tags); err != nil {
			return err
		}
		tagged, err := tx.OnPremisesInstance(sc, name)
		if err == nil && len(tagged.Info.Tags) > maxInstanceTags {
			return codedeploy.TagLimitExceededException.Errorf("The on-premises instance %s would have %d tags; at most %d are allowed.",
				name, len(tagged.Info.Tags), maxInstanceTags)
		}
		return err
	})
}

// removeTagsFromOnPremisesInstances removes the pairs of key and value that an
// instance has; other pairs are ignored.
func (a *API) removeTagsFromOnPremisesInstances(ctx context.Context, sc store.Scope, in *codedeploy.RemoveTagsFromOnPremisesInstancesInput) error {
	return a.tagInstances(ctx, sc, in.InstanceNames, func(tx *store.Tx, name string) error {
		return tx.DeleteOnPremisesTags(sc, name, in.Tags)
	})
}

// tagInstances changes the tags of instances once all of them are known to be
// registered.
func (a *API) tagInstances(ctx context.Context, sc store.Scope, names []string, change func(*store.Tx, string) error) error {
	return a.store.Tx(ctx, func(tx *store.Tx) error {
		for _, name := range names {
			if err := registered(tx, sc, name); err != nil {
				return err
			}
		}
		for _, name := range names {
			if err := change(tx, name); err != nil {
				return err
			}
		}
		return nil
	})
}

// registered refuses an instance that never was, or is no longer.
func registered(tx *store.Tx, sc store.Scope, name string) error {
	instance, err := findInstance(tx, sc, name)
	if err == nil && !instance.Info.DeregisterTime.IsZero() {
		return codedeploy.InstanceNotRegisteredException.Errorf("The on-premises instance %s is no longer registered.", name)
	}
	return err
}
