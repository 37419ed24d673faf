package e2e

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// The names of what ECS tests make besides services.
const (
	cluster  = "c1"
	balancer = "lb"
	releases = 3 // revisions of the task definition app

	ecsAllAtOnce = "CodeDeployDefault.ECSAllAtOnce"
	ecsCanary    = "CodeDeployDefault.ECSCanary10Percent5Minutes"
	ecsLinear    = "CodeDeployDefault.ECSLinear10PercentEvery1Minutes"
)

// startECS runs `greenlight dev` with tasks as processes. The listeners of its
// load balancers may have the ports 80 to 119.
func startECS(t testing.TB, clock string) *server {
	t.Helper()
	return start(t, clock, "--tasks", "processes", "--port-offset", strconv.Itoa(freeOffset(t)))
}

// offsets have been given to tests, so that two never share one.
var offsets atomic.Int32

// freeOffset is a port offset below the ports that the system gives to
// connections, so that a port is still free when a server is started again. Runs
// of the tests at the same time begin in different places.
func freeOffset(t testing.TB) int {
	t.Helper()
	const places = 550
	for range places {
		if offset := 10000 + 40*((os.Getpid()+int(offsets.Add(1)))%places); free(offset + 80) {
			return offset
		}
	}
	t.Fatal("no 40 ports in a row are free")
	return 0
}

// free tells whether this port and the 39 after it can be bound.
func free(port int) bool {
	for n := port; n < port+40; n++ {
		listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(n)))
		if err != nil {
			return false
		}
		_ = listener.Close()
	}
	return true
}

// offset is what the server adds to the ports of listeners.
func (s *server) offset() int {
	n, err := strconv.Atoi(s.options[slices.Index(s.options, "--port-offset")+1])
	if err != nil {
		panic(err) // startECS has written it
	}
	return n
}

// webService is an ECS service with listeners and target groups of its own.
type webService struct {
	name       string
	desired    int
	groups     [2]string // names of the target groups; the first is the live one
	groupARNs  [2]string
	prod, test listener // test is zero without a test listener
}

type listener struct{ arn, url string }

// listeners are the one or two that it has.
func (w webService) listeners() []listener {
	if w.test.arn == "" {
		return []listener{w.prod}
	}
	return []listener{w.prod, w.test}
}

// createCloud makes what all services of a server share: a load balancer, a
// cluster, and the revisions of the task definition app.
func (s *server) createCloud() (balancerARN string) {
	s.t.Helper()
	ctx := s.t.Context()
	lb := must(s.elb.CreateLoadBalancer(ctx, &elb.CreateLoadBalancerInput{
		Name: aws.String(balancer), Subnets: []string{"subnet-1", "subnet-2"},
	}))(s.t)
	must(s.ecs.CreateCluster(ctx, &ecs.CreateClusterInput{ClusterName: aws.String(cluster)}))(s.t)
	for n := range releases {
		var in ecs.RegisterTaskDefinitionInput
		must(0, json.Unmarshal([]byte(taskDefinition(fmt.Sprintf("app:%d", n+1))), &in))(s.t)
		must(s.ecs.RegisterTaskDefinition(ctx, &in))(s.t)
	}
	return aws.ToString(lb.LoadBalancers[0].LoadBalancerArn)
}

// taskDefinition is the JSON of a revision of app whose tasks answer with the
// name of a release.
func taskDefinition(release string) string {
	return fmt.Sprintf(`{
	"family": "app",
	"containerDefinitions": [{
		"name": "web", "image": "web", "memory": 128, "essential": true, "command": [%q],
		"portMappings": [{"containerPort": 80}],
		"environment": [{"name": "RELEASE", "value": %q}]
	}]
}`, taskFile, release)
}

// createService makes a service of app:1 and awaits that its listener answers.
func (s *server) createService(balancerARN, name string, desired int, ports ...int) webService {
	s.t.Helper()
	w := webService{name: name, desired: desired, groups: [2]string{name + "-a", name + "-b"}}
	for i, group := range w.groups {
		w.groupARNs[i] = s.createTargetGroup(group)
	}
	w.prod = s.listen(balancerARN, ports[0], w.groupARNs[0])
	if len(ports) > 1 {
		w.test = s.listen(balancerARN, ports[1], w.groupARNs[0])
	}
	must(s.ecs.CreateService(s.t.Context(), &ecs.CreateServiceInput{
		Cluster: aws.String(cluster), ServiceName: &w.name, TaskDefinition: aws.String("app:1"), DesiredCount: aws.Int32(int32(desired)),
		DeploymentController: &ecstypes.DeploymentController{Type: ecstypes.DeploymentControllerTypeCodeDeploy},
		LoadBalancers: []ecstypes.LoadBalancer{{
			TargetGroupArn: &w.groupARNs[0], ContainerName: aws.String("web"), ContainerPort: aws.Int32(80)}},
	}))(s.t)
	eventually(s.t, name+" to be steady", func() bool {
		sets := s.service(name).TaskSets
		return len(sets) == 1 && sets[0].StabilityStatus == ecstypes.StabilityStatusSteadyState
	})
	return w
}

