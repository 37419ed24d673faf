package api

import (
	"context"
	"errors"
	"slices"
	"time"

	"greenlight/internal/awsaccess"
	"greenlight/internal/codedeploy"
	"greenlight/internal/ecsdriver"
	"greenlight/internal/store"
)

// ECS is what the API asks of ECS and the load balancers when a group is made
// or changed (ecs.md 3.2, 3.3). Errors are *awsaccess.Fault.
type ECS interface {
	Service(ctx context.Context, as awsaccess.As, cluster, service string) (ecsdriver.Service, error)
	TargetGroups(ctx context.Context, as awsaccess.As, names []string) ([]ecsdriver.TargetGroup, error)
	Listener(ctx context.Context, as awsaccess.As, arn string) (ecsdriver.Listener, error)
	// Normalize gives blue all of the traffic of the rules that belong to the
	// pair.
	Normalize(ctx context.Context, as awsaccess.As, listener string, pair ecsdriver.Pair) error
}

// networkTime bounds what one request may ask of AWS.
const networkTime = 20 * time.Second

// routes are the listeners of a group that was found fit, and the pair that
// they lead to; blue is empty when the service uses neither target group.
type routes struct {
	as        awsaccess.As
	listeners []string
	pair      ecsdriver.Pair
}

// askNetwork judges what only AWS can tell about an ECS group: its service, its
// target groups, its listeners. Without an ECS to ask, it is left to the
// group's deployments.
func (a *API) askNetwork(ctx context.Context, sc store.Scope, info codedeploy.DeploymentGroupInfo) (*routes, error) {
	if a.ecs == nil || info.ComputePlatform != codedeploy.ComputePlatformECS {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, networkTime)
	defer cancel()
	r := &routes{as: awsaccess.As{Account: sc.Account, Region: sc.Region, RoleARN: info.ServiceRoleARN}}
	live, err := a.liveTargetGroup(ctx, r.as, info.ECSServices[0])
	if err != nil {
		return nil, err
	}
	pair := info.LoadBalancerInfo.TargetGroupPairInfoList[0]
	groups, err := a.pairGroups(ctx, r.as, pair.TargetGroups)
	if err != nil {
		return nil, err
	}
	balancer, err := a.findListeners(ctx, r, pair)
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		if slices.ContainsFunc(g.LoadBalancerARNs, func(arn string) bool { return arn != balancer }) {
			return nil, targetGroupPair.bad("The target group %s belongs to another load balancer than the listener.", g.Name)
		}
	}
	r.pair = pairOf(live, groups)
	return r, nil
}

// liveTargetGroup is the ARN of the target group that the service's primary task
// set uses.
func (a *API) liveTargetGroup(ctx context.Context, as awsaccess.As, of codedeploy.ECSService) (string, error) {
	cluster, name := of.Names()
	unreadable := func(cause string) error {
		return ecsServices.bad("Could not load ECS service information for cluster: %s, service: %s. Cause: %s", cluster, name, cause)
	}
	inCluster, asked := of.Address()
	service, err := a.ecs.Service(ctx, as, inCluster, asked)
	switch {
	case err != nil:
		return "", unreadable(causeOf(err))
	case service.Status != ecsdriver.StatusActive:
		return "", unreadable("The service is not active: its status is " + service.Status + ".")
	case !slices.Contains(a.controllers, service.Controller):
		return "", ecsServices.bad("%s", codedeploy.MessageECSController)
	}
	for _, set := range service.TaskSets {
		if set.Status == ecsdriver.StatusPrimary {
			return set.TargetGroupARN, nil
		}
	}
	return "", nil
}

func (a *API) pairGroups(ctx context.Context, as awsaccess.As, infos []codedeploy.TargetGroupInfo) ([]ecsdriver.TargetGroup, error) {
	names := make([]string, len(infos))
	for i, g := range infos {
		names[i] = g.Name
	}
	groups, err := a.ecs.TargetGroups(ctx, as, names)
	if err != nil {
		return nil, targetGroupPair.bad("The target groups %q could not be read: %s", names, causeOf(err))
	}
	return groups, nil
}

// findListeners reads the pair's listeners into r and returns the load balancer
// that all of them are on.
func (a *API) findListeners(ctx context.Context, r *routes, pair codedeploy.TargetGroupPairInfo) (balancer string, err error) {
	for _, route := range []*codedeploy.TrafficRoute{pair.ProdTrafficRoute, pair.TestTrafficRoute} {
		if route == nil {
			continue
		}
		arn := route.ListenerARNs[0]
		found, err := a.ecs.Listener(ctx, r.as, arn)
		if err != nil {
			return "", targetGroupPair.bad("The listener %s could not be read: %s", arn, causeOf(err))
		}
		if balancer != "" && found.LoadBalancerARN != balancer {
			return "", targetGroupPair.bad("The production and the test listener must be on the same load balancer.")
		}
		balancer = found.LoadBalancerARN
		r.listeners = append(r.listeners, arn)
	}
	return balancer, nil
}

func pairOf(live string, groups []ecsdriver.TargetGroup) ecsdriver.Pair {
	if len(groups) != pairSize {
		return ecsdriver.Pair{}
	}
	switch live {
	case groups[0].ARN:
		return ecsdriver.Pair{Blue: groups[0].ARN, Green: groups[1].ARN}
	case groups[1].ARN:
		return ecsdriver.Pair{Blue: groups[1].ARN, Green: groups[0].ARN}
	}
	return ecsdriver.Pair{}
}

// normalize puts every rule that belongs to the group onto the target group in
// service (ecs.md 3.3).
func (a *API) normalize(ctx context.Context, r *routes) error {
	if r == nil || r.pair.Blue == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, networkTime)
	defer cancel()
	for _, listener := range r.listeners {
		if err := a.ecs.Normalize(ctx, r.as, listener, r.pair); err != nil {
			return targetGroupPair.bad("The listener %s could not be set to the target group in service: %s", listener, causeOf(err))
		}
	}
	return nil
}

// causeOf is what AWS said, in its own words.
func causeOf(err error) string {
	if fault, ok := errors.AsType[*awsaccess.Fault](err); ok {
		return fault.Message
	}
	return err.Error()
}
