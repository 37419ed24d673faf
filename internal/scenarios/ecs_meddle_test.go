package scenarios

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// What other people do to the cloud while CodeDeploy works on it.

// split is a forward action: target groups and their weights, in turns.
func split(groups map[string]int32) elbtypes.Action {
	var tuples []elbtypes.TargetGroupTuple
	for _, arn := range slices.Sorted(maps.Keys(groups)) {
		tuples = append(tuples, elbtypes.TargetGroupTuple{TargetGroupArn: &arn, Weight: aws.Int32(groups[arn])})
	}
	return elbtypes.Action{Type: elbtypes.ActionTypeEnumForward, ForwardConfig: &elbtypes.ForwardActionConfig{TargetGroups: tuples}}
}

// notFound answers 404 itself.
func notFound() elbtypes.Action {
	return elbtypes.Action{Type: elbtypes.ActionTypeEnumFixedResponse,
		FixedResponseConfig: &elbtypes.FixedResponseActionConfig{StatusCode: aws.String("404")}}
}

// setDefault gives a listener another default action.
func (w *ecsWorld) setDefault(listener string, actions ...elbtypes.Action) {
	w.Helper()
	_, err := w.elb.ModifyListener(context.Background(), &elb.ModifyListenerInput{ListenerArn: &listener, DefaultActions: actions})
	w.must(err)
}

func onHost(name string) elbtypes.RuleCondition {
	return elbtypes.RuleCondition{Field: aws.String("host-header"),
		HostHeaderConfig: &elbtypes.HostHeaderConditionConfig{Values: []string{name}}}
}

func onPath(pattern string) elbtypes.RuleCondition {
	return elbtypes.RuleCondition{Field: aws.String("path-pattern"),
		PathPatternConfig: &elbtypes.PathPatternConditionConfig{Values: []string{pattern}}}
}

// rule adds a rule to L80 and returns its ARN.
func (w *ecsWorld) rule(priority int32, condition elbtypes.RuleCondition, actions ...elbtypes.Action) string {
	w.Helper()
	out, err := w.elb.CreateRule(context.Background(), &elb.CreateRuleInput{
		ListenerArn: &w.l80, Priority: &priority, Conditions: []elbtypes.RuleCondition{condition}, Actions: actions})
	w.must(err)
	return *out.Rules[0].RuleArn
}

// ruleActions are the actions that a rule has now.
func (w *ecsWorld) ruleActions(arn string) []elbtypes.Action {
	w.Helper()
	out, err := w.elb.DescribeRules(context.Background(), &elb.DescribeRulesInput{RuleArns: []string{arn}})
	w.must(err)
	return out.Rules[0].Actions
}

// wantRule wants a rule to name tgA and tgB with these weights; -1 is one that it
// does not name.
func (w *ecsWorld) wantRule(arn string, a, b int32) {
	w.Helper()
	if gotA, gotB := w.weightsIn(w.ruleActions(arn)); gotA != a || gotB != b {
		w.Errorf("weights of the rule are (%d,%d), want (%d,%d)", gotA, gotB, a, b)
	}
}

// otherBalancer makes a second load balancer whose listener forwards to a target
// group.
func (w *ecsWorld) otherBalancer(group string) {
	w.Helper()
	ctx := context.Background()
	lb, err := w.elb.CreateLoadBalancer(ctx, &elb.CreateLoadBalancerInput{Name: aws.String("other"), Subnets: []string{"subnet-1", "subnet-2"}})
	w.must(err)
	_, err = w.elb.CreateListener(ctx, &elb.CreateListenerInput{LoadBalancerArn: lb.LoadBalancers[0].LoadBalancerArn,
		Port: aws.Int32(80), Protocol: elbtypes.ProtocolEnumHttp, DefaultActions: []elbtypes.Action{forwardTo(group)}})
	w.must(err)
}

// deleteService deletes s1 with all its task sets.
func (w *ecsWorld) deleteService() {
	w.Helper()
	_, err := w.ecs.DeleteService(context.Background(), &ecs.DeleteServiceInput{
		Cluster: aws.String("c1"), Service: aws.String("s1"), Force: aws.Bool(true)})
	w.must(err)
}

// desire sets the desired count of s1.
func (w *ecsWorld) desire(count int32) {
	w.Helper()
	_, err := w.ecs.UpdateService(context.Background(), &ecs.UpdateServiceInput{
		Cluster: aws.String("c1"), Service: aws.String("s1"), DesiredCount: &count})
	w.must(err)
}

// writes are the controller's calls so far that change something.
func (w *ecsWorld) writes() []string {
	var names []string
	for _, call := range w.cloud.called() {
		if !strings.HasPrefix(call.Operation, "Describe") {
			names = append(names, call.Operation)
		}
	}
	return names
}

