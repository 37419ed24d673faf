package e2e

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// lone is a service on a server with a manual clock, released as it was before.
type lone struct {
	*server
	webService
}

// startLone makes s1 and its group. The original task set stays for five
// minutes.
func startLone(t testing.TB) *lone {
	t.Helper()
	s := startECS(t, "manual")
	w := s.createService(s.createCloud(), "s1", 2, 80, 81)
	s.createServiceGroup(w, 5)
	return &lone{s, w}
}

// again ends the server and starts it anew; then both listeners must answer, as
// soon as there are tasks: a kill leaves them running, a stop does not.
func (l *lone) again(end func(*server)) {
	l.t.Helper()
	end(l.server)
	l.server = l.restart("manual")
	for _, at := range l.listeners() {
		eventually(l.t, "an answer of "+at.url, func() bool {
			_, err := fetch(l.http, at.url)
			return err == nil
		})
	}
}

// advanceUntil lets time pass in steps until something holds.
func (l *lone) advanceUntil(what string, step time.Duration, holds func() bool) {
	l.t.Helper()
	eventually(l.t, what, func() bool {
		l.settle()
		if holds() {
			return true
		}
		l.advance(step)
		return false
	})
}

func (l *lone) awaitWeights(green int) {
	l.t.Helper()
	l.advanceUntil("traffic to move", 10*time.Second, func() bool { return l.weights(l.webService, l.prod) == [2]int{100 - green, green} })
}

// toTheEnd lets time pass until a deployment has ended.
func (l *lone) toTheEnd(id string) *types.DeploymentInfo {
	l.t.Helper()
	l.advanceUntil("the end of "+id, 20*time.Second, func() bool { return ended(l.deployment(id).Status) })
	return l.deployment(id)
}

// checkTasks wants so many processes of tasks and no other.
func (l *lone) checkTasks(want int) {
	l.t.Helper()
	eventually(l.t, "the processes of tasks that are not wanted to end", func() bool {
		return len(processesIn(l.data+"/tasks")) == want
	})
}

// TestResume_GreenCreated (E67): the server goes as soon as ECS has the new task
// set, whether it knows of it or not. There is one, and it is released. The
// moment in between is short, so it is aimed at more than once.
func TestResume_GreenCreated(t *testing.T) {
	t.Parallel()
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			l := startLone(t)
			for i := range 4 {
				release, live := fmt.Sprintf("app:%d", 2+i%2), i%2
				id := l.deployService(l.webService, ecsAllAtOnce, serviceSpec(release))
				before := l.awaitGreen(id)
				l.again(end)
				l.toTheEnd(id)
				if after := l.madeBy(l.webService, id); len(before) != 1 || !slices.Equal(before, after) {
					t.Errorf("%s made the task sets %v and, after the restart, %v", id, before, after)
				}
				l.checkServiceEnd(id, l.webService, fmt.Sprintf("Blue DRAINING 0 %s, Green PRIMARY 100 %s", l.groups[live], l.groups[1-live]))
				l.checkServing(l.webService, id, release, [2]int{100 * live, 100 * (1 - live)})
				l.checkTasks(2)
			}
		})
	}
}

// awaitGreen returns the moment that ECS has a task set of a deployment: it asks
// without a pause.
func (l *lone) awaitGreen(id string) []string {
	l.t.Helper()
	for began := time.Now(); time.Since(began) < patience; {
		if ids := l.madeBy(l.webService, id); len(ids) > 0 {
			return ids
		}
	}
	l.t.Fatalf("%s has not made a task set within %s", id, patience)
	return nil
}

// TestResume_BetweenShifts (E68): the next step of a linear shift comes when it
// was due, and none is taken twice.
func TestResume_BetweenShifts(t *testing.T) {
	t.Parallel()
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			l := startLone(t)
			id := l.deployService(l.webService, ecsLinear, serviceSpec("app:2"))
			l.awaitWeights(20)
			shifted := l.now()
			l.again(end)
			l.settle()
			if got := l.weights(l.webService, l.prod); got != [2]int{80, 20} {
				t.Fatalf("the restart has changed the weights to %v", got)
			}
			for green := 30; green <= 100; green += 10 {
				l.awaitWeights(green)
				if took := l.now().Sub(shifted); took < 50*time.Second || took > 80*time.Second {
					t.Errorf("the shift to %d came %s after the one before, want a minute in steps of ten seconds", green, took)
				}
				shifted = l.now()
			}
			l.toTheEnd(id)
			l.checkServiceEnd(id, l.webService, "Blue DRAINING 0 s1-a, Green PRIMARY 100 s1-b")
			l.checkServing(l.webService, id, "app:2", [2]int{0, 100})
		})
	}
}

