package scenarios

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"greenlight/internal/localcloud/ecs/task"
)

// What every ECS scenario has unless it says otherwise: fixture F of ecs.md 16.
const (
	ecsAllAtOnce = "CodeDeployDefault.ECSAllAtOnce"
	ecsCanary    = "CodeDeployDefault.ECSCanary10Percent5Minutes"
	ecsLinear    = "CodeDeployDefault.ECSLinear10PercentEvery1Minutes"
)

// ecsWorld is fixture F, or Ft: cluster c1 with the service s1, two tasks of
// app:1 on the target group tgA behind the listener L80; application a1 with the
// group g1. app:2 and app:3 are there to be deployed.
type ecsWorld struct {
	*world
	cloud *ecsCloud
	ecs   *ecs.Client
	elb   *elb.Client

	balancer, tgA, tgB string // ARNs
	l80, l8080         string // ARNs; l8080 is empty without a test listener

	define func(*ecs.RegisterTaskDefinitionInput) // see ecsFixture
}

// ecsFixture is what scenarios vary.
type ecsFixture struct {
	testListener bool                                         // Ft
	release2     map[string]string                            // more environment of app:2
	balancerType elbtypes.LoadBalancerTypeEnum                // default: application
	definition   func(*ecs.RegisterTaskDefinitionInput)       // changes what registers each app
	service      func(*ecs.CreateServiceInput)                // changes what makes s1
	group        func(*codedeploy.CreateDeploymentGroupInput) // changes g1's request
	settings     func(*settings)
	launcher     func(task.Launcher) task.Launcher // stands between the local ECS and what runs its tasks
}

func withTestListener(f *ecsFixture) { f.testListener = true }

// release2Exits makes the program of app:2 exit at once.
func release2Exits(f *ecsFixture) { f.release2 = map[string]string{"SCENARIO_EXITS": "1"} }

// groupLike changes the request that makes g1.
func groupLike(change func(*codedeploy.CreateDeploymentGroupInput)) func(*ecsFixture) {
	return func(f *ecsFixture) { f.group = change }
}

func newECSWorld(t *testing.T, vary ...func(*ecsFixture)) *ecsWorld {
	t.Helper()
	f := ecsFixture{
		balancerType: elbtypes.LoadBalancerTypeEnumApplication, settings: func(*settings) {},
		definition: func(*ecs.RegisterTaskDefinitionInput) {}, service: func(*ecs.CreateServiceInput) {},
	}
	for _, v := range vary {
		v(&f)
	}
	w := &ecsWorld{cloud: newECSCloud(t, f.launcher), define: f.definition}
	w.world = newWorld(t, f.settings, func(s *settings) {
		s.more = farSides{"ecs": w.cloud, "elasticloadbalancing": w.cloud}
		s.parties = append(s.parties, w.cloud.services)
	})
	config := aws.Config{
		Region: region, Credentials: credentials.NewStaticCredentialsProvider(account, "secret", ""),
		HTTPClient: &http.Client{Transport: inProcess{w.cloud.handler}}, BaseEndpoint: aws.String("http://aws.test"),
	}
	w.ecs, w.elb = ecs.NewFromConfig(config), elb.NewFromConfig(config)
	w.far.AddFunction(account, region, "CodeDeployHook_ecs")
	w.build(f)
	w.createGroup("g1", f.group)
	return w
}