func (s *server) createTargetGroup(name string) string {
	s.t.Helper()
	made := must(s.elb.CreateTargetGroup(s.t.Context(), &elb.CreateTargetGroupInput{
		Name: &name, Protocol: elbtypes.ProtocolEnumHttp, Port: aws.Int32(80), VpcId: aws.String("vpc-1"), TargetType: elbtypes.TargetTypeEnumIp,
		HealthyThresholdCount: aws.Int32(2), HealthCheckIntervalSeconds: aws.Int32(5), HealthCheckTimeoutSeconds: aws.Int32(4),
	}))(s.t)
	return aws.ToString(made.TargetGroups[0].TargetGroupArn)
}

func (s *server) listen(balancerARN string, port int, group string) listener {
	s.t.Helper()
	made := must(s.elb.CreateListener(s.t.Context(), &elb.CreateListenerInput{
		LoadBalancerArn: &balancerARN, Port: aws.Int32(int32(port)), Protocol: elbtypes.ProtocolEnumHttp,
		DefaultActions: []elbtypes.Action{{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: &group}},
	}))(s.t)
	return listener{aws.ToString(made.Listeners[0].ListenerArn), s.listenerURL(port)}
}

// listenerURL is where a listener of that port answers.
func (s *server) listenerURL(port int) string {
	return "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(port+s.offset())) + "/"
}

// createServiceGroup makes a deployment group of the service's name that rolls
// back whatever ends badly, and its application if need be. The original task
// set stays for so many minutes.
func (c *cloud) createServiceGroup(w webService, terminationWait int32) {
	c.t.Helper()
	_, err := c.codeDeploy.CreateApplication(c.t.Context(), &codedeploy.CreateApplicationInput{
		ApplicationName: aws.String(application), ComputePlatform: types.ComputePlatformEcs,
	})
	if !isA[*types.ApplicationAlreadyExistsException](err) {
		must(0, err)(c.t)
	}
	must(c.codeDeploy.CreateDeploymentGroup(c.t.Context(), w.groupRequest(terminationWait)))(c.t)
}

func (w webService) groupRequest(terminationWait int32) *codedeploy.CreateDeploymentGroupInput {
	pair := types.TargetGroupPairInfo{
		TargetGroups:     []types.TargetGroupInfo{{Name: &w.groups[0]}, {Name: &w.groups[1]}},
		ProdTrafficRoute: &types.TrafficRoute{ListenerArns: []string{w.prod.arn}},
	}
	if w.test.arn != "" {
		pair.TestTrafficRoute = &types.TrafficRoute{ListenerArns: []string{w.test.arn}}
	}
	return &codedeploy.CreateDeploymentGroupInput{
		ApplicationName: aws.String(application), DeploymentGroupName: &w.name, ServiceRoleArn: aws.String(role),
		DeploymentConfigName: aws.String(ecsAllAtOnce), DeploymentStyle: blueGreen,
		EcsServices:      []types.ECSService{{ClusterName: aws.String(cluster), ServiceName: &w.name}},
		LoadBalancerInfo: &types.LoadBalancerInfo{TargetGroupPairInfoList: []types.TargetGroupPairInfo{pair}},
		BlueGreenDeploymentConfiguration: &types.BlueGreenDeploymentConfiguration{
			DeploymentReadyOption: &types.DeploymentReadyOption{ActionOnTimeout: types.DeploymentReadyActionContinueDeployment},
			TerminateBlueInstancesOnDeploymentSuccess: &types.BlueInstanceTerminationOption{
				Action: types.InstanceActionTerminate, TerminationWaitTimeInMinutes: terminationWait},
		},
		AutoRollbackConfiguration: &types.AutoRollbackConfiguration{Enabled: true, Events: []types.AutoRollbackEvent{
			types.AutoRollbackEventDeploymentFailure, types.AutoRollbackEventDeploymentStopOnRequest,
		}},
	}
}

// serviceSpec is the AppSpec that deploys a task definition, with hooks given as
// "Event:function".
func serviceSpec(taskDefinition string, hooks ...string) string {
	var entries []string
	for _, hook := range hooks {
		event, function, _ := strings.Cut(hook, ":")
		entries = append(entries, fmt.Sprintf(`{%q: %q}`, event, function))
	}
	return fmt.Sprintf(`{"version": 0.0, "Resources": [{"TargetService": {"Type": "AWS::ECS::Service", "Properties": {"TaskDefinition": %q, `+
		`"LoadBalancerInfo": {"ContainerName": "web", "ContainerPort": 80}}}}], "Hooks": [%s]}`, taskDefinition, strings.Join(entries, ", "))
}

// serviceDeployment is the request that deploys an AppSpec to a service's group.
func serviceDeployment(service, config, spec string) *codedeploy.CreateDeploymentInput {
	return &codedeploy.CreateDeploymentInput{
		ApplicationName: aws.String(application), DeploymentGroupName: &service, DeploymentConfigName: &config,
		Revision: &types.RevisionLocation{
			RevisionType: types.RevisionLocationTypeAppSpecContent, AppSpecContent: &types.AppSpecContent{Content: &spec},
		},
	}
}

func (c *cloud) deployService(w webService, config, spec string) string {
	c.t.Helper()
	answer := must(c.codeDeploy.CreateDeployment(c.t.Context(), serviceDeployment(w.name, config, spec)))(c.t)
	return aws.ToString(answer.DeploymentId)
}
