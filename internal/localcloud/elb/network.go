package elb

import (
	"context"
	"regexp"
)

// theVPC is the network that every load balancer is in.
const theVPC = "vpc-00000000000000000"

// Bounds on what names a network; AWS allows fewer of both.
const (
	maxSubnets        = 16
	maxSecurityGroups = 16
)

var networkPattern = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

type zoneView struct {
	ZoneName              string
	SubnetID              string `xml:"SubnetId"`
	LoadBalancerAddresses list[struct{}]
}

// zones gives every subnet a zone of its own.
func zones(sc scope, subnets []string) list[zoneView] {
	var views list[zoneView]
	for i, subnet := range subnets {
		views = append(views, zoneView{ZoneName: sc.region() + string(rune('a'+i)), SubnetID: subnet})
	}
	return views
}

// subnetsOf takes the subnets from whichever of the two members has them. A load balancer may have none here.
func subnetsOf(subnets []string, mappings []subnetMapping) ([]string, error) {
	if len(subnets) > 0 && len(mappings) > 0 {
		return nil, invalid("You can specify either subnets or subnet mappings, not both")
	}
	for _, m := range mappings {
		subnets = append(subnets, m.SubnetID)
	}
	seen := map[string]bool{}
	for _, subnet := range subnets {
		if !networkPattern.MatchString(subnet) {
			return nil, fault("InvalidSubnet", "The subnet ID '%s' is not valid", subnet)
		}
		if seen[subnet] {
			return nil, fault(codeInvalidConfiguration,
				"A load balancer cannot be attached to multiple subnets in the same Availability Zone")
		}
		seen[subnet] = true
	}
	if len(subnets) > maxSubnets {
		return nil, invalid("A load balancer can have at most %d subnets", maxSubnets)
	}
	return subnets, nil
}

func checkSecurityGroups(groups []string) error {
	for _, group := range groups {
		if !networkPattern.MatchString(group) {
			return fault("InvalidSecurityGroup", "The security group ID '%s' is not valid", group)
		}
	}
	if len(groups) > maxSecurityGroups {
		return invalid("A load balancer can have at most %d security groups", maxSecurityGroups)
	}
	return nil
}

func checkIPAddressType(text string) error {
	switch text {
	case "ipv4", "dualstack", "dualstack-without-public-ipv4":
		return nil
	}
	return invalid("IP address type '%s' must be ipv4, dualstack or dualstack-without-public-ipv4", text)
}

// changeBalancer changes a load balancer and returns the new one.
func (s *Service) changeBalancer(ctx context.Context, sc scope, arn string, set func(*loadBalancer) error) (*loadBalancer, error) {
	var changed loadBalancer
	err := s.change(ctx, func(d *draft) error {
		b, err := d.balancer(sc, arn)
		if err != nil {
			return err
		}
		changed = *b
		if err := set(&changed); err != nil {
			return err
		}
		d.putBalancer(&changed)
		return nil
	})
	return &changed, err
}

type setSubnetsInput struct {
	LoadBalancerARN string `query:"LoadBalancerArn"`
	Subnets         []string
	SubnetMappings  []subnetMapping
	IPAddressType   string `query:"IpAddressType"`
}

type setSubnetsOutput struct {
	AvailabilityZones list[zoneView]
	IPAddressType     string `xml:"IpAddressType"`
}

// setSubnets implements SetSubnets.
func (s *Service) setSubnets(ctx context.Context, sc scope, in *setSubnetsInput) (any, error) {
	subnets, err := subnetsOf(in.Subnets, in.SubnetMappings)
	if err != nil {
		return nil, err
	}
	b, err := s.changeBalancer(ctx, sc, in.LoadBalancerARN, func(b *loadBalancer) error {
		b.Subnets, b.IPAddressType = subnets, either(in.IPAddressType, b.IPAddressType)
		return checkIPAddressType(b.IPAddressType)
	})
	if err != nil {
		return nil, err
	}
	return setSubnetsOutput{zones(sc, b.Subnets), b.IPAddressType}, nil
}

type setSecurityGroupsInput struct {
	LoadBalancerARN string `query:"LoadBalancerArn"`
	SecurityGroups  []string
}

type setSecurityGroupsOutput struct {
	SecurityGroupIDs list[string] `xml:"SecurityGroupIds"`
}

// setSecurityGroups implements SetSecurityGroups.
func (s *Service) setSecurityGroups(ctx context.Context, sc scope, in *setSecurityGroupsInput) (any, error) {
	if err := checkSecurityGroups(in.SecurityGroups); err != nil {
		return nil, err
	}
	b, err := s.changeBalancer(ctx, sc, in.LoadBalancerARN, func(b *loadBalancer) error {
		b.SecurityGroups = in.SecurityGroups
		return nil
	})
	if err != nil {
		return nil, err
	}
	return setSecurityGroupsOutput{b.SecurityGroups}, nil
}

type setIPAddressTypeInput struct {
	LoadBalancerARN string `query:"LoadBalancerArn"`
	IPAddressType   string `query:"IpAddressType"`
}

type setIPAddressTypeOutput struct {
	IPAddressType string `xml:"IpAddressType"`
}

// setIPAddressType implements SetIpAddressType.
func (s *Service) setIPAddressType(ctx context.Context, sc scope, in *setIPAddressTypeInput) (any, error) {
	if err := checkIPAddressType(in.IPAddressType); err != nil {
		return nil, err
	}
	_, err := s.changeBalancer(ctx, sc, in.LoadBalancerARN, func(b *loadBalancer) error {
		b.IPAddressType = in.IPAddressType
		return nil
	})
	if err != nil {
		return nil, err
	}
	return setIPAddressTypeOutput{in.IPAddressType}, nil
}

type capacityReservationOutput struct {
	CapacityReservationState list[struct{}]
}

// describeCapacityReservation implements DescribeCapacityReservation: nothing is ever reserved. Terraform asks.
func (s *Service) describeCapacityReservation(_ context.Context, sc scope, in *loadBalancerInput) (any, error) {
	if _, err := s.world.Load().balancer(sc, in.LoadBalancerARN); err != nil {
		return nil, err
	}
	return capacityReservationOutput{}, nil
}
