package elb

// checkForward checks a forward action and gives it the form that it reads back in (ecs.md 15.2): a single target group
// by both members, several in ForwardConfig only, weights and stickiness always there.
func (d *draft) checkForward(sc scope, l *listener, a *action) error {
	config, err := a.forward()
	if err != nil {
		return err
	}
	if n := len(config.TargetGroups); n > maxForward || n > 1 && l.Protocol == protocolTCP {
		return fault(codeInvalidAction, "A forward action of a listener with protocol '%s' can name at most %d target groups",
			l.Protocol, mostGroups(l))
	}
	seen := map[string]bool{}
	for i := range config.TargetGroups {
		g := &config.TargetGroups[i]
		if seen[g.TargetGroupARN] {
			return invalid("The target group '%s' was specified more than once", g.TargetGroupARN)
		}
		seen[g.TargetGroupARN] = true
		if err := d.checkForwardGroup(sc, l, g); err != nil {
			return err
		}
	}
	if err := config.checkStickiness(l); err != nil {
		return err
	}
	a.ForwardConfig, a.TargetGroupARN = config, ""
	if len(config.TargetGroups) == 1 {
		a.TargetGroupARN = config.TargetGroups[0].TargetGroupARN
	}
	return nil
}

func mostGroups(l *listener) int {
	if l.Protocol == protocolTCP {
		return 1
	}
	return maxForward
}

// forward is the action's configuration, whichever of the two members gave it.
func (a *action) forward() (*forwardConfig, error) {
	config := &forwardConfig{}
	if a.ForwardConfig != nil {
		config.TargetGroups = append(config.TargetGroups, a.ForwardConfig.TargetGroups...)
		config.Stickiness = a.ForwardConfig.Stickiness
	}
	switch groups := config.TargetGroups; {
	case a.TargetGroupARN == "" && len(groups) == 0:
		return nil, fault(codeInvalidAction, "A target group must be specified for actions of type '%s'", a.Type)
	case a.TargetGroupARN == "":
	case len(groups) == 0:
		config.TargetGroups = list[weightedGroup]{{TargetGroupARN: a.TargetGroupARN}}
	case len(groups) > 1 || groups[0].TargetGroupARN != a.TargetGroupARN:
		return nil, fault(codeInvalidAction,
			"TargetGroupArn and ForwardConfig can be specified together only when they name the same single target group")
	}
	return config, nil
}

func (d *draft) checkForwardGroup(sc scope, l *listener, g *weightedGroup) error {
	if g.Weight == nil {
		g.Weight = new(int64(1))
	}
	if *g.Weight < 0 || *g.Weight > maxWeight {
		return invalid("Weight '%d' must be between 0 and %d", *g.Weight, maxWeight)
	}
	found, err := d.group(sc, g.TargetGroupARN)
	if err != nil {
		return err
	}
	if found.Protocol != l.Protocol {
		return fault(codeIncompatibleProtocols, "Listener protocol '%s' is not supported with the protocol '%s' of target group '%s'",
			l.Protocol, found.Protocol, found.ARN)
	}
	return nil
}

func (c *forwardConfig) checkStickiness(l *listener) error {
	if c.Stickiness == nil {
		c.Stickiness = &stickinessConfig{}
	}
	switch s := c.Stickiness; {
	case s.Enabled && l.Protocol == protocolTCP:
		return invalid("Target group stickiness is not supported for listeners with protocol '%s'", l.Protocol)
	case s.Enabled && s.DurationSeconds == nil:
		return invalid("A duration must be specified when target group stickiness is enabled")
	case s.DurationSeconds != nil && (*s.DurationSeconds < 1 || *s.DurationSeconds > maxStickiness):
		return invalid("Target group stickiness duration '%d' must be between 1 and %d", *s.DurationSeconds, maxStickiness)
	}
	return nil
}