// build makes what is there before CodeDeploy comes.
func (w *ecsWorld) build(f ecsFixture) {
	w.Helper()
	ctx := context.Background()
	lb, err := w.elb.CreateLoadBalancer(ctx, &elb.CreateLoadBalancerInput{
		Name: aws.String("lb"), Type: f.balancerType, Subnets: []string{"subnet-1", "subnet-2"}})
	w.must(err)
	w.balancer = *lb.LoadBalancers[0].LoadBalancerArn
	protocol := elbtypes.ProtocolEnumHttp
	if f.balancerType == elbtypes.LoadBalancerTypeEnumNetwork {
		protocol = elbtypes.ProtocolEnumTcp
	}
	w.tgA, w.tgB = w.targetGroup("tgA", protocol), w.targetGroup("tgB", protocol)
	w.l80 = w.listen(80, protocol, w.tgA)
	if f.testListener {
		w.l8080 = w.listen(8080, protocol, w.tgA)
	}
	_, err = w.ecs.CreateCluster(ctx, &ecs.CreateClusterInput{ClusterName: aws.String("c1")})
	w.must(err)
	w.register("1", nil)
	w.register("2", f.release2)
	w.register("3", nil)
	s1 := &ecs.CreateServiceInput{
		Cluster: aws.String("c1"), ServiceName: aws.String("s1"), TaskDefinition: aws.String("app:1"), DesiredCount: aws.Int32(2),
		DeploymentController: &ecstypes.DeploymentController{Type: ecstypes.DeploymentControllerTypeCodeDeploy},
		LoadBalancers:        []ecstypes.LoadBalancer{{TargetGroupArn: &w.tgA, ContainerName: aws.String("web"), ContainerPort: aws.Int32(80)}},
	}
	f.service(s1)
	_, err = w.ecs.CreateService(ctx, s1)
	w.must(err)
	w.eventually("s1 is steady", func() bool {
		sets := w.service().TaskSets
		return len(sets) == 1 && sets[0].StabilityStatus == ecstypes.StabilityStatusSteadyState
	})
}

func (w *ecsWorld) targetGroup(name string, protocol elbtypes.ProtocolEnum) string {
	w.Helper()
	in := &elb.CreateTargetGroupInput{
		Name: &name, Protocol: protocol, Port: aws.Int32(80), VpcId: aws.String("vpc-1"), TargetType: elbtypes.TargetTypeEnumIp,
		HealthyThresholdCount: aws.Int32(2), UnhealthyThresholdCount: aws.Int32(2), HealthCheckIntervalSeconds: aws.Int32(5),
		HealthCheckTimeoutSeconds: aws.Int32(4),
	}
	if protocol == elbtypes.ProtocolEnumHttp {
		in.HealthCheckPath = aws.String("/health")
	}
	out, err := w.elb.CreateTargetGroup(context.Background(), in)
	w.must(err)
	return *out.TargetGroups[0].TargetGroupArn
}

func (w *ecsWorld) listen(port int32, protocol elbtypes.ProtocolEnum, group string) string {
	w.Helper()
	out, err := w.elb.CreateListener(context.Background(), &elb.CreateListenerInput{
		LoadBalancerArn: &w.balancer, Port: &port, Protocol: protocol, DefaultActions: []elbtypes.Action{forwardTo(group)},
	})
	w.must(err)
	return *out.Listeners[0].ListenerArn
}

func forwardTo(group string) elbtypes.Action {
	return elbtypes.Action{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: &group}
}

// register makes the next revision of app, which answers with its name.
func (w *ecsWorld) register(release string, more map[string]string) {
	w.Helper()
	program, err := os.Executable()
	w.must(err)
	environment := []ecstypes.KeyValuePair{
		{Name: aws.String("SCENARIO_RELEASE"), Value: aws.String("app:" + release)},
		{Name: aws.String("SCENARIO_ILL"), Value: &w.cloud.ill},
	}
	for name, value := range more {
		environment = append(environment, ecstypes.KeyValuePair{Name: &name, Value: &value})
	}
	in := &ecs.RegisterTaskDefinitionInput{
		Family: aws.String("app"), ContainerDefinitions: []ecstypes.ContainerDefinition{{
			Name: aws.String("web"), Image: aws.String("scenario"), Command: []string{program}, Memory: aws.Int32(128),
			PortMappings: []ecstypes.PortMapping{{ContainerPort: aws.Int32(80)}}, Environment: environment,
		}},
	}
	w.define(in)
	_, err = w.ecs.RegisterTaskDefinition(context.Background(), in)
	w.must(err)
}

