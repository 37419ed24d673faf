package proxy

import (
	"math/rand/v2"
	"net/http"
	"time"
)

// table is a listener's rules made ready. It never changes: a Swap puts another
// one in its place.
type table struct {
	rules    []compiled
	fallback *action
}

type compiled struct {
	conditions []matcher
	action     *action
}

// action is an Action made ready.
type action struct {
	forward  *forward
	fixed    *FixedResponse
	redirect *Redirect
}

type forward struct {
	groups     []weighted
	sum        uint64
	stickiness time.Duration
}

type weighted struct {
	group  *Group
	sticky stickyID
	weight uint64
}

func newTable(rules []Rule, fallback Action) *table {
	t := &table{fallback: fallback.compile()}
	for _, rule := range rules {
		c := compiled{action: rule.Action.compile()}
		for _, condition := range rule.Conditions {
			c.conditions = append(c.conditions, condition.compile())
		}
		t.rules = append(t.rules, c)
	}
	return t
}

func (a Action) compile() *action {
	out := &action{}
	if a.Fixed != nil {
		out.fixed = new(*a.Fixed)
	}
	if a.Redirect != nil {
		out.redirect = new(*a.Redirect)
	}
	if a.Forward == nil {
		return out
	}
	out.forward = &forward{stickiness: a.Forward.Stickiness}
	for _, w := range a.Forward.Groups {
		if w.Group == nil || w.Weight <= 0 {
			continue
		}
		out.forward.groups = append(out.forward.groups, weighted{w.Group, newStickyID("group", w.ARN), uint64(w.Weight)})
		out.forward.sum += uint64(w.Weight)
	}
	return out
}

// route is the action of the first rule whose conditions are all met.
func (t *table) route(r *http.Request) *action {
	if len(t.rules) == 0 {
		return t.fallback
	}
	q := inquiry{r: r}
next:
	for i := range t.rules {
		for _, met := range t.rules[i].conditions {
			if !met(&q) {
				continue next
			}
		}
		return t.rules[i].action
	}
	return t.fallback
}

// choose draws a group by weight, or takes the one that the client is bound to
// if it may still get requests. Nil: no group has any weight.
func (f *forward) choose(bound stickyID) *weighted {
	if f.sum == 0 {
		return nil
	}
	if len(f.groups) == 1 {
		return &f.groups[0]
	}
	if bound != (stickyID{}) {
		for i := range f.groups {
			if f.groups[i].sticky == bound {
				return &f.groups[i]
			}
		}
	}
	drawn := rand.Uint64N(f.sum)
	for i := range f.groups {
		if drawn < f.groups[i].weight {
			return &f.groups[i]
		}
		drawn -= f.groups[i].weight
	}
	return nil // not reached: the draw is less than the sum of the weights
}
