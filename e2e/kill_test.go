package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/aws/smithy-go"
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
// without kills shows that all groups take deployments again. The moments come
// from a seed, which is printed; E2E_SEED repeats it.
func TestKill_NothingIsLostOrDoubled(t *testing.T) {
	seed := crashSeed(t)
	t.Logf("E2E_SEED=%d", seed)
	began := time.Now()
	c := newCrash(t, rand.New(rand.NewPCG(seed, 0)))
	for range crashRounds {
		c.round(crashKills)
	}
	c.round(0)
	c.checkHooks()
	t.Logf("%d deployments, %d rollbacks, %d invocations of hooks, %d answers of CreateDeployment lost, %d kills with %v deployments under way, in %s",
		len(c.all), c.rollbacks, len(c.hooks.calls(t)), c.adopted, len(c.underWay), c.underWay, time.Since(began).Round(time.Millisecond))
}

func crashSeed(t *testing.T) uint64 {
	t.Helper()
	if text := os.Getenv("E2E_SEED"); text != "" {
		return must(strconv.ParseUint(text, 10, 64))(t)
	}
	return rand.Uint64()
}

// crash is a server that is killed again and again, and what is asked of it.
type crash struct {
	t      *testing.T
	random *rand.Rand
	hooks  *hookRecord
	groups []*crashGroup
	all    []*crashDeployment

	server *server
	kills  int         // still to come in this round
	lives  []time.Time // when each process was started
	active int         // deployments of the round that are not known to have ended

	rollbacks, adopted int
	underWay           []int // active, at each kill
}

// crashGroup is a deployment group with an alias of its own.
type crashGroup struct {
	name    string          // of the group and of the alias
	version string          // where the alias leads
	known   map[string]bool // its deployments
}

func newCrash(t *testing.T, random *rand.Rand) *crash {
	t.Helper()
	c := &crash{t: t, random: random, hooks: newHookRecord(t), lives: []time.Time{time.Now()}}
	c.server = start(t, "fast")
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

// arm has the present process killed some time from now, in the middle of
// whatever it does then.
func (c *crash) arm() {
	if c.kills > 0 {
		process := c.server.cmd.Process
		time.AfterFunc(time.Duration(5+c.random.IntN(395))*time.Millisecond, func() { _ = process.Kill() }) // or the test has ended
	}
}

// alive is the present server, and the number of its life; a new one if the last
// one was killed.
func (c *crash) alive() (*server, int) {
	c.t.Helper()
	select {
	case <-c.server.exited:
		c.kills--
		c.underWay = append(c.underWay, c.active)
		c.restart("fast")
		c.arm()
	default:
	}
	return c.server, len(c.lives) - 1
}

func (c *crash) restart(clock string) {
	c.t.Helper()
	c.lives = append(c.lives, time.Now())
	c.server = c.server.restart(clock)
}

// life is the one that a moment belongs to. What a process has begun ends with
// it.
func (c *crash) life(at time.Time) int {
	life := 0
	for life+1 < len(c.lives) && !at.Before(c.lives[life+1]) {
		life++
	}
	return life
}

// ask makes a call until it is answered, by the server of the life that is
// returned. A refusal fails the test.
func (c *crash) ask(call func(*server) error) int {
	c.t.Helper()
	for {
		s, life := c.alive()
		err := call(s)
		if err == nil {
			return life
		}
		c.mourn(s, err)
	}
}

// mourn waits for the end of a server that could not answer a call.
func (c *crash) mourn(s *server, err error) {
	c.t.Helper()
	if isA[smithy.APIError](err) {
		c.t.Fatal(err)
	}
	select {
	case <-s.exited:
	case <-time.After(patience):
		c.t.Fatalf("a call failed although nobody killed the server: %v", err)
	}
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