// groupRequest is the request that makes a group like g1.
func (w *ecsWorld) groupRequest(name string) *codedeploy.CreateDeploymentGroupInput {
	pair := types.TargetGroupPairInfo{
		TargetGroups:     []types.TargetGroupInfo{{Name: aws.String("tgA")}, {Name: aws.String("tgB")}},
		ProdTrafficRoute: &types.TrafficRoute{ListenerArns: []string{w.l80}},
	}
	if w.l8080 != "" {
		pair.TestTrafficRoute = &types.TrafficRoute{ListenerArns: []string{w.l8080}}
	}
	return &codedeploy.CreateDeploymentGroupInput{
		ApplicationName: aws.String("a1"), DeploymentGroupName: &name, ServiceRoleArn: aws.String(role),
		DeploymentConfigName: aws.String(ecsAllAtOnce),
		EcsServices:          []types.ECSService{{ClusterName: aws.String("c1"), ServiceName: aws.String("s1")}},
		DeploymentStyle: &types.DeploymentStyle{
			DeploymentType: types.DeploymentTypeBlueGreen, DeploymentOption: types.DeploymentOptionWithTrafficControl},
		LoadBalancerInfo: &types.LoadBalancerInfo{TargetGroupPairInfoList: []types.TargetGroupPairInfo{pair}},
		BlueGreenDeploymentConfiguration: &types.BlueGreenDeploymentConfiguration{
			DeploymentReadyOption:                     &types.DeploymentReadyOption{ActionOnTimeout: types.DeploymentReadyActionContinueDeployment},
			TerminateBlueInstancesOnDeploymentSuccess: &types.BlueInstanceTerminationOption{Action: types.InstanceActionTerminate},
		},
		AutoRollbackConfiguration: rollbackOn(types.AutoRollbackEventDeploymentFailure),
	}
}

func (w *ecsWorld) createGroup(name string, change func(*codedeploy.CreateDeploymentGroupInput)) {
	w.Helper()
	_, err := w.ours.GetApplication(context.Background(), &codedeploy.GetApplicationInput{ApplicationName: aws.String("a1")})
	if err != nil {
		w.application("a1", types.ComputePlatformEcs)
	}
	in := w.groupRequest(name)
	if change != nil {
		change(in)
	}
	_, err = w.ours.CreateDeploymentGroup(context.Background(), in)
	w.must(err)
}

// terminationWait and readyWait change the waits of a group.
func terminationWait(minutes int32) func(*codedeploy.CreateDeploymentGroupInput) {
	return func(in *codedeploy.CreateDeploymentGroupInput) {
		in.BlueGreenDeploymentConfiguration.TerminateBlueInstancesOnDeploymentSuccess.TerminationWaitTimeInMinutes = minutes
	}
}

func readyWait(minutes int32) func(*codedeploy.CreateDeploymentGroupInput) {
	return func(in *codedeploy.CreateDeploymentGroupInput) {
		in.BlueGreenDeploymentConfiguration.DeploymentReadyOption = &types.DeploymentReadyOption{
			ActionOnTimeout: types.DeploymentReadyActionStopDeployment, WaitTimeInMinutes: minutes}
	}
}

// ecsSpec is the AppSpec that deploys a task definition, with hooks given as
// "Event:function".
func ecsSpec(taskDefinition string, hooks ...string) string {
	var entries []string
	for _, h := range hooks {
		event, function, _ := strings.Cut(h, ":")
		entries = append(entries, fmt.Sprintf(`{%q:%q}`, event, function))
	}
	return fmt.Sprintf(`{"version":0.0,"Resources":[{"TargetService":{"Type":"AWS::ECS::Service","Properties":{"TaskDefinition":%q,`+
		`"LoadBalancerInfo":{"ContainerName":"web","ContainerPort":80}}}}],"Hooks":[%s]}`, taskDefinition, strings.Join(entries, ","))
}

