package elb

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
)

const (
	maxRules    = 100 // per load balancer, besides the default rules
	maxPriority = 50_000
)

// rule is a rule as it is saved.
type rule struct {
	ARN        string
	Priority   int64           `json:",omitempty"` // 0: the default rule
	Conditions list[condition] `json:",omitempty"`
	Actions    list[action]
	Tags       tags `json:",omitempty"`
}

func (r *rule) isDefault() bool { return r.Priority == 0 }

// priority is the rule's as clients read it.
func (r *rule) priority() string {
	if r.isDefault() {
		return "default"
	}
	return strconv.FormatInt(r.Priority, 10)
}

// changeRule puts a changed rule in the place of the one of an ARN.
func (d *draft) changeRule(sc scope, arn string, set func(*rule) error) error {
	found, _, err := d.rule(sc, arn)
	if err != nil {
		return err
	}
	l := *found
	l.Rules = slices.Clone(l.Rules)
	r := &l.Default
	if at := slices.IndexFunc(l.Rules, func(r rule) bool { return r.ARN == arn }); at >= 0 {
		r = &l.Rules[at]
	}
	if err := set(r); err != nil {
		return err
	}
	slices.SortFunc(l.Rules, func(a, b rule) int { return cmp.Compare(a.Priority, b.Priority) })
	d.putListener(&l)
	return nil
}

type ruleInput struct {
	RuleARN         string `query:"RuleArn"`
	ListenerARN     string `query:"ListenerArn"`
	Priority        *int64
	Conditions      list[condition]
	Actions         list[action]
	Transforms      []struct{ Type string }
	ResetTransforms bool
	Tags            []tag
}

type rulesOutput struct {
	Rules      list[ruleView]
	NextMarker string `xml:",omitempty"`
}

func (in *ruleInput) check() error {
	if len(in.Transforms) > 0 {
		return invalid("Rule transforms are not served here")
	}
	return nil
}

// createRule implements CreateRule.
func (s *Service) createRule(ctx context.Context, sc scope, in *ruleInput) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	if in.Priority == nil {
		return nil, required("Priority", "")
	}
	r := rule{Priority: *in.Priority}
	if err := checkPriority(r.Priority); err != nil {
		return nil, err
	}
	var err error
	if r.Tags, err = newTags(in.Tags); err != nil {
		return nil, err
	}
	if r.Conditions, err = checkConditions(in.Conditions); err != nil {
		return nil, err
	}
	_, err = s.changeListener(ctx, sc, in.ListenerARN, func(d *draft, l *listener) (err error) {
		if r.Actions, err = d.checkActions(sc, l, in.Actions); err != nil {
			return err
		}
		r.ARN = newRule(l.ARN)
		return d.insert(l, r)
	})
	if err != nil {
		return nil, err
	}
	return rulesOutput{Rules: list[ruleView]{viewRule(r)}}, nil
}

func checkPriority(priority int64) error {
	if priority < 1 || priority > maxPriority {
		return invalid("Priority '%d' must be between 1 and %d", priority, maxPriority)
	}
	return nil
}

// insert adds a rule to a listener of the draft.
func (d *draft) insert(l *listener, r rule) error {
	if !d.balancers[l.LoadBalancerARN].application() {
		return fault(codeOperationNotPermitted, "Rules cannot be added to listeners with protocol '%s'", l.Protocol)
	}
	rules := 0
	for _, o := range d.listenersOf(l.LoadBalancerARN) {
		rules += len(o.Rules)
	}
	if rules >= maxRules {
		return fault(codeTooManyRules, "The load balancer '%s' already has %d rules", l.LoadBalancerARN, maxRules)
	}
	at, taken := slices.BinarySearchFunc(l.Rules, r.Priority, func(r rule, p int64) int { return cmp.Compare(r.Priority, p) })
	if taken {
		return priorityInUse(r.Priority)
	}
	l.Rules = slices.Insert(slices.Clone(l.Rules), at, r)
	return nil
}

