package ecs

import (
	"greenlight/internal/sqldb"
)

// shownService is Service of the model. The lists that clients index without
// asking are always there.
type shownService struct {
	ARN           string            `json:"serviceArn"`
	Name          string            `json:"serviceName"`
	ClusterARN    string            `json:"clusterArn"`
	LoadBalancers []loadBalancer    `json:"loadBalancers"`
	Registries    []serviceRegistry `json:"serviceRegistries"`
	Status        string            `json:"status"`
	Desired       int               `json:"desiredCount"`
	Running       int               `json:"runningCount"`
	Pending       int               `json:"pendingCount"`
	placement
	Definition  string            `json:"taskDefinition,omitzero"`
	TaskSets    []shownTaskSet    `json:"taskSets,omitzero"`
	Deployments []shownDeployment `json:"deployments"`
	RoleARN     string            `json:"roleArn,omitzero"`
	Events      []event           `json:"events"`
	Created     moment            `json:"createdAt"`
	serviceSettings
	Scheduling string     `json:"schedulingStrategy"`
	Controller controller `json:"deploymentController"`
	CreatedBy  string     `json:"createdBy"`
	Tags       []tag      `json:"tags,omitzero"`
}

type serviceAnswer struct {
	Service *shownService `json:"service"`
}

// show presents a service. The verdicts about its task sets are made now, from
// the health that the balancer tells now.
func (s *Service) show(h *household, withTags bool) *shownService {
	v := h.service
	shown := &shownService{
		ARN: v.arn(), Name: v.Name, ClusterARN: v.scope.arn("cluster/" + v.Cluster), LoadBalancers: v.LoadBalancers,
		Registries: v.Registries, Status: v.Status, Desired: v.Desired, placement: v.Placement, Definition: v.Definition,
		Deployments: []shownDeployment{}, RoleARN: v.RoleARN, Events: v.Events, Created: v.Created,
		serviceSettings: v.Settings, Scheduling: "REPLICA", Controller: controller{v.Controller}, CreatedBy: v.CreatedBy,
	}
	shown.serviceSettings.fill(v)
	shown.Pending, shown.Running = counts(h.tasks)
	if withTags {
		shown.Tags = v.Tags.list()
	}
	targets, now := s.targetsOf(v.scope), s.now()
	if v.byTaskSets() {
		shown.TaskSets = []shownTaskSet{}
	}
	for _, set := range h.primaryFirst() {
		if v.byTaskSets() {
			shown.TaskSets = append(shown.TaskSets, h.showSet(set, targets, now, withTags))
		} else {
			shown.Deployments = append(shown.Deployments, h.showDeployment(set))
		}
	}
	return shown
}

// fill adds what ECS shows where nothing was given.
func (s *serviceSettings) fill(v *service) {
	maximum, minimum := s.Deployment.bounds()
	d := deploymentConfiguration{}
	if s.Deployment != nil {
		d = *s.Deployment
	}
	d.Maximum, d.MinimumHealthy = &maximum, &minimum
	s.Deployment = &d
	if s.PlacementConstraints == nil {
		s.PlacementConstraints = opaque("[]")
	}
	if s.PlacementStrategy == nil {
		s.PlacementStrategy = opaque("[]")
	}
	s.ManagedTags, s.ExecuteCommand = orNew(s.ManagedTags, false), orNew(s.ExecuteCommand, false)
	if s.PropagateTags == "" {
		s.PropagateTags = "NONE"
	}
	if s.GracePeriod == nil && len(v.LoadBalancers) > 0 {
		s.GracePeriod = new(0)
	}
}

// shownDeployment is Deployment of the model: a task set of a service that ECS
// deploys itself.
type shownDeployment struct {
	ID         string `json:"id"`
	Status     string `json:"status"`
	Definition string `json:"taskDefinition"`
	Desired    int    `json:"desiredCount"`
	Pending    int    `json:"pendingCount"`
	Running    int    `json:"runningCount"`
	Failed     int    `json:"failedTasks"`
	Created    moment `json:"createdAt"`
	Updated    moment `json:"updatedAt"`
	placement
	Rollout       string `json:"rolloutState"`
	RolloutReason string `json:"rolloutStateReason"`
}

func (h *household) showDeployment(set *taskSet) shownDeployment {
	pending, running := counts(h.of(set))
	d := shownDeployment{
		ID: set.ID, Status: set.Status, Definition: set.Definition, Desired: set.Desired, Pending: pending, Running: running,
		Failed: set.Failed, Created: set.Created, Updated: set.Updated, placement: set.Placement,
		Rollout: "IN_PROGRESS", RolloutReason: "ECS deployment " + set.ID + " in progress.",
	}
	if set.Completed {
		d.Rollout, d.RolloutReason = "COMPLETED", "ECS deployment "+set.ID+" completed."
	}
	return d
}

// showNow presents a service as it is inside a transaction.
func (s *Service) showNow(tx *sqldb.Tx, k serviceKey) (*shownService, error) {
	h, err := loadHousehold(tx, k)
	if err != nil {
		return nil, err
	}
	return s.show(h, true), nil
}
