package ecstest

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"greenlight/internal/awsaccess"
	"greenlight/internal/ecsdriver"
)

// Weights is a look at where a rule forwards to that is no call. rule is the listener's own ARN for the default action.
func (c *Cloud) Weights(listener, rule string) []ecsdriver.Weighted {
	c.mu.Lock()
	defer c.mu.Unlock()
	if l := c.listeners[listener]; l != nil {
		for _, r := range l.Rules {
			if r.ARN == rule {
				return slices.Clone(r.Forward)
			}
		}
	}
	return nil
}

// TargetGroups is DescribeTargetGroups.
func (c *Cloud) TargetGroups(ctx context.Context, as awsaccess.As, names []string) ([]ecsdriver.TargetGroup, error) {
	var groups []ecsdriver.TargetGroup
	err := c.serve(ctx, as, Call{Operation: TargetGroups, Names: names}, func(*Call) error {
		for _, name := range names {
			g := c.groups[name]
			if g == nil {
				return Fault(awsaccess.NotFound, awsaccess.ServiceELB, "TargetGroupNotFound", "One or more target groups not found")
			}
			seen := *g
			seen.LoadBalancerARNs = c.loadBalancers(g.ARN)
			groups = append(groups, seen)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return groups, nil
}

// loadBalancers are those with a listener that names the target group.
func (c *Cloud) loadBalancers(group string) []string {
	found := map[string]bool{}
	for _, l := range c.listeners {
		if l.Belongs(ecsdriver.Pair{Blue: group, Green: group}) {
			found[l.LoadBalancerARN] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// Listener is DescribeListeners and DescribeRules.
func (c *Cloud) Listener(ctx context.Context, as awsaccess.As, arn string) (ecsdriver.Listener, error) {
	var seen ecsdriver.Listener
	err := c.serve(ctx, as, Call{Operation: Listener, Listener: arn}, func(*Call) error {
		l, err := c.listener(arn)
		if err == nil {
			seen = l.With(nil)
		}
		return err
	})
	return seen, err
}

// Attach names green beside blue, as the driver's does.
func (c *Cloud) Attach(ctx context.Context, as awsaccess.As, listener string, pair ecsdriver.Pair) (ecsdriver.Share, error) {
	call := Call{Operation: Attach, Listener: listener, Pair: pair}
	return c.change(ctx, as, call, func(l ecsdriver.Listener) ([]ecsdriver.Change, *ecsdriver.Problem) { return l.Attaching(pair) })
}

// Shift moves traffic, as the driver's does.
func (c *Cloud) Shift(
	ctx context.Context, as awsaccess.As, listener string, pair ecsdriver.Pair, green int,
) (ecsdriver.Share, error) {
	call := Call{Operation: Shift, Listener: listener, Pair: pair, Green: green}
	return c.change(ctx, as, call, func(l ecsdriver.Listener) ([]ecsdriver.Change, *ecsdriver.Problem) {
		return l.Shifting(pair, green)
	})
}

// Normalize gives blue everything, as the driver's does.
func (c *Cloud) Normalize(ctx context.Context, as awsaccess.As, listener string, pair ecsdriver.Pair) error {
	call := Call{Operation: Normalize, Listener: listener, Pair: pair}
	_, err := c.change(ctx, as, call, func(l ecsdriver.Listener) ([]ecsdriver.Change, *ecsdriver.Problem) {
		return l.Normalizing(pair), nil
	})
	return err
}

func (c *Cloud) change(
	ctx context.Context, as awsaccess.As, call Call, plan func(ecsdriver.Listener) ([]ecsdriver.Change, *ecsdriver.Problem),
) (ecsdriver.Share, error) {
	var share ecsdriver.Share
	err := c.serve(ctx, as, call, func(call *Call) error {
		l, err := c.listener(call.Listener)
		if err != nil {
			return err
		}
		changes, problem := plan(*l)
		if problem != nil {
			return problem.Fault()
		}
		for _, change := range changes {
			if err := c.known(change.Forward); err != nil {
				return err
			}
		}
		*l = l.With(changes)
		for _, change := range changes {
			call.Wrote = append(call.Wrote, change.Rule.ARN)
		}
		share, _ = l.Share(call.Pair)
		return nil
	})
	if err != nil {
		return ecsdriver.Share{}, err
	}
	return share, nil
}

func (c *Cloud) listener(arn string) (*ecsdriver.Listener, error) {
	if l := c.listeners[arn]; l != nil {
		return l, nil
	}
	return nil, Fault(awsaccess.NotFound, awsaccess.ServiceELB, "ListenerNotFound", "One or more listeners not found")
}

// known refuses a target group that does not exist.
func (c *Cloud) known(forward []ecsdriver.Weighted) error {
	for _, w := range forward {
		if !slices.ContainsFunc(slices.Collect(maps.Values(c.groups)), func(g *ecsdriver.TargetGroup) bool {
			return g.ARN == w.TargetGroupARN
		}) {
			return Fault(awsaccess.NotFound, awsaccess.ServiceELB, "TargetGroupNotFound",
				fmt.Sprintf("Target group '%s' not found", w.TargetGroupARN))
		}
	}
	return nil
}
