package e2e

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// The crash test of services: so many deploy at the same time, so often, and in
// each round the server is killed so often.
const (
	crashServices     = 5
	crashServiceTasks = 2
	serviceRounds     = 5
	serviceKills      = 4
)

// TestKill_ServicesGoOn kills the server at random points of ECS deployments,
// with visitors at every listener, and checks from the outside what a restart
// promises: no deployment is lost, nothing is created twice, and no listener
// leads nowhere. A last round without kills shows that all services take
// deployments again.
func TestKill_ServicesGoOn(t *testing.T) {
	began := time.Now()
	c := newServiceCrash(t)
	for range serviceRounds {
		c.round(serviceKills)
	}
	c.round(0)
	answered, excused := c.checkVisitors()
	t.Logf("%d deployments (%d succeeded, %d failed, %d stopped), %d rollbacks, %d answers of CreateDeployment lost, %d kills with %v deployments under way, %d visits and %d while it was down, in %s",
		len(c.all), c.ended["Succeeded"], c.ended["Failed"], c.ended["Stopped"], c.rollbacks, c.adopted, len(c.underWay), c.underWay,
		answered, excused, time.Since(began).Round(time.Millisecond))
}

// serviceCrash is a server that is killed again and again, and its services.
type serviceCrash struct {
	*mortal
	services []*crashService
	all      []*crashRelease

	rollbacks, adopted int
	ended              map[string]int // deployments, by status
}

// crashService is a service with a deployment group of its own.
type crashService struct {
	webService
	live     int    // which of the target groups has the traffic
	release  string // what its tasks answer
	maker    string // the deployment that made its task set, "" for none
	known    map[string]bool
	visitors *visitors
}

func newServiceCrash(t *testing.T) *serviceCrash {
	t.Helper()
	c := &serviceCrash{mortal: newMortal(t, startECS), ended: map[string]int{}}
	hooks := newHookRecord(t)
	c.server.createHook(hookBefore, "Succeeded", hooks)
	c.server.createHook(hookBefore+refusing, "Failed", hooks)
	balancer := c.server.createCloud()
	for i := range crashServices {
		ports := []int{80 + i, 100 + i}
		w := c.server.createService(balancer, fmt.Sprintf("s%d", i), crashServiceTasks, ports[:1+i%2]...)
		c.server.createServiceGroup(w, int32(5*(i/3))) // the last ones wait before they terminate
		c.services = append(c.services, &crashService{
			webService: w, release: "app:1", known: map[string]bool{}, visitors: keepVisiting(t, w.prod.url),
		})
	}
	c.revived = c.checkListeners
	return c
}

// checkListeners wants every listener to answer, whatever has happened.
func (c *serviceCrash) checkListeners() {
	c.t.Helper()
	for _, s := range c.services {
		for _, l := range s.listeners() {
			if _, err := fetch(c.server.http, l.url); err != nil {
				c.t.Errorf("%s of %s in life %d: %v", l.url, s.name, len(c.lives)-1, err)
			}
		}
	}
}

// round lets every service be released once, to the end, while the server is
// killed that often.
func (c *serviceCrash) round(kills int) {
	c.t.Helper()
	var round []*crashRelease
	for _, s := range c.services {
		round = append(round, c.plan(s))
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
	for _, s := range c.services {
		c.checkService(s)
	}
	c.checkProcesses()
	c.all = append(c.all, round...)
}

// checkProcesses wants the tasks of the services to run, and nothing else.
func (c *serviceCrash) checkProcesses() {
	c.t.Helper()
	var running []string
	defer func() {
		if c.t.Failed() {
			c.t.Logf("task processes: %v", running)
		}
	}()
	eventually(c.t, "as many processes as tasks are wanted", func() bool {
		running = processesIn(c.server.data + "/tasks")
		return len(running) == crashServices*crashServiceTasks
	})
}

// checkVisitors ends the visits. While the server is up, none may fail: tasks
// live on when it is killed, and its listeners are there when it says that it
// listens.
func (c *serviceCrash) checkVisitors() (answered, excused int) {
	c.t.Helper()
	for _, s := range c.services {
		s.visitors.end()
		all := len(s.visitors.missed)
		missed := slices.DeleteFunc(s.visitors.missed, func(v visit) bool { return !c.up(v.began, v.ended) })
		for _, v := range missed[:min(len(missed), 5)] {
			life := c.life(v.began)
			c.t.Errorf("%s: one of %d visits that failed: %s after the start of life %d: %v", s.name, len(missed), v.began.Sub(c.lives[life]), life, v.err)
		}
		excused += all - len(missed)
		for _, n := range s.visitors.answers {
			answered += n
		}
	}
	return answered, excused
}
