package elb

import "context"

type setRulePrioritiesInput struct {
	RulePriorities []struct {
		RuleARN  string `query:"RuleArn"`
		Priority int64
	}
}

// setRulePriorities implements SetRulePriorities: all of them at once, so that rules can change places.
func (s *Service) setRulePriorities(ctx context.Context, sc scope, in *setRulePrioritiesInput) (any, error) {
	if n := len(in.RulePriorities); n == 0 || n > maxRules {
		return nil, invalid("The request must name 1 to %d rules", maxRules)
	}
	var out rulesOutput
	err := s.change(ctx, func(d *draft) error {
		out = rulesOutput{}
		changed := map[string]bool{}
		for _, pair := range in.RulePriorities {
			if err := checkPriority(pair.Priority); err != nil {
				return err
			}
			if changed[pair.RuleARN] {
				return invalid("The rule '%s' was specified more than once", pair.RuleARN)
			}
			changed[pair.RuleARN] = true
			if err := d.setPriority(sc, pair.RuleARN, pair.Priority); err != nil {
				return err
			}
		}
		for _, pair := range in.RulePriorities {
			l, r, err := d.rule(sc, pair.RuleARN)
			if err != nil {
				return err
			}
			if err := l.checkPriorities(); err != nil {
				return err
			}
			out.Rules = append(out.Rules, viewRule(*r))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (d *draft) setPriority(sc scope, arn string, priority int64) error {
	return d.changeRule(sc, arn, func(r *rule) error {
		if r.isDefault() {
			return fault(codeOperationNotPermitted, "The priority of default rule '%s' cannot be changed", r.ARN)
		}
		r.Priority = priority
		return nil
	})
}

// checkPriorities refuses two rules of one priority. The rules are sorted.
func (l *listener) checkPriorities() error {
	for i := 1; i < len(l.Rules); i++ {
		if l.Rules[i].Priority == l.Rules[i-1].Priority {
			return priorityInUse(l.Rules[i].Priority)
		}
	}
	return nil
}
