package scenarios

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// The exceptions of ecs.md 3.2 that say which side of a group is wrong.
const (
	badService   = "InvalidECSServiceException"
	badStyle     = "InvalidDeploymentStyleException"
	badBalancer  = "InvalidLoadBalancerInfoException"
	badPair      = "InvalidTargetGroupPairException"
	badBlueGreen = "InvalidBlueGreenDeploymentConfigurationException"

	notCodeDeploy = "Deployment group's ECS service must be configured for a CODE_DEPLOY deployment controller."
)

type groupRequest = codedeploy.CreateDeploymentGroupInput

// groupRow is a row of ecs.md 3.2: a change that makes the request that made g1
// wrong.
type groupRow struct {
	name   string
	change func(*groupRequest)
	code   string
	parts  []string // of the message
}

// pairOf changes the group's pair.
func pairOf(change func(*types.TargetGroupPairInfo)) func(*groupRequest) {
	return func(in *groupRequest) { change(&in.LoadBalancerInfo.TargetGroupPairInfoList[0]) }
}

func targetGroups(names ...string) func(*groupRequest) {
	return pairOf(func(p *types.TargetGroupPairInfo) {
		p.TargetGroups = nil
		for _, name := range names {
			p.TargetGroups = append(p.TargetGroups, types.TargetGroupInfo{Name: &name})
		}
	})
}

func listeners(prod, test []string) func(*groupRequest) {
	return pairOf(func(p *types.TargetGroupPairInfo) {
		p.ProdTrafficRoute = &types.TrafficRoute{ListenerArns: prod}
		if test != nil {
			p.TestTrafficRoute = &types.TrafficRoute{ListenerArns: test}
		}
	})
}

func waits(change func(*types.BlueGreenDeploymentConfiguration)) func(*groupRequest) {
	return func(in *groupRequest) { change(in.BlueGreenDeploymentConfiguration) }
}

func services(names ...string) func(*groupRequest) {
	return func(in *groupRequest) {
		in.EcsServices = nil
		for _, name := range names {
			in.EcsServices = append(in.EcsServices, types.ECSService{ClusterName: aws.String("c1"), ServiceName: &name})
		}
	}
}

