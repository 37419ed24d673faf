package ecstest

import (
	"fmt"
	"sync/atomic"
	"testing"

	"greenlight/internal/awsaccess"
	"greenlight/internal/awsaccess/awstest"
	"greenlight/internal/ecsdriver"
)

// FarSide presents the fake to Run. It lacks nothing.
func (c *Cloud) FarSide() FarSide { return &fakeFarSide{cloud: c} }

type fakeFarSide struct {
	cloud *Cloud
	count atomic.Int64
}

func (f *fakeFarSide) Driver() Driver       { return f.cloud }
func (f *fakeFarSide) As() awsaccess.As     { return awstest.As }
func (f *fakeFarSide) Lacks(Ability) string { return "" }

func (f *fakeFarSide) Stage(testing.TB) Stage {
	n := f.count.Add(1)
	group := func(name string) ecsdriver.TargetGroup {
		name = fmt.Sprint(name, n)
		return ecsdriver.TargetGroup{Name: name, ARN: f.cloud.AddTargetGroup(name)}
	}
	s := Stage{
		Cluster: "c1", Service: fmt.Sprint("s", n), Blue: group("tgA"), Green: group("tgB"), Foreign: group("tgX"),
		Listener: ListenerARN("app", fmt.Sprint("l", n)),
	}
	s.Spec = ecsdriver.TaskSetSpec{
		Cluster: s.Cluster, Service: s.Service, TaskDefinition: "app:2", ExternalID: "d-123456789", ClientToken: "d-123456789",
		TargetGroupARN: s.Green.ARN, ContainerName: "web", ContainerPort: 80,
	}
	f.cloud.AddService(s.Cluster, s.Service, 2, "app:1", s.Blue.ARN)
	f.cloud.AddListener(s.Listener, Default(To(s.Blue.ARN)), At(10, To(s.Blue.ARN)), At(20, To(s.Foreign.ARN)))
	return s
}
