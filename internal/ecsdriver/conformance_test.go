package ecsdriver_test

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"greenlight/internal/awsaccess"
	"greenlight/internal/awsaccess/awstest"
	"greenlight/internal/ecsdriver"
	"greenlight/internal/ecsdriver/ecstest"
)

func TestConformanceOfFake(t *testing.T) {
	ecstest.Run(t, func(*testing.T) ecstest.FarSide { return ecstest.New().FarSide() })
}

func TestConformanceOfMoto(t *testing.T) {
	ecstest.Run(t, func(t *testing.T) ecstest.FarSide {
		endpoint := awstest.Moto(t)
		access := awstest.Access(endpoint, nil)
		cfg, err := access.Config(t.Context(), as)
		if err != nil {
			t.Fatal(err)
		}
		m := &moto{driver: ecsdriver.New(access), ecs: ecs.NewFromConfig(cfg), elb: elb.NewFromConfig(cfg)}
		m.subnets, m.vpc = defaultSubnets(t, endpoint)
		return m
	})
}

// moto is set up through the SDK, as a user of AWS would.
type moto struct {
	driver  *ecsdriver.Driver
	ecs     *ecs.Client
	elb     *elb.Client
	subnets []string
	vpc     string
	count   atomic.Int64
}

func (m *moto) Driver() ecstest.Driver { return m.driver }
func (m *moto) As() awsaccess.As       { return as }

func (m *moto) Lacks(a ecstest.Ability) string {
	return map[ecstest.Ability]string{
		ecstest.HonorsTokens: "moto stores clientToken and does not read it",
		ecstest.TellsMissing: "moto answers 500 to its promotion and a ClientException to its deletion",
	}[a]
}

func (m *moto) Stage(t testing.TB) ecstest.Stage {
	t.Helper()
	n := m.count.Add(1)
	s := ecstest.Stage{
		Cluster: fmt.Sprint("c", n), Service: fmt.Sprint("s", n),
		Blue: m.group(t, fmt.Sprint("tgA", n)), Green: m.group(t, fmt.Sprint("tgB", n)), Foreign: m.group(t, fmt.Sprint("tgX", n)),
	}
	m.listener(t, fmt.Sprint("lb", n), &s)
	m.service(t, &s)
	return s
}

func (m *moto) group(t testing.TB, name string) ecsdriver.TargetGroup {
	t.Helper()
	out, err := m.elb.CreateTargetGroup(t.Context(), &elb.CreateTargetGroupInput{
		Name: &name, Protocol: types.ProtocolEnumHttp, Port: aws.Int32(80), VpcId: &m.vpc, TargetType: types.TargetTypeEnumIp,
	})
	must(t, err)
	return ecsdriver.TargetGroup{Name: name, ARN: *out.TargetGroups[0].TargetGroupArn}
}

func (m *moto) listener(t testing.TB, name string, s *ecstest.Stage) {
	t.Helper()
	lb, err := m.elb.CreateLoadBalancer(t.Context(), &elb.CreateLoadBalancerInput{Name: &name, Subnets: m.subnets})
	must(t, err)
	out, err := m.elb.CreateListener(t.Context(), &elb.CreateListenerInput{
		LoadBalancerArn: lb.LoadBalancers[0].LoadBalancerArn, Protocol: types.ProtocolEnumHttp, Port: aws.Int32(80),
		DefaultActions: forwarding(s.Blue.ARN),
	})
	must(t, err)
	s.Listener = *out.Listeners[0].ListenerArn
	for priority, group := range map[int32]string{10: s.Blue.ARN, 20: s.Foreign.ARN} {
		_, err := m.elb.CreateRule(t.Context(), &elb.CreateRuleInput{
			ListenerArn: &s.Listener, Priority: &priority, Actions: forwarding(group),
			Conditions: []types.RuleCondition{{Field: aws.String("path-pattern"), Values: []string{fmt.Sprintf("/%d", priority)}}},
		})
		must(t, err)
	}
}

func forwarding(group string) []types.Action {
	return []types.Action{{Type: types.ActionTypeEnumForward, TargetGroupArn: &group}}
}

// service has controller EXTERNAL, because a service of CODE_DEPLOY gets its first task set from ECS and moto makes none.
func (m *moto) service(t testing.TB, s *ecstest.Stage) {
	t.Helper()
	ctx := t.Context()
	_, err := m.ecs.CreateCluster(ctx, &ecs.CreateClusterInput{ClusterName: &s.Cluster})
	must(t, err)
	for range 2 {
		_, err = m.ecs.RegisterTaskDefinition(ctx, &ecs.RegisterTaskDefinitionInput{
			Family: &s.Service,
			ContainerDefinitions: []ecstypes.ContainerDefinition{{
				Name: aws.String("web"), Image: aws.String("web"), Memory: aws.Int32(64),
				PortMappings: []ecstypes.PortMapping{{ContainerPort: aws.Int32(80)}},
			}},
		})
		must(t, err)
	}
	_, err = m.ecs.CreateService(ctx, &ecs.CreateServiceInput{
		Cluster: &s.Cluster, ServiceName: &s.Service, DesiredCount: aws.Int32(0),
		DeploymentController: &ecstypes.DeploymentController{Type: ecstypes.DeploymentControllerTypeExternal},
	})
	must(t, err)
	s.Spec = ecsdriver.TaskSetSpec{
		Cluster: s.Cluster, Service: s.Service, TaskDefinition: s.Service + ":1", TargetGroupARN: s.Blue.ARN,
		ContainerName: "web", ContainerPort: 80, LaunchType: "FARGATE", PlatformVersion: "LATEST",
		Network: &ecsdriver.Network{Subnets: m.subnets[:1], AssignPublicIP: "ENABLED"},
	}
	blue, err := m.driver.CreateTaskSet(ctx, as, s.Spec)
	must(t, err)
	must(t, m.driver.PromoteTaskSet(ctx, as, s.Cluster, s.Service, blue.ARN))
	s.Spec.TaskDefinition, s.Spec.TargetGroupARN = s.Service+":2", s.Green.ARN
	s.Spec.ExternalID, s.Spec.ClientToken = "d-123456789", "d-123456789"
}

// defaultSubnets asks for the network that every account has. It speaks the query protocol itself, because nothing else here
// needs EC2's client.
func defaultSubnets(t testing.TB, endpoint string) (subnets []string, vpc string) {
	t.Helper()
	form := url.Values{"Action": {"DescribeSubnets"}, "Version": {"2016-11-15"}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, endpoint, strings.NewReader(form.Encode()))
	must(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+as.Account+"/20260101/"+as.Region+"/ec2/aws4_request")
	resp, err := http.DefaultClient.Do(req)
	must(t, err)
	defer resp.Body.Close()
	var out struct {
		Subnets []struct {
			ID  string `xml:"subnetId"`
			VPC string `xml:"vpcId"`
		} `xml:"subnetSet>item"`
	}
	must(t, xml.NewDecoder(resp.Body).Decode(&out))
	if len(out.Subnets) < 2 {
		t.Fatalf("%d subnets, want two for a load balancer", len(out.Subnets))
	}
	for _, s := range out.Subnets[:2] {
		subnets = append(subnets, s.ID)
	}
	return subnets, out.Subnets[0].VPC
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
