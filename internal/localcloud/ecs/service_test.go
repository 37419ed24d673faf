package ecs

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"greenlight/internal/localcloud/elb"
)

func TestE63CreateService(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.fixture()
		c.balancer.all(groupA, elb.Health{State: elb.StateInitial})
		created := must(c.CreateService(t.Context(), serviceInput()))(t).Service
		if len(created.Deployments) != 0 || len(created.Events) != 0 || *created.Status != "ACTIVE" {
			t.Errorf("answered with %+v", created)
		}
		wantSet(t, created.TaskSets[0], "PRIMARY", 2, 0, 0, types.StabilityStatusStabilizing)
		c.settle()
		s := c.describe()
		wantSet(t, s.TaskSets[0], "PRIMARY", 2, 0, 2, types.StabilityStatusStabilizing)
		c.balancer.all(groupA, elb.Health{State: elb.StateHealthy})
		c.settle()
		s = c.describe()
		wantSet(t, s.TaskSets[0], "PRIMARY", 2, 0, 2, types.StabilityStatusSteadyState)
		if len(s.Deployments) != 0 || len(s.TaskSets) != 1 || s.TaskSets[0].StartedBy != nil || s.RunningCount != 2 {
			t.Errorf("service %+v", s)
		}
		if *s.TaskDefinition != arnPrefix+"task-definition/app:1" || s.LaunchType != types.LaunchTypeEc2 {
			t.Errorf("runs %s on %s", *s.TaskDefinition, s.LaunchType)
		}
		for _, text := range []string{"has started 2 tasks: (task ", "targets in (target-group " + groupA, "(service s1) has reached a steady state."} {
			if c.said(text) == 0 {
				t.Errorf("no event says %q", text)
			}
		}
		if newest := *c.describe().Events[0].Message; newest != "(service s1) has reached a steady state." {
			t.Errorf("the newest event is %q", newest)
		}
	})
}

func TestE64UpdateServiceRefuses(t *testing.T) {
	const by = " on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment."
	cases := map[string]struct {
		change func(*sdk.UpdateServiceInput)
		text   string
	}{
		"task definition": {func(in *sdk.UpdateServiceInput) { in.TaskDefinition = aws.String("app:2") }, "Unable to update task definition" + by},
		"network": {func(in *sdk.UpdateServiceInput) {
			in.NetworkConfiguration = &types.NetworkConfiguration{AwsvpcConfiguration: &types.AwsVpcConfiguration{Subnets: []string{"subnet-1"}}}
		}, "Unable to update network parameters" + by},
		"load balancers": {func(in *sdk.UpdateServiceInput) { in.LoadBalancers = onGroup(groupB) }, "Unable to update load balancers" + by},
		"platform":       {func(in *sdk.UpdateServiceInput) { in.PlatformVersion = aws.String("LATEST") }, by},
		"strategy": {func(in *sdk.UpdateServiceInput) {
			in.CapacityProviderStrategy = []types.CapacityProviderStrategyItem{{CapacityProvider: aws.String("FARGATE")}}
		}, by},
		"force": {func(in *sdk.UpdateServiceInput) { in.ForceNewDeployment = true }, "Cannot force a new deployment" + by},
	}
	bubble(t, func(t *testing.T, c *cloud) {
		c.serve()
		for name, test := range cases {
			in := &sdk.UpdateServiceInput{Cluster: aws.String("c1"), Service: aws.String("s1"), DesiredCount: aws.Int32(9)}
			test.change(in)
			_, err := c.UpdateService(t.Context(), in)
			t.Log(name)
			wantCode(t, err, "InvalidParameterException", test.text)
		}
		if s := c.describe(); s.DesiredCount != 2 {
			t.Errorf("a refused update set the desired count to %d", s.DesiredCount)
		}
	})
}

func TestE65DesiredCount(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.serve()
		out := must(c.UpdateService(t.Context(), &sdk.UpdateServiceInput{
			Cluster: aws.String("c1"), Service: aws.String("s1"), DesiredCount: aws.Int32(4)}))(t)
		wantSet(t, out.Service.TaskSets[0], "PRIMARY", 4, 0, 2, types.StabilityStatusStabilizing)
		c.settle()
		wantSet(t, c.describe().TaskSets[0], "PRIMARY", 4, 0, 4, types.StabilityStatusSteadyState)
		c.scaleTo(1)
		if n := c.balancer.in(groupA)[elb.StateDraining]; n != 3 {
			t.Errorf("%d targets drain, want 3", n)
		}
		wantSet(t, c.describe().TaskSets[0], "PRIMARY", 1, 0, 1, types.StabilityStatusSteadyState)
		if running := c.launcher.running(); len(running) != 4 {
			t.Errorf("%v run while targets drain, want all four", running)
		}
		c.pass(drainMargin)
		if running := c.launcher.running(); len(running) != 1 {
			t.Errorf("%v run, want one", running)
		}
	})
}
