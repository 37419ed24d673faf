package ecs

import (
	"slices"
	"time"

	"greenlight/internal/sqldb"
)

// service is a row of the table of that name. A service keeps a number of tasks
// running; its task sets say which.
type service struct {
	serviceKey
	Status     string
	Controller string
	Desired    int
	Created    moment
	CreatedBy  string
	Token      string // the clientToken that it was created with
	RoleARN    string `json:",omitzero"`

	// What it was created with, and, with task sets, what the primary one has.
	Definition    string         `json:",omitzero"` // ARN
	LoadBalancers []loadBalancer `json:",omitzero"`
	Placement     placement
	Registries    []serviceRegistry `json:",omitzero"`

	Settings serviceSettings
	Tags     tags `json:",omitzero"`

	Events   []event   `json:",omitzero"` // newest first
	Steady   bool      // the last event about it said so
	Inactive time.Time `json:",omitzero"` // by the machine's clock
}

// serviceSettings are the members of a service that can be changed whatever its
// controller.
type serviceSettings struct {
	Deployment           *deploymentConfiguration `json:"deploymentConfiguration,omitzero"`
	GracePeriod          *int                     `json:"healthCheckGracePeriodSeconds,omitzero"`
	PlacementConstraints opaque                   `json:"placementConstraints,omitzero"`
	PlacementStrategy    opaque                   `json:"placementStrategy,omitzero"`
	ManagedTags          *bool                    `json:"enableECSManagedTags,omitzero"`
	PropagateTags        string                   `json:"propagateTags,omitzero"`
	ExecuteCommand       *bool                    `json:"enableExecuteCommand,omitzero"`
	ZoneRebalancing      string                   `json:"availabilityZoneRebalancing,omitzero"`
}

type deploymentConfiguration struct {
	Maximum        *int            `json:"maximumPercent,omitzero"`
	MinimumHealthy *int            `json:"minimumHealthyPercent,omitzero"`
	Breaker        *circuitBreaker `json:"deploymentCircuitBreaker,omitzero"`
	Strategy       string          `json:"strategy,omitzero"`
	BakeTime       *int            `json:"bakeTimeInMinutes,omitzero"`
	// Refused when they say something.
	Alarms         opaque `json:"alarms,omitzero"`
	LifecycleHooks opaque `json:"lifecycleHooks,omitzero"`
	Linear         opaque `json:"linearConfiguration,omitzero"`
	Canary         opaque `json:"canaryConfiguration,omitzero"`
}

type circuitBreaker struct {
	Enable   bool `json:"enable"`
	Rollback bool `json:"rollback"`
}

// The bounds of a rolling deployment unless told, in percent of the desired count.
const (
	defaultMaximum        = 200
	defaultMinimumHealthy = 100
)

// overlay puts what an update gives in the place of what is there.
func (s *serviceSettings) overlay(u serviceSettings) {
	if u.Deployment != nil {
		d := deploymentConfiguration{}
		if s.Deployment != nil {
			d = *s.Deployment
		}
		d.overlay(u.Deployment)
		s.Deployment = &d
	}
	replace(&s.GracePeriod, u.GracePeriod)
	replace(&s.ManagedTags, u.ManagedTags)
	replace(&s.ExecuteCommand, u.ExecuteCommand)
	if u.PlacementConstraints != nil {
		s.PlacementConstraints = u.PlacementConstraints
	}
	if u.PlacementStrategy != nil {
		s.PlacementStrategy = u.PlacementStrategy
	}
	if u.PropagateTags != "" {
		s.PropagateTags = u.PropagateTags
	}
	if u.ZoneRebalancing != "" {
		s.ZoneRebalancing = u.ZoneRebalancing
	}
}

func (d *deploymentConfiguration) overlay(u *deploymentConfiguration) {
	replace(&d.Maximum, u.Maximum)
	replace(&d.MinimumHealthy, u.MinimumHealthy)
	replace(&d.Breaker, u.Breaker)
	replace(&d.BakeTime, u.BakeTime)
	if u.Strategy != "" {
		d.Strategy = u.Strategy
	}
}

func replace[T any](place **T, given *T) {
	if given != nil {
		*place = given
	}
}

