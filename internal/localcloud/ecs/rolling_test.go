package ecs

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	launcher "greenlight/internal/localcloud/ecs/task"
	"greenlight/internal/localcloud/elb"
)

func (c *cloud) deploy(definition string, change ...func(*sdk.UpdateServiceInput)) {
	c.t.Helper()
	in := &sdk.UpdateServiceInput{Cluster: aws.String("c1"), Service: aws.String("s1"), TaskDefinition: aws.String(definition)}
	for _, fn := range change {
		fn(in)
	}
	must(c.UpdateService(c.t.Context(), in))(c.t)
	c.settle()
}

// A service that ECS deploys itself: new tasks first, and the old ones go when
// the new are healthy.
func TestRollingDeployment(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		s := c.serve(byECS)
		if len(s.Deployments) != 1 || s.TaskSets != nil || *s.Deployments[0].Status != "PRIMARY" || s.Deployments[0].RolloutState != "COMPLETED" {
			t.Fatalf("service %+v", s)
		}
		c.balancer.mu.Lock()
		c.balancer.groups[groupA].fresh = elb.Health{State: elb.StateInitial}
		c.balancer.mu.Unlock()
		c.deploy("app:2")
		s = c.describe()
		if len(s.Deployments) != 2 || *s.Deployments[0].TaskDefinition != arnPrefix+"task-definition/app:2" || *s.Deployments[1].Status != "ACTIVE" ||
			s.Deployments[0].RolloutState != "IN_PROGRESS" || s.Deployments[1].RunningCount != 2 || s.RunningCount != 4 {
			t.Fatalf("deployments %+v", s.Deployments)
		}
		c.balancer.all(groupA, elb.Health{State: elb.StateHealthy})
		c.pass(drainMargin)
		s = c.describe()
		if len(s.Deployments) != 1 || s.Deployments[0].RolloutState != "COMPLETED" || s.RunningCount != 2 {
			t.Errorf("deployments %+v", s.Deployments)
		}
		if running := c.launcher.running(); !slices.Equal(running, []string{"3", "4"}) {
			t.Errorf("running %v", running)
		}
		if c.said("deployment completed.") != 2 || c.said("has reached a steady state.") != 2 {
			t.Errorf("events %+v", s.Events)
		}
	})
}

func TestRollingDeploymentKeepsToItsBounds(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.serve(byECS, func(in *sdk.CreateServiceInput) {
			in.DesiredCount = aws.Int32(4)
			in.DeploymentConfiguration = &types.DeploymentConfiguration{MaximumPercent: aws.Int32(125), MinimumHealthyPercent: aws.Int32(75)}
		})
		most, least := 0, 9
		c.launcher.set(func() {
			c.launcher.onStart = func(string) {
				n := len(c.launcher.running())
				most, least = max(most, n), min(least, n)
			}
		})
		c.deploy("app:2")
		c.pass(time.Minute)
		if s := c.describe(); len(s.Deployments) != 1 || s.RunningCount != 4 {
			t.Errorf("deployments %+v", s.Deployments)
		}
		// Tasks that drain still run and do not count: most is 5 and those.
		if least < 4 {
			t.Errorf("only %d ran beside a new one", least)
		}
		if n := c.launcher.starts(); n != 8 {
			t.Errorf("%d starts, want 8", n)
		}
	})
}

// A deployment that never becomes healthy leaves the old tasks alone.
func TestRollingDeploymentThatFails(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.serve(byECS)
		c.launcher.set(func() {
			c.launcher.startError = func(launcher.Spec) error { return &launcher.StartError{Code: launcher.CannotStart, Message: "no"} }
		})
		c.deploy("app:2")
		c.pass(10 * time.Minute)
		if running := c.launcher.running(); !slices.Equal(running, []string{"1", "2"}) {
			t.Errorf("running %v", running)
		}
		c.launcher.set(func() { c.launcher.startError = nil })
		c.deploy("app:3")
		c.pass(time.Minute)
		if s := c.describe(); len(s.Deployments) != 1 || *s.TaskDefinition != arnPrefix+"task-definition/app:3" || s.RunningCount != 2 {
			t.Errorf("deployments %+v", s.Deployments)
		}
	})
}

func TestForceNewDeployment(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.serve(byECS)
		c.deploy("app:1")
		if n := c.launcher.starts(); n != 2 {
			t.Errorf("the same again started %d tasks", n-2)
		}
		c.deploy("app:1", func(in *sdk.UpdateServiceInput) { in.ForceNewDeployment = true })
		c.pass(10 * time.Second)
		if running := c.launcher.running(); !slices.Equal(running, []string{"3", "4"}) {
			t.Errorf("running %v", running)
		}
	})
}

