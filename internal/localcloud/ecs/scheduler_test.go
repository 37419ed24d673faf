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

func TestDeadTaskIsReplacedAtOnce(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.serve()
		c.launcher.die("1", 7)
		c.settle()
		if running := c.launcher.running(); !slices.Equal(running, []string{"2", "3"}) {
			t.Fatalf("running %v", running)
		}
		wantSet(t, c.describe().TaskSets[0], "PRIMARY", 2, 0, 2, types.StabilityStatusSteadyState)
		stopped := c.tasks("STOPPED")
		if len(stopped) != 1 || stopped[0].StopCode != types.TaskStopCodeEssentialContainerExited || *stopped[0].LastStatus != "STOPPED" ||
			*stopped[0].StoppedReason != "Essential container in task exited" || *stopped[0].Containers[0].ExitCode != 7 {
			t.Errorf("stopped %+v", stopped)
		}
		if in := c.balancer.in(groupA); in[elb.StateHealthy] != 2 || in[elb.StateDraining] != 1 {
			t.Errorf("targets %v", in)
		}
		if c.said("exit code 7") != 1 {
			t.Error("no event tells the exit code")
		}
	})
}

// A task that cannot be started is tried at once, then after 1, 2, 4 ... 60 s.
func TestCrashLoopBacksOff(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		refusal := &launcher.StartError{Code: launcher.CannotPull, Container: "web", Message: "no such image"}
		var tries []time.Duration
		begun := time.Now()
		c.launcher.startError = func(launcher.Spec) error {
			tries = append(tries, time.Since(begun))
			return refusal
		}
		c.serve(func(in *sdk.CreateServiceInput) { in.DesiredCount = aws.Int32(1) })
		c.pass(4 * time.Minute)
		want := []time.Duration{0, 0, 1, 3, 7, 15, 31, 63, 123, 183}
		for i := range want {
			want[i] *= time.Second
		}
		if !slices.Equal(tries, want) {
			t.Errorf("tried at %v, want %v", tries, want)
		}
		stopped := c.tasks("STOPPED")[0]
		if stopped.StopCode != types.TaskStopCodeTaskFailedToStart || *stopped.StoppedReason != "CannotPullContainerError: no such image" ||
			*stopped.Containers[0].Reason != "CannotPullContainerError: no such image" {
			t.Errorf("stopped %s %s, %+v", stopped.StopCode, *stopped.StoppedReason, stopped.Containers[0])
		}
		if c.said("is unable to consistently start tasks successfully") != 1 || c.said("no such image") == 0 {
			t.Errorf("events %+v", c.describe().Events)
		}
		if c.service.Busy() {
			t.Error("a crash loop holds the clock")
		}
		c.launcher.set(func() { c.launcher.startError = nil })
		c.scaleTo(2)
		wantSet(t, c.describe().TaskSets[0], "PRIMARY", 2, 0, 2, types.StabilityStatusSteadyState)
	})
}

// E33: green fails the health check. It is replaced over and over and never
// steady, and tasks have their grace period.
func TestUnhealthyTasksAreReplacedAfterTheGracePeriod(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.balancer.all(groupA, elb.Health{State: elb.StateUnhealthy, Reason: "Target.ResponseCodeMismatch", Description: "Health checks failed with these codes: [500]"})
		c.serve(func(in *sdk.CreateServiceInput) { in.HealthCheckGracePeriodSeconds = aws.Int32(60) })
		wantSet(t, c.describe().TaskSets[0], "PRIMARY", 2, 0, 2, types.StabilityStatusStabilizing)
		c.pass(59 * time.Second)
		if n := c.launcher.starts(); n != 2 {
			t.Fatalf("%d tasks were started within the grace period", n)
		}
		c.pass(time.Second)
		if n := c.launcher.starts(); n != 4 {
			t.Errorf("%d tasks were started, want 4", n)
		}
		reason := *c.tasks("STOPPED")[0].StoppedReason
		if reason != "Task failed ELB health checks in (target-group "+groupA+")" {
			t.Errorf("stopped because %q", reason)
		}
		if c.said("(service s1) is unhealthy in target-group tgA due to (reason Health checks failed with these codes: [500])") == 0 {
			t.Errorf("events %+v", c.describe().Events)
		}
	})
}

func TestContainerHealthCheckCounts(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.fixture()
		arn := c.register("checked", func(d *types.ContainerDefinition) {
			d.HealthCheck = &types.HealthCheck{Command: []string{"CMD-SHELL", "true"}}
		})
		c.launcher.health = launcher.Unknown
		must(c.CreateService(t.Context(), serviceInput(func(in *sdk.CreateServiceInput) { in.TaskDefinition = &arn })))(t)
		c.settle()
		wantSet(t, c.describe().TaskSets[0], "PRIMARY", 2, 0, 2, types.StabilityStatusStabilizing)
		c.launcher.setHealth("1", launcher.Healthy)
		c.launcher.setHealth("2", launcher.Healthy)
		c.settle()
		wantSet(t, c.describe().TaskSets[0], "PRIMARY", 2, 0, 2, types.StabilityStatusSteadyState)
		if health := c.tasks("RUNNING")[0].HealthStatus; health != types.HealthStatusHealthy {
			t.Errorf("task is %s", health)
		}
		c.launcher.setHealth("1", launcher.Unhealthy)
		c.settle()
		if stopped := c.tasks("STOPPED"); len(stopped) != 1 || *stopped[0].StoppedReason != "Task failed container health checks" {
			t.Errorf("stopped %+v", stopped)
		}
		if n := c.launcher.starts(); n != 3 {
			t.Errorf("%d starts, want 3", n)
		}
	})
}

