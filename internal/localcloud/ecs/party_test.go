package ecs

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"greenlight/internal/localcloud/elb"
)

func TestBusyWhileTargetsAreInitial(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.balancer.all(groupA, elb.Health{State: elb.StateInitial})
		c.serve()
		if !c.service.Busy() {
			t.Error("not busy though no verdict is out")
		}
		if _, waits := c.service.NextWake(); waits {
			t.Error("waits for a moment of the shared clock")
		}
		c.balancer.all(groupA, elb.Health{State: elb.StateHealthy})
		c.settle()
		if c.service.Busy() {
			t.Error("busy though steady")
		}
		c.balancer.all(groupA, elb.Health{State: elb.StateInitial})
		c.settle()
		if !c.service.Busy() {
			t.Error("not busy though no verdict is out any more")
		}
		c.pass(patience)
		if c.service.Busy() {
			t.Error("still busy after its patience")
		}
	})
}

// Many callers at once, while tasks die: in the end, everything is as desired.
func TestManyCallersAtOnce(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.fixture()
		var callers sync.WaitGroup
		for i := range 6 {
			callers.Go(func() {
				name := fmt.Sprintf("s%d", i)
				in := serviceInput(func(in *sdk.CreateServiceInput) { in.ServiceName = &name })
				if _, err := c.CreateService(t.Context(), in); err != nil {
					t.Error(err)
				}
				for desired := range int32(4) {
					if _, err := c.UpdateService(t.Context(), &sdk.UpdateServiceInput{Cluster: aws.String("c1"), Service: &name, DesiredCount: &desired}); err != nil {
						t.Error(err)
					}
					if _, err := c.CreateTaskSet(t.Context(), taskSetRequest(func(in *sdk.CreateTaskSetInput) {
						in.Service, in.ClientToken = &name, aws.String("same")
					})); err != nil {
						t.Error(err)
					}
					for _, id := range c.launcher.running() {
						c.launcher.die(id, 1)
						break
					}
				}
			})
		}
		callers.Wait()
		synctest.Wait()
		c.pass(lastBackOff)
		for i := range 6 {
			out := must(c.DescribeServices(t.Context(), &sdk.DescribeServicesInput{Cluster: aws.String("c1"), Services: []string{fmt.Sprintf("s%d", i)}}))(t)
			if n := len(out.Services[0].TaskSets); n != 2 {
				t.Fatalf("%d task sets", n)
			}
			for _, set := range out.Services[0].TaskSets {
				wantSet(t, set, *set.Status, 3, 0, 3, types.StabilityStatusSteadyState)
			}
		}
		if n := len(c.launcher.running()); n != 36 {
			t.Errorf("%d run, want 36", n)
		}
	})
}
