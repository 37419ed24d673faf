package ecs

import (
	"math"
	"time"
)

// The statuses of a task set. DRAINING is that of one that is being deleted.
const (
	setPrimary  = "PRIMARY"
	setActive   = "ACTIVE"
	setDraining = "DRAINING"
)

// maxTaskSets is how many task sets a service can have, those that are being
// deleted not counted (ecs.md 6.3).
const maxTaskSets = 5

// taskSet is a row of the table of that name: so many tasks of one task
// definition. A service that ECS deploys itself has one for each deployment.
type taskSet struct {
	ID, Status    string
	StartedBy     string         `json:",omitzero"`
	ExternalID    string         `json:",omitzero"`
	Token         string         `json:",omitzero"` // the clientToken of its request
	Definition    string         // ARN
	LoadBalancers []loadBalancer `json:",omitzero"`
	Placement     placement
	Registries    []serviceRegistry `json:",omitzero"`
	Scale         scale
	Created       moment
	Updated       moment
	Tags          tags `json:",omitzero"`

	Desired   int // computedDesiredCount
	Steady    bool
	StableAt  moment // when Steady last changed
	Completed bool   `json:",omitzero"` // a deployment by ECS that is over
	Failed    int    `json:",omitzero"` // tasks that failed, ever

	// By the machine's clock.
	Changed   time.Time // when Desired last changed
	Failures  int       `json:",omitzero"` // in a row; see backOff
	NotBefore time.Time `json:",omitzero"` // no new task earlier
}

// share is the set's part of a service's desired count, rounded up (ecs.md 6.3).
func (t *taskSet) share(desired int) int {
	if t.Status == setDraining {
		return 0
	}
	return int(math.Ceil(float64(desired) * t.Scale.Value / 100))
}

// want sets how many tasks the set should have. A new number begins with a clean
// record: it is tried at once.
func (t *taskSet) want(desired int, now instant) {
	if t.Desired == desired {
		return
	}
	t.Desired, t.Changed, t.Updated = desired, now.real, now.shown
	t.Failures, t.NotBefore = 0, time.Time{}
	t.judge(false, now)
}

// judge records whether the set is steady.
func (t *taskSet) judge(steady bool, now instant) {
	if t.Steady != steady {
		t.Steady, t.StableAt = steady, now.shown
	}
}

// drain begins the set's end: its tasks are stopped, then it is removed.
func (t *taskSet) drain(now instant) {
	if t.Status == setDraining {
		return
	}
	t.Status, t.Updated, t.Scale.Value = setDraining, now.shown, 0
	t.want(0, now)
}

// rank orders task sets for the API: PRIMARY first.
func (t *taskSet) rank() int {
	switch t.Status {
	case setPrimary:
		return 0
	case setActive:
		return 1
	}
	return 2
}

// shownTaskSet is TaskSet of the model.
type shownTaskSet struct {
	ID         string `json:"id"`
	ARN        string `json:"taskSetArn"`
	ServiceARN string `json:"serviceArn"`
	ClusterARN string `json:"clusterArn"`
	StartedBy  string `json:"startedBy,omitzero"`
	ExternalID string `json:"externalId,omitzero"`
	Status     string `json:"status"`
	Definition string `json:"taskDefinition"`
	Desired    int    `json:"computedDesiredCount"`
	Pending    int    `json:"pendingCount"`
	Running    int    `json:"runningCount"`
	Created    moment `json:"createdAt"`
	Updated    moment `json:"updatedAt"`
	placement
	LoadBalancers []loadBalancer    `json:"loadBalancers"`
	Registries    []serviceRegistry `json:"serviceRegistries"`
	Scale         scale             `json:"scale"`
	Stability     string            `json:"stabilityStatus"`
	StableAt      moment            `json:"stabilityStatusAt"`
	Tags          []tag             `json:"tags,omitzero"`
}

// The values of stabilityStatus.
const (
	steadyState = "STEADY_STATE"
	stabilizing = "STABILIZING"
)

// showSet presents a task set. It is steady if the last pass found it so and it
// is so now: between a change of its targets and the next pass it must not look
// steady.
func (h *household) showSet(set *taskSet, targets *targetView, now instant, withTags bool) shownTaskSet {
	k := h.service.serviceKey
	tasks := h.of(set)
	shown := shownTaskSet{
		ID: set.ID, ARN: k.taskSetARN(set.ID), ServiceARN: k.arn(), ClusterARN: k.scope.arn("cluster/" + k.Cluster),
		StartedBy: set.StartedBy, ExternalID: set.ExternalID, Status: set.Status, Definition: set.Definition,
		Desired: set.Desired, Created: set.Created, Updated: set.Updated, placement: set.Placement,
		LoadBalancers: set.LoadBalancers, Registries: set.Registries, Scale: set.Scale,
		Stability: stabilizing, StableAt: set.StableAt,
	}
	shown.Pending, shown.Running = counts(tasks)
	switch still := steady(set, tasks, targets); {
	case set.Steady && still:
		shown.Stability = steadyState
	case set.Steady:
		shown.StableAt = now.shown
	}
	if withTags {
		shown.Tags = set.Tags.list()
	}
	return shown
}
