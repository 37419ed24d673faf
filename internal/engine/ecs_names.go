package engine

import "greenlight/internal/codedeploy"

// ecsNames reads the names that an ECS deployment works with from what it took
// with it at its creation.
type ecsNames struct{ d *Deployment }

func (d *Deployment) ecs() ecsNames { return ecsNames{d} }

// cluster and service are what ECS is asked for.
func (n ecsNames) cluster() string {
	cluster, _ := n.of().Address()
	return cluster
}

func (n ecsNames) service() string {
	_, service := n.of().Address()
	return service
}

// names are the short ones.
func (n ecsNames) names() (cluster, service string) { return n.of().Names() }

func (n ecsNames) of() codedeploy.ECSService {
	if s := n.d.Snapshot.ECSService; s != nil {
		return *s
	}
	return codedeploy.ECSService{}
}

// targetID is <cluster>:<service> (ecs.md 1).
func (n ecsNames) targetID() string {
	cluster, service := n.names()
	return cluster + ":" + service
}

// targetARN is the service's ARN, as ECS told it or, before that, as it is made
// of its names.
func (n ecsNames) targetARN() string {
	if p := n.d.Progress.ECS; p != nil && p.Service != "" {
		return p.Service
	}
	cluster, service := n.names()
	return codedeploy.ECSServiceARN(n.d.Region, n.d.Account, cluster, service)
}

func (n ecsNames) pairInfo() codedeploy.TargetGroupPairInfo {
	if b := n.d.Info.LoadBalancerInfo; b != nil && len(b.TargetGroupPairInfoList) > 0 {
		return b.TargetGroupPairInfoList[0]
	}
	return codedeploy.TargetGroupPairInfo{}
}

// groups are the names of the pair's target groups.
func (n ecsNames) groups() []string {
	var names []string
	for _, g := range n.pairInfo().TargetGroups {
		names = append(names, g.Name)
	}
	return names
}

// listener is the ARN of a route's listener, "" when there is none.
func (n ecsNames) listener(route Route) string {
	traffic := n.pairInfo().ProdTrafficRoute
	if route == RouteTest {
		traffic = n.pairInfo().TestTrafficRoute
	}
	if traffic == nil || len(traffic.ListenerARNs) == 0 {
		return ""
	}
	return traffic.ListenerARNs[0]
}