// check judges settings that a request has given.
func (s *serviceSettings) check(balanced bool) error {
	if g := s.GracePeriod; g != nil {
		switch {
		case *g < 0:
			return invalidParameter.errorf("The health check grace period %d must not be negative.", *g)
		case *g > 0 && !balanced:
			return invalidParameter.errorf("Health check grace period is only valid for services configured to use load balancers")
		}
	}
	if !slices.Contains([]string{"", "NONE", "SERVICE", "TASK_DEFINITION"}, s.PropagateTags) {
		return invalidParameter.errorf("Invalid propagateTags %q: must be SERVICE, TASK_DEFINITION or NONE.", shortened(s.PropagateTags))
	}
	return s.Deployment.check()
}

func (d *deploymentConfiguration) check() error {
	if d == nil {
		return nil
	}
	if d.Breaker != nil && d.Breaker.Enable {
		return notHere("The deployment circuit breaker")
	}
	if d.Strategy != "" && d.Strategy != "ROLLING" {
		return notHere("The deployment strategy " + shortened(d.Strategy))
	}
	for _, refused := range []struct {
		name  string
		given opaque
	}{{"alarms", d.Alarms}, {"lifecycleHooks", d.LifecycleHooks}, {"linearConfiguration", d.Linear}, {"canaryConfiguration", d.Canary}} {
		if !saysNothing(refused.given) {
			return notHere("The member deploymentConfiguration." + refused.name)
		}
	}
	maximum, minimum := d.bounds()
	switch {
	case maximum < 100 || maximum > 10_000:
		return invalidParameter.errorf("maximumPercent must be between 100 and 10000, found %d.", maximum)
	case minimum < 0 || minimum > 100:
		return invalidParameter.errorf("minimumHealthyPercent must be between 0 and 100, found %d.", minimum)
	case maximum == 100 && minimum == 100:
		return invalidParameter.errorf("Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments")
	}
	return nil
}

func (d *deploymentConfiguration) bounds() (maximum, minimumHealthy int) {
	if d == nil {
		d = &deploymentConfiguration{}
	}
	return *orNew(d.Maximum, defaultMaximum), *orNew(d.MinimumHealthy, defaultMinimumHealthy)
}

// gracePeriod is how long health checks of a new task are not acted upon.
func (v *service) gracePeriod() time.Duration {
	return time.Duration(*orNew(v.Settings.GracePeriod, 0)) * time.Second
}

// byTaskSets reports whether somebody else than ECS deploys the service.
func (v *service) byTaskSets() bool { return v.Controller != controllerECS }

// follow makes the service show what its primary task set has (ecs.md 14.2).
func (v *service) follow(primary *taskSet) {
	v.Definition, v.LoadBalancers = primary.Definition, primary.LoadBalancers
	v.Placement, v.Registries = primary.Placement, primary.Registries
}

// household is a service with all that belongs to it.
type household struct {
	service *service
	sets    []*taskSet // oldest first
	tasks   []*task    // not STOPPED, oldest first
}

// loadHousehold reads a service that is there, ACTIVE or not; an unknown one is
// ServiceNotFoundException.
func loadHousehold(tx *sqldb.Tx, k serviceKey) (*household, error) {
	v, err := findService(tx, k)
	if err != nil {
		return nil, err
	}
	if v == nil {
		return nil, noService()
	}
	h := &household{service: v}
	if h.sets, err = taskSetsOf(tx, k); err != nil {
		return nil, err
	}
	h.tasks, err = liveTasks(tx, k)
	return h, err
}

// primary is the task set of that status; nil if there is none.
func (h *household) primary() *taskSet {
	for _, set := range h.sets {
		if set.Status == setPrimary {
			return set
		}
	}
	return nil
}

func (h *household) set(id string) *taskSet {
	for _, set := range h.sets {
		if set.ID == id {
			return set
		}
	}
	return nil
}

// of lists the tasks of a task set.
func (h *household) of(set *taskSet) []*task {
	var tasks []*task
	for _, t := range h.tasks {
		if t.TaskSet == set.ID {
			tasks = append(tasks, t)
		}
	}
	return tasks
}

// primaryFirst lists the task sets as the API does.
func (h *household) primaryFirst() []*taskSet {
	sets := slices.Clone(h.sets)
	slices.SortStableFunc(sets, func(a, b *taskSet) int { return a.rank() - b.rank() })
	return sets
}

// rescale recomputes what every task set of the service should have.
func (h *household) rescale(now instant) {
	for _, set := range h.sets {
		desired := set.share(h.service.Desired)
		if !h.service.byTaskSets() && set.Status != setPrimary {
			desired = set.Desired // an older deployment only shrinks
		}
		set.want(desired, now)
	}
}