func TestDeleteService(t *testing.T) {
	for name, change := range map[string]func(*sdk.CreateServiceInput){"CODE_DEPLOY": func(*sdk.CreateServiceInput) {}, "ECS": byECS} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, c *cloud) {
				c.serve(change)
				in := &sdk.DeleteServiceInput{Cluster: aws.String("c1"), Service: aws.String("s1")}
				_, err := c.DeleteService(t.Context(), in)
				wantCode(t, err, "InvalidParameterException", "The service cannot be stopped while it is scaled above 0.")
				_, err = c.DeleteCluster(t.Context(), &sdk.DeleteClusterInput{Cluster: aws.String("c1")})
				wantCode(t, err, "ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active.")
				in.Force = aws.Bool(true)
				if s := must(c.DeleteService(t.Context(), in))(t).Service; *s.Status != "DRAINING" {
					t.Errorf("status %s", *s.Status)
				}
				_, err = c.DeleteService(t.Context(), in)
				wantCode(t, err, "ServiceNotActiveException", "Service was not ACTIVE.")
				c.pass(drainMargin)
				if s := c.describe(); *s.Status != "INACTIVE" || len(c.launcher.running()) != 0 || len(s.TaskSets) != 0 || len(s.Deployments) != 0 {
					t.Errorf("status %s, running %v", *s.Status, c.launcher.running())
				}
				if arns := must(c.ListServices(t.Context(), &sdk.ListServicesInput{Cluster: aws.String("c1")}))(t).ServiceArns; len(arns) != 0 {
					t.Errorf("listed %v", arns)
				}
				must(c.CreateService(t.Context(), serviceInput(change)))(t)
				c.settle()
				if s := c.describe(); *s.Status != "ACTIVE" || s.RunningCount != 2 {
					t.Errorf("the name is not free: %+v", s)
				}
			})
		})
	}
}

func TestCreateServiceRefuses(t *testing.T) {
	cases := map[string]struct {
		change     func(*sdk.CreateServiceInput)
		code, text string
	}{
		"name taken":          {func(in *sdk.CreateServiceInput) {}, "InvalidParameterException", "Creation of service was not idempotent."},
		"no definition":       {func(in *sdk.CreateServiceInput) { in.TaskDefinition = nil }, "InvalidParameterException", "TaskDefinition can not be blank."},
		"unknown definition":  {func(in *sdk.CreateServiceInput) { in.TaskDefinition = aws.String("app:9") }, "ClientException", "TaskDefinition not found."},
		"no balancer":         {func(in *sdk.CreateServiceInput) { in.LoadBalancers = nil }, "InvalidParameterException", "exactly one load balancer"},
		"unused group":        {func(in *sdk.CreateServiceInput) { in.LoadBalancers = onGroup(groupB) }, "InvalidParameterException", "The target group with targetGroupArn " + groupB + " does not have an associated load balancer."},
		"DAEMON":              {func(in *sdk.CreateServiceInput) { in.SchedulingStrategy = "DAEMON" }, "InvalidParameterException", "DAEMON"},
		"unknown controller":  {func(in *sdk.CreateServiceInput) { in.DeploymentController.Type = "X" }, "InvalidParameterException", "EXTERNAL"},
		"no desired count":    {func(in *sdk.CreateServiceInput) { in.DesiredCount = nil }, "InvalidParameterException", "Desired count"},
		"far too many":        {func(in *sdk.CreateServiceInput) { in.DesiredCount = aws.Int32(501) }, "InvalidParameterException", "found 501"},
		"bad name":            {func(in *sdk.CreateServiceInput) { in.ServiceName = aws.String("a/b") }, "InvalidParameterException", "Service name"},
		"unknown cluster":     {func(in *sdk.CreateServiceInput) { in.Cluster = nil }, "ClusterNotFoundException", "Cluster not found."},
		"unknown propagation": {func(in *sdk.CreateServiceInput) { in.PropagateTags = "X" }, "InvalidParameterException", "propagateTags"},
		"breaker": {func(in *sdk.CreateServiceInput) {
			in.DeploymentConfiguration = &types.DeploymentConfiguration{DeploymentCircuitBreaker: &types.DeploymentCircuitBreaker{Enable: true}}
		}, "UnsupportedFeatureException", "circuit breaker"},
		"Service Connect": {func(in *sdk.CreateServiceInput) {
			in.ServiceConnectConfiguration = &types.ServiceConnectConfiguration{Enabled: true}
		}, "UnsupportedFeatureException", "serviceConnectConfiguration"},
	}
	bubble(t, func(t *testing.T, c *cloud) {
		c.serve()
		for name, test := range cases {
			t.Log(name)
			in := serviceInput(test.change)
			if name != "name taken" && name != "bad name" {
				in.ServiceName = aws.String("s2")
			}
			_, err := c.CreateService(t.Context(), in)
			wantCode(t, err, test.code, test.text)
		}
	})
}
