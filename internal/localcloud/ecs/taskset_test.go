package ecs

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"greenlight/internal/localcloud/elb"
)

func TestCreateTaskSetOnUnusedGroupIsSteady(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.serve()
		green := c.createTaskSet()
		wantSet(t, *green, "ACTIVE", 2, 0, 0, types.StabilityStatusStabilizing)
		if *green.StartedBy != "CODE_DEPLOY" || *green.ExternalId != "d-A1B2C3D4E" || *green.TaskDefinition != arnPrefix+"task-definition/app:2" {
			t.Errorf("green is %+v", green)
		}
		c.settle()
		s := c.describe()
		if len(s.TaskSets) != 2 || *s.TaskSets[0].Status != "PRIMARY" || *s.TaskSets[1].Id != *green.Id {
			t.Fatalf("task sets %+v", s.TaskSets)
		}
		wantSet(t, s.TaskSets[1], "ACTIVE", 2, 0, 2, types.StabilityStatusSteadyState)
		if *s.TaskDefinition != arnPrefix+"task-definition/app:1" {
			t.Errorf("the service follows the wrong set: %s", *s.TaskDefinition)
		}
		c.balancer.use(groupB)
		if s := c.describe(); s.TaskSets[1].StabilityStatus != types.StabilityStatusStabilizing {
			t.Error("steady though its targets have no verdict any more")
		}
	})
}

// E36 to E38 and the rest of what ECS refuses (ecs.md 11).
func TestCreateTaskSetRefuses(t *testing.T) {
	balancer := func(name string, port int32) func(*sdk.CreateTaskSetInput) {
		return func(in *sdk.CreateTaskSetInput) {
			in.LoadBalancers[0].ContainerName, in.LoadBalancers[0].ContainerPort = aws.String(name), aws.Int32(port)
		}
	}
	definition := func(reference string) func(*sdk.CreateTaskSetInput) {
		return func(in *sdk.CreateTaskSetInput) { in.TaskDefinition = aws.String(reference) }
	}
	cases := map[string]struct {
		change     func(*sdk.CreateTaskSetInput)
		code, text string
	}{
		"E36":             {balancer("web2", 80), "InvalidParameterException", "The container web2 does not exist in the task definition."},
		"E37":             {balancer("web", 81), "InvalidParameterException", "The container web did not have a container port 81 defined."},
		"E38":             {definition("app:99"), "ClientException", "TaskDefinition not found."},
		"unknown family":  {definition("none"), "ClientException", "TaskDefinition not found."},
		"inactive":        {definition("app:3"), "ClientException", "TaskDefinition is inactive"},
		"latest":          {definition("app:latest"), "ClientException", "Invalid revision number. Number: latest"},
		"blank container": {balancer("", 80), "InvalidParameterException", "Container Name can not be blank."},
		"unknown group":   {func(in *sdk.CreateTaskSetInput) { in.LoadBalancers = onGroup(groupB + "0") }, "InvalidParameterException", "does not exist"},
		"unknown service": {func(in *sdk.CreateTaskSetInput) { in.Service = aws.String("s2") }, "ServiceNotFoundException", "Service not found."},
		"unknown cluster": {func(in *sdk.CreateTaskSetInput) { in.Cluster = aws.String("c2") }, "ClusterNotFoundException", "Cluster not found."},
		"other cluster":   {func(in *sdk.CreateTaskSetInput) { in.Service = aws.String("c2/s1") }, "InvalidParameterException", "Your cluster is c1"},
		"no launch type":  {func(in *sdk.CreateTaskSetInput) { in.LaunchType = "" }, "InvalidParameterException", "launch type"},
		"not for Fargate": {func(in *sdk.CreateTaskSetInput) { in.LaunchType = "FARGATE" }, "InvalidParameterException", "FARGATE"},
		"platform on EC2": {func(in *sdk.CreateTaskSetInput) { in.PlatformVersion = aws.String("LATEST") }, "InvalidParameterException", "platform version must be null"},
		"scale above 100": {func(in *sdk.CreateTaskSetInput) { in.Scale.Value = 101 }, "InvalidParameterException", "between 0 and 100"},
		"network on a bridge": {func(in *sdk.CreateTaskSetInput) {
			in.NetworkConfiguration = &types.NetworkConfiguration{AwsvpcConfiguration: &types.AwsVpcConfiguration{Subnets: []string{"s"}}}
		}, "InvalidParameterException", "Network Configuration is not valid"},
		"launch type and strategy": {func(in *sdk.CreateTaskSetInput) {
			in.CapacityProviderStrategy = []types.CapacityProviderStrategyItem{{CapacityProvider: aws.String("FARGATE")}}
		}, "InvalidParameterException", "Specifying both"},
		"unknown platform": {func(in *sdk.CreateTaskSetInput) {
			in.LaunchType, in.PlatformVersion = "", aws.String("7")
			in.CapacityProviderStrategy = []types.CapacityProviderStrategyItem{{CapacityProvider: aws.String("FARGATE")}}
		}, "PlatformUnknownException", "does not exist"},
	}
	bubble(t, func(t *testing.T, c *cloud) {
		c.serve()
		must(c.DeregisterTaskDefinition(t.Context(), &sdk.DeregisterTaskDefinitionInput{TaskDefinition: aws.String("app:3")}))(t)
		for name, test := range cases {
			t.Log(name)
			_, err := c.CreateTaskSet(t.Context(), taskSetRequest(test.change))
			wantCode(t, err, test.code, test.text)
		}
		if sets := c.describe().TaskSets; len(sets) != 1 {
			t.Errorf("a refused request left %d task sets", len(sets))
		}
	})
}

