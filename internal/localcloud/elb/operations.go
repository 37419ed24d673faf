package elb

import (
	"context"
	"net/url"

	"greenlight/internal/awswire"
)

const (
	serviceName = "elasticloadbalancing"
	version     = "2015-12-01"
	namespace   = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"
)

// operations are those of ecs.md 15.1 and 15.2, and the others that Terraform calls for the resources they make up.
func (s *Service) operations() map[string]awswire.QueryOperation {
	return map[string]awswire.QueryOperation{
		"CreateLoadBalancer":             operation(s.createLoadBalancer),
		"DescribeLoadBalancers":          operation(s.describeLoadBalancers),
		"DeleteLoadBalancer":             operation(s.deleteLoadBalancer),
		"SetSubnets":                     operation(s.setSubnets),
		"SetSecurityGroups":              operation(s.setSecurityGroups),
		"SetIpAddressType":               operation(s.setIPAddressType),
		"DescribeCapacityReservation":    operation(s.describeCapacityReservation),
		"DescribeLoadBalancerAttributes": operation(s.describeLoadBalancerAttributes),
		"ModifyLoadBalancerAttributes":   operation(s.modifyLoadBalancerAttributes),

		"CreateTargetGroup":             operation(s.createTargetGroup),
		"DescribeTargetGroups":          operation(s.describeTargetGroups),
		"ModifyTargetGroup":             operation(s.modifyTargetGroup),
		"DeleteTargetGroup":             operation(s.deleteTargetGroup),
		"DescribeTargetGroupAttributes": operation(s.describeTargetGroupAttributes),
		"ModifyTargetGroupAttributes":   operation(s.modifyTargetGroupAttributes),
		"RegisterTargets":               operation(s.registerTargets),
		"DeregisterTargets":             operation(s.deregisterTargets),
		"DescribeTargetHealth":          operation(s.describeTargetHealth),

		"CreateListener":               operation(s.createListener),
		"DescribeListeners":            operation(s.describeListeners),
		"ModifyListener":               operation(s.modifyListener),
		"DeleteListener":               operation(s.deleteListener),
		"DescribeListenerAttributes":   operation(s.describeListenerAttributes),
		"ModifyListenerAttributes":     operation(s.modifyListenerAttributes),
		"DescribeListenerCertificates": operation(s.describeListenerCertificates),

		"CreateRule":        operation(s.createRule),
		"DescribeRules":     operation(s.describeRules),
		"ModifyRule":        operation(s.modifyRule),
		"DeleteRule":        operation(s.deleteRule),
		"SetRulePriorities": operation(s.setRulePriorities),

		"AddTags":      operation(s.addTags),
		"RemoveTags":   operation(s.removeTags),
		"DescribeTags": operation(s.describeTags),
	}
}

// operation reads the request for a handler.
func operation[In any](handle func(context.Context, scope, *In) (any, error)) awswire.QueryOperation {
	return func(ctx context.Context, form url.Values) (any, error) {
		in := new(In)
		if err := awswire.DecodeQuery(form, in); err != nil {
			return nil, err
		}
		return handle(ctx, scopeOf(ctx), in)
	}
}
