package scenarios

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/google/go-cmp/cmp"
)

func TestE63_CreateService(t *testing.T) { createService(t) }

func createService(t *testing.T, vary ...func(*ecsFixture)) {
	t.Helper()
	w := newECSWorld(t, vary...)
	group := w.targetGroup("tgC", elbtypes.ProtocolEnumHttp)
	listener := w.listen(81, elbtypes.ProtocolEnumHttp, group)
	made, err := w.ecs.CreateService(t.Context(), &ecs.CreateServiceInput{
		Cluster: aws.String("c1"), ServiceName: aws.String("s2"), TaskDefinition: aws.String("app:1"), DesiredCount: aws.Int32(1),
		DeploymentController: &ecstypes.DeploymentController{Type: ecstypes.DeploymentControllerTypeCodeDeploy},
		LoadBalancers:        []ecstypes.LoadBalancer{{TargetGroupArn: &group, ContainerName: aws.String("web"), ContainerPort: aws.Int32(80)}},
	})
	w.must(err)
	oneSet := func(s ecstypes.Service) ecstypes.TaskSet {
		if aws.ToString(s.Status) != "ACTIVE" || s.Deployments == nil || len(s.Deployments) > 0 || len(s.TaskSets) != 1 {
			t.Fatalf("s2 is %s with the deployments %v and %d task sets", aws.ToString(s.Status), s.Deployments, len(s.TaskSets))
		}
		set := s.TaskSets[0]
		if aws.ToString(set.Status) != "PRIMARY" || set.StartedBy != nil || set.Scale.Value != 100 {
			t.Errorf("the first task set is %+v", set)
		}
		return set
	}
	if got := oneSet(*made.Service).StabilityStatus; got != ecstypes.StabilityStatusStabilizing {
		t.Errorf("at first it is %s", got)
	}
	w.eventually("s2 is steady", func() bool {
		return oneSet(w.serviceNamed("s2")).StabilityStatus == ecstypes.StabilityStatusSteadyState
	})
	if got := w.get(listener); got != "app:1" {
		t.Errorf("the listener answers %s", got)
	}
}

// serviceNamed is a service of c1 as ECS shows it.
func (w *ecsWorld) serviceNamed(name string) ecstypes.Service {
	w.Helper()
	out, err := w.ecs.DescribeServices(context.Background(), &ecs.DescribeServicesInput{Cluster: aws.String("c1"), Services: []string{name}})
	w.must(err)
	if len(out.Services) != 1 {
		w.Fatalf("%s is gone: %+v", name, out.Failures)
	}
	return out.Services[0]
}

// E64, and the other texts of ecs.md 11.
func TestE64_OnlyCodeDeployDeploys(t *testing.T) {
	const by = " on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment."
	w := newECSWorld(t)
	for text, change := range map[string]func(*ecs.UpdateServiceInput){
		"Unable to update task definition": func(in *ecs.UpdateServiceInput) { in.TaskDefinition = aws.String("app:2") },
		"Unable to update network parameters": func(in *ecs.UpdateServiceInput) {
			in.NetworkConfiguration = &ecstypes.NetworkConfiguration{AwsvpcConfiguration: &ecstypes.AwsVpcConfiguration{Subnets: []string{"subnet-1"}}}
		},
		"Unable to update load balancers": func(in *ecs.UpdateServiceInput) { in.LoadBalancers = []ecstypes.LoadBalancer{} },
		"Cannot force a new deployment":   func(in *ecs.UpdateServiceInput) { in.ForceNewDeployment = true },
	} {
		in := &ecs.UpdateServiceInput{Cluster: aws.String("c1"), Service: aws.String("s1")}
		change(in)
		_, err := w.ecs.UpdateService(t.Context(), in)
		w.refused(err, "InvalidParameterException")
		w.says(err, text+by)
	}
	if s := w.service(); len(s.TaskSets) != 1 || !strings.HasSuffix(*s.TaskDefinition, ":task-definition/app:1") {
		t.Errorf("refused updates have changed the service: %+v", s)
	}
}

func TestE65_DesiredCount(t *testing.T) {
	w := newECSWorld(t)
	w.desire(4)
	w.eventually("four tasks are steady", func() bool {
		set := w.service().TaskSets[0]
		return set.ComputedDesiredCount == 4 && set.RunningCount == 4 && set.StabilityStatus == ecstypes.StabilityStatusSteadyState
	})
	if sets := w.service().TaskSets; len(sets) != 1 || aws.ToString(sets[0].Status) != "PRIMARY" {
		t.Errorf("task sets are %+v", sets)
	}
}