// wantWrites wants the controller to have made exactly these changes.
func (w *ecsWorld) wantWrites(want ...string) {
	w.Helper()
	if got := w.writes(); !slices.Equal(got, want) {
		w.Errorf("the controller called %q, want %q", got, want)
	}
}

// alone wants that one task set of s1 is left, the primary one, of a release.
func (w *ecsWorld) alone(release string) {
	w.Helper()
	w.eventually("one task set is left", func() bool { return len(w.service().TaskSets) == 1 })
	set := w.service().TaskSets[0]
	if aws.ToString(set.Status) != "PRIMARY" || !strings.HasSuffix(aws.ToString(set.TaskDefinition), "/"+release) {
		w.Errorf("the task set that is left is %s of %s, want PRIMARY of %s", aws.ToString(set.Status), aws.ToString(set.TaskDefinition), release)
	}
}

// steady tells whether s1's task set of a release is.
func (w *ecsWorld) steady(release string) bool {
	w.Helper()
	return slices.ContainsFunc(w.service().TaskSets, func(set ecstypes.TaskSet) bool {
		return strings.HasSuffix(aws.ToString(set.TaskDefinition), "/"+release) && set.StabilityStatus == ecstypes.StabilityStatusSteadyState
	})
}

// refuse has all calls of an operation answered by a refusal from now on.
func (w *ecsWorld) refuse(operation string, refusal http.Handler) {
	w.cloud.onCall(func(call ecsCall) http.Handler {
		if call.Operation == operation {
			return refusal
		}
		return nil
	})
}

// nothingToRollBack wants a message, and no deployment (ecs.md 10.2).
func (s *ecsSight) nothingToRollBack() *ecsSight {
	s.Helper()
	r := s.info.RollbackInfo
	if r == nil || r.RollbackDeploymentId != nil || r.RollbackTriggeringDeploymentId != nil || aws.ToString(r.RollbackMessage) == "" {
		s.Errorf("deployment %s has rollbackInfo %+v, want a message only", s.id, r)
	}
	return s
}

// wellBack wants a rollback deployment that has succeeded (ecs.md 10.1).
func (s *ecsSight) wellBack() *ecsSight {
	s.Helper()
	if s.info.ErrorInformation != nil {
		s.Errorf("the rollback has the error %s", s.why())
	}
	events := "S/S/S/S/S/S"
	if s.l8080 != "" {
		events += "/S/S"
	}
	return s.status("Succeeded").events(events).targetStatus("Succeeded")
}

func (w *ecsWorld) deleteListener(arn string) {
	w.Helper()
	_, err := w.elb.DeleteListener(context.Background(), &elb.DeleteListenerInput{ListenerArn: &arn})
	w.must(err)
}

func (w *ecsWorld) deleteTargetGroup(arn string) {
	w.Helper()
	_, err := w.elb.DeleteTargetGroup(context.Background(), &elb.DeleteTargetGroupInput{TargetGroupArn: &arn})
	w.must(err)
}

// deleteTaskSet deletes s1's task set of a release, with its tasks.
func (w *ecsWorld) deleteTaskSet(release string) {
	w.Helper()
	_, err := w.ecs.DeleteTaskSet(context.Background(), &ecs.DeleteTaskSetInput{
		Cluster: aws.String("c1"), Service: aws.String("s1"), TaskSet: w.taskSet(release).TaskSetArn, Force: aws.Bool(true)})
	w.must(err)
}

// taskSet is s1's task set of a release.
func (w *ecsWorld) taskSet(release string) ecstypes.TaskSet {
	w.Helper()
	sets := w.service().TaskSets
	i := slices.IndexFunc(sets, func(set ecstypes.TaskSet) bool {
		return strings.HasSuffix(aws.ToString(set.TaskDefinition), "/"+release)
	})
	if i < 0 {
		w.Fatalf("s1 has no task set of %s: %+v", release, sets)
	}
	return sets[i]
}

// tasks are the ARNs of the tasks of a release that should run.
func (w *ecsWorld) tasks(release string) []string {
	w.Helper()
	out, err := w.ecs.ListTasks(context.Background(), &ecs.ListTasksInput{
		Cluster: aws.String("c1"), StartedBy: w.taskSet(release).Id, DesiredStatus: ecstypes.DesiredStatusRunning})
	w.must(err)
	return out.TaskArns
}

func disjoint(a, b []string) bool {
	return !slices.ContainsFunc(a, func(arn string) bool { return slices.Contains(b, arn) })
}

// whyHolds wants our own account of a failure to hold all of these.
func (s *ecsSight) whyHolds(parts ...string) {
	s.Helper()
	why := strings.Join(s.info.DeploymentStatusMessages, "\n")
	for _, part := range parts {
		if !strings.Contains(why, part) {
			s.Errorf("the why is %q, want it to hold %q", why, part)
		}
	}
}
