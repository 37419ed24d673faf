package ecs

import (
	"context"
	"slices"

	"greenlight/internal/sqldb"
)

type updateServiceInput struct {
	Cluster       string             `json:"cluster"`
	Service       string             `json:"service"`
	Desired       *int               `json:"desiredCount"`
	Definition    string             `json:"taskDefinition"`
	ForceNew      bool               `json:"forceNewDeployment"`
	LoadBalancers *[]loadBalancer    `json:"loadBalancers"`
	Registries    *[]serviceRegistry `json:"serviceRegistries"`
	placement
	serviceSettings
}

// updateService implements UpdateService.
func (s *Service) updateService(ctx context.Context, in *updateServiceInput) (any, error) {
	k, err := serviceName(scopeOf(ctx), in.Cluster, in.Service)
	if err != nil {
		return nil, err
	}
	if err := checkDesired(*orNew(in.Desired, 0)); err != nil {
		return nil, err
	}
	return s.changeService(ctx, k, func(tx *sqldb.Tx, h *household, now instant) error {
		v := h.service
		if err := in.allowed(v.Controller); err != nil {
			return err
		}
		v.Settings.overlay(in.serviceSettings)
		if err := v.Settings.check(len(v.LoadBalancers) > 0 || v.Controller == controllerExternal); err != nil {
			return err
		}
		replaceValue(&v.Desired, in.Desired)
		if in.deploys() {
			if err := s.deploy(tx, h, in, now); err != nil {
				return err
			}
		}
		h.rescale(now)
		return nil
	})
}

func replaceValue[T any](place *T, given *T) {
	if given != nil {
		*place = *given
	}
}

// deploys reports whether the update changes what the service's tasks are.
func (in *updateServiceInput) deploys() bool {
	return in.Definition != "" || in.ForceNew || in.LoadBalancers != nil || in.Registries != nil ||
		in.Network != nil || in.PlatformVersion != "" || len(in.Strategy) > 0
}

// allowed refuses what only a deployment can change on a service that somebody
// else deploys (ecs.md 11 has the texts).
func (in *updateServiceInput) allowed(by string) error {
	instead := map[string]string{
		controllerCodeDeploy: "a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.",
		controllerExternal:   "an EXTERNAL deployment controller. Create a task set instead.",
	}[by]
	if instead == "" {
		return nil
	}
	for _, refused := range []struct {
		given bool
		what  string
	}{
		{in.Definition != "", "Unable to update task definition"},
		{in.Network != nil, "Unable to update network parameters"},
		{in.LoadBalancers != nil, "Unable to update load balancers"},
		{in.PlatformVersion != "", "Unable to update platform version"},
		{len(in.Strategy) > 0, "Unable to update capacity provider strategy"},
		{in.Registries != nil, "Unable to update service registries"},
		{in.ForceNew, "Cannot force a new deployment"},
	} {
		if refused.given {
			return invalidParameter.errorf("%s on services with %s", refused.what, instead)
		}
	}
	return nil
}

// deploy begins a rolling deployment of a service that ECS deploys itself: a new
// PRIMARY, and what was there makes room for it.
func (s *Service) deploy(tx *sqldb.Tx, h *household, in *updateServiceInput, now instant) error {
	v := h.service
	set := &taskSet{
		ID: newTaskSetID(), Status: setPrimary, Definition: v.Definition, LoadBalancers: v.LoadBalancers,
		Placement: v.Placement, Registries: v.Registries, Scale: scale{100, percent},
		Created: now.shown, Updated: now.shown, StableAt: now.shown,
	}
	in.apply(set)
	reference := in.Definition
	if reference == "" {
		reference = v.Definition
	}
	d, err := usableDefinition(tx, v.scope, reference)
	if err != nil {
		return err
	}
	set.Definition = d.arn()
	if err := s.checkSet(v, set, d, true); err != nil {
		return err
	}
	if same(h.primary(), set) && !in.ForceNew {
		return nil
	}
	for _, before := range h.sets {
		before.Status, before.Updated = setActive, now.shown
	}
	h.sets = append(h.sets, set)
	v.follow(set)
	return nil
}

func (in *updateServiceInput) apply(set *taskSet) {
	replaceValue(&set.LoadBalancers, in.LoadBalancers)
	replaceValue(&set.Registries, in.Registries)
	if in.Network != nil {
		set.Placement.Network = in.Network
	}
	if in.PlatformVersion != "" {
		set.Placement.PlatformVersion = in.PlatformVersion
	}
	if len(in.Strategy) > 0 {
		set.Placement.Strategy, set.Placement.LaunchType = in.Strategy, ""
	}
}

// same reports whether two task sets would run the same tasks at the same place.
func same(a, b *taskSet) bool {
	if a == nil || a.Definition != b.Definition || !slices.Equal(a.LoadBalancers, b.LoadBalancers) ||
		!slices.Equal(a.Registries, b.Registries) || !slices.Equal(a.Placement.Strategy, b.Placement.Strategy) ||
		a.Placement.PlatformVersion != b.Placement.PlatformVersion {
		return false
	}
	x, y := a.Placement.Network, b.Placement.Network
	if x == nil || y == nil {
		return x == y
	}
	return x.AWSVPC.AssignPublicIP == y.AWSVPC.AssignPublicIP && slices.Equal(x.AWSVPC.Subnets, y.AWSVPC.Subnets) &&
		slices.Equal(x.AWSVPC.SecurityGroups, y.AWSVPC.SecurityGroups)
}