// onFargate has app ask for awsvpc networking and s1 run on Fargate.
func onFargate(f *ecsFixture) {
	f.definition = func(in *ecs.RegisterTaskDefinitionInput) {
		in.NetworkMode, in.Cpu, in.Memory = ecstypes.NetworkModeAwsvpc, aws.String("256"), aws.String("512")
		in.RequiresCompatibilities = []ecstypes.Compatibility{ecstypes.CompatibilityFargate}
	}
	f.service = func(in *ecs.CreateServiceInput) {
		in.LaunchType, in.PlatformVersion = ecstypes.LaunchTypeFargate, aws.String("1.4.0")
		in.NetworkConfiguration = &ecstypes.NetworkConfiguration{AwsvpcConfiguration: &ecstypes.AwsVpcConfiguration{
			Subnets: []string{"subnet-1", "subnet-2"}, SecurityGroups: []string{"sg-1"}, AssignPublicIp: ecstypes.AssignPublicIpEnabled}}
	}
}

// placed is what a CreateTaskSet says of where and how tasks run.
type placed struct {
	LaunchType, PlatformVersion string
	CapacityProviderStrategy    []map[string]any
	NetworkConfiguration        map[string]map[string]any
}

func TestE66_WhereTasksRun(t *testing.T) {
	network := func(subnets, groups []any, public string) map[string]map[string]any {
		return map[string]map[string]any{"awsvpcConfiguration": {"subnets": subnets, "securityGroups": groups, "assignPublicIp": public}}
	}
	for name, c := range map[string]struct {
		properties string // of the AppSpec, besides the usual ones
		want       placed
	}{
		"as the original": {``, placed{LaunchType: "FARGATE", PlatformVersion: "1.4.0",
			NetworkConfiguration: network([]any{"subnet-1", "subnet-2"}, []any{"sg-1"}, "ENABLED")}},
		"as the AppSpec says": {`,"PlatformVersion":"LATEST",
			"NetworkConfiguration":{"AwsvpcConfiguration":{"Subnets":["subnet-3"],"SecurityGroups":["sg-2","sg-3"],"AssignPublicIp":"DISABLED"}},
			"CapacityProviderStrategy":[{"CapacityProvider":"FARGATE","Base":1,"Weight":1},{"CapacityProvider":"FARGATE_SPOT","Weight":3}]`,
			placed{PlatformVersion: "LATEST", NetworkConfiguration: network([]any{"subnet-3"}, []any{"sg-2", "sg-3"}, "DISABLED"),
				CapacityProviderStrategy: []map[string]any{
					{"capacityProvider": "FARGATE", "base": 1.0, "weight": 1.0}, {"capacityProvider": "FARGATE_SPOT", "weight": 3.0}}}},
		"a strategy alone": {`,"CapacityProviderStrategy":[{"CapacityProvider":"FARGATE_SPOT","Weight":1}]`,
			placed{PlatformVersion: "1.4.0", NetworkConfiguration: network([]any{"subnet-1", "subnet-2"}, []any{"sg-1"}, "ENABLED"),
				CapacityProviderStrategy: []map[string]any{{"capacityProvider": "FARGATE_SPOT", "weight": 1.0}}}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newECSWorld(t, onFargate)
			spec := strings.Replace(ecsSpec("app:2"), `"ContainerPort":80}`, `"ContainerPort":80}`+c.properties, 1)
			w.see(w.run(ecsAllAtOnce, spec)).status("Succeeded")
			calls := w.cloud.called("CreateTaskSet")
			if len(calls) != 1 {
				t.Fatalf("%d task sets were created", len(calls))
			}
			var got placed
			w.must(json.Unmarshal([]byte(calls[0].Body), &got))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("CreateTaskSet (-want +got):\n%s", diff)
			}
			if has := strings.Contains(calls[0].Body, "launchType"); has != (c.want.LaunchType != "") {
				t.Errorf("sent as %s", calls[0].Body)
			}
		})
	}
}

func TestE69_OperationsOfOtherPlatforms(t *testing.T) {
	w := newECSWorld(t)
	id := w.run(ecsAllAtOnce, ecsSpec("app:2"))
	//lint:ignore SA1019 the deprecated operations are served too
	_, err := w.ours.GetDeploymentInstance(t.Context(), &codedeploy.GetDeploymentInstanceInput{DeploymentId: &id, InstanceId: aws.String("i-1")})
	w.refused(err, "InvalidComputePlatformException")
	//lint:ignore SA1019 the deprecated operations are served too
	_, err = w.ours.BatchGetDeploymentInstances(t.Context(), &codedeploy.BatchGetDeploymentInstancesInput{DeploymentId: &id, InstanceIds: []string{"i-1"}})
	w.refused(err, "InvalidComputePlatformException")
	//lint:ignore SA1019 the deprecated operations are served too
	_, err = w.ours.ListDeploymentInstances(t.Context(), &codedeploy.ListDeploymentInstancesInput{DeploymentId: &id})
	w.refused(err, "InvalidComputePlatformException")
	batch := func(ids ...string) (*codedeploy.BatchGetDeploymentTargetsOutput, error) {
		return w.ours.BatchGetDeploymentTargets(t.Context(), &codedeploy.BatchGetDeploymentTargetsInput{DeploymentId: &id, TargetIds: ids})
	}
	_, err = batch("c1:s1", "c1:s2")
	w.refused(err, "DeploymentTargetListSizeExceededException")
	one, err := batch("c1:s1")
	w.must(err)
	w.same("the one target", *w.see(id).target, *one.DeploymentTargets[0].EcsTarget)
	for target, want := range map[string]string{"c1:s2": "DeploymentTargetDoesNotExistException", "s1": "InvalidDeploymentTargetIdException"} {
		_, err := w.ours.GetDeploymentTarget(t.Context(), &codedeploy.GetDeploymentTargetInput{DeploymentId: &id, TargetId: &target})
		w.refused(err, want)
	}
}

