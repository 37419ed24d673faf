package scenarios

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// inTerminationWait is a deployment that waits five minutes for the end of its
// original side (the beginning of E11).
func inTerminationWait(t *testing.T) (w *ecsWorld, id string) {
	t.Helper()
	w = newECSWorld(t, groupLike(terminationWait(5)))
	id = w.run(ecsAllAtOnce, ecsSpec("app:2"))
	s := w.see(id).status("InProgress").events("S/S/S/S/S/S").targetStatus("Succeeded").taskSets("Blue ACTIVE 0.0 tgA, Green PRIMARY 100.0 tgB")
	if !s.info.InstanceTerminationWaitTimeStarted {
		t.Error("the termination wait is not told")
	}
	if sets := w.service().TaskSets; len(sets) != 2 {
		t.Errorf("%d task sets are there, want both", len(sets))
	}
	return w, id
}

// wantOneSet waits until the service has one task set, and wants it to be the
// primary one, on a target group and of a task definition.
func (w *ecsWorld) wantOneSet(group, definition string) {
	w.Helper()
	w.eventually("one task set is left", func() bool { return len(w.service().TaskSets) == 1 })
	service := w.service()
	set := service.TaskSets[0]
	if aws.ToString(set.Status) != "PRIMARY" || len(set.LoadBalancers) != 1 || aws.ToString(set.LoadBalancers[0].TargetGroupArn) != group {
		w.Errorf("the task set is %s on %+v, want PRIMARY on %s", aws.ToString(set.Status), set.LoadBalancers, group)
	}
	for _, arn := range []*string{set.TaskDefinition, service.TaskDefinition} {
		if !strings.HasSuffix(aws.ToString(arn), ":task-definition/"+definition) {
			w.Errorf("the task definition is %s, want %s", aws.ToString(arn), definition)
		}
	}
}

// taskARNs are those of the service's tasks that run, or of those that have ended.
func (w *ecsWorld) taskARNs(desired ecstypes.DesiredStatus) []string {
	w.Helper()
	out, err := w.ecs.ListTasks(context.Background(), &ecs.ListTasksInput{
		Cluster: aws.String("c1"), ServiceName: aws.String("s1"), DesiredStatus: desired,
	})
	w.must(err)
	return slices.Sorted(slices.Values(out.TaskArns))
}

// tasksOf are the ARNs of the running tasks of a task set.
func (w *ecsWorld) tasksOf(set string) []string {
	w.Helper()
	out, err := w.ecs.ListTasks(context.Background(), &ecs.ListTasksInput{Cluster: aws.String("c1"), StartedBy: &set})
	w.must(err)
	return slices.Sorted(slices.Values(out.TaskArns))
}

func TestE11_TerminationWait(t *testing.T) {
	w, id := inTerminationWait(t)
	w.advance(3 * time.Minute)
	w.see(id).status("InProgress").taskSets("Blue ACTIVE 0.0 tgA, Green PRIMARY 100.0 tgB")
	w.advance(2 * time.Minute)
	s := w.see(id).status("Succeeded").targetStatus("Succeeded").taskSets("Blue DRAINING 0.0 tgA, Green PRIMARY 100.0 tgB")
	if waited := s.info.CompleteTime.Sub(*s.event("AfterAllowTraffic").EndTime); waited < 5*time.Minute || waited > 5*time.Minute+slack {
		t.Errorf("waited %s, want 5m", waited)
	}
	w.wantOneSet(w.tgB, "app:2")
}

func TestE12_TerminationWaitIsEnded(t *testing.T) {
	w, id := inTerminationWait(t)
	asked := w.clock.Now()
	w.must(w.carryOn(id, types.DeploymentWaitTypeTerminationWait))
	w.settle()
	s := w.see(id).status("Succeeded").targetStatus("Succeeded").taskSets("Blue DRAINING 0.0 tgA, Green PRIMARY 100.0 tgB")
	if took := s.info.CompleteTime.Sub(asked); took > slack {
		t.Errorf("ended %s after the word", took)
	}
	w.wantOneSet(w.tgB, "app:2")
}

