package ecs

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/smithy-go"

	"greenlight/internal/awswire"
	"greenlight/internal/clock"
)

const (
	testAccount = "111122223333"
	testRegion  = "us-east-1"
	arnPrefix   = "arn:aws:ecs:us-east-1:111122223333:"
	groupA      = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/tgA/0123456789abcdef"
	groupB      = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/tgB/0123456789abcdef"
)

// cloud is a running local ECS with a scripted launcher and balancer, and a real
// client. It lives in a bubble: time stands still while anybody works.
type cloud struct {
	*sdk.Client
	t        *testing.T
	service  *Service
	clock    *clock.Clock
	launcher *fakeLauncher
	balancer *fakeBalancer
	options  Options
}

// bubble runs a test in which waits take no time.
func bubble(t *testing.T, fn func(t *testing.T, c *cloud)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := &cloud{t: t, clock: clock.New(clock.Manual, 0, nil), launcher: newFakeLauncher(), balancer: newFakeBalancer()}
		c.balancer.add(groupA, "tgA", "lb")
		c.balancer.add(groupB, "tgB")
		c.options = Options{Dir: t.TempDir(), Clock: c.clock, Launcher: c.launcher, Balancer: c.balancer, Log: slog.New(slog.DiscardHandler),
			Environment: func(account, region, role string) map[string]string {
				return map[string]string{"AWS_REGION": region, "ROLE": role, "ACCOUNT": account}
			}}
		c.open()
		defer c.close()
		fn(t, c)
	})
}

func (c *cloud) open() {
	c.t.Helper()
	c.launcher.reopen()
	service, err := Open(c.t.Context(), c.options)
	if err != nil {
		c.t.Fatal(err)
	}
	c.service = service
	c.Client = c.as(testAccount, testRegion)
}

func (c *cloud) close() {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := c.service.Close(ctx); err != nil {
		c.t.Error(err)
	}
}

// kill ends the service as kill -9 would: nothing is stopped, nothing is saved.
func (c *cloud) kill() {
	c.t.Helper()
	c.service.stop()
	c.service.loop.Wait()
	c.service.work.Wait()
	c.service.settling.clear()
	if err := c.service.db.Close(); err != nil {
		c.t.Error(err)
	}
}

// inProcess sends requests to a handler without a network, which a bubble could
// not wait for.
type inProcess struct{ handler http.Handler }

func (p inProcess) Do(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, r)
	return w.Result(), nil
}

func (c *cloud) as(account, region string) *sdk.Client {
	server := awswire.NewServer(awswire.Options{Auth: awswire.AnyCredentials()}, c.service)
	return sdk.New(sdk.Options{
		Region: region, BaseEndpoint: aws.String("http://local"), RetryMaxAttempts: 1, HTTPClient: inProcess{server},
		Credentials: credentials.NewStaticCredentialsProvider(account, "secret", ""),
	})
}

// settle waits until nobody has anything to do at this moment.
func (c *cloud) settle() { synctest.Wait() }

// pass lets time pass, and waits for what that brought about.
func (c *cloud) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// fixture makes cluster c1 and the task definitions app:1 to app:3.
func (c *cloud) fixture() {
	c.t.Helper()
	must(c.CreateCluster(c.t.Context(), &sdk.CreateClusterInput{ClusterName: aws.String("c1")}))(c.t)
	for range 3 {
		c.register("app")
	}
}

func (c *cloud) register(family string, change ...func(*types.ContainerDefinition)) string {
	c.t.Helper()
	web := types.ContainerDefinition{
		Name: aws.String("web"), Image: aws.String("app"), Memory: aws.Int32(64),
		PortMappings: []types.PortMapping{{ContainerPort: aws.Int32(80)}},
	}
	for _, fn := range change {
		fn(&web)
	}
	out := must(c.RegisterTaskDefinition(c.t.Context(), &sdk.RegisterTaskDefinitionInput{
		Family: aws.String(family), ContainerDefinitions: []types.ContainerDefinition{web},
	}))(c.t)
	return *out.TaskDefinition.TaskDefinitionArn
}

func onGroup(arn string) []types.LoadBalancer {
	return []types.LoadBalancer{{TargetGroupArn: aws.String(arn), ContainerName: aws.String("web"), ContainerPort: aws.Int32(80)}}
}

