package api

import (
	"strings"

	"greenlight/internal/codedeploy"
)

// The load balancers of a group, by platform (api.md 4, ecs.md 3.2). The list
// of pairs has an exception of its own, which comes later in the chain.

const (
	maxBalancers       = 10 // in each list
	maxTargetGroupName = 32 // characters, which leaves no room for an ARN
	pairSize           = 2
)

func noBalancer(info *codedeploy.DeploymentGroupInfo) error {
	if namesBalancer(info.LoadBalancerInfo) {
		return notOn(info, loadBalancers)
	}
	return nil
}

// namesBalancer tells a load balancer info from one that is absent or only has
// empty lists.
func namesBalancer(lb *codedeploy.LoadBalancerInfo) bool {
	return lb != nil && len(lb.ELBInfoList)+len(lb.TargetGroupInfoList)+len(lb.TargetGroupPairInfoList) > 0
}

func serverBalancers(info *codedeploy.DeploymentGroupInfo) error {
	lb := info.LoadBalancerInfo
	if !namesBalancer(lb) {
		if controlsTraffic(info.DeploymentStyle) {
			return loadBalancers.bad("The deploymentOption is WITH_TRAFFIC_CONTROL, but neither elbInfoList nor targetGroupInfoList nor targetGroupPairInfoList names anything.")
		}
		return nil
	}
	if len(lb.ELBInfoList) > maxBalancers || len(lb.TargetGroupInfoList) > maxBalancers {
		return loadBalancers.bad("%d load balancers and %d target groups were given; at most %d of each are allowed.",
			len(lb.ELBInfoList), len(lb.TargetGroupInfoList), maxBalancers)
	}
	return loadBalancers.settle(lb)
}

// isVisible says whether text can name anything: something of it can be read.
func isVisible(text string) bool { return isPrintable(text) && strings.TrimSpace(text) != "" }

func isTargetGroupName(name string) bool {
	return isVisible(name) && len(name) <= maxTargetGroupName && !strings.HasPrefix(name, "arn:")
}

func ecsBalancers(info *codedeploy.DeploymentGroupInfo) error {
	switch lb := info.LoadBalancerInfo; {
	case lb == nil:
		return loadBalancers.bad("For ECS deployment group, loadBalancerInfo must be specified")
	case len(lb.ELBInfoList) > 0:
		return loadBalancers.bad("For ECS deployment group, loadBalancerInfo must not contain elbInfo list")
	case len(lb.TargetGroupInfoList) > 0:
		return loadBalancers.bad("For ECS deployment group, loadBalancerInfo must not contain targetGroupInfo list")
	}
	return nil
}

// ecsPair judges the one pair of an ECS group. A single target group is
// accepted here; every deployment of the group then fails (ecs.md 3.2).
func ecsPair(info *codedeploy.DeploymentGroupInfo) error {
	pairs := info.LoadBalancerInfo.TargetGroupPairInfoList
	if len(pairs) != 1 {
		return targetGroupPair.bad("For ECS deployment group, exactly one target group pair must be specified; %d were given.", len(pairs))
	}
	pair := pairs[0]
	if err := pairNames(pair.TargetGroups); err != nil {
		return err
	}
	if err := targetGroupPair.settle(info.LoadBalancerInfo); err != nil {
		return err
	}
	if pair.ProdTrafficRoute == nil {
		return targetGroupPair.bad("The target group pair has no prodTrafficRoute.")
	}
	return pairRoutes(pair)
}

// serverPair judges a pair on a Server group: hosts have target groups, but
// need not have a route to shift.
func serverPair(info *codedeploy.DeploymentGroupInfo) error {
	if info.LoadBalancerInfo == nil || len(info.LoadBalancerInfo.TargetGroupPairInfoList) == 0 {
		return nil
	}
	pairs := info.LoadBalancerInfo.TargetGroupPairInfoList
	if len(pairs) > 1 {
		return targetGroupPair.bad("%d target group pairs were given; at most one is allowed.", len(pairs))
	}
	if err := pairNames(pairs[0].TargetGroups); err != nil {
		return err
	}
	if err := targetGroupPair.settle(info.LoadBalancerInfo); err != nil {
		return err
	}
	return pairRoutes(pairs[0])
}

func pairNames(groups []codedeploy.TargetGroupInfo) error {
	if len(groups) == 0 || len(groups) > pairSize {
		return targetGroupPair.bad("A target group pair has 1 or %d target groups; %d were given.", pairSize, len(groups))
	}
	if len(groups) == pairSize && groups[0] == groups[1] {
		return targetGroupPair.bad("Target group pair must have distinct target groups.")
	}
	return nil
}

// pairRoutes judges the routes that are given: one listener each, and two of
// them.
func pairRoutes(pair codedeploy.TargetGroupPairInfo) error {
	prod, err := listener("prodTrafficRoute", pair.ProdTrafficRoute)
	if err != nil {
		return err
	}
	test, err := listener("testTrafficRoute", pair.TestTrafficRoute)
	if err != nil {
		return err
	}
	if prod != "" && prod == test {
		return targetGroupPair.bad("The prodTrafficRoute and the testTrafficRoute have the same listener.")
	}
	return nil
}

// listener returns the ARN of the route's one listener, or "" without a route.
func listener(what string, route *codedeploy.TrafficRoute) (string, error) {
	if route == nil {
		return "", nil
	}
	if len(route.ListenerARNs) != 1 || !isVisible(route.ListenerARNs[0]) {
		return "", targetGroupPair.bad("The %s must have exactly one listener ARN.", what)
	}
	return route.ListenerARNs[0], nil
}

// gradualOnALB refuses a configuration that splits traffic where the load
// balancer cannot: a Network Load Balancer (ecs.md 3.2). The type is in the
// listener's ARN.
func gradualOnALB(config codedeploy.DeploymentConfigInfo, info codedeploy.DeploymentGroupInfo) error {
	routing := config.TrafficRoutingConfig
	if info.ComputePlatform != codedeploy.ComputePlatformECS || info.LoadBalancerInfo == nil ||
		routing == nil || routing.Type == codedeploy.TrafficRoutingTypeAllAtOnce {
		return nil
	}
	for _, pair := range info.LoadBalancerInfo.TargetGroupPairInfoList {
		if pair.ProdTrafficRoute != nil && strings.Contains(pair.ProdTrafficRoute.ListenerARNs[0], ":listener/net/") {
			return codedeploy.InvalidTrafficRoutingConfigurationException.Errorf(
				"Only ALB supports gradual traffic routing, use AllAtOnce Traffic routing instead when you create/update Deployment group.")
		}
	}
	return nil
}