// start creates a deployment of g1 and does not wait for anything.
func (w *ecsWorld) start(config, content string, vary ...func(*request)) (string, error) {
	return w.create(config, content, append([]func(*request){func(r *request) {
		r.ApplicationName, r.DeploymentGroupName = aws.String("a1"), aws.String("g1")
	}}, vary...)...)
}

// release creates a deployment of g1 and lets it go as far as it can at this
// moment of the controller's clock.
func (w *ecsWorld) release(config, content string, vary ...func(*request)) string {
	w.Helper()
	id, err := w.start(config, content, vary...)
	w.must(err)
	w.settle()
	return id
}

// run releases, and lets the minutes pass that the waits between polls take.
func (w *ecsWorld) run(config, content string, vary ...func(*request)) string {
	w.Helper()
	id := w.release(config, content, vary...)
	w.advance(time.Minute)
	return id
}

// advance moves the controller's clock in pieces: with a service to be read every
// few seconds, hours take real time.
func (w *ecsWorld) advance(d time.Duration) {
	w.Helper()
	const piece = 2 * time.Minute
	for end := w.clock.Now().Add(d); ; {
		left := max(end.Sub(w.clock.Now()), 0)
		w.world.advance(min(left, piece))
		if left <= piece {
			return
		}
	}
}

// service is s1 as ECS shows it.
func (w *ecsWorld) service() ecstypes.Service {
	w.Helper()
	out, err := w.ecs.DescribeServices(context.Background(), &ecs.DescribeServicesInput{Cluster: aws.String("c1"), Services: []string{"s1"}})
	w.must(err)
	if len(out.Services) != 1 {
		w.Fatalf("s1 is gone: %+v", out.Failures)
	}
	return out.Services[0]
}

// weights are those of tgA and tgB in a listener's default rule; -1 is a target
// group that it does not name.
func (w *ecsWorld) weights(listener string) (a, b int32) {
	w.Helper()
	out, err := w.elb.DescribeListeners(context.Background(), &elb.DescribeListenersInput{ListenerArns: []string{listener}})
	w.must(err)
	return w.weightsIn(out.Listeners[0].DefaultActions)
}

func (w *ecsWorld) weightsIn(actions []elbtypes.Action) (a, b int32) {
	a, b = -1, -1
	for _, action := range actions {
		if action.ForwardConfig == nil {
			continue
		}
		for _, g := range action.ForwardConfig.TargetGroups {
			switch aws.ToString(g.TargetGroupArn) {
			case w.tgA:
				a = aws.ToInt32(g.Weight)
			case w.tgB:
				b = aws.ToInt32(g.Weight)
			}
		}
	}
	return a, b
}

// wantWeights wants the default rule of a listener to name both target groups
// with these weights.
func (w *ecsWorld) wantWeights(listener string, a, b int32) {
	w.Helper()
	if gotA, gotB := w.weights(listener); gotA != a || gotB != b {
		w.Fatalf("weights are (%d,%d), want (%d,%d)", gotA, gotB, a, b)
	}
}

// get asks a listener for / and returns what the task answers.
func (w *ecsWorld) get(listener string) string {
	w.Helper()
	answer, err := http.Get(w.url(listener))
	w.must(err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	w.must(err)
	if answer.StatusCode != http.StatusOK {
		w.Fatalf("the listener answers %s: %s", answer.Status, body)
	}
	return string(body)
}

// url is the root of what a listener serves, at its address.
func (w *ecsWorld) url(listener string) string { return "http://" + w.address(listener) + "/" }

// address is where a listener is bound.
func (w *ecsWorld) address(listener string) string {
	w.Helper()
	address, ok := w.cloud.balancers.Address(account, region, listener)
	if !ok {
		w.Fatalf("the listener %s is not bound", listener)
	}
	return address
}
