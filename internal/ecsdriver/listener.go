package ecsdriver

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// Listener is one traffic route: a listener with everything in it that forwards.
type Listener struct {
	ARN             string
	LoadBalancerARN string
	Protocol        string
	Application     bool   // of an Application Load Balancer; only there are weights and rules
	Rules           []Rule // by priority, the default action last
}

// Rule is a rule of a listener, or its default action.
type Rule struct {
	ARN      string // the listener's own for the default action: so it is named in messages and written
	Priority int    // 0 for the default action
	Default  bool
	Forward  []Weighted // where it forwards to; empty when it redirects or answers by itself

	actions []types.Action // as read, so that all but the weights is written back as it was
}

// Weighted is a target group and its weight in a rule. A weight that ELB left out counts as 1 (ecs.md 7.2).
type Weighted struct {
	TargetGroupARN string
	Weight         int
}

// Belongs tells whether the deployment moves anything on this listener: whether a rule belongs (ecs.md 7.1).
func (l Listener) Belongs(pair Pair) bool {
	return slices.ContainsFunc(l.Rules, func(r Rule) bool { return r.Belongs(pair) })
}

// Share is the traffic's split as the deployment shows it: that of the default action if it belongs, else that of the belonging
// rule with the lowest priority number (ecs.md 9). It is false when no rule belongs.
func (l Listener) Share(pair Pair) (Share, bool) {
	if i := slices.IndexFunc(l.Rules, func(r Rule) bool { return r.Default }); i >= 0 && l.Rules[i].Belongs(pair) {
		return l.Rules[i].Share(pair), true
	}
	if i := slices.IndexFunc(l.Rules, func(r Rule) bool { return r.Belongs(pair) }); i >= 0 {
		return l.Rules[i].Share(pair), true
	}
	return Share{}, false
}

// Belongs tells whether the rule forwards to a member of the pair (ecs.md 7.1).
func (r Rule) Belongs(pair Pair) bool { return r.names(pair.Blue) || r.names(pair.Green) }

// Share is the split of the rule's traffic. What goes to target groups outside the pair is in neither part; weights that are
// all 0 make both parts 0 (ecs.md 7.2).
func (r Rule) Share(pair Pair) Share {
	return Share{Blue: r.percent(pair.Blue), Green: r.percent(pair.Green)}
}

func (r Rule) names(arn string) bool {
	return slices.ContainsFunc(r.Forward, func(w Weighted) bool { return w.TargetGroupARN == arn })
}

func (r Rule) percent(arn string) float64 {
	part, sum := r.weights(arn)
	if sum == 0 {
		return 0
	}
	return 100 * float64(part) / float64(sum)
}

// weights returns the weight of one target group and the sum of all. A target group on its own gets everything, whatever its
// weight.
func (r Rule) weights(arn string) (part, sum int) {
	if len(r.Forward) == 1 {
		if r.names(arn) {
			return 1, 1
		}
		return 0, 1
	}
	for _, w := range r.Forward {
		sum += w.Weight
		if w.TargetGroupARN == arn {
			part += w.Weight
		}
	}
	return part, sum
}

// foreign tells whether a rule that belongs also forwards outside the pair.
func (r Rule) foreign(pair Pair) bool {
	return slices.ContainsFunc(r.Forward, func(w Weighted) bool {
		return w.TargetGroupARN != pair.Blue && w.TargetGroupARN != pair.Green
	})
}

// application tells the load balancer's type by the listener's ARN, because AWS CodeDeploy's role may not ask (ecs.md 6.1).
func application(listenerARN string) bool { return strings.Contains(listenerARN, ":listener/app/") }
