package ecs

import (
	"context"
	"regexp"
	"slices"

	"greenlight/internal/awswire"
	"greenlight/internal/sqldb"
)

type createServiceInput struct {
	Cluster       string            `json:"cluster"`
	Name          string            `json:"serviceName"`
	Definition    string            `json:"taskDefinition"`
	LoadBalancers []loadBalancer    `json:"loadBalancers"`
	Registries    []serviceRegistry `json:"serviceRegistries"`
	Desired       *int              `json:"desiredCount"`
	Token         string            `json:"clientToken"`
	Role          string            `json:"role"`
	Scheduling    string            `json:"schedulingStrategy"`
	Controller    *controller       `json:"deploymentController"`
	Tags          []tag             `json:"tags"`
	placement
	serviceSettings
}

// maxDesired bounds the tasks of one service: they all run on this machine.
const maxDesired = 500

// createService implements CreateService. The service is answered before
// anything runs (ecs.md 14.2).
func (s *Service) createService(ctx context.Context, in *createServiceInput) (any, error) {
	v, err := in.service(ctx)
	if err != nil {
		return nil, err
	}
	now := s.now()
	v.Created = now.shown
	var shown *shownService
	err = s.db.Tx(ctx, func(tx *sqldb.Tx) error {
		present, err := findService(tx, v.serviceKey)
		if err != nil {
			return err
		}
		if present != nil && present.Status != statusInactive {
			if !present.sameRequest(v) {
				return invalidParameter.errorf("Creation of service was not idempotent.")
			}
		} else if err := s.insertService(tx, v, in.Definition, now); err != nil {
			return err
		}
		shown, err = s.showNow(tx, v.serviceKey)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.mark(v.serviceKey)
	return serviceAnswer{shown}, nil
}

// sameRequest reports whether a service was created by the request that would
// create other.
func (v *service) sameRequest(other *service) bool {
	return v.Token != "" && v.Token == other.Token && v.Status == statusActive
}

// service is what a request wants, as far as it can be judged by itself.
func (in *createServiceInput) service(ctx context.Context) (*service, error) {
	scope := scopeOf(ctx)
	cluster, err := clusterName(scope, in.Cluster)
	if err != nil {
		return nil, err
	}
	v := &service{
		serviceKey: serviceKey{scope, cluster, in.Name}, Status: statusActive, Controller: controllerECS,
		Desired: *orNew(in.Desired, 0), CreatedBy: awswire.CallerFrom(ctx).PrincipalARN, Token: in.Token, RoleARN: in.Role,
		LoadBalancers: in.LoadBalancers, Placement: in.placement, Registries: in.Registries, Settings: in.serviceSettings,
	}
	if in.Controller != nil {
		v.Controller = in.Controller.Type
	}
	if v.Tags, err = newTags(in.Tags); err != nil {
		return nil, err
	}
	return v, in.check(v)
}

func (in *createServiceInput) check(v *service) error {
	switch {
	case !validName.MatchString(in.Name):
		return invalidParameter.errorf("Service name %q must have 1 to 255 letters, digits, hyphens and underscores.", shortened(in.Name))
	case in.Scheduling != "" && in.Scheduling != "REPLICA" && in.Scheduling != "DAEMON":
		return invalidParameter.errorf("Scheduling strategy %q must be REPLICA or DAEMON.", shortened(in.Scheduling))
	case in.Scheduling == "DAEMON" && v.byTaskSets():
		return invalidParameter.errorf("The DAEMON scheduling strategy is not supported with the %s deployment controller.", shortened(v.Controller))
	case in.Scheduling == "DAEMON":
		return notHere("The scheduling strategy DAEMON")
	case !slices.Contains([]string{controllerECS, controllerCodeDeploy, controllerExternal}, v.Controller):
		return invalidParameter.errorf("Deployment controller type %q must be ECS, CODE_DEPLOY or EXTERNAL.", shortened(v.Controller))
	case v.Controller == controllerExternal && in.Definition == "":
		if len(in.LoadBalancers) > 0 {
			return invalidParameter.errorf("Load balancers of a service with an EXTERNAL deployment controller are specified on its task sets.")
		}
	case in.Desired == nil:
		return invalidParameter.errorf("Desired count must be specified for the REPLICA scheduling strategy.")
	}
	if err := checkDesired(v.Desired); err != nil {
		return err
	}
	return v.Settings.check(len(in.LoadBalancers) > 0 || v.Controller == controllerExternal)
}

func checkDesired(desired int) error {
	if desired < 0 || desired > maxDesired {
		return invalidParameter.errorf("Desired count must be between 0 and %d, found %d.", maxDesired, desired)
	}
	return nil
}

// insertService saves a new service with its first task set, which is PRIMARY
// (ecs.md 1). One with the controller EXTERNAL begins without any.
func (s *Service) insertService(tx *sqldb.Tx, v *service, reference string, now instant) error {
	c, err := activeCluster(tx, v.scope, v.Cluster)
	if err != nil {
		return err
	}
	if err := forget(tx, v.serviceKey); err != nil {
		return err
	}
	if v.Controller == controllerExternal && reference == "" {
		return saveService(tx, v)
	}
	d, err := usableDefinition(tx, v.scope, reference)
	if err != nil {
		return err
	}
	if v.Controller == controllerCodeDeploy && len(v.LoadBalancers) != 1 {
		return invalidParameter.errorf("A service with a CODE_DEPLOY deployment controller must have exactly one load balancer, found %d.", len(v.LoadBalancers))
	}
	if len(v.Placement.Strategy) == 0 && v.Placement.LaunchType == "" {
		if v.Placement.Strategy = slices.Clone(c.Strategy); len(c.Strategy) == 0 {
			v.Placement.LaunchType = launchEC2
		}
	}
	set := &taskSet{
		ID: newTaskSetID(), Status: setPrimary, Definition: d.arn(), LoadBalancers: v.LoadBalancers, Placement: v.Placement,
		Registries: v.Registries, Scale: scale{100, percent}, Created: v.Created, Updated: v.Created, StableAt: v.Created,
	}
	if err := s.checkSet(v, set, d, true); err != nil {
		return err
	}
	v.follow(set)
	set.want(set.share(v.Desired), now)
	if err := saveService(tx, v); err != nil {
		return err
	}
	return saveTaskSet(tx, v.serviceKey, set)
}

var platformVersion = regexp.MustCompile(`^(LATEST|1\.[0-4]\.0)$`)

// checkSet judges a task set before it is created and fills in defaults. A new
// service's target group must be in use, a new task set's need not (ecs.md 11).
func (s *Service) checkSet(v *service, set *taskSet, d *definition, inUse bool) error {
	for i := range set.LoadBalancers {
		if err := s.checkBalancer(v.scope, &set.LoadBalancers[i], d, inUse); err != nil {
			return err
		}
	}
	return set.Placement.check(d)
}

// checkBalancer has the texts of ecs.md 11.
func (s *Service) checkBalancer(in scope, lb *loadBalancer, d *definition, inUse bool) error {
	switch container := d.container(lb.ContainerName); {
	case lb.LoadBalancerName != "":
		return notHere("A Classic Load Balancer")
	case lb.TargetGroupARN == "":
		return invalidParameter.errorf("Target group ARN can not be blank.")
	case lb.ContainerName == "":
		return invalidParameter.errorf("Container Name can not be blank.")
	case container == nil:
		return invalidParameter.errorf("The container %s does not exist in the task definition.", shortened(lb.ContainerName))
	case !container.hasPort(lb.ContainerPort):
		return invalidParameter.errorf("The container %s did not have a container port %d defined.", lb.ContainerName, lb.ContainerPort)
	}
	group, found := s.balancer.TargetGroup(in.Account, in.Region, lb.TargetGroupARN)
	if !found {
		return invalidParameter.errorf("The target group with targetGroupArn %s does not exist.", shortened(lb.TargetGroupARN))
	}
	if inUse && len(group.LoadBalancerARNs) == 0 {
		return invalidParameter.errorf("The target group with targetGroupArn %s does not have an associated load balancer.", lb.TargetGroupARN)
	}
	return nil
}

// check judges where tasks of the definition are to run.
func (p *placement) check(d *definition) error {
	if p.LaunchType != "" && len(p.Strategy) > 0 {
		return invalidParameter.errorf("Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.")
	}
	if !slices.Contains([]string{"", launchEC2, launchFargate, launchExternal}, p.LaunchType) {
		return invalidParameter.errorf("Launch type %q must be EC2, FARGATE or EXTERNAL.", shortened(p.LaunchType))
	}
	if err := p.checkStrategy(); err != nil {
		return err
	}
	if err := p.checkNetwork(d); err != nil {
		return err
	}
	switch {
	case p.LaunchType == launchFargate && !slices.Contains(d.Content.Compatibilities, launchFargate):
		return invalidParameter.errorf("Task definition does not support launch_type FARGATE.")
	case p.PlatformVersion != "" && p.LaunchType != "" && p.LaunchType != launchFargate:
		return invalidParameter.errorf("The platform version must be null when specifying an %s launch type.", p.LaunchType)
	case p.PlatformVersion == "" && p.LaunchType == launchFargate:
		p.PlatformVersion = "LATEST"
	case p.PlatformVersion != "" && !platformVersion.MatchString(p.PlatformVersion):
		return platformUnknown.errorf("The specified platform version %q does not exist.", shortened(p.PlatformVersion))
	}
	return nil
}

func (p *placement) checkStrategy() error {
	bases, weights := 0, 0
	for _, item := range p.Strategy {
		if item.CapacityProvider == "" || item.Weight < 0 || item.Weight > 1000 || item.Base < 0 || item.Base > 100_000 {
			return invalidParameter.errorf("An item of a capacity provider strategy must have a capacity provider, a weight of 0 to 1000 and a base of 0 to 100000.")
		}
		if item.Base > 0 {
			bases++
		}
		weights += item.Weight
	}
	if bases > 1 {
		return invalidParameter.errorf("Only one capacity provider of a strategy can have a base.")
	}
	if len(p.Strategy) > 1 && weights == 0 {
		return invalidParameter.errorf("At least one capacity provider of a strategy must have a weight above 0.")
	}
	return nil
}

func (p *placement) checkNetwork(d *definition) error {
	given := p.Network != nil && p.Network.AWSVPC != nil
	if !given {
		p.Network = nil
	}
	switch ofItsOwn := d.Content.NetworkMode == networkAWSVPC; {
	case ofItsOwn && !given:
		return invalidParameter.errorf("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
	case !ofItsOwn && given:
		return invalidParameter.errorf("Network Configuration is not valid for the given networkMode of this task definition.")
	case !given:
		return nil
	case len(p.Network.AWSVPC.Subnets) == 0:
		return invalidParameter.errorf("subnets can not be empty.")
	case !slices.Contains([]string{"", "ENABLED", "DISABLED"}, p.Network.AWSVPC.AssignPublicIP):
		return invalidParameter.errorf("assignPublicIp %q must be ENABLED or DISABLED.", shortened(p.Network.AWSVPC.AssignPublicIP))
	}
	if p.Network.AWSVPC.AssignPublicIP == "" {
		p.Network.AWSVPC.AssignPublicIP = "DISABLED"
	}
	return nil
}