func serviceInput(change ...func(*sdk.CreateServiceInput)) *sdk.CreateServiceInput {
	in := &sdk.CreateServiceInput{
		Cluster: aws.String("c1"), ServiceName: aws.String("s1"), TaskDefinition: aws.String("app:1"), DesiredCount: aws.Int32(2),
		DeploymentController: &types.DeploymentController{Type: types.DeploymentControllerTypeCodeDeploy}, LoadBalancers: onGroup(groupA),
	}
	for _, fn := range change {
		fn(in)
	}
	return in
}

// serve makes the fixture and service s1, and waits until it has settled.
func (c *cloud) serve(change ...func(*sdk.CreateServiceInput)) *types.Service {
	c.t.Helper()
	c.fixture()
	must(c.CreateService(c.t.Context(), serviceInput(change...)))(c.t)
	c.settle()
	return c.describe()
}

// byECS makes a service one that ECS deploys itself.
func byECS(in *sdk.CreateServiceInput) { in.DeploymentController = nil }

func (c *cloud) describe() *types.Service {
	c.t.Helper()
	out := must(c.DescribeServices(c.t.Context(), &sdk.DescribeServicesInput{Cluster: aws.String("c1"), Services: []string{"s1"}}))(c.t)
	if len(out.Services) != 1 {
		c.t.Fatalf("services %+v, failures %+v", out.Services, out.Failures)
	}
	return &out.Services[0]
}

func taskSetRequest(change ...func(*sdk.CreateTaskSetInput)) *sdk.CreateTaskSetInput {
	in := &sdk.CreateTaskSetInput{
		Cluster: aws.String("c1"), Service: aws.String("s1"), TaskDefinition: aws.String("app:2"), LaunchType: types.LaunchTypeEc2,
		ExternalId: aws.String("d-A1B2C3D4E"), LoadBalancers: onGroup(groupB),
		Scale: &types.Scale{Value: 100, Unit: types.ScaleUnitPercent},
	}
	for _, fn := range change {
		fn(in)
	}
	return in
}

func (c *cloud) createTaskSet(change ...func(*sdk.CreateTaskSetInput)) *types.TaskSet {
	c.t.Helper()
	return must(c.CreateTaskSet(c.t.Context(), taskSetRequest(change...)))(c.t).TaskSet
}

// tasks describes the tasks of s1 with a desired status.
func (c *cloud) tasks(desired types.DesiredStatus) []types.Task {
	c.t.Helper()
	arns := must(c.ListTasks(c.t.Context(), &sdk.ListTasksInput{
		Cluster: aws.String("c1"), ServiceName: aws.String("s1"), DesiredStatus: desired}))(c.t).TaskArns
	if len(arns) == 0 {
		return nil
	}
	return must(c.DescribeTasks(c.t.Context(), &sdk.DescribeTasksInput{Cluster: aws.String("c1"), Tasks: arns}))(c.t).Tasks
}

func (c *cloud) scaleTo(desired int32) {
	c.t.Helper()
	must(c.UpdateService(c.t.Context(), &sdk.UpdateServiceInput{
		Cluster: aws.String("c1"), Service: aws.String("s1"), DesiredCount: aws.Int32(desired)}))(c.t)
	c.settle()
}

// said counts the events of s1 that contain a text.
func (c *cloud) said(text string) int {
	c.t.Helper()
	n := 0
	for _, e := range c.describe().Events {
		if strings.Contains(*e.Message, text) {
			n++
		}
	}
	return n
}

// wantSet asserts status, computed desired, pending and running counts, and
// whether a task set is steady.
func wantSet(t *testing.T, set types.TaskSet, status string, desired, pending, running int32, stability types.StabilityStatus) {
	t.Helper()
	if *set.Status != status || set.ComputedDesiredCount != desired || set.PendingCount != pending ||
		set.RunningCount != running || set.StabilityStatus != stability {
		t.Errorf("task set is %s %d,%d,%d %s, want %s %d,%d,%d %s", *set.Status, set.ComputedDesiredCount, set.PendingCount,
			set.RunningCount, set.StabilityStatus, status, desired, pending, running, stability)
	}
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// wantCode asserts that err is the exception called code, and that its message
// contains text.
func wantCode(t *testing.T, err error, code, text string) {
	t.Helper()
	e, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		t.Fatalf("error %v, want %s", err, code)
	}
	if e.ErrorCode() != code || !strings.Contains(e.ErrorMessage(), text) {
		t.Fatalf("error %s %q, want %s with %q", e.ErrorCode(), e.ErrorMessage(), code, text)
	}
}
