package elb

import (
	"context"
	"maps"
	"net"
	"slices"
	"time"
)

// Types of load balancers.
const (
	typeApplication = "application"
	typeNetwork     = "network"
)

const maxLoadBalancers = 50 // per account and region

// loadBalancer is a load balancer as it is saved.
type loadBalancer struct {
	ARN, Name, Type, Scheme string
	Created                 time.Time
	IPAddressType           string
	Subnets, SecurityGroups []string
	Attributes              map[string]string `json:",omitempty"` // those that were set
	Tags                    tags              `json:",omitempty"`
}

func (b *loadBalancer) application() bool { return b.Type == typeApplication }

type subnetMapping struct {
	SubnetID string `query:"SubnetId"`
}

type createLoadBalancerInput struct {
	Name, Type, Scheme, CustomerOwnedIPv4Pool string
	IPAddressType                             string `query:"IpAddressType"`
	Subnets                                   []string
	SubnetMappings                            []subnetMapping
	SecurityGroups                            []string
	Tags                                      []tag
}

type loadBalancersOutput struct {
	LoadBalancers list[loadBalancerView]
	NextMarker    string `xml:",omitempty"`
}

// createLoadBalancer implements CreateLoadBalancer. The same request again finds the load balancer that it made.
func (s *Service) createLoadBalancer(ctx context.Context, sc scope, in *createLoadBalancerInput) (any, error) {
	b, err := in.loadBalancer()
	if err != nil {
		return nil, err
	}
	err = s.change(ctx, func(d *draft) error {
		all := each(d.balancers, sc)
		if at := slices.IndexFunc(all, func(o *loadBalancer) bool { return o.Name == b.Name }); at >= 0 {
			if !b.sameAs(all[at]) {
				return fault(codeDuplicateLoadBalancer,
					"A load balancer with the same name '%s' exists, but with different settings", b.Name)
			}
			b = all[at]
			return nil
		}
		if len(all) >= maxLoadBalancers {
			return fault(codeTooManyLoadBalancers, "The maximum number of load balancers, %d, has been reached", maxLoadBalancers)
		}
		b.ARN, b.Created = sc.newLoadBalancer(family(b.Type), b.Name), s.options.Now().UTC()
		d.putBalancer(b)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return loadBalancersOutput{LoadBalancers: list[loadBalancerView]{s.viewLoadBalancer(sc, b)}}, nil
}

// family is how ARNs spell a type.
func family(balancerType string) string {
	if balancerType == typeNetwork {
		return "net"
	}
	return "app"
}

func (in *createLoadBalancerInput) loadBalancer() (*loadBalancer, error) {
	b := &loadBalancer{
		Name: in.Name, Type: either(in.Type, typeApplication), Scheme: either(in.Scheme, "internet-facing"),
		IPAddressType: either(in.IPAddressType, "ipv4"), SecurityGroups: in.SecurityGroups,
	}
	if err := checkName("Load balancer", b.Name); err != nil {
		return nil, err
	}
	if b.Type != typeApplication && b.Type != typeNetwork {
		return nil, invalid("Load balancer type '%s' must be application or network here", b.Type)
	}
	if b.Scheme != "internet-facing" && b.Scheme != "internal" {
		return nil, fault(codeInvalidScheme, "Scheme '%s' must be internet-facing or internal", b.Scheme)
	}
	if err := checkIPAddressType(b.IPAddressType); err != nil {
		return nil, err
	}
	var err error
	if b.Subnets, err = subnetsOf(in.Subnets, in.SubnetMappings); err != nil {
		return nil, err
	}
	if err := checkSecurityGroups(b.SecurityGroups); err != nil {
		return nil, err
	}
	b.Tags, err = newTags(in.Tags)
	return b, err
}

// sameAs tells whether a request for b may be answered with the load balancer o: as it was asked for, tags aside.
func (b *loadBalancer) sameAs(o *loadBalancer) bool {
	return b.Type == o.Type && b.Scheme == o.Scheme && b.IPAddressType == o.IPAddressType &&
		slices.Equal(b.Subnets, o.Subnets) && slices.Equal(b.SecurityGroups, o.SecurityGroups)
}

func either(given, standard string) string {
	if given == "" {
		return standard
	}
	return given
}

type describeLoadBalancersInput struct {
	LoadBalancerARNs []string `query:"LoadBalancerArns"`
	Names            []string
	Marker           string
	PageSize         *int64
}

// describeLoadBalancers implements DescribeLoadBalancers.
func (s *Service) describeLoadBalancers(_ context.Context, sc scope, in *describeLoadBalancersInput) (any, error) {
	w := s.world.Load()
	all, err := choose(each(w.balancers, sc), in.LoadBalancerARNs, in.Names,
		func(arn string) (*loadBalancer, error) { return w.balancer(sc, arn) },
		func(b *loadBalancer) string { return b.Name },
		func(name string) error {
			return fault(codeLoadBalancerNotFound, "Load balancers '[%s]' not found", name)
		})
	if err != nil {
		return nil, err
	}
	some, next, err := page(paging{in.Marker, in.PageSize}, all, func(b *loadBalancer) string { return b.ARN })
	if err != nil {
		return nil, err
	}
	out := loadBalancersOutput{NextMarker: next}
	for _, b := range some {
		out.LoadBalancers = append(out.LoadBalancers, s.viewLoadBalancer(sc, b))
	}
	return out, nil
}

// choose is what a Describe operation is about: the ARNs given, the names given, or all.
func choose[T any](all []*T, arns, names []string, byARN func(string) (*T, error), nameOf func(*T) string, missing func(string) error) ([]*T, error) {
	if len(arns)+len(names) > pageSize {
		return nil, invalid("At most %d resources can be asked for at a time", pageSize)
	}
	if len(arns) == 0 && len(names) == 0 {
		return all, nil
	}
	chosen := map[*T]bool{}
	for _, arn := range arns {
		one, err := byARN(arn)
		if err != nil {
			return nil, err
		}
		chosen[one] = true
	}
	for _, name := range names {
		at := slices.IndexFunc(all, func(one *T) bool { return nameOf(one) == name })
		if at < 0 {
			return nil, missing(name)
		}
		chosen[all[at]] = true
	}
	return slices.Collect(maps.Keys(chosen)), nil
}

type loadBalancerInput struct {
	LoadBalancerARN string `query:"LoadBalancerArn"`
}

// deleteLoadBalancer implements DeleteLoadBalancer, which takes the listeners along. One that is not there is no error.
func (s *Service) deleteLoadBalancer(ctx context.Context, sc scope, in *loadBalancerInput) (any, error) {
	if err := kindLoadBalancer.check(in.LoadBalancerARN); err != nil {
		return nil, err
	}
	return nothing{}, s.change(ctx, func(d *draft) error {
		b, err := d.balancer(sc, in.LoadBalancerARN)
		if err != nil {
			return nil
		}
		if b.Attributes["deletion_protection.enabled"] == "true" {
			return fault(codeOperationNotPermitted,
				"Load balancer '%s' cannot be deleted because deletion protection is enabled", b.ARN)
		}
		for _, l := range d.listenersOf(b.ARN) {
			d.removeListener(l.ARN)
		}
		d.removeBalancer(b.ARN)
		return nil
	})
}

// loadBalancerView is a load balancer as clients read it.
type loadBalancerView struct {
	LoadBalancerARN       string `xml:"LoadBalancerArn"`
	DNSName               string
	CanonicalHostedZoneID string `xml:"CanonicalHostedZoneId"`
	CreatedTime           string
	LoadBalancerName      string
	Scheme                string
	VpcID                 string `xml:"VpcId"`
	State                 struct{ Code string }
	Type                  string
	AvailabilityZones     list[zoneView]
	SecurityGroups        list[string]
	IPAddressType         string `xml:"IpAddressType"`
}

func (s *Service) viewLoadBalancer(sc scope, b *loadBalancer) loadBalancerView {
	return loadBalancerView{
		LoadBalancerARN: b.ARN, LoadBalancerName: b.Name, Type: b.Type, Scheme: b.Scheme, IPAddressType: b.IPAddressType,
		DNSName: s.dnsName(), CanonicalHostedZoneID: "Z0000000000000", CreatedTime: timestamp(b.Created), VpcID: theVPC,
		State: struct{ Code string }{"active"}, AvailabilityZones: zones(sc, b.Subnets), SecurityGroups: b.SecurityGroups,
	}
}

// dnsName is the host to connect to: the one that the listeners are bound on.
func (s *Service) dnsName() string {
	if ip := net.ParseIP(s.options.Host); ip != nil && ip.IsUnspecified() {
		return "localhost"
	}
	return s.options.Host
}
