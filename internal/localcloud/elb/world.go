package elb

import (
	"cmp"
	"maps"
	"slices"
)

// world is everything there is, by ARN. It and what it points to never change once it can be seen.
type world struct {
	balancers map[string]*loadBalancer
	groups    map[string]*targetGroup
	listeners map[string]*listener
	// uses tells by target group which load balancer has a listener or rule that names it (ecs.md 15.2, association).
	uses map[string]string
}

func newWorld() *world {
	return &world{balancers: map[string]*loadBalancer{}, groups: map[string]*targetGroup{}, listeners: map[string]*listener{}}
}

func (w *world) clone() *world {
	return &world{maps.Clone(w.balancers), maps.Clone(w.groups), maps.Clone(w.listeners), w.uses}
}

// associate works out uses. It fails when a target group serves two load balancers, or a load balancer too many groups.
func (w *world) associate() error {
	w.uses = map[string]string{}
	groups := map[string]int{}
	for _, arn := range slices.Sorted(maps.Keys(w.listeners)) {
		l := w.listeners[arn]
		for group := range l.targetGroups() {
			switch user, used := w.uses[group]; {
			case used && user != l.LoadBalancerARN:
				return fault(codeAssociationLimit,
					"The following target groups cannot be associated with more than one load balancer: %s", group)
			case !used:
				w.uses[group] = l.LoadBalancerARN
				groups[l.LoadBalancerARN]++
			}
		}
		if groups[l.LoadBalancerARN] > maxGroupsPerBalancer {
			return fault(codeTooManyGroupsOfAction,
				"The load balancer '%s' has more than %d target groups", l.LoadBalancerARN, maxGroupsPerBalancer)
		}
	}
	return nil
}

const maxGroupsPerBalancer = 100

// loadBalancersOf lists which load balancers use a target group: one or none.
func (w *world) loadBalancersOf(group string) []string {
	if user, used := w.uses[group]; used {
		return []string{user}
	}
	return []string{}
}

func (w *world) balancer(s scope, arn string) (*loadBalancer, error) {
	return find(w.balancers, s, kindLoadBalancer, arn, codeLoadBalancerNotFound, "One or more load balancers not found")
}

func (w *world) group(s scope, arn string) (*targetGroup, error) {
	return find(w.groups, s, kindTargetGroup, arn, codeTargetGroupNotFound, "One or more target groups not found")
}

func (w *world) listener(s scope, arn string) (*listener, error) {
	return find(w.listeners, s, kindListener, arn, codeListenerNotFound, "One or more listeners not found")
}

// rule finds a rule, the default one among them, and its listener.
func (w *world) rule(s scope, arn string) (*listener, *rule, error) {
	if err := kindRule.check(arn); err != nil {
		return nil, nil, err
	}
	if l := w.listeners[listenerOfRule(arn)]; l != nil && s.owns(arn) {
		for _, r := range l.allRules() {
			if r.ARN == arn {
				return l, &r, nil
			}
		}
	}
	return nil, nil, fault(codeRuleNotFound, "One or more rules not found")
}

func find[T any](all map[string]*T, s scope, k kind, arn, code, message string) (*T, error) {
	if err := k.check(arn); err != nil {
		return nil, err
	}
	found := all[arn]
	if found == nil || !s.owns(arn) {
		return nil, fault(code, "%s", message)
	}
	return found, nil
}

// each lists what of a kind is in a scope.
func each[T any](all map[string]*T, s scope) []*T {
	var some []*T
	for arn, one := range all {
		if s.owns(arn) {
			some = append(some, one)
		}
	}
	return some
}

// listenersOf lists a load balancer's listeners by port.
func (w *world) listenersOf(balancer string) []*listener {
	var some []*listener
	for _, l := range w.listeners {
		if l.LoadBalancerARN == balancer {
			some = append(some, l)
		}
	}
	slices.SortFunc(some, func(a, b *listener) int { return cmp.Compare(a.Port, b.Port) })
	return some
}