// paperRows are those that are judged without a call to AWS.
var paperRows = []groupRow{
	{"no service", services(), badService, []string{"For ECS deployment group, exactly one ECS service must be specified"}},
	{"two services", services("s1", "s2"), badService, []string{"For ECS deployment group, exactly one ECS service must be specified"}},
	{"no style", func(in *groupRequest) { in.DeploymentStyle = nil }, badStyle,
		[]string{"For ECS deployment, the deployment type must be BLUE_GREEN, and deployment option must be WITH_TRAFFIC_CONTROL."}},
	{"in place", func(in *groupRequest) { in.DeploymentStyle.DeploymentType = types.DeploymentTypeInPlace }, badStyle,
		[]string{"For ECS deployment, the deployment type must be BLUE_GREEN, and deployment option must be WITH_TRAFFIC_CONTROL."}},
	{"no traffic control", func(in *groupRequest) {
		in.DeploymentStyle.DeploymentOption = types.DeploymentOptionWithoutTrafficControl
	}, badStyle, []string{"For ECS deployment, the deployment type must be BLUE_GREEN, and deployment option must be WITH_TRAFFIC_CONTROL."}},
	{"no load balancer", func(in *groupRequest) { in.LoadBalancerInfo = nil }, badBalancer,
		[]string{"For ECS deployment group, loadBalancerInfo must be specified"}},
	{"elbInfoList", func(in *groupRequest) { in.LoadBalancerInfo.ElbInfoList = []types.ELBInfo{{Name: aws.String("x")}} }, badBalancer,
		[]string{"For ECS deployment group, loadBalancerInfo must not contain elbInfo list"}},
	{"targetGroupInfoList", func(in *groupRequest) {
		in.LoadBalancerInfo.TargetGroupInfoList = []types.TargetGroupInfo{{Name: aws.String("x")}}
	}, badBalancer, []string{"For ECS deployment group, loadBalancerInfo must not contain targetGroupInfo list"}},
	{"two pairs", func(in *groupRequest) {
		l := in.LoadBalancerInfo
		l.TargetGroupPairInfoList = append(l.TargetGroupPairInfoList, l.TargetGroupPairInfoList[0])
	}, badPair, nil},
	{"no target group", targetGroups(), badPair, nil},
	{"three target groups", targetGroups("tgA", "tgB", "tgC"), badPair, nil},
	{"the same target group twice", targetGroups("tgA", "tgA"), badPair, []string{"Target group pair must have distinct target groups."}},
	{"target group by ARN", targetGroups("arn:aws:elasticloadbalancing:eu-west-1:1:x", "tgB"), badPair, nil},
	{"target group without name", targetGroups("", "tgB"), badPair, nil},
	{"no production route", pairOf(func(p *types.TargetGroupPairInfo) { p.ProdTrafficRoute = nil }), badPair, nil},
	{"two production listeners", listeners([]string{"l1", "l2"}, nil), badPair, nil},
	{"two test listeners", listeners([]string{"l1"}, []string{"l2", "l3"}), badPair, nil},
	{"test is production", listeners([]string{"l1"}, []string{"l1"}), badPair, nil},
	{"no blue/green", func(in *groupRequest) { in.BlueGreenDeploymentConfiguration = nil }, badBlueGreen,
		[]string{"For ECS deployment group, blueGreenDeploymentConfiguration must be specified"}},
	{"continue after a wait", waits(func(c *types.BlueGreenDeploymentConfiguration) { c.DeploymentReadyOption.WaitTimeInMinutes = 1 }), badBlueGreen,
		[]string{"Deployment ready action cannot be set to 'CONTINUE_DEPLOYMENT' when timeout is specified"}},
	{"stop without a wait", waits(func(c *types.BlueGreenDeploymentConfiguration) {
		c.DeploymentReadyOption.ActionOnTimeout = types.DeploymentReadyActionStopDeployment
	}), badBlueGreen, nil},
	{"no ready option", waits(func(c *types.BlueGreenDeploymentConfiguration) { c.DeploymentReadyOption = nil }), badBlueGreen,
		[]string{"Deployment ready option cannot be null for blue green deployment"}},
	{"no termination option", waits(func(c *types.BlueGreenDeploymentConfiguration) { c.TerminateBlueInstancesOnDeploymentSuccess = nil }), badBlueGreen,
		[]string{"Terminate blue instances on deployment success behaviour cannot be set to null for Blue Green deployments"}},
	{"ready wait too long", readyWait(7201), badBlueGreen, []string{"7201"}},
	{"termination wait too short", terminationWait(-1), badBlueGreen, []string{"-1"}},
	{"termination wait too long", terminationWait(2881), badBlueGreen, []string{"2881"}},
	{"keep alive", waits(func(c *types.BlueGreenDeploymentConfiguration) {
		c.TerminateBlueInstancesOnDeploymentSuccess.Action = types.InstanceActionKeepAlive
	}), badBlueGreen, []string{"KEEP_ALIVE"}},
	{"green fleet", waits(func(c *types.BlueGreenDeploymentConfiguration) {
		c.GreenFleetProvisioningOption = &types.GreenFleetProvisioningOption{Action: types.GreenFleetProvisioningActionDiscoverExisting}
	}), badBlueGreen, nil},
	{"Auto Scaling groups", func(in *groupRequest) { in.AutoScalingGroups = []string{"x"} }, "InvalidAutoScalingGroupException",
		[]string{"For ECS deployment group, autoScalingGroups can not be specified"}},
	{"EC2 tag filters", func(in *groupRequest) {
		in.Ec2TagFilters = []types.EC2TagFilter{{Key: aws.String("k"), Type: types.EC2TagFilterTypeKeyOnly}}
	}, "InvalidEC2TagException", nil},
	{"on-premises tag filters", func(in *groupRequest) {
		in.OnPremisesInstanceTagFilters = []types.TagFilter{{Key: aws.String("k"), Type: types.TagFilterTypeKeyOnly}}
	}, "InvalidTagException", nil},
	{"configuration of another platform", func(in *groupRequest) { in.DeploymentConfigName = aws.String(canary) }, "InvalidDeploymentConfigNameException", nil},
}