// TestResume_TerminationWait: both task sets are there while the wait lasts, and
// it lasts as long as it should.
func TestResume_TerminationWait(t *testing.T) {
	t.Parallel()
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			l := startLone(t)
			id := l.deployService(l.webService, ecsAllAtOnce, serviceSpec("app:2"))
			l.advanceUntil("the wait to begin", time.Second, func() bool { return l.deployment(id).InstanceTerminationWaitTimeStarted })
			due := l.now().Add(5 * time.Minute)
			l.again(end)
			l.advance(due.Sub(l.now()) - 10*time.Second)
			if info := l.deployment(id); ended(info.Status) || len(l.service(l.name).TaskSets) != 2 {
				t.Fatalf("ten seconds before the end of the wait it is %s (%s) with the task sets %+v",
					info.Status, describe(info.ErrorInformation), l.service(l.name).TaskSets)
			}
			l.checkTasks(4)
			l.checkRelease(l.prod, "app:2")
			l.toTheEnd(id)
			l.checkServiceEnd(id, l.webService, "Blue DRAINING 0 s1-a, Green PRIMARY 100 s1-b")
			l.checkServing(l.webService, id, "app:2", [2]int{0, 100})
			l.checkTasks(2)
		})
	}
}

// TestResume_Rollback: the server goes when it has just answered a stop, with
// its rollback under way. There is one rollback, and it leads back.
func TestResume_Rollback(t *testing.T) {
	t.Parallel()
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			l := startLone(t)
			id := l.deployService(l.webService, ecsCanary, serviceSpec("app:2"))
			l.awaitWeights(10)
			must(l.codeDeploy.StopDeployment(t.Context(), &codedeploy.StopDeploymentInput{
				DeploymentId: &id, AutoRollbackEnabled: aws.Bool(true),
			}))(t)
			l.again(end)
			l.advanceUntil("the rollback to end", time.Second, func() bool {
				info := l.deployment(id)
				return ended(info.Status) && info.RollbackInfo != nil && ended(l.deployment(*info.RollbackInfo.RollbackDeploymentId).Status)
			})
			rollback := l.checkRollback(l.deployment(id))
			all := must(l.codeDeploy.ListDeployments(t.Context(), &codedeploy.ListDeploymentsInput{
				ApplicationName: aws.String(application), DeploymentGroupName: &l.name,
			}))(t).Deployments
			if !slices.Equal(all, []string{rollback, id}) {
				t.Errorf("the group has the deployments %v, want %v", all, []string{rollback, id})
			}
			if got := taskSetLine(l.serviceTarget(rollback, l.name)); got != "Blue PRIMARY 100 s1-a, Green DRAINING 0 s1-b" {
				t.Errorf("the record of the rollback has %s", got)
			}
			eventually(t, "the new task set to go", func() bool { return len(l.service(l.name).TaskSets) == 1 })
			for _, at := range l.listeners() {
				if got := l.weights(l.webService, at); got != [2]int{100, 0} {
					t.Errorf("%s has the weights %v", at.arn, got)
				}
				l.checkRelease(at, "app:1")
			}
			l.checkTasks(2)
		})
	}
}

// TestResume_Service: a service comes back by itself with its listeners, on the
// same ports. A kill leaves its tasks alone; a stop ends them, and the next
// start makes new ones.
func TestResume_Service(t *testing.T) {
	t.Parallel()
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			l := startLone(t)
			before := processesIn(l.data + "/tasks")
			end(l.server)
			if left := processesIn(l.data + "/tasks"); len(left) > 0 != (name == "killed") {
				t.Errorf("%s, and there are the tasks %v", name, left)
			}
			l.server = l.restart("manual")
			for _, at := range l.listeners() {
				eventually(t, "an answer of "+at.url, func() bool {
					got, err := fetch(l.http, at.url)
					return err == nil && got == "app:1"
				})
			}
			l.checkTasks(2)
			if after := processesIn(l.data + "/tasks"); slices.Equal(before, after) != (name == "killed") {
				t.Errorf("%s: the tasks were %v and are %v", name, before, after)
			}
			id := l.deployService(l.webService, ecsAllAtOnce, serviceSpec("app:2"))
			l.toTheEnd(id)
			l.checkServiceEnd(id, l.webService, "Blue DRAINING 0 s1-a, Green PRIMARY 100 s1-b")
		})
	}
}
