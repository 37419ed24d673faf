package demo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// targetGroups are the two sides. Which is blue and which is green changes with
// every release.
var targetGroups = [2]string{"web-a", "web-b"}

// listeners are the ARNs of those for clients and for tests.
type listeners struct{ client, test string }

// setUpBalancer makes the load balancer, both of whose listeners lead to the first
// target group.
func (s *story) setUpBalancer(ctx context.Context) (l listeners, err error) {
	answer, err := s.cloud.balancers.CreateLoadBalancer(ctx, &elb.CreateLoadBalancerInput{
		Name: aws.String("demo"), Subnets: []string{"subnet-1", "subnet-2"},
	})
	if err != nil {
		return l, err
	}
	balancer := answer.LoadBalancers[0]
	for _, name := range targetGroups {
		if err := s.createTargetGroup(ctx, name); err != nil {
			return l, err
		}
	}
	if l.client, err = s.listen(ctx, balancer.LoadBalancerArn, clientPort); err != nil {
		return l, err
	}
	l.test, err = s.listen(ctx, balancer.LoadBalancerArn, testPort)
	host := aws.ToString(balancer.DNSName)
	s.site.url, s.site.testURL = s.cloud.at(host, clientPort), s.cloud.at(host, testPort)
	return l, err
}

func (s *story) createTargetGroup(ctx context.Context, name string) error {
	answer, err := s.cloud.balancers.CreateTargetGroup(ctx, &elb.CreateTargetGroupInput{
		Name: &name, Protocol: elbtypes.ProtocolEnumHttp, Port: aws.Int32(containerPort), VpcId: aws.String("vpc-1"),
		TargetType: elbtypes.TargetTypeEnumIp, HealthCheckPath: aws.String(healthPath),
		HealthCheckIntervalSeconds: aws.Int32(5), HealthCheckTimeoutSeconds: aws.Int32(4),
	})
	if err != nil {
		return err
	}
	s.site.groups = append(s.site.groups, aws.ToString(answer.TargetGroups[0].TargetGroupArn))
	return nil
}

func (s *story) listen(ctx context.Context, balancer *string, port int32) (arn string, err error) {
	answer, err := s.cloud.balancers.CreateListener(ctx, &elb.CreateListenerInput{
		LoadBalancerArn: balancer, Port: &port, Protocol: elbtypes.ProtocolEnumHttp,
		DefaultActions: []elbtypes.Action{{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: &s.site.groups[0]}},
	})
	if err != nil {
		return "", err
	}
	return aws.ToString(answer.Listeners[0].ListenerArn), nil
}