func TestCreateTaskSetIsIdempotentOnItsToken(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.serve()
		token := func(text string) func(*sdk.CreateTaskSetInput) {
			return func(in *sdk.CreateTaskSetInput) { in.ClientToken = aws.String(text) }
		}
		first := c.createTaskSet(token("one"))
		c.settle()
		if again := c.createTaskSet(token("one")); *again.Id != *first.Id || again.RunningCount != 2 {
			t.Errorf("the same token made %s, then %s", *first.Id, *again.Id)
		}
		for _, text := range []string{"two", "three", "four"} {
			c.createTaskSet(token(text), func(in *sdk.CreateTaskSetInput) { in.Scale.Value = 0 })
		}
		_, err := c.CreateTaskSet(t.Context(), taskSetRequest(token("six")))
		wantCode(t, err, "InvalidParameterException",
			"5 deployments exist on the service. Unable to create new TaskSet since this exceeds the maximum limit.")
	})
}

func TestTaskSetsNeedAnExternalController(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.serve(byECS)
		_, err := c.CreateTaskSet(t.Context(), taskSetRequest())
		wantCode(t, err, "UnsupportedFeatureException",
			"Amazon ECS only supports task set management on services configured to use external deployment controllers.")
	})
}

func TestPrimaryMovesAndTheServiceFollows(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		blue := c.serve().TaskSets[0]
		green := c.createTaskSet()
		c.settle()
		out := must(c.UpdateServicePrimaryTaskSet(t.Context(), &sdk.UpdateServicePrimaryTaskSetInput{
			Cluster: aws.String("c1"), Service: aws.String("s1"), PrimaryTaskSet: green.TaskSetArn}))(t)
		if *out.TaskSet.Status != "PRIMARY" || *out.TaskSet.Id != *green.Id {
			t.Errorf("answered %+v", out.TaskSet)
		}
		s := c.describe()
		if *s.TaskSets[0].Id != *green.Id || *s.TaskSets[1].Id != *blue.Id || *s.TaskSets[1].Status != "ACTIVE" {
			t.Errorf("task sets %+v", s.TaskSets)
		}
		if *s.TaskDefinition != *green.TaskDefinition || *s.LoadBalancers[0].TargetGroupArn != groupB {
			t.Errorf("the service has %s on %s", *s.TaskDefinition, *s.LoadBalancers[0].TargetGroupArn)
		}
		_, err := c.UpdateServicePrimaryTaskSet(t.Context(), &sdk.UpdateServicePrimaryTaskSetInput{
			Cluster: aws.String("c1"), Service: aws.String("s1"), PrimaryTaskSet: aws.String("ecs-svc/1")})
		wantCode(t, err, "TaskSetNotFoundException", "The specified task set does not exist.")
	})
}