func priorityInUse(priority int64) error {
	return fault(codePriorityInUse, "Priority '%d' is currently in use", priority)
}

type describeRulesInput struct {
	ListenerARN string   `query:"ListenerArn"`
	RuleARNs    []string `query:"RuleArns"`
	Marker      string
	PageSize    *int64
}

// describeRules implements DescribeRules: by priority, the default rule last.
func (s *Service) describeRules(_ context.Context, sc scope, in *describeRulesInput) (any, error) {
	all, err := s.world.Load().chooseRules(sc, in)
	if err != nil {
		return nil, err
	}
	some, next, err := page(paging{in.Marker, in.PageSize}, all, func(r rule) string {
		if r.isDefault() {
			return "default" + r.ARN // digits sort before letters
		}
		return fmt.Sprintf("%05d", r.Priority) + r.ARN
	})
	if err != nil {
		return nil, err
	}
	out := rulesOutput{NextMarker: next}
	for _, r := range some {
		out.Rules = append(out.Rules, viewRule(r))
	}
	return out, nil
}

func (w *world) chooseRules(sc scope, in *describeRulesInput) ([]rule, error) {
	if (in.ListenerARN == "") == (len(in.RuleARNs) == 0) {
		return nil, invalid("You must specify either listener rule ARNs or a listener ARN")
	}
	if in.ListenerARN != "" {
		l, err := w.listener(sc, in.ListenerARN)
		if err != nil {
			return nil, err
		}
		return l.allRules(), nil
	}
	if len(in.RuleARNs) > pageSize {
		return nil, invalid("At most %d resources can be asked for at a time", pageSize)
	}
	var all []rule
	for _, arn := range in.RuleARNs {
		_, r, err := w.rule(sc, arn)
		if err != nil {
			return nil, err
		}
		all = append(all, *r)
	}
	return all, nil
}

// modifyRule implements ModifyRule. What the request does not name stays.
func (s *Service) modifyRule(ctx context.Context, sc scope, in *ruleInput) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	var changed rule
	err := s.change(ctx, func(d *draft) error {
		return d.changeRule(sc, in.RuleARN, func(r *rule) (err error) {
			if r.isDefault() {
				return fault(codeOperationNotPermitted, "Default rule '%s' cannot be modified", r.ARN)
			}
			if in.Conditions != nil {
				if r.Conditions, err = checkConditions(in.Conditions); err != nil {
					return err
				}
			}
			if in.Actions != nil {
				if r.Actions, err = d.checkActions(sc, d.listeners[listenerOfRule(r.ARN)], in.Actions); err != nil {
					return err
				}
			}
			changed = *r
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return rulesOutput{Rules: list[ruleView]{viewRule(changed)}}, nil
}

type ruleARNInput struct {
	RuleARN string `query:"RuleArn"`
}

// deleteRule implements DeleteRule.
func (s *Service) deleteRule(ctx context.Context, sc scope, in *ruleARNInput) (any, error) {
	return nothing{}, s.change(ctx, func(d *draft) error {
		found, r, err := d.rule(sc, in.RuleARN)
		if err != nil {
			return err
		}
		if r.isDefault() {
			return fault(codeOperationNotPermitted, "Default rule '%s' cannot be deleted", r.ARN)
		}
		l := *found
		l.Rules = slices.DeleteFunc(slices.Clone(l.Rules), func(o rule) bool { return o.ARN == r.ARN })
		d.putListener(&l)
		return nil
	})
}

// ruleView is a rule as clients read it.
type ruleView struct {
	RuleARN    string `xml:"RuleArn"`
	Priority   string
	Conditions list[condition]
	Actions    list[action]
	IsDefault  bool
}

func viewRule(r rule) ruleView {
	return ruleView{r.ARN, r.priority(), r.Conditions, r.Actions, r.isDefault()}
}
