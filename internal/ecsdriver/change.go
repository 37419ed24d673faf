package ecsdriver

import "slices"

// Change is a rule as it was read and what it shall forward to.
type Change struct {
	Rule    Rule
	Forward []Weighted
}

// Attaching is what it takes that every belonging rule names both target groups, blue with 100 and green with 0 (ecs.md 6.2,
// Install of a gradual configuration). A Network Load Balancer has no weights, so nothing is to be done there.
func (l Listener) Attaching(pair Pair) ([]Change, *Problem) {
	if p := l.usable(pair); p != nil || !l.Application {
		return nil, p
	}
	return l.changes(pair, 0, func(r Rule) bool { return r.names(pair.Green) && r.gives(pair, 0) }), nil
}

// Shifting is what it takes that green (percent, 0 to 100) of the traffic of every belonging rule goes to green and the rest to
// blue (ecs.md 7.4). Rules that already do so are left out. A Network Load Balancer is all or nothing.
func (l Listener) Shifting(pair Pair, green int) ([]Change, *Problem) {
	if p := l.usable(pair); p != nil {
		return nil, p
	}
	if !l.Application && green != 0 && green != 100 {
		return nil, &Problem{CodeNotGradual, "Only ALB supports gradual traffic routing, " +
			"use AllAtOnce Traffic routing instead when you create/update Deployment group."}
	}
	return l.changes(pair, green, func(r Rule) bool { return r.gives(pair, green) }), nil
}

// Normalizing is what it takes that every belonging rule gives blue everything (ecs.md 3.3). Rules that also forward outside
// the pair are left alone: to rewrite one would take traffic from somebody else, and the preflight reports it.
func (l Listener) Normalizing(pair Pair) []Change {
	return l.changes(pair, 0, func(r Rule) bool { return r.foreign(pair) || r.gives(pair, 0) })
}

// With is the listener after changes.
func (l Listener) With(changes []Change) Listener {
	l.Rules = slices.Clone(l.Rules)
	for _, c := range changes {
		for i, r := range l.Rules {
			if r.ARN == c.Rule.ARN {
				l.Rules[i].Forward = c.Forward
			}
		}
	}
	return l
}

func (l Listener) changes(pair Pair, green int, done func(Rule) bool) []Change {
	var changes []Change
	for _, r := range l.belonging(pair) {
		if !done(r) {
			changes = append(changes, Change{Rule: r, Forward: l.forward(pair, green)})
		}
	}
	return changes
}

// forward is how a split is written: both target groups with percentages on an Application Load Balancer, else the one that gets
// everything (ecs.md 7.4).
func (l Listener) forward(pair Pair, green int) []Weighted {
	if l.Application {
		return []Weighted{{pair.Blue, 100 - green}, {pair.Green, green}}
	}
	if green == 100 {
		return []Weighted{{pair.Green, 1}}
	}
	return []Weighted{{pair.Blue, 1}}
}

// gives tells whether exactly green percent go to green and the rest to blue, in whole numbers because thirds have no exact
// percentage.
func (r Rule) gives(pair Pair, green int) bool {
	toBlue, sum := r.weights(pair.Blue)
	toGreen, _ := r.weights(pair.Green)
	return sum > 0 && 100*toGreen == green*sum && 100*toBlue == (100-green)*sum
}
