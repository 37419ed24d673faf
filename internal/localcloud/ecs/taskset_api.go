package ecs

import (
	"context"
	"regexp"
	"slices"

	"greenlight/internal/sqldb"
)

type taskSetInput struct {
	Cluster string `json:"cluster"`
	Service string `json:"service"`
	TaskSet string `json:"taskSet"`
	Primary string `json:"primaryTaskSet"`
	Scale   *scale `json:"scale"`
	Force   bool   `json:"force"`
}

type taskSetAnswer struct {
	TaskSet shownTaskSet `json:"taskSet"`
}

type createTaskSetInput struct {
	Cluster       string            `json:"cluster"`
	Service       string            `json:"service"`
	ExternalID    string            `json:"externalId"`
	Definition    string            `json:"taskDefinition"`
	LoadBalancers []loadBalancer    `json:"loadBalancers"`
	Registries    []serviceRegistry `json:"serviceRegistries"`
	Scale         *scale            `json:"scale"`
	Token         string            `json:"clientToken"`
	Tags          []tag             `json:"tags"`
	placement
}

// byCodeDeploy is what the id of a deployment looks like. The stand-in does not
// know its callers, so this is how it tells CodeDeploy's task sets (ecs.md 1).
var byCodeDeploy = regexp.MustCompile(`^d-[A-Z0-9]{9}$`)

// createTaskSet implements CreateTaskSet. With a clientToken that the service
// has seen it answers with the task set that was made then.
func (s *Service) createTaskSet(ctx context.Context, in *createTaskSetInput) (any, error) {
	k, err := serviceName(scopeOf(ctx), in.Cluster, in.Service)
	if err != nil {
		return nil, err
	}
	set, err := in.taskSet(s.now())
	if err != nil {
		return nil, err
	}
	return s.changeSets(ctx, k, func(tx *sqldb.Tx, h *household, now instant) (*taskSet, error) {
		for _, present := range h.sets {
			if in.Token != "" && present.Token == in.Token {
				return present, nil
			}
		}
		open := slices.DeleteFunc(slices.Clone(h.sets), func(t *taskSet) bool { return t.Status == setDraining })
		if len(open) >= maxTaskSets {
			return nil, invalidParameter.errorf(
				"%d deployments exist on the service. Unable to create new TaskSet since this exceeds the maximum limit.", len(open))
		}
		d, err := usableDefinition(tx, k.scope, in.Definition)
		if err != nil {
			return nil, err
		}
		set := *set
		set.Definition = d.arn()
		if err := s.checkSet(h.service, &set, d, false); err != nil {
			return nil, err
		}
		set.want(set.share(h.service.Desired), now)
		h.sets = append(h.sets, &set)
		return &set, nil
	})
}

// taskSet is what a request wants, as far as it can be judged by itself.
func (in *createTaskSetInput) taskSet(now instant) (*taskSet, error) {
	set := &taskSet{
		ID: newTaskSetID(), Status: setActive, ExternalID: in.ExternalID, Token: in.Token, LoadBalancers: in.LoadBalancers,
		Placement: in.placement, Registries: in.Registries, Scale: scale{100, percent},
		Created: now.shown, Updated: now.shown, StableAt: now.shown,
	}
	if byCodeDeploy.MatchString(in.ExternalID) {
		set.StartedBy = "CODE_DEPLOY"
	}
	if len(in.Token) > 64 || len(in.ExternalID) > 256 {
		return nil, invalidParameter.errorf("clientToken and externalId must have at most 64 and 256 characters.")
	}
	if in.LaunchType == "" && len(in.Strategy) == 0 {
		return nil, invalidParameter.errorf("Either a launch type or a capacity provider strategy must be specified.")
	}
	if len(in.LoadBalancers) > 1 {
		return nil, invalidParameter.errorf("A task set can have at most one load balancer, found %d.", len(in.LoadBalancers))
	}
	if in.Scale != nil {
		set.Scale = *in.Scale
	}
	var err error
	if err = set.Scale.check(); err == nil {
		set.Tags, err = newTags(in.Tags)
	}
	return set, err
}

func (s scale) check() error {
	if s.Unit != percent {
		return invalidParameter.errorf("Scale unit %q must be PERCENT.", shortened(s.Unit))
	}
	if s.Value < 0 || s.Value > 100 {
		return invalidParameter.errorf("Scale value must be between 0 and 100, found %g.", s.Value)
	}
	return nil
}

