package ecstest

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"greenlight/internal/awsaccess"
	"greenlight/internal/ecsdriver"
)

// maxTaskSets is how many task sets ECS lets a service have.
const maxTaskSets = 5

// AlwaysSteady says whether task sets are steady as soon as they are made. Without it they are when Settle says so.
func (c *Cloud) AlwaysSteady(yes bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.steady = yes
}

// KeepDraining says whether deleted task sets stay, DRAINING. Without it, one is shown once and then gone.
func (c *Cloud) KeepDraining(yes bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keepDrained = yes
}

// Settle makes every task set of a service that is not draining steady, with as many tasks as the service desires.
func (c *Cloud) Settle(cluster, name string) {
	c.EditService(cluster, name, func(s *ecsdriver.Service) {
		for i := range s.TaskSets {
			if s.TaskSets[i].Status != ecsdriver.StatusDrain {
				s.TaskSets[i].Desired = s.DesiredCount
				settle(&s.TaskSets[i])
			}
		}
	})
}

// Unsettle makes one task set lose a task, so that it is no longer steady.
func (c *Cloud) Unsettle(cluster, name, id string) {
	c.EditTaskSet(cluster, name, id, func(t *ecsdriver.TaskSet) {
		t.Stability, t.Running, t.Pending = "STABILIZING", max(t.Running-1, 0), 1
	})
}

// Scale changes a service's desired count and with it that of its task sets, which are not steady then.
func (c *Cloud) Scale(cluster, name string, desired int) {
	c.EditService(cluster, name, func(s *ecsdriver.Service) {
		s.DesiredCount = desired
		for i := range s.TaskSets {
			if t := &s.TaskSets[i]; t.Status != ecsdriver.StatusDrain {
				t.Desired, t.Pending, t.Stability = desired, max(desired-t.Running, 0), "STABILIZING"
			}
		}
	})
}

// EditTaskSet changes one task set as somebody else would. It panics when there is none, which is a mistake in the test.
func (c *Cloud) EditTaskSet(cluster, name, id string, edit func(*ecsdriver.TaskSet)) {
	c.EditService(cluster, name, func(s *ecsdriver.Service) {
		i := slices.IndexFunc(s.TaskSets, func(t ecsdriver.TaskSet) bool { return t.ID == id })
		if i < 0 {
			panic(fmt.Sprintf("ecstest: no task set %s in service %s", id, name))
		}
		edit(&s.TaskSets[i])
	})
}

// TaskSets is a look at a service's task sets that is no call.
func (c *Cloud) TaskSets(cluster, name string) []ecsdriver.TaskSet {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.mustService(cluster, name).TaskSets)
}

// Service is DescribeServices.
func (c *Cloud) Service(ctx context.Context, as awsaccess.As, cluster, name string) (ecsdriver.Service, error) {
	var seen ecsdriver.Service
	err := c.serve(ctx, as, Call{Operation: Service, Cluster: cluster, Service: name}, func(*Call) error {
		s := c.services[at(cluster, name)]
		if s == nil {
			missing := Fault(awsaccess.NotFound, awsaccess.ServiceECS, "MISSING",
				fmt.Sprintf("service %s in cluster %s is reported as MISSING", name, cluster))
			missing.StatusCode = http.StatusOK
			return missing
		}
		c.forgetDrained(s)
		seen = s.Service
		seen.TaskSets = slices.Clone(s.TaskSets)
		return nil
	})
	return seen, err
}

// forgetDrained takes away the draining task sets that were shown before, and marks the others as shown.
func (c *Cloud) forgetDrained(s *service) {
	s.TaskSets = slices.DeleteFunc(slices.Clone(s.TaskSets), func(t ecsdriver.TaskSet) bool {
		if t.Status != ecsdriver.StatusDrain || c.keepDrained {
			return false
		}
		shown := s.shown[t.ID]
		s.shown[t.ID] = true
		return shown
	})
}

