package scenarios

import (
	"errors"
	"net"
	"testing"
	"time"

	"greenlight/internal/localcloud/ecs/task"
)

// Tasks of the green side that die while traffic moves to it.
func TestTasksDieMidShift(t *testing.T) {
	shifting := func(t *testing.T) (*ecsWorld, string) {
		w := newECSWorld(t)
		id := w.run(ecsLinear, ecsSpec("app:2"))
		w.see(id).status("InProgress").events("S/S/S/S/I/P")
		return w, id
	}
	t.Run("once", func(t *testing.T) {
		w, id := shifting(t)
		before := w.tasks("app:2")
		w.sicken("app:2-dies")
		w.eventually("the tasks have died", func() bool { return disjoint(before, w.tasks("app:2")) })
		w.heal("app:2-dies")
		w.eventually("others have taken their place", func() bool { return w.steady("app:2") })
		w.advance(10 * time.Minute)
		w.see(id).status("Succeeded").events("S/S/S/S/S/S").noRollback()
		w.wantWeights(w.l80, 0, 100)
		if got := w.get(w.l80); got != "app:2" {
			t.Errorf("L80 answers %s", got)
		}
	})
	t.Run("over and over", func(t *testing.T) {
		w, id := shifting(t)
		w.sicken("app:2-dies")
		w.eventually("the tasks have died", func() bool { return !w.steady("app:2") })
		w.advance(7 * time.Minute)
		s := w.see(id).status("Failed").failure("ECS_UPDATE_ERROR", unhealthy).events("S/S/S/S/F/K").targetStatus("Failed")
		s.rolledBack().wellBack()
		w.wantWeights(w.l80, 100, 0)
		w.alone("app:1")
		if got := w.get(w.l80); got != "app:1" {
			t.Errorf("L80 answers %s", got)
		}
	})
}

func TestImageDoesNotExist(t *testing.T) {
	fault := &task.StartError{Code: task.CannotPull, Container: "web", Message: "pull access denied for app, repository does not exist"}
	o := &outage{}
	w := newECSWorld(t, outageIn(o))
	o.fail("app:2", -1, fault)
	w.neverGetsSteady(w.release(ecsAllAtOnce, ecsSpec("app:2"))).whyHolds(fault.Error(), "0 of 2 tasks are running")
	w.wantWrites("CreateTaskSet", "DeleteTaskSet")
	w.wantWeights(w.l80, 1, -1)
	w.alone("app:1")
}

// What keeps tasks from starting for a while: nothing but time is lost as long
// as the hour of Install is not over.
func TestTasksStartLate(t *testing.T) {
	for name, fault := range map[string]error{
		"the engine's socket is gone": &task.StartError{Code: task.EngineGone,
			Message: "cannot connect to the container engine at unix:///run/engine.sock"},
		"the port is taken": &task.StartError{Code: task.CannotStart, Container: "web",
			Message: "listen tcp4 127.0.0.1:32768: bind: address already in use"},
		"the image is pushed late": &task.StartError{Code: task.CannotPull, Container: "web", Message: "manifest unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			o := &outage{}
			w := newECSWorld(t, outageIn(o))
			o.fail("app:2", -1, fault)
			id := w.release(ecsCanary, ecsSpec("app:2"))
			w.untilFailing(o)
			w.advance(20 * time.Minute)
			w.see(id).status("InProgress").events("S/I/P/P/P/P")
			w.wantWeights(w.l80, 100, 0)
			o.end()
			w.eventually("green is steady", func() bool { return w.steady("app:2") })
			w.advance(7 * time.Minute)
			w.see(id).status("Succeeded").events("S/S/S/S/S/S").noRollback()
			w.wantWeights(w.l80, 0, 100)
			w.alone("app:2")
		})
	}
}

// An engine that is away can neither be asked how its tasks are: what ran before
// counts as running, and the deployment goes on when it is back.
func TestEngineGoneMidShift(t *testing.T) {
	o := &outage{}
	w := newECSWorld(t, outageIn(o))
	id := w.run(ecsLinear, ecsSpec("app:2"))
	gone := errors.New("cannot connect to the container engine")
	o.goAway(gone)
	w.advance(4 * time.Minute)
	w.see(id).status("InProgress").events("S/S/S/S/I/P")
	o.goAway(nil)
	w.advance(10 * time.Minute)
	w.see(id).status("Succeeded").noRollback()
	w.wantWeights(w.l80, 0, 100)
	w.alone("app:2")
}

// A program that listens on a port of its own beside the one that it is given,
// and finds that taken.
func TestPortOfTheProgramTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	w := newECSWorld(t, func(f *ecsFixture) {
		f.release2 = map[string]string{"SCENARIO_ALSO_LISTENS": taken.Addr().String()}
	})
	w.desire(1)
	id := w.release(ecsAllAtOnce, ecsSpec("app:2"))
	w.advance(10 * time.Minute)
	w.see(id).status("InProgress").events("S/I/P/P/P/P")
	w.wantWeights(w.l80, 1, -1)
	w.must(taken.Close())
	w.eventually("green is steady", func() bool { return w.steady("app:2") })
	w.advance(time.Minute)
	w.see(id).status("Succeeded").noRollback()
	w.wantWeights(w.l80, 0, 100)
}

func TestServiceDeletedBeforeTheStart(t *testing.T) {
	w := newECSWorld(t)
	w.deleteService()
	id := w.run(ecsAllAtOnce, ecsSpec("app:2"))
	w.see(id).status("Failed").says("INVALID_ECS_SERVICE", "s1", "c1").events("K/K/K/K/K/K").targetStatus("Failed").taskSets("").nothingToRollBack()
	w.wantWrites()
	w.wantWeights(w.l80, 1, -1)
}

// Somebody deletes the green side's task set.
func TestGreenDeletedMidShift(t *testing.T) {
	w := newECSWorld(t)
	id := w.run(ecsCanary, ecsSpec("app:2"))
	w.deleteTaskSet("app:2")
	w.advance(time.Minute)
	s := w.see(id).status("Failed").says("INVALID_ECS_SERVICE", "was deleted during the deployment").events("S/S/S/S/F/K")
	s.rolledBack().wellBack()
	w.wantWeights(w.l80, 100, 0)
	w.alone("app:1")
}

// Somebody deletes the original side in the termination wait. There is nothing
// to go back to, and the listener stays with the side that serves.
func TestBlueDeletedInTheWait(t *testing.T) {
	w := newECSWorld(t, groupLike(terminationWait(5)))
	id := w.run(ecsAllAtOnce, ecsSpec("app:2"))
	w.see(id).status("InProgress").events("S/S/S/S/S/S")
	w.deleteTaskSet("app:1")
	w.alone("app:2")
	w.advance(6 * time.Minute)
	w.see(id).status("Succeeded").taskSets("Blue DRAINING 0.0 tgA, Green PRIMARY 100.0 tgB").noRollback()
	w.wantWeights(w.l80, 0, 100)
}