// changeSets lets fn change the task sets of an ACTIVE service, saves them, and
// answers with the one that fn returns.
func (s *Service) changeSets(ctx context.Context, k serviceKey,
	fn func(tx *sqldb.Tx, h *household, now instant) (*taskSet, error)) (any, error) {
	now := s.now()
	var shown shownTaskSet
	err := s.db.Tx(ctx, func(tx *sqldb.Tx) error {
		h, err := activeHousehold(tx, k)
		if err != nil {
			return err
		}
		if !h.service.byTaskSets() {
			return externalOnly()
		}
		set, err := fn(tx, h, now)
		if err != nil {
			return err
		}
		if err := h.saveService(tx); err != nil {
			return err
		}
		shown = h.showSet(set, s.targetsOf(k.scope), now, true)
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.mark(k)
	return taskSetAnswer{shown}, nil
}

// activeHousehold reads a service that can be changed.
func activeHousehold(tx *sqldb.Tx, k serviceKey) (*household, error) {
	if _, err := activeCluster(tx, k.scope, k.Cluster); err != nil {
		return nil, err
	}
	h, err := loadHousehold(tx, k)
	if err == nil && h.service.Status != statusActive {
		return nil, serviceNotActive()
	}
	return h, err
}

// saveService saves the service and its task sets, not its tasks.
func (h *household) saveService(tx *sqldb.Tx) error {
	for _, set := range h.sets {
		if err := saveTaskSet(tx, h.service.serviceKey, set); err != nil {
			return err
		}
	}
	return saveService(tx, h.service)
}

// changeSet is changeSets for one of the sets, named by id or ARN.
func (s *Service) changeSet(ctx context.Context, in *taskSetInput, reference string,
	fn func(h *household, set *taskSet, now instant) error) (any, error) {
	k, err := serviceName(scopeOf(ctx), in.Cluster, in.Service)
	if err != nil {
		return nil, err
	}
	id, idErr := taskSetID(k, reference)
	return s.changeSets(ctx, k, func(_ *sqldb.Tx, h *household, now instant) (*taskSet, error) {
		set := h.set(id)
		if idErr != nil || set == nil {
			return nil, noTaskSet()
		}
		return set, fn(h, set, now)
	})
}

// updateTaskSet implements UpdateTaskSet.
func (s *Service) updateTaskSet(ctx context.Context, in *taskSetInput) (any, error) {
	return s.changeSet(ctx, in, in.TaskSet, func(h *household, set *taskSet, now instant) error {
		if in.Scale == nil {
			return invalidParameter.errorf("Scale can not be blank.")
		}
		if set.Status == setDraining {
			return invalidParameter.errorf("The task set %s is DRAINING and cannot be scaled.", set.ID)
		}
		if err := in.Scale.check(); err != nil {
			return err
		}
		set.Scale, set.Updated = *in.Scale, now.shown
		set.want(set.share(h.service.Desired), now)
		return nil
	})
}

// updatePrimary implements UpdateServicePrimaryTaskSet: PRIMARY and ACTIVE change
// places, and the service follows.
func (s *Service) updatePrimary(ctx context.Context, in *taskSetInput) (any, error) {
	return s.changeSet(ctx, in, in.Primary, func(h *household, set *taskSet, now instant) error {
		if set.Status == setDraining {
			return invalidParameter.errorf("The task set %s is DRAINING and cannot become the primary task set.", set.ID)
		}
		if before := h.primary(); before != nil && before != set {
			before.Status, before.Updated = setActive, now.shown
		}
		if set.Status != setPrimary {
			set.Status, set.Updated = setPrimary, now.shown
		}
		h.service.follow(set)
		return nil
	})
}

// deleteTaskSet implements DeleteTaskSet.
func (s *Service) deleteTaskSet(ctx context.Context, in *taskSetInput) (any, error) {
	return s.changeSet(ctx, in, in.TaskSet, func(_ *household, set *taskSet, now instant) error {
		switch {
		case in.Force:
		case set.Status == setPrimary:
			return invalidParameter.errorf("The primary task set cannot be deleted. Delete it with force, or make another task set the primary one.")
		case set.Scale.Value > 0:
			return invalidParameter.errorf("The task set cannot be deleted while it is scaled above 0.")
		}
		set.drain(now)
		return nil
	})
}

type describeTaskSetsInput struct {
	Cluster  string   `json:"cluster"`
	Service  string   `json:"service"`
	TaskSets []string `json:"taskSets"`
	Include  []string `json:"include"`
}

type describeTaskSetsOutput struct {
	TaskSets []shownTaskSet `json:"taskSets"`
	Failures []failure      `json:"failures"`
}

// describeTaskSets implements DescribeTaskSets.
func (s *Service) describeTaskSets(ctx context.Context, in *describeTaskSetsInput) (any, error) {
	k, err := serviceName(scopeOf(ctx), in.Cluster, in.Service)
	if err != nil {
		return nil, err
	}
	if len(in.TaskSets) > maxPage {
		return nil, invalidParameter.errorf("At most %d task sets can be described, found %d.", maxPage, len(in.TaskSets))
	}
	out := describeTaskSetsOutput{}
	err = s.db.View(ctx, func(tx *sqldb.Tx) error {
		h, err := activeHousehold(tx, k)
		if err != nil {
			return err
		}
		if !h.service.byTaskSets() {
			return externalOnly()
		}
		out = describeTaskSetsOutput{[]shownTaskSet{}, []failure{}}
		targets, now := s.targetsOf(k.scope), s.now()
		sets, missing := h.named(in.TaskSets)
		for _, set := range sets {
			out.TaskSets = append(out.TaskSets, h.showSet(set, targets, now, slices.Contains(in.Include, "TAGS")))
		}
		out.Failures = append(out.Failures, missing...)
		return nil
	})
	return out, err
}

// named are the task sets that are meant, all when none is named.
func (h *household) named(references []string) (sets []*taskSet, missing []failure) {
	if len(references) == 0 {
		return h.primaryFirst(), nil
	}
	k := h.service.serviceKey
	for _, reference := range references {
		id, err := taskSetID(k, reference)
		if set := h.set(id); err == nil && set != nil {
			sets = append(sets, set)
		} else {
			missing = append(missing, failure{k.taskSetARN(shortened(reference)), "MISSING"})
		}
	}
	return sets, missing
}