// networkRows are those that only AWS can tell.
func (w *ecsWorld) networkRows() []groupRow {
	w.targetGroup("tgC", elbtypes.ProtocolEnumHttp)
	elsewhere, l443 := w.listenerElsewhere()
	gone := strings.Replace(w.l80, "listener/app/lb/", "listener/app/gone/", 1)
	w.anotherService("s-ecs", ecstypes.DeploymentControllerTypeEcs)
	w.anotherService("s-deleted", ecstypes.DeploymentControllerTypeCodeDeploy)
	_, err := w.ecs.DeleteService(context.Background(), &ecs.DeleteServiceInput{
		Cluster: aws.String("c1"), Service: aws.String("s-deleted"), Force: aws.Bool(true)})
	w.must(err)
	return []groupRow{
		{"service not found", services("s-gone"), badService, []string{"Could not load ECS service information for cluster: c1, service: s-gone. Cause: ", "MISSING"}},
		{"service in a cluster that does not exist", func(in *groupRequest) { in.EcsServices[0].ClusterName = aws.String("c-gone") }, badService,
			[]string{"Could not load ECS service information for cluster: c-gone, service: s1. Cause: "}},
		{"service of another account", services("arn:aws:ecs:" + region + ":444455556666:service/c1/s1"), badService,
			[]string{"Could not load ECS service information for cluster: c1, service: s1. Cause: "}},
		{"service deleted", services("s-deleted"), badService, []string{"Could not load ECS service information for cluster: c1, service: s-deleted. Cause: "}},
		{"service with the controller ECS", services("s-ecs"), badService, []string{notCodeDeploy}}, // and E58
		{"target group not found", targetGroups("tgA", "tg-gone"), badPair, []string{"tg-gone"}},
		{"production listener not found", listeners([]string{gone}, nil), badPair, []string{gone}},
		{"test listener not found", listeners([]string{w.l80}, []string{gone}), badPair, []string{gone}},
		{"listeners on two load balancers", listeners([]string{w.l80}, []string{l443}), badPair, []string{"same load balancer"}},
		{"target group of another load balancer", targetGroups("tgA", elsewhere), badPair, []string{elsewhere}},
		{"the service belongs to another group", func(*groupRequest) {}, "ECSServiceMappingLimitExceededException", []string{"s1"}},
		{"the group exists", func(in *groupRequest) { in.DeploymentGroupName = aws.String("g1") }, "DeploymentGroupAlreadyExistsException", []string{"g1"}},
		{"the network before the group", func(in *groupRequest) {
			in.DeploymentGroupName = aws.String("g1")
			services("s-gone")(in)
		}, badService, nil},
		{"the service before the target groups", func(in *groupRequest) {
			services("s-gone")(in)
			targetGroups("tgA", "tg-gone")(in)
		}, badService, nil},
		{"the target groups before the listeners", func(in *groupRequest) {
			targetGroups("tgA", "tg-gone")(in)
			listeners([]string{gone}, nil)(in)
		}, badPair, []string{"tg-gone"}},
	}
}

// listenerElsewhere makes a second load balancer, with a listener on a target group
// of its own.
func (w *ecsWorld) listenerElsewhere() (group, listener string) {
	w.Helper()
	lb, err := w.elb.CreateLoadBalancer(context.Background(), &elb.CreateLoadBalancerInput{
		Name: aws.String("lb2"), Subnets: []string{"subnet-1", "subnet-2"}})
	w.must(err)
	arn := w.targetGroup("tgX", elbtypes.ProtocolEnumHttp)
	out, err := w.elb.CreateListener(context.Background(), &elb.CreateListenerInput{
		LoadBalancerArn: lb.LoadBalancers[0].LoadBalancerArn, Port: aws.Int32(443), Protocol: elbtypes.ProtocolEnumHttp,
		DefaultActions: []elbtypes.Action{forwardTo(arn)},
	})
	w.must(err)
	return "tgX", *out.Listeners[0].ListenerArn
}

// anotherService makes a service like s1 that wants no tasks.
func (w *ecsWorld) anotherService(name string, controller ecstypes.DeploymentControllerType) {
	w.Helper()
	_, err := w.ecs.CreateService(context.Background(), &ecs.CreateServiceInput{
		Cluster: aws.String("c1"), ServiceName: &name, TaskDefinition: aws.String("app:1"), DesiredCount: aws.Int32(0),
		DeploymentController: &ecstypes.DeploymentController{Type: controller},
		LoadBalancers:        []ecstypes.LoadBalancer{{TargetGroupArn: &w.tgA, ContainerName: aws.String("web"), ContainerPort: aws.Int32(80)}},
	})
	w.must(err)
}