// In a gradual deployment green is named with weight 0 before it is made, so
// that the load balancer looks at its health from the beginning.
func TestE73_GreenIsCheckedDuringInstall(t *testing.T) {
	w := newECSWorld(t)
	_, err := w.elb.ModifyTargetGroup(t.Context(), &elb.ModifyTargetGroupInput{TargetGroupArn: &w.tgB, HealthyThresholdCount: aws.Int32(10)})
	w.must(err)
	atCreation, atFirstShift := make(chan string, 1), make(chan string, 1)
	w.cloud.onCall(func(c ecsCall) http.Handler {
		switch {
		case c.Operation == "CreateTaskSet":
			atCreation <- w.defaultRule(w.l80)
		case c.Operation == "ModifyListener" && w.written(c.form()) == "90/10":
			atFirstShift <- w.targetStates(w.tgB)
		}
		return nil
	})
	id, err := w.start(ecsCanary, ecsSpec("app:2"))
	w.must(err)
	w.eventually("green is looked at", func() bool { return strings.Contains(w.targetStates(w.tgB), "initial") })
	w.advance(slack)
	w.see(id).status("InProgress").events("S/S/S/S/I/P")
	if got := <-atCreation; got != "tgA 100 tgB 0" {
		t.Errorf("when green was made, the default rule was %s", got)
	}
	if got := <-atFirstShift; got != "healthy healthy" {
		t.Errorf("before the first shift its targets were %s", got)
	}
}

// defaultRule is where a listener's default rule forwards to, by DescribeRules.
func (w *ecsWorld) defaultRule(listener string) string {
	out, err := w.elb.DescribeRules(context.Background(), &elb.DescribeRulesInput{ListenerArn: &listener})
	if err != nil {
		return err.Error()
	}
	names := map[string]string{w.tgA: "tgA", w.tgB: "tgB"}
	var parts []string
	for _, rule := range out.Rules {
		if !aws.ToBool(rule.IsDefault) {
			continue
		}
		for _, g := range rule.Actions[0].ForwardConfig.TargetGroups {
			parts = append(parts, fmt.Sprintf("%s %d", names[*g.TargetGroupArn], aws.ToInt32(g.Weight)))
		}
	}
	return strings.Join(parts, " ")
}

// targetStates are those of a target group's targets, sorted.
func (w *ecsWorld) targetStates(group string) string {
	out, err := w.elb.DescribeTargetHealth(context.Background(), &elb.DescribeTargetHealthInput{TargetGroupArn: &group})
	if err != nil {
		return err.Error()
	}
	var states []string
	for _, d := range out.TargetHealthDescriptions {
		states = append(states, string(d.TargetHealth.State))
	}
	slices.Sort(states)
	return strings.Join(states, " ")
}

func TestE76_GreenTurnsUnhealthyInTheWait(t *testing.T) {
	w := newECSWorld(t, groupLike(terminationWait(30)), func(f *ecsFixture) {
		f.service = func(in *ecs.CreateServiceInput) { in.HealthCheckGracePeriodSeconds = aws.Int32(1e6) } // they are not replaced
	})
	id := w.run(ecsAllAtOnce, ecsSpec("app:2"))
	w.see(id).status("InProgress").events("S/S/S/S/S/S").targetStatus("Succeeded")
	w.sicken("app:2")
	w.eventually("green is unhealthy", func() bool { return w.targetStates(w.tgB) == "unhealthy unhealthy" })
	w.advance(4 * time.Minute)
	w.see(id).status("InProgress").targetStatus("Succeeded")
	w.advance(3 * time.Minute)
	s := w.see(id).status("Failed").failure("ECS_UPDATE_ERROR", unhealthy).events("S/S/S/S/S/S").targetStatus("Succeeded")
	if o := s.info.DeploymentOverview; o == nil || o.Succeeded != 1 || o.Failed != 0 {
		t.Errorf("overview is %+v", o)
	}
	s.rolledBack().undone("Blue PRIMARY 100.0 tgA, Green DRAINING 0.0 tgB")
	w.wantWeights(w.l80, 100, 0)
	w.wantOneSet(w.tgA, "app:1")
	w.wantOnly(w.l80, "app:1")
}