// CreateTaskSet makes a task set, one for a client token.
func (c *Cloud) CreateTaskSet(ctx context.Context, as awsaccess.As, spec ecsdriver.TaskSetSpec) (ecsdriver.TaskSet, error) {
	var made ecsdriver.TaskSet
	call := Call{Operation: CreateTaskSet, Cluster: spec.Cluster, Service: spec.Service, Spec: spec}
	err := c.serve(ctx, as, call, func(*Call) error {
		s, err := c.active(spec.Cluster, spec.Service)
		if err != nil {
			return err
		}
		if i := find(s, s.tokens[spec.ClientToken]); spec.ClientToken != "" && i >= 0 {
			made = s.TaskSets[i]
			return nil
		}
		if len(s.TaskSets) >= maxTaskSets {
			return invalid(fmt.Sprintf("%d deployments exist on the service. Unable to create new TaskSet since this exceeds the maximum limit.",
				len(s.TaskSets)))
		}
		made = c.newTaskSet(s, spec)
		if c.steady {
			settle(&made)
		}
		s.TaskSets = append(s.TaskSets, made)
		s.tokens[spec.ClientToken] = made.ID
		return nil
	})
	return made, err
}

func (c *Cloud) newTaskSet(s *service, spec ecsdriver.TaskSetSpec) ecsdriver.TaskSet {
	c.made++
	id := fmt.Sprintf("ecs-svc/%019d", c.made)
	set := ecsdriver.TaskSet{
		ID:                id,
		ARN:               "arn:aws:ecs:eu-west-1:" + account + ":task-set/" + last(spec.Cluster) + "/" + s.Name + "/" + id,
		Status:            ecsdriver.StatusActive,
		ExternalID:        spec.ExternalID,
		TaskDefinition:    spec.TaskDefinition,
		TargetGroupARN:    spec.TargetGroupARN,
		Stability:         "STABILIZING",
		Desired:           s.DesiredCount,
		LaunchType:        spec.LaunchType,
		PlatformVersion:   spec.PlatformVersion,
		CapacityProviders: spec.CapacityProviders,
		Network:           spec.Network,
		Registries:        spec.Registries,
	}
	return set
}

// PromoteTaskSet is UpdateServicePrimaryTaskSet.
func (c *Cloud) PromoteTaskSet(ctx context.Context, as awsaccess.As, cluster, name, id string) error {
	call := Call{Operation: PromoteTaskSet, Cluster: cluster, Service: name, TaskSet: id}
	return c.serve(ctx, as, call, func(*Call) error {
		s, err := c.active(cluster, name)
		if err != nil {
			return err
		}
		chosen := find(s, id)
		if chosen < 0 {
			return Fault(awsaccess.NotFound, awsaccess.ServiceECS, "TaskSetNotFoundException", "The specified task set wasn't found.")
		}
		for i := range s.TaskSets {
			if s.TaskSets[i].Status == ecsdriver.StatusPrimary {
				s.TaskSets[i].Status = ecsdriver.StatusActive
			}
		}
		s.TaskSets[chosen].Status = ecsdriver.StatusPrimary
		return nil
	})
}

// DeleteTaskSet starts to drain a task set. One that is not there is no error.
func (c *Cloud) DeleteTaskSet(ctx context.Context, as awsaccess.As, cluster, name, id string) error {
	call := Call{Operation: DeleteTaskSet, Cluster: cluster, Service: name, TaskSet: id}
	return c.serve(ctx, as, call, func(*Call) error {
		s := c.services[at(cluster, name)]
		if s == nil {
			return nil
		}
		if i := find(s, id); i >= 0 {
			t := &s.TaskSets[i]
			t.Status, t.Desired, t.Pending = ecsdriver.StatusDrain, 0, 0
		}
		return nil
	})
}

func (c *Cloud) active(cluster, name string) (*service, error) {
	s := c.services[at(cluster, name)]
	switch {
	case s == nil:
		return nil, Fault(awsaccess.NotFound, awsaccess.ServiceECS, "ServiceNotFoundException", "Service not found.")
	case s.Status != ecsdriver.StatusActive:
		return nil, Fault(awsaccess.NotFound, awsaccess.ServiceECS, "ServiceNotActiveException", "Service was not ACTIVE.")
	}
	return s, nil
}

// find takes a task set by id or ARN.
func find(s *service, id string) int {
	return slices.IndexFunc(s.TaskSets, func(t ecsdriver.TaskSet) bool { return t.ID == id || t.ARN == id })
}

func settle(t *ecsdriver.TaskSet) {
	t.Stability, t.Pending, t.Running = ecsdriver.Steady, 0, t.Desired
}

func invalid(message string) *awsaccess.Fault {
	return Fault(awsaccess.Invalid, awsaccess.ServiceECS, "InvalidParameterException", message)
}
