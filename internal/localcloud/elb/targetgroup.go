package elb

import (
	"context"
	"slices"
)

// Target types, and protocols that are served.
const (
	targetInstance = "instance"
	targetIP       = "ip"
	protocolHTTP   = "HTTP"
	protocolHTTPS  = "HTTPS"
	protocolTCP    = "TCP"
)

const maxTargetGroups = 3000 // per account and region

// targetGroup is a target group as it is saved, with the targets that are registered.
type targetGroup struct {
	ARN, Name, Protocol, TargetType string
	Port                            int64
	VpcID                           string
	IPAddressType                   string
	Check                           healthCheck
	Targets                         []TargetID        `json:",omitempty"`
	Attributes                      map[string]string `json:",omitempty"` // those that were set
	Tags                            tags              `json:",omitempty"`
}

// targetGroupInput is the request of CreateTargetGroup and of ModifyTargetGroup.
type targetGroupInput struct {
	Name, Protocol, ProtocolVersion, TargetType string

	TargetGroupARN             string `query:"TargetGroupArn"`
	VpcID                      string `query:"VpcId"`
	IPAddressType              string `query:"IpAddressType"`
	Port                       *int64
	HealthCheckEnabled         *bool
	HealthCheckProtocol        *string
	HealthCheckPort            *string
	HealthCheckPath            *string
	HealthCheckIntervalSeconds *int64
	HealthCheckTimeoutSeconds  *int64
	HealthyThresholdCount      *int64
	UnhealthyThresholdCount    *int64
	Matcher                    *matcherView
	Tags                       []tag
}

type matcherView struct {
	HTTPCode string `query:"HttpCode" xml:"HttpCode,omitempty"`
	GRPCCode string `query:"GrpcCode" xml:"GrpcCode,omitempty"`
}

type targetGroupsOutput struct {
	TargetGroups list[targetGroupView]
	NextMarker   string `xml:",omitempty"`
}

