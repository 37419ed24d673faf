package elb

import (
	"regexp"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestLoadBalancer_ReadsBack(t *testing.T) {
	b := start(t, Options{})
	arn := b.balancer("web")
	if !regexp.MustCompile(`^arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/[0-9a-f]{16}$`).MatchString(arn) {
		t.Errorf("got %s", arn)
	}
	if again := b.balancer("web"); again != arn {
		t.Errorf("the same request made %s", again)
	}
	got := must(b.DescribeLoadBalancers(t.Context(), &sdk.DescribeLoadBalancersInput{Names: []string{"web"}}))(t).LoadBalancers
	if len(got) != 1 || got[0].State.Code != types.LoadBalancerStateEnumActive || *got[0].DNSName != "127.0.0.1" ||
		len(got[0].AvailabilityZones) != 2 || *got[0].AvailabilityZones[1].ZoneName != "eu-west-1b" || got[0].CreatedTime == nil {
		t.Errorf("got %+v", got)
	}
}

func TestLoadBalancer_Refusals(t *testing.T) {
	b := start(t, Options{})
	b.balancer("web")
	tests := map[string]struct {
		in            sdk.CreateLoadBalancerInput
		code, message string
	}{
		"other settings": {sdk.CreateLoadBalancerInput{Name: new("web")}, "DuplicateLoadBalancerName", "'web' exists"},
		"long name":      {sdk.CreateLoadBalancerInput{Name: new("a12345678901234567890123456789012")}, "ValidationError", "longer than '32'"},
		"strange name":   {sdk.CreateLoadBalancerInput{Name: new("a_b")}, "ValidationError", "'a_b'"},
		"hyphen":         {sdk.CreateLoadBalancerInput{Name: new("a-")}, "ValidationError", "begin or end with '-'"},
		"internal":       {sdk.CreateLoadBalancerInput{Name: new("internal-a")}, "ValidationError", "internal-"},
		"gateway":        {sdk.CreateLoadBalancerInput{Name: new("a"), Type: types.LoadBalancerTypeEnumGateway}, "ValidationError", "'gateway'"},
		"scheme":         {sdk.CreateLoadBalancerInput{Name: new("a"), Scheme: "outside"}, "InvalidScheme", "'outside'"},
		"subnet twice":   {sdk.CreateLoadBalancerInput{Name: new("a"), Subnets: []string{"s", "s"}}, "InvalidConfigurationRequest", "same Availability Zone"},
		"reserved tag":   {sdk.CreateLoadBalancerInput{Name: new("a"), Tags: []types.Tag{{Key: new("aws:x")}}}, "ValidationError", "'aws:x'"},
		"tag twice":      {sdk.CreateLoadBalancerInput{Name: new("a"), Tags: []types.Tag{{Key: new("x")}, {Key: new("x")}}}, "DuplicateTagKeys", "'x'"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := b.CreateLoadBalancer(t.Context(), &test.in)
			wantFault(t, err, test.code, test.message)
		})
	}
	_, err := b.DescribeLoadBalancers(t.Context(), &sdk.DescribeLoadBalancersInput{Names: []string{"other"}})
	wantFault(t, err, "LoadBalancerNotFound", "Load balancers '[other]' not found")
	_, err = b.DescribeLoadBalancers(t.Context(), &sdk.DescribeLoadBalancersInput{LoadBalancerArns: []string{"nonsense"}})
	wantFault(t, err, "ValidationError", "'nonsense' is not a valid load balancer ARN")
	_, err = b.DescribeSSLPolicies(t.Context(), nil)
	wantFault(t, err, "InvalidAction", "DescribeSSLPolicies")
}

