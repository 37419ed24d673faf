package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenlight/internal/awsaccess"
	"greenlight/internal/codedeploy"
	"greenlight/internal/ecsdriver/ecstest"
)

// What only AWS can tell about an ECS group (ecs.md 3.2, 3.3), with a far side
// that can be made to refuse. The rows of E57 are tried on a real one in package
// scenarios.

const (
	ecsCanary       = "CodeDeployDefault.ECSCanary10Percent5Minutes"
	networkListener = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/net/lb/1/2"
	testListener    = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/lb/1/3"
	otherBalancer   = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/other/1/4"

	onlyALB = "Only ALB supports gradual traffic routing, use AllAtOnce Traffic routing instead when you create/update Deployment group."
)

// A deployment may bring its own configuration, which its group's load balancer
// must be able to follow.
func TestE70GradualDeploymentOnANetworkLoadBalancer(t *testing.T) {
	c := newIdleClient(t)
	c.applications(t)
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "ecs", pair(`{"name":"a"},{"name":"b"}`, `["`+networkListener+`"]`, ``)))
	refusal{want: codedeploy.InvalidTrafficRoutingConfigurationException, says: onlyALB}.check(t, c, "CreateDeployment",
		with(t, ecsRelease, `{"deploymentConfigName":"`+ecsCanary+`"}`))
	c.ok(t, "CreateDeployment", ecsRelease)
}

func TestGroupsAreJudgedByWhatAWSSays(t *testing.T) {
	s := newECSStage(t)
	s.cloud.AddTargetGroup("tgX")
	s.cloud.AddListener(otherBalancer, ecstest.Default(ecstest.To(ecstest.TargetGroupARN("tgX"))))
	s.cloud.AddService("c1", "s2", 0, "app:1", ecstest.TargetGroupARN("tgA"))
	s.ok(t, "CreateDeploymentGroup", groupOf(t, "ecs", `{}`))
	const other = `{"deploymentGroupName":"h","ecsServices":[{"clusterName":"c1","serviceName":"s2"}]}`
	before := s.group(t, "ecs")
	denied := ecstest.Fault(awsaccess.Denied, awsaccess.ServiceECS, "AccessDeniedException", "not authorized to perform ecs:DescribeServices")
	for _, c := range []struct {
		refusal
		fails string // the operation that AWS refuses
	}{
		{refusal{"no service", `{"ecsServices":[{"clusterName":"c1","serviceName":"gone"}]}`, badService,
			"Could not load ECS service information for cluster: c1, service: gone. Cause: "}, ""},
		{refusal{"service not readable", `{"ecsServices":[{"clusterName":"c1","serviceName":"s1"}]}`, badService,
			"Could not load ECS service information for cluster: c1, service: s1. Cause: not authorized"}, ecstest.Service},
		{refusal{"no target group", pair(`{"name":"tgA"},{"name":"gone"}`, `["`+ecsListener+`"]`, ``), badPair, `"gone"`}, ""},
		{refusal{"target group elsewhere", pair(`{"name":"tgA"},{"name":"tgX"}`, `["`+ecsListener+`"]`, ``), badPair, "tgX belongs to another load balancer"}, ""},
		{refusal{"no listener", pair(`{"name":"tgA"},{"name":"tgB"}`, `["`+testListener+`"]`, ``), badPair, testListener}, ""},
		{refusal{"test listener elsewhere", pair(`{"name":"tgA"},{"name":"tgB"}`, `["`+ecsListener+`"]`, `["`+otherBalancer+`"]`), badPair, "same load balancer"}, ""},
		{refusal{"listener not changeable", pair(`{"name":"tgA"},{"name":"tgB"}`, `["`+ecsListener+`"]`, ``), badPair, "could not be set"}, ecstest.Normalize},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.fails != "" {
				s.cloud.Fail(c.fails, 2, ecstest.Failure{Err: denied})
			}
			c.check(t, s.client, "CreateDeploymentGroup", groupOf(t, "ecs", with(t, other, c.body)))
			c.check(t, s.client, "UpdateDeploymentGroup", with(t, c.body, `{"applicationName":"ecs","currentDeploymentGroupName":"g"}`))
		})
	}
	if diff := cmp.Diff(before, s.group(t, "ecs")); diff != "" {
		t.Errorf("refused updates changed the group (-before +after):\n%s", diff)
	}
	s.refused(t, "GetDeploymentGroup", `{"applicationName":"ecs","deploymentGroupName":"h"}`, codedeploy.DeploymentGroupDoesNotExistException)
}
