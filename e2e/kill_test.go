package e2e

import (
	"fmt"
	"testing"
	"time"
)

// The crash test: so many groups deploy at the same time, so often, and in each
// round the server is killed so often.
const (
	crashGroups = 40
	crashRounds = 5
	crashKills  = 5
	// roundLimit is for one round on a machine that is very busy.
	roundLimit = 2 * time.Minute
)

// TestKill_NothingIsLostOrDoubled kills the server at random points of 200
// deployments and checks from the outside what a restart promises; a last round
// without kills shows that all groups take deployments again.
func TestKill_NothingIsLostOrDoubled(t *testing.T) {
	began := time.Now()
	c := newCrash(t)
	for range crashRounds {
		c.round(crashKills)
	}
	c.round(0)
	c.checkHooks()
	t.Logf("%d deployments, %d rollbacks, %d invocations of hooks, %d answers of CreateDeployment lost, %d kills with %v deployments under way, in %s",
		len(c.all), c.rollbacks, len(c.hooks.calls(t)), c.adopted, len(c.underWay), c.underWay, time.Since(began).Round(time.Millisecond))
}

// crash is a server that is killed again and again, and what is asked of it.
type crash struct {
	*mortal
	hooks  *hookRecord
	groups []*crashGroup
	all    []*crashDeployment

	rollbacks, adopted int
}

// crashGroup is a deployment group with an alias of its own.
type crashGroup struct {
	name    string          // of the group and of the alias
	version string          // where the alias leads
	known   map[string]bool // its deployments
}

func newCrash(t *testing.T) *crash {
	t.Helper()
	server := func(t testing.TB, clock string) *server { return start(t, clock) }
	c := &crash{mortal: newMortal(t, server), hooks: newHookRecord(t)}
	var aliases []string
	for i := range crashGroups {
		aliases = append(aliases, fmt.Sprintf("g%02d", i))
	}
	c.server.createHello(function, aliases...)
	for _, alias := range aliases {
		c.server.createGroup(application, alias, canary)
		c.groups = append(c.groups, &crashGroup{name: alias, version: "1", known: map[string]bool{}})
	}
	for _, event := range []string{hookBefore, hookAfter} {
		c.server.createHook(event, "Succeeded", c.hooks)
		c.server.createHook(event+refusing, "Failed", c.hooks)
	}
	return c
}

// round lets every group make one deployment, to the end, while the server is
// killed that often.
func (c *crash) round(kills int) {
	c.t.Helper()
	var round []*crashDeployment
	for _, g := range c.groups {
		round = append(round, c.plan(g))
	}
	c.kills, c.active = kills, len(round)
	c.arm()
	for _, d := range round {
		c.create(d)
	}
	c.follow(round)
	for _, d := range round {
		c.checkEnd(d)
	}
	c.settle(round)
	c.all = append(c.all, round...)
}

// settle returns when nothing is left to do for a round: no event in Lambda's
// queue, no hook at work. A manual clock can tell. Whatever comes later is
// something that was done twice.
func (c *crash) settle(round []*crashDeployment) {
	c.t.Helper()
	for range 2 { // the second start finds what the first has left, which must be nothing
		c.server.kill()
		c.restart("manual")
		c.server.settle()
		for _, d := range round {
			if d.settledIn == 0 {
				d.settledIn = len(c.lives) - 1
			}
		}
	}
	c.server.kill()
	c.restart("fast")
}
