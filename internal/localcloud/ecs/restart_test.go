package ecs

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	launcher "greenlight/internal/localcloud/ecs/task"
	"greenlight/internal/localcloud/elb"
)

// After kill -9, what runs is taken over as it is.
func TestKillLeavesTasksAlone(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.serve()
		c.createTaskSet(func(in *sdk.CreateTaskSetInput) { in.ClientToken = aws.String("one") })
		c.settle()
		before := c.tasks("RUNNING")
		c.kill()
		c.open()
		c.settle()
		if running := c.launcher.running(); !slices.Equal(running, []string{"1", "2", "3", "4"}) {
			t.Fatalf("running %v", running)
		}
		for i, task := range c.tasks("RUNNING") {
			if *task.TaskArn != *before[i].TaskArn || *task.LastStatus != "RUNNING" {
				t.Errorf("task %s became %s", *before[i].TaskArn, *task.TaskArn)
			}
		}
		wantSet(t, c.describe().TaskSets[0], "PRIMARY", 2, 0, 2, types.StabilityStatusSteadyState)
		again := c.createTaskSet(func(in *sdk.CreateTaskSetInput) { in.ClientToken = aws.String("one") })
		if len(c.describe().TaskSets) != 2 || again.RunningCount != 2 {
			t.Error("the token was forgotten")
		}
		c.launcher.die("1", 1)
		c.settle()
		if n := c.launcher.starts(); n != 5 {
			t.Errorf("a task that was taken over is not replaced: %d starts", n)
		}
	})
}

// What is lost is replaced, what belongs to nobody is stopped, and targets that
// are missing are registered again.
func TestRestartPutsThingsRight(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.serve()
		c.kill()
		c.launcher.vanish("1")
		c.launcher.add(launcher.Spec{ARN: arnPrefix + "task/c1/00000000000000000000000000000000"})
		c.balancer.mu.Lock()
		for id := range c.balancer.groups[groupA].targets {
			if id.Port == 32968 {
				delete(c.balancer.groups[groupA].targets, id)
			}
		}
		c.balancer.mu.Unlock()
		c.open()
		c.settle()
		if running := c.launcher.running(); !slices.Equal(running, []string{"2", "4"}) {
			t.Errorf("running %v", running)
		}
		if !slices.Contains(c.launcher.log, "remove 3") {
			t.Errorf("the orphan was not removed: %v", c.launcher.log)
		}
		if in := c.balancer.in(groupA); in[elb.StateHealthy] != 2 || in[elb.StateDraining] != 1 {
			t.Errorf("targets %v", in)
		}
		if stopped := c.tasks("STOPPED"); len(stopped) != 1 || !strings.Contains(*stopped[0].StoppedReason, "lost") {
			t.Errorf("stopped %+v", stopped)
		}
	})
}

// A task that was being started, or stopped, when the process was killed.
func TestKillInTheMiddle(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.launcher.startDelay = time.Minute
		c.serve()
		c.kill()
		c.launcher.set(func() { c.launcher.startDelay = 0 })
		c.open()
		c.settle()
		wantSet(t, c.describe().TaskSets[0], "PRIMARY", 2, 0, 2, types.StabilityStatusSteadyState)
		if n := c.launcher.starts(); n != 2 {
			t.Errorf("%d starts, want 2", n)
		}
		c.scaleTo(0)
		c.kill()
		c.open()
		c.pass(10 * time.Second)
		if running := c.launcher.running(); len(running) != 0 {
			t.Errorf("running %v", running)
		}
		if stopped := c.tasks("STOPPED"); len(stopped) != 2 || *stopped[0].LastStatus != "STOPPED" {
			t.Errorf("stopped %+v", stopped)
		}
	})
}

func TestCleanStopStopsTasksAndTheNextStartStartsThem(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.serve()
		c.close()
		if running := c.launcher.running(); len(running) != 0 {
			t.Fatalf("running %v after a clean stop", running)
		}
		if in := c.balancer.in(groupA); in[elb.StateHealthy] != 0 {
			t.Errorf("targets %v after a clean stop", in)
		}
		c.open()
		c.settle()
		if running := c.launcher.running(); !slices.Equal(running, []string{"3", "4"}) {
			t.Errorf("running %v", running)
		}
		wantSet(t, c.describe().TaskSets[0], "PRIMARY", 2, 0, 2, types.StabilityStatusSteadyState)
	})
}

func TestOpenNeedsTheEngine(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.kill()
		c.launcher.findError = errors.New("socket gone")
		if _, err := Open(t.Context(), c.options); err == nil || !strings.Contains(err.Error(), "socket gone") {
			t.Errorf("Open: %v", err)
		}
		c.launcher.findError = nil
		c.open()
	})
}
