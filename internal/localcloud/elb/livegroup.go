package elb

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"

	"greenlight/internal/localcloud/elb/proxy"
)

// liveGroup is a target group at work: its targets with their health, and the pool that requests are sent to.
type liveGroup struct {
	plane *plane
	pool  *proxy.Group

	mu      sync.Mutex
	doc     *targetGroup
	used    bool // a listener or rule names the group
	targets map[TargetID]*target
}

// target is a registered or draining target.
type target struct {
	id               TargetID
	health           Health
	passes, failures int64              // consecutive outcomes of probes
	stop             context.CancelFunc // ends its probes, or its draining
}

func (t *target) draining() bool { return t.health.State == StateDraining }

func newLiveGroup(p *plane) *liveGroup {
	return &liveGroup{plane: p, pool: proxy.NewGroup(), targets: map[TargetID]*target{}}
}

// follow brings the group in line with its document.
func (g *liveGroup) follow(doc *targetGroup, used bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.doc == doc && g.used == used {
		return
	}
	anew := g.used != used
	recheck := g.doc != nil && g.doc.Check != doc.Check
	g.doc, g.used = doc, used
	g.pool.Configure(doc.poolOptions())
	registered := make(map[TargetID]bool, len(doc.Targets))
	for _, id := range doc.Targets {
		registered[id] = true
		switch t := g.targets[id]; {
		case t == nil:
			g.begin(id)
		case anew || t.draining():
			t.stop()
			g.begin(id)
		case recheck && used:
			t.stop()
			g.watch(t)
		}
	}
	var leaving []*target
	for id, t := range g.targets {
		if !registered[id] && !t.draining() {
			leaving = append(leaving, t)
			t.stop()
			t.health = draining
		}
	}
	g.publish()
	for _, t := range leaving {
		g.drain(t)
	}
}

// begin adds a target whose health is not known. Targets of an unused group are not probed.
func (g *liveGroup) begin(id TargetID) {
	t := &target{id: id, health: unused, stop: func() {}}
	g.targets[id] = t
	if g.used {
		t.health = registering
		g.watch(t)
	}
}

// publish tells the pool who may get new requests: the healthy, or everybody if nobody is (ecs.md 15.2, routing).
func (g *liveGroup) publish() {
	var healthy, all []string
	for _, id := range g.doc.Targets {
		all = append(all, id.String())
		if g.targets[id].health.State == StateHealthy {
			healthy = append(healthy, id.String())
		}
	}
	if len(healthy) == 0 {
		healthy = all
	}
	g.pool.Set(healthy)
}

func (g *liveGroup) health() map[TargetID]Health {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := make(map[TargetID]Health, len(g.targets))
	for id, t := range g.targets {
		all[id] = t.health
	}
	return all
}

// close ends the probes and the pool.
func (g *liveGroup) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, t := range g.targets {
		t.stop()
	}
	clear(g.targets)
	g.pool.Close()
}

// poolOptions are the attributes that the pool works by.
func (g *targetGroup) poolOptions() proxy.GroupOptions {
	attributes := read(g.settings(0), g.Attributes)
	if attributes.value(attributeSticky) != "true" {
		return proxy.GroupOptions{}
	}
	switch attributes.value(attributeStickyType) {
	case "lb_cookie":
		return proxy.GroupOptions{Stickiness: attributes.seconds(attributeStickyDuration)}
	case "app_cookie":
		return proxy.GroupOptions{AppCookie: attributes.value(attributeStickyCookie)}
	}
	return proxy.GroupOptions{}
}

// sortedTargets lists targets by host and port.
func sortedTargets(health map[TargetID]Health) []TargetID {
	return slices.SortedFunc(maps.Keys(health), func(a, b TargetID) int {
		return cmp.Or(cmp.Compare(a.Host, b.Host), cmp.Compare(a.Port, b.Port))
	})
}