// createTargetGroup implements CreateTargetGroup. The same request again finds the target group that it made.
func (s *Service) createTargetGroup(ctx context.Context, sc scope, in *targetGroupInput) (any, error) {
	g, err := in.targetGroup()
	if err != nil {
		return nil, err
	}
	err = s.change(ctx, func(d *draft) error {
		all := each(d.groups, sc)
		if at := slices.IndexFunc(all, func(o *targetGroup) bool { return o.Name == g.Name }); at >= 0 {
			if !g.sameAs(all[at]) {
				return fault(codeDuplicateTargetGroup, "A target group with the same name '%s' exists, but with different settings", g.Name)
			}
			g = all[at]
			return nil
		}
		if len(all) >= maxTargetGroups {
			return fault(codeTooManyTargetGroups, "The maximum number of target groups, %d, has been reached", maxTargetGroups)
		}
		g.ARN = sc.newTargetGroup(g.Name)
		d.putGroup(g)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return targetGroupsOutput{TargetGroups: list[targetGroupView]{s.world.Load().viewTargetGroup(g)}}, nil
}

func (in *targetGroupInput) targetGroup() (*targetGroup, error) {
	g := &targetGroup{
		Name: in.Name, Protocol: in.Protocol, TargetType: either(in.TargetType, targetInstance),
		VpcID: in.VpcID, IPAddressType: either(in.IPAddressType, "ipv4"),
	}
	if err := checkName("Target group", g.Name); err != nil {
		return nil, err
	}
	if err := in.checkKind(g); err != nil {
		return nil, err
	}
	if in.Port == nil {
		return nil, invalid("A port must be specified for target groups with target type '%s'", g.TargetType)
	}
	if g.Port = *in.Port; g.Port < 1 || g.Port > 65535 {
		return nil, invalid("Port '%d' must be between 1 and 65535", g.Port)
	}
	if g.VpcID != "" && !networkPattern.MatchString(g.VpcID) {
		return nil, invalid("The VPC ID '%s' is not valid", g.VpcID)
	}
	var err error
	if g.Check, err = in.check(standardCheck(g.Protocol, in.HealthCheckProtocol), g.Protocol); err != nil {
		return nil, err
	}
	g.Tags, err = newTags(in.Tags)
	return g, err
}

// checkKind refuses the target types and protocols that are not served here.
func (in *targetGroupInput) checkKind(g *targetGroup) error {
	switch {
	case g.TargetType != targetInstance && g.TargetType != targetIP:
		return invalid("Target type '%s' must be ip or instance here", g.TargetType)
	case g.Protocol == "":
		return invalid("A protocol must be specified for target groups with target type '%s'", g.TargetType)
	case g.Protocol != protocolHTTP && g.Protocol != protocolTCP:
		return invalid("Protocol '%s' must be HTTP or TCP here", g.Protocol)
	case in.ProtocolVersion != "" && g.Protocol != protocolHTTP:
		return invalid("You cannot specify a protocol version for protocol '%s'", g.Protocol)
	case in.ProtocolVersion != "" && in.ProtocolVersion != "HTTP1":
		return invalid("Protocol version '%s' must be HTTP1 here", in.ProtocolVersion)
	case g.IPAddressType != "ipv4" && g.IPAddressType != "ipv6":
		return invalid("IP address type '%s' must be ipv4 or ipv6", g.IPAddressType)
	}
	return nil
}

// sameAs tells whether a request for g may be answered with the group o: as it was asked for, tags aside.
func (g *targetGroup) sameAs(o *targetGroup) bool {
	return g.Protocol == o.Protocol && g.Port == o.Port && g.TargetType == o.TargetType && g.VpcID == o.VpcID &&
		g.IPAddressType == o.IPAddressType && g.Check == o.Check
}

type describeTargetGroupsInput struct {
	LoadBalancerARN string   `query:"LoadBalancerArn"`
	TargetGroupARNs []string `query:"TargetGroupArns"`
	Names           []string
	Marker          string
	PageSize        *int64
}

// describeTargetGroups implements DescribeTargetGroups.
func (s *Service) describeTargetGroups(_ context.Context, sc scope, in *describeTargetGroupsInput) (any, error) {
	w := s.world.Load()
	all, err := choose(each(w.groups, sc), in.TargetGroupARNs, in.Names,
		func(arn string) (*targetGroup, error) { return w.group(sc, arn) },
		func(g *targetGroup) string { return g.Name },
		func(string) error { return fault(codeTargetGroupNotFound, "One or more target groups not found") })
	if err != nil {
		return nil, err
	}
	if in.LoadBalancerARN != "" {
		if _, err := w.balancer(sc, in.LoadBalancerARN); err != nil {
			return nil, err
		}
		all = slices.DeleteFunc(all, func(g *targetGroup) bool { return w.uses[g.ARN] != in.LoadBalancerARN })
	}
	some, next, err := page(paging{in.Marker, in.PageSize}, all, func(g *targetGroup) string { return g.ARN })
	if err != nil {
		return nil, err
	}
	out := targetGroupsOutput{NextMarker: next}
	for _, g := range some {
		out.TargetGroups = append(out.TargetGroups, w.viewTargetGroup(g))
	}
	return out, nil
}

// changeGroup changes a target group and returns the new one.
func (s *Service) changeGroup(ctx context.Context, sc scope, arn string, set func(*targetGroup) error) (*targetGroup, error) {
	var changed targetGroup
	err := s.change(ctx, func(d *draft) error {
		g, err := d.group(sc, arn)
		if err != nil {
			return err
		}
		changed = *g
		if err := set(&changed); err != nil {
			return err
		}
		d.putGroup(&changed)
		return nil
	})
	return &changed, err
}

// modifyTargetGroup implements ModifyTargetGroup, which is about the health checks.
func (s *Service) modifyTargetGroup(ctx context.Context, sc scope, in *targetGroupInput) (any, error) {
	g, err := s.changeGroup(ctx, sc, in.TargetGroupARN, func(g *targetGroup) (err error) {
		g.Check, err = in.check(g.Check.speaking(in.HealthCheckProtocol, g.Protocol), g.Protocol)
		return err
	})
	if err != nil {
		return nil, err
	}
	return targetGroupsOutput{TargetGroups: list[targetGroupView]{s.world.Load().viewTargetGroup(g)}}, nil
}

type targetGroupARNInput struct {
	TargetGroupARN string `query:"TargetGroupArn"`
}

// deleteTargetGroup implements DeleteTargetGroup. One that is not there is no error.
func (s *Service) deleteTargetGroup(ctx context.Context, sc scope, in *targetGroupARNInput) (any, error) {
	if err := kindTargetGroup.check(in.TargetGroupARN); err != nil {
		return nil, err
	}
	return nothing{}, s.change(ctx, func(d *draft) error {
		if _, err := d.group(sc, in.TargetGroupARN); err != nil {
			return nil
		}
		if _, used := d.uses[in.TargetGroupARN]; used {
			return fault(codeResourceInUse, "Target group '%s' is currently in use by a listener or a rule", in.TargetGroupARN)
		}
		d.removeGroup(in.TargetGroupARN)
		return nil
	})
}

// targetGroupView is a target group as clients read it.
type targetGroupView struct {
	TargetGroupARN             string `xml:"TargetGroupArn"`
	TargetGroupName            string
	Protocol                   string
	Port                       int64
	VpcID                      string `xml:"VpcId,omitempty"`
	HealthCheckProtocol        string
	HealthCheckPort            string
	HealthCheckEnabled         bool
	HealthCheckIntervalSeconds int64
	HealthCheckTimeoutSeconds  int64
	HealthyThresholdCount      int64
	UnhealthyThresholdCount    int64
	HealthCheckPath            string       `xml:",omitempty"`
	Matcher                    *matcherView `xml:",omitempty"`
	LoadBalancerARNs           list[string] `xml:"LoadBalancerArns"`
	TargetType                 string
	ProtocolVersion            string `xml:",omitempty"`
	IPAddressType              string `xml:"IpAddressType"`
}

func (w *world) viewTargetGroup(g *targetGroup) targetGroupView {
	view := targetGroupView{
		TargetGroupARN: g.ARN, TargetGroupName: g.Name, Protocol: g.Protocol, Port: g.Port, VpcID: g.VpcID,
		HealthCheckProtocol: g.Check.Protocol, HealthCheckPort: g.Check.Port, HealthCheckEnabled: true,
		HealthCheckIntervalSeconds: g.Check.Interval, HealthCheckTimeoutSeconds: g.Check.Timeout,
		HealthyThresholdCount: g.Check.Healthy, UnhealthyThresholdCount: g.Check.Unhealthy, HealthCheckPath: g.Check.Path,
		LoadBalancerARNs: w.loadBalancersOf(g.ARN), TargetType: g.TargetType, IPAddressType: g.IPAddressType,
	}
	if g.Check.Matcher != "" {
		view.Matcher = &matcherView{HTTPCode: g.Check.Matcher}
	}
	if g.Protocol == protocolHTTP {
		view.ProtocolVersion = "HTTP1"
	}
	return view
}