func TestStopTaskIsReplaced(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.serve()
		first := c.tasks("RUNNING")[0]
		out := must(c.StopTask(t.Context(), &sdk.StopTaskInput{Cluster: aws.String("c1"), Task: first.TaskArn, Reason: aws.String("tired")}))(t)
		if *out.Task.DesiredStatus != "STOPPED" || out.Task.StopCode != types.TaskStopCodeUserInitiated || *out.Task.StoppedReason != "tired" {
			t.Errorf("answered %+v", out.Task)
		}
		c.settle()
		if n := c.launcher.starts(); n != 3 {
			t.Errorf("%d starts, want 3", n)
		}
		described := must(c.DescribeTasks(t.Context(), &sdk.DescribeTasksInput{Cluster: aws.String("c1"), Tasks: []string{*first.TaskArn, "none"}}))(t)
		if *described.Tasks[0].LastStatus != "DEACTIVATING" || *described.Failures[0].Reason != "MISSING" {
			t.Errorf("described %s, %+v", *described.Tasks[0].LastStatus, described.Failures)
		}
		c.pass(10 * time.Second)
		if stopped := c.tasks("STOPPED"); len(stopped) != 1 || *stopped[0].LastStatus != "STOPPED" {
			t.Errorf("stopped %+v", stopped)
		}
	})
}

// A start that takes its time shows as PENDING, and scaling in ends it.
func TestSlowStart(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.launcher.startDelay = time.Hour
		s := c.serve()
		wantSet(t, s.TaskSets[0], "PRIMARY", 2, 2, 0, types.StabilityStatusStabilizing)
		if !c.service.Busy() {
			t.Error("a first start does not hold the clock")
		}
		c.pass(patience)
		if c.service.Busy() {
			t.Error("a start holds the clock for too long")
		}
		c.scaleTo(0)
		wantSet(t, c.describe().TaskSets[0], "PRIMARY", 0, 0, 0, types.StabilityStatusSteadyState)
		if n := c.launcher.starts(); n != 0 {
			t.Errorf("%d tasks were started", n)
		}
	})
}

func TestBalancerThatRefusesIsAskedAgain(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.balancer.refuse = errors.New("out of order")
		c.serve()
		if c.said("failed to register targets in (target-group "+groupA+") with (error out of order") == 0 {
			t.Errorf("events %+v", c.describe().Events)
		}
		wantSet(t, c.describe().TaskSets[0], "PRIMARY", 2, 0, 2, types.StabilityStatusStabilizing)
		c.balancer.mu.Lock()
		c.balancer.refuse = nil
		c.balancer.mu.Unlock()
		c.pass(2 * time.Second)
		wantSet(t, c.describe().TaskSets[0], "PRIMARY", 2, 0, 2, types.StabilityStatusSteadyState)
	})
}

func TestEngineThatCannotStopIsAskedAgain(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.serve()
		c.launcher.set(func() { c.launcher.stopError = errors.New("socket gone") })
		c.scaleTo(0)
		c.pass(time.Minute)
		if n := len(c.launcher.running()); n != 2 {
			t.Fatalf("%d run", n)
		}
		c.launcher.set(func() { c.launcher.stopError = nil })
		c.pass(2 * time.Second)
		if n := len(c.launcher.running()); n != 0 {
			t.Errorf("%d run", n)
		}
	})
}

// A task that disappears without a word is found out by the sweep.
func TestSweepFindsWhatNobodyTold(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.serve()
		c.launcher.vanish("2")
		c.pass(sweepEvery)
		if running := c.launcher.running(); !slices.Equal(running, []string{"1", "3"}) {
			t.Errorf("running %v", running)
		}
		if reason := *c.tasks("STOPPED")[0].StoppedReason; reason != lost {
			t.Errorf("stopped because %q", reason)
		}
	})
}

func TestEnvironmentOfTasks(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.fixture()
		out := must(c.RegisterTaskDefinition(t.Context(), &sdk.RegisterTaskDefinitionInput{
			Family: aws.String("env"), TaskRoleArn: aws.String("arn:aws:iam::111122223333:role/r"),
			ContainerDefinitions: []types.ContainerDefinition{{
				Name: aws.String("web"), Image: aws.String("app"), Memory: aws.Int32(64), Cpu: 128, Command: []string{"serve"},
				PortMappings: []types.PortMapping{{ContainerPort: aws.Int32(80)}},
				Environment:  []types.KeyValuePair{{Name: aws.String("AWS_REGION"), Value: aws.String("mine")}},
			}}}))(t)
		must(c.CreateService(t.Context(), serviceInput(func(in *sdk.CreateServiceInput) { in.TaskDefinition = out.TaskDefinition.TaskDefinitionArn })))(t)
		c.settle()
		web := c.launcher.spec("1").Containers[0]
		if web.Environment["AWS_REGION"] != "mine" || web.Environment["ROLE"] != "arn:aws:iam::111122223333:role/r" || web.Environment["ACCOUNT"] != testAccount {
			t.Errorf("environment %v", web.Environment)
		}
		if web.Memory != 64 || web.CPU != 128 || !slices.Equal(web.Ports, []int{80}) || !web.Essential || web.StopTimeout != 30*time.Second {
			t.Errorf("container %+v", web)
		}
		if arn := c.launcher.spec("1").ARN; !strings.HasPrefix(arn, arnPrefix+"task/c1/") {
			t.Errorf("task %s", arn)
		}
	})
}