func TestE13_TerminationWaitHoldsTheGroup(t *testing.T) {
	w, id := inTerminationWait(t)
	_, err := w.start(ecsAllAtOnce, ecsSpec("app:3"))
	w.refused(err, "DeploymentLimitExceededException")
	w.says(err, "The Deployment Group 'g1' already has an active Deployment '"+id+"'")
}

func TestE14_StopInTheTerminationWait(t *testing.T) {
	w, id := inTerminationWait(t)
	sets := w.service().TaskSets
	blue := aws.ToString(sets[slices.IndexFunc(sets, func(s ecstypes.TaskSet) bool { return aws.ToString(s.Status) == "ACTIVE" })].Id)
	serving, started := w.tasksOf(blue), len(w.cloud.called("CreateTaskSet"))
	running := w.taskARNs(ecstypes.DesiredStatusRunning)
	w.wantStop(id, new(true), "Succeeded")
	w.settle()
	s := w.see(id).status("Stopped").says(manualStop).events("S/S/S/S/S/S").targetStatus("Succeeded").taskSets("Blue ACTIVE 0.0 tgA, Green PRIMARY 100.0 tgB")
	s.rolledBack().undone("Blue PRIMARY 100.0 tgA, Green DRAINING 0.0 tgB")
	w.wantWeights(w.l80, 100, 0)
	w.wantOnly(w.l80, "app:1")
	w.wantOneSet(w.tgA, "app:1")
	if got := w.service().TaskSets[0]; aws.ToString(got.Id) != blue || !slices.Equal(w.tasksOf(blue), serving) || len(serving) != 2 {
		t.Errorf("the tasks of %s are %q, were %q of %s", aws.ToString(got.Id), w.tasksOf(blue), serving, blue)
	}
	all := append(w.taskARNs(ecstypes.DesiredStatusRunning), w.taskARNs(ecstypes.DesiredStatusStopped)...)
	if slices.Sort(all); !slices.Equal(all, running) || len(w.cloud.called("CreateTaskSet")) != started {
		t.Errorf("tasks are %q, were %q", all, running)
	}
}

func TestE15_E16_StopInTheTerminationWaitWithoutRollback(t *testing.T) {
	w, id := inTerminationWait(t)
	w.wantStop(id, new(false), "Succeeded")
	w.advance(time.Hour)
	w.see(id).status("Stopped").says(manualStop).targetStatus("Succeeded").taskSets("Blue ACTIVE 0.0 tgA, Green PRIMARY 100.0 tgB").noRollback()
	w.wantWeights(w.l80, 0, 100)
	if sets := w.service().TaskSets; len(sets) != 2 {
		t.Errorf("%d task sets are there, want both", len(sets))
	}
	left := w.setsAtCreation()
	calls := len(w.cloud.called())
	next := w.run(ecsAllAtOnce, ecsSpec("app:3"))
	w.advance(5 * time.Minute)
	w.see(next).status("Succeeded").taskSets("Blue DRAINING 0.0 tgB, Green PRIMARY 100.0 tgA")
	var made []string
	for _, c := range w.cloud.called()[calls:] {
		if c.Operation == "CreateTaskSet" || c.Operation == "DeleteTaskSet" {
			made = append(made, c.Operation)
		}
	}
	if !slices.Equal(made, []string{"DeleteTaskSet", "CreateTaskSet", "DeleteTaskSet"}) || left.Load() != 1 {
		t.Errorf("calls are %q, and %d task sets were there at the creation, want 1", made, left.Load())
	}
	w.wantWeights(w.l80, 100, 0)
	w.wantOneSet(w.tgA, "app:3")
}

// setsAtCreation notes how many task sets there are when the controller next
// creates one.
func (w *ecsWorld) setsAtCreation() *atomic.Int32 {
	var n atomic.Int32
	w.cloud.onCall(func(c ecsCall) http.Handler {
		if c.Operation != "CreateTaskSet" {
			return nil
		}
		out, err := w.ecs.DescribeServices(context.Background(), &ecs.DescribeServicesInput{Cluster: aws.String("c1"), Services: []string{"s1"}})
		if err == nil && len(out.Services) == 1 {
			n.Store(int32(len(out.Services[0].TaskSets)))
		}
		return nil
	})
	return &n
}