func TestE57_E58_GroupRefusals(t *testing.T) {
	w := newECSWorld(t)
	for _, row := range append(paperRows, w.networkRows()...) {
		t.Run(row.name, func(t *testing.T) {
			in := w.groupRequest("g2")
			row.change(in)
			_, err := w.ours.CreateDeploymentGroup(t.Context(), in)
			wantRefusal(t, err, row.code, row.parts...)
		})
	}
	groups, err := w.ours.ListDeploymentGroups(t.Context(), &codedeploy.ListDeploymentGroupsInput{ApplicationName: aws.String("a1")})
	w.must(err)
	if len(groups.DeploymentGroups) != 1 {
		t.Errorf("groups are %q after refusals", groups.DeploymentGroups)
	}
	if len(w.cloud.called("ModifyListener", "ModifyRule")) > 0 {
		t.Error("a refused request has changed a listener")
	}
}

func TestE57_ServiceThatMayNotBeRead(t *testing.T) {
	const denied = "User: arn:aws:sts::111122223333:assumed-role/deploy/x is not authorized to perform: ecs:DescribeServices on resource: s1"
	w := newECSWorld(t)
	w.cloud.onCall(func(call ecsCall) http.Handler {
		if call.Operation == "DescribeServices" {
			return refusal(http.StatusBadRequest, "AccessDeniedException", denied)
		}
		return nil
	})
	_, err := w.ours.CreateDeploymentGroup(t.Context(), w.groupRequest("g2"))
	w.refused(err, badService)
	w.says(err, "Could not load ECS service information for cluster: c1, service: s1. Cause: "+denied)
}

func TestE57_OtherPlatforms(t *testing.T) {
	w := newECSWorld(t)
	w.application("hosts", types.ComputePlatformServer)
	request := func(application, name string, change func(*groupRequest)) error {
		in := &groupRequest{ApplicationName: &application, DeploymentGroupName: &name, ServiceRoleArn: aws.String(role),
			DeploymentStyle: &types.DeploymentStyle{
				DeploymentType: types.DeploymentTypeBlueGreen, DeploymentOption: types.DeploymentOptionWithTrafficControl}}
		change(in)
		_, err := w.ours.CreateDeploymentGroup(t.Context(), in)
		return err
	}
	w.refused(request(app, "x", services("s1")), badService, "Lambda Deployment Groups should not define a value for ecsServices, ")
	w.refused(request("hosts", "x", func(in *groupRequest) {
		in.DeploymentStyle = nil
		services("s1")(in)
	}), badService, "Server Deployment Groups should not define a value for ecsServices, ")
	w.must(request("hosts", "pair", func(in *groupRequest) { // since 2026
		like := w.groupRequest("")
		in.LoadBalancerInfo, in.BlueGreenDeploymentConfiguration = like.LoadBalancerInfo, like.BlueGreenDeploymentConfiguration
	}))
}

// An update is judged by the same rules on the group as it would be afterwards.
func TestE57_UpdateIsJudgedAlike(t *testing.T) {
	w := newECSWorld(t)
	before := w.groupInfo()
	for name, c := range map[string]struct {
		change func(*codedeploy.UpdateDeploymentGroupInput)
		code   string
	}{
		"service": {func(in *codedeploy.UpdateDeploymentGroupInput) {
			in.EcsServices = []types.ECSService{{ClusterName: aws.String("c1"), ServiceName: aws.String("s-gone")}}
		}, badService},
		"empty load balancer info": {func(in *codedeploy.UpdateDeploymentGroupInput) { in.LoadBalancerInfo = &types.LoadBalancerInfo{} }, badBalancer},
		"target groups": {func(in *codedeploy.UpdateDeploymentGroupInput) {
			like := w.groupRequest("")
			targetGroups("tgA", "tg-gone")(like)
			in.LoadBalancerInfo = like.LoadBalancerInfo
		}, badPair},
	} {
		t.Run(name, func(t *testing.T) {
			wantRefusal(t, w.updateGroup(c.change), c.code)
		})
	}
	w.same("group after refused updates", *before, *w.groupInfo())
}

func (w *ecsWorld) updateGroup(change func(*codedeploy.UpdateDeploymentGroupInput)) error {
	in := &codedeploy.UpdateDeploymentGroupInput{ApplicationName: aws.String("a1"), CurrentDeploymentGroupName: aws.String("g1")}
	change(in)
	_, err := w.ours.UpdateDeploymentGroup(context.Background(), in)
	return err
}

// groupInfo is g1 as it is shown.
func (w *ecsWorld) groupInfo() *types.DeploymentGroupInfo {
	w.Helper()
	out, err := w.ours.GetDeploymentGroup(context.Background(), &codedeploy.GetDeploymentGroupInput{
		ApplicationName: aws.String("a1"), DeploymentGroupName: aws.String("g1")})
	w.must(err)
	return out.DeploymentGroupInfo
}