// What DeleteTaskSet must do (ecs.md 14.2): no new requests, then SIGTERM with
// the definition's time, then nothing is left.
func TestDeleteTaskSetDrainsBeforeItStops(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.fixture()
		slow := c.register("slow", func(d *types.ContainerDefinition) { d.StopTimeout = aws.Int32(90) })
		must(c.CreateService(t.Context(), serviceInput(func(in *sdk.CreateServiceInput) { in.TaskDefinition = &slow })))(t)
		c.settle()
		blue := c.describe().TaskSets[0]
		remove := func(force bool) (*sdk.DeleteTaskSetOutput, error) {
			return c.DeleteTaskSet(t.Context(), &sdk.DeleteTaskSetInput{
				Cluster: aws.String("c1"), Service: aws.String("s1"), TaskSet: blue.Id, Force: aws.Bool(force)})
		}
		_, err := remove(false)
		wantCode(t, err, "InvalidParameterException", "primary task set")
		wantSet(t, *must(remove(true))(t).TaskSet, "DRAINING", 0, 0, 2, types.StabilityStatusStabilizing)
		c.pass(4 * time.Second)
		if in := c.balancer.in(groupA); in[elb.StateDraining] != 2 || len(c.launcher.running()) != 2 {
			t.Errorf("after 4 s targets %v, running %v", in, c.launcher.running())
		}
		c.pass(2 * time.Second)
		if len(c.launcher.running()) != 0 || len(c.describe().TaskSets) != 0 {
			t.Errorf("after 6 s running %v, task sets %+v", c.launcher.running(), c.describe().TaskSets)
		}
		if grace := c.launcher.tasks["1"].grace; grace != 90*time.Second {
			t.Errorf("stopped with %s", grace)
		}
		for _, task := range c.tasks("STOPPED") {
			if task.StopCode != types.TaskStopCodeServiceSchedulerInitiated || *task.Containers[0].ExitCode != 143 ||
				*task.StoppedReason != "Scaling activity initiated by (deployment "+*blue.Id+")" {
				t.Errorf("task %s %s, container %+v", task.StopCode, *task.StoppedReason, task.Containers[0])
			}
		}
		_, err = remove(true)
		wantCode(t, err, "TaskSetNotFoundException", "")
	})
}

func TestUpdateTaskSetScales(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.serve(func(in *sdk.CreateServiceInput) { in.DesiredCount = aws.Int32(3) })
		green := c.createTaskSet(func(in *sdk.CreateTaskSetInput) { in.Scale.Value = 50 })
		if green.ComputedDesiredCount != 2 {
			t.Errorf("50 %% of 3 is %d, want 2", green.ComputedDesiredCount)
		}
		out := must(c.UpdateTaskSet(t.Context(), &sdk.UpdateTaskSetInput{Cluster: aws.String("c1"), Service: aws.String("s1"),
			TaskSet: green.Id, Scale: &types.Scale{Value: 0, Unit: types.ScaleUnitPercent}}))(t)
		if out.TaskSet.ComputedDesiredCount != 0 {
			t.Errorf("scaled to %d", out.TaskSet.ComputedDesiredCount)
		}
		c.pass(time.Minute)
		_, err := c.DeleteTaskSet(t.Context(), &sdk.DeleteTaskSetInput{Cluster: aws.String("c1"), Service: aws.String("s1"), TaskSet: green.Id})
		must(0, err)(t)
		c.settle()
		described := must(c.DescribeTaskSets(t.Context(), &sdk.DescribeTaskSetsInput{
			Cluster: aws.String("c1"), Service: aws.String("s1"), TaskSets: []string{*green.Id}}))(t)
		if len(described.TaskSets) != 0 || len(described.Failures) != 1 || *described.Failures[0].Reason != "MISSING" {
			t.Errorf("described %+v", described)
		}
	})
}

func TestExternalServiceBeginsWithoutTaskSets(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		s := c.serve(func(in *sdk.CreateServiceInput) {
			in.TaskDefinition, in.LoadBalancers = nil, nil
			in.DeploymentController.Type = types.DeploymentControllerTypeExternal
		})
		if s.TaskSets == nil || len(s.TaskSets) != 0 || len(s.Deployments) != 0 {
			t.Errorf("service %+v", s)
		}
		first := c.createTaskSet(func(in *sdk.CreateTaskSetInput) { in.ExternalId = aws.String("mine") })
		if first.StartedBy != nil || *first.Status != "ACTIVE" {
			t.Errorf("first set %+v", first)
		}
		c.settle()
		wantSet(t, c.describe().TaskSets[0], "ACTIVE", 2, 0, 2, types.StabilityStatusSteadyState)
		arns := must(c.ListTasks(t.Context(), &sdk.ListTasksInput{Cluster: aws.String("c1"), StartedBy: first.Id}))(t).TaskArns
		if len(arns) != 2 || !slices.IsSorted(arns) {
			t.Errorf("tasks started by %s: %v", *first.Id, arns)
		}
	})
}