// A page goes on where the one before ended, whatever was deleted in between.
func TestLoadBalancer_Pages(t *testing.T) {
	b := start(t, Options{})
	for _, name := range []string{"c", "a", "b"} {
		b.balancer(name)
	}
	first := must(b.DescribeLoadBalancers(t.Context(), &sdk.DescribeLoadBalancersInput{PageSize: new(int32(2))}))(t)
	if len(first.LoadBalancers) != 2 || *first.LoadBalancers[0].LoadBalancerName != "a" || first.NextMarker == nil {
		t.Fatalf("got %+v", first)
	}
	must(b.DeleteLoadBalancer(t.Context(), &sdk.DeleteLoadBalancerInput{LoadBalancerArn: first.LoadBalancers[1].LoadBalancerArn}))(t)
	second := must(b.DescribeLoadBalancers(t.Context(), &sdk.DescribeLoadBalancersInput{PageSize: new(int32(2)), Marker: first.NextMarker}))(t)
	if len(second.LoadBalancers) != 1 || *second.LoadBalancers[0].LoadBalancerName != "c" || second.NextMarker != nil {
		t.Errorf("got %+v", second)
	}
	_, err := b.DescribeLoadBalancers(t.Context(), &sdk.DescribeLoadBalancersInput{Marker: new("%")})
	wantFault(t, err, "ValidationError", "marker")
	_, err = b.DescribeLoadBalancers(t.Context(), &sdk.DescribeLoadBalancersInput{PageSize: new(int32(401))})
	wantFault(t, err, "ValidationError", "401")
}

// Deleting takes listeners along, frees the target groups and the name, and is no error when there is nothing.
func TestLoadBalancer_Delete(t *testing.T) {
	b := start(t, Options{})
	arn, group := b.balancer("web"), b.group("tgA")
	listener := b.listener(arn, 80, forward(group))
	protect := func(value string) {
		must(b.ModifyLoadBalancerAttributes(t.Context(), &sdk.ModifyLoadBalancerAttributesInput{
			LoadBalancerArn: &arn, Attributes: []types.LoadBalancerAttribute{{Key: new("deletion_protection.enabled"), Value: &value}},
		}))(t)
	}
	protect("true")
	_, err := b.DeleteLoadBalancer(t.Context(), &sdk.DeleteLoadBalancerInput{LoadBalancerArn: &arn})
	wantFault(t, err, "OperationNotPermitted", "deletion protection")
	protect("false")
	for range 2 {
		must(b.DeleteLoadBalancer(t.Context(), &sdk.DeleteLoadBalancerInput{LoadBalancerArn: &arn}))(t)
	}
	_, err = b.DescribeListeners(t.Context(), &sdk.DescribeListenersInput{ListenerArns: []string{listener}})
	wantFault(t, err, "ListenerNotFound", "One or more listeners not found")
	if _, bound := b.service.Address(account, region, listener); bound {
		t.Error("the port is still bound")
	}
	must(b.DeleteTargetGroup(t.Context(), &sdk.DeleteTargetGroupInput{TargetGroupArn: &group}))(t)
	if again := b.balancer("web"); again == arn {
		t.Error("the new load balancer has the old one's ARN")
	}
}

// The members that only name a network are kept.
func TestLoadBalancer_Network(t *testing.T) {
	b := start(t, Options{})
	arn := b.balancer("web")
	subnets := must(b.SetSubnets(t.Context(), &sdk.SetSubnetsInput{LoadBalancerArn: &arn, SubnetMappings: []types.SubnetMapping{{SubnetId: new("subnet-c")}}}))(t)
	if len(subnets.AvailabilityZones) != 1 || *subnets.AvailabilityZones[0].SubnetId != "subnet-c" {
		t.Errorf("got %+v", subnets)
	}
	groups := must(b.SetSecurityGroups(t.Context(), &sdk.SetSecurityGroupsInput{LoadBalancerArn: &arn, SecurityGroups: []string{"sg-2"}}))(t)
	if len(groups.SecurityGroupIds) != 1 || groups.SecurityGroupIds[0] != "sg-2" {
		t.Errorf("got %+v", groups)
	}
	must(b.SetIpAddressType(t.Context(), &sdk.SetIpAddressTypeInput{LoadBalancerArn: &arn, IpAddressType: types.IpAddressTypeDualstack}))(t)
	must(b.DescribeCapacityReservation(t.Context(), &sdk.DescribeCapacityReservationInput{LoadBalancerArn: &arn}))(t)
	got := must(b.DescribeLoadBalancers(t.Context(), &sdk.DescribeLoadBalancersInput{LoadBalancerArns: []string{arn}}))(t).LoadBalancers[0]
	if got.IpAddressType != types.IpAddressTypeDualstack || got.SecurityGroups[0] != "sg-2" || *got.AvailabilityZones[0].SubnetId != "subnet-c" {
		t.Errorf("got %+v", got)
	}
}
