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

func badBalancer(format string, args ...any) error {
	return codedeploy.InvalidLoadBalancerInfoException.Errorf(format, args...)
}

func noBalancer(info *codedeploy.DeploymentGroupInfo) error {
	if namesBalancer(info.LoadBalancerInfo) {
		return notOn(info, codedeploy.InvalidLoadBalancerInfoException, "loadBalancerInfo")
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
			return badBalancer("The deploymentOption is WITH_TRAFFIC_CONTROL, but neither elbInfoList nor targetGroupInfoList nor targetGroupPairInfoList names anything.")
		}
		return nil
	}
	if len(lb.ELBInfoList) > maxBalancers || len(lb.TargetGroupInfoList) > maxBalancers {
		return badBalancer("%d load balancers and %d target groups were given; at most %d of each are allowed.",
			len(lb.ELBInfoList), len(lb.TargetGroupInfoList), maxBalancers)
	}
	for _, elb := range lb.ELBInfoList {
		if strings.TrimSpace(elb.Name) == "" {
			return badBalancer("A load balancer in elbInfoList has no name.")
		}
	}
	for _, group := range lb.TargetGroupInfoList {
		if !isTargetGroupName(group.Name) {
			return badBalancer("The target group %q is not valid: it must be a name of 1 to %d characters, not an ARN.", excerpt(group.Name), maxTargetGroupName)
		}
	}
	return nil
}

func isTargetGroupName(name string) bool {
	return strings.TrimSpace(name) != "" && len(name) <= maxTargetGroupName && !strings.HasPrefix(name, "arn:")
}

func ecsBalancers(info *codedeploy.DeploymentGroupInfo) error {
	switch lb := info.LoadBalancerInfo; {
	case lb == nil:
		return badBalancer("For ECS deployment group, loadBalancerInfo must be specified")
	case len(lb.ELBInfoList) > 0:
		return badBalancer("For ECS deployment group, loadBalancerInfo must not contain elbInfo list")
	case len(lb.TargetGroupInfoList) > 0:
		return badBalancer("For ECS deployment group, loadBalancerInfo must not contain targetGroupInfo list")
	}
	return nil
}

func badPair(format string, args ...any) error {
	return codedeploy.InvalidTargetGroupPairException.Errorf(format, args...)
}

// ecsPair judges the one pair of an ECS group. A single target group is
// accepted here; every deployment of the group then fails (ecs.md 3.2).
func ecsPair(info *codedeploy.DeploymentGroupInfo) error {
	pairs := info.LoadBalancerInfo.TargetGroupPairInfoList
	if len(pairs) != 1 {
		return badPair("For ECS deployment group, exactly one target group pair must be specified; %d were given.", len(pairs))
	}
	pair := pairs[0]
	if err := pairNames(pair.TargetGroups); err != nil {
		return err
	}
	if pair.ProdTrafficRoute == nil {
		return badPair("The target group pair has no prodTrafficRoute.")
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
		return badPair("%d target group pairs were given; at most one is allowed.", len(pairs))
	}
	if err := pairNames(pairs[0].TargetGroups); err != nil {
		return err
	}
	return pairRoutes(pairs[0])
}

func pairNames(groups []codedeploy.TargetGroupInfo) error {
	if len(groups) == 0 || len(groups) > pairSize {
		return badPair("A target group pair has 1 or %d target groups; %d were given.", pairSize, len(groups))
	}
	for _, group := range groups {
		if !isTargetGroupName(group.Name) {
			return badPair("The target group %q is not valid: it must be a name of 1 to %d characters, not an ARN.", excerpt(group.Name), maxTargetGroupName)
		}
	}
	if len(groups) == pairSize && groups[0] == groups[1] {
		return badPair("Target group pair must have distinct target groups.")
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
		return badPair("The prodTrafficRoute and the testTrafficRoute have the same listener.")
	}
	return nil
}

// listener returns the ARN of the route's one listener, or "" without a route.
func listener(what string, route *codedeploy.TrafficRoute) (string, error) {
	if route == nil {
		return "", nil
	}
	if len(route.ListenerARNs) != 1 || strings.TrimSpace(route.ListenerARNs[0]) == "" {
		return "", badPair("The %s must have exactly one listener ARN.", what)
	}
	return route.ListenerARNs[0], nil
}
