package elb

import (
	"context"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
)

// maxTargets bounds the targets of a group; AWS's quota per load balancer.
const maxTargets = 1000

var (
	instancePattern = regexp.MustCompile(`^i-[0-9a-f]{8}(?:[0-9a-f]{9})?$`)
	hostPattern     = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$`)
)

// String is host:port, as the data plane names targets.
func (t TargetID) String() string { return net.JoinHostPort(t.Host, strconv.Itoa(t.Port)) }

// targetView is a target as clients write and read it.
type targetView struct {
	ID   string `query:"Id" xml:"Id"`
	Port *int64
	Zone string `query:"AvailabilityZone" xml:"AvailabilityZone,omitempty"`
}

// targetID is which target of g is meant; one without a port has the group's.
func (t targetView) targetID(g *targetGroup) (TargetID, error) {
	port := g.Port
	put(&port, t.Port)
	if port < 1 || port > 65535 {
		return TargetID{}, invalid("Port '%d' must be between 1 and 65535", port)
	}
	if err := checkHost(g.TargetType, t.ID); err != nil {
		return TargetID{}, err
	}
	return TargetID{t.ID, int(port)}, nil
}

func checkHost(targetType, host string) error {
	_, err := netip.ParseAddr(host)
	switch address := err == nil; {
	case address:
		return nil
	case targetType == targetIP:
		return invalid("The IP address '%s' is not valid", host)
	case instancePattern.MatchString(host):
		return fault(codeInvalidTarget,
			"The following targets are not in a running state and cannot be registered: '%s'. There are no EC2 instances here: register an IP address or a host name", host)
	case len(host) > 253 || !hostPattern.MatchString(host):
		return fault(codeInvalidTarget, "The target '%s' is neither an IP address nor a host name", host)
	}
	return nil
}

type targetsInput struct {
	TargetGroupARN string `query:"TargetGroupArn"`
	Targets        []targetView
}

func (in *targetsInput) ids(g *targetGroup) ([]TargetID, error) {
	if len(in.Targets) == 0 {
		return nil, required("Targets", "")
	}
	ids := make([]TargetID, 0, len(in.Targets))
	for _, t := range in.Targets {
		id, err := t.targetID(g)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// registerTargets implements RegisterTargets.
func (s *Service) registerTargets(ctx context.Context, sc scope, in *targetsInput) (any, error) {
	_, err := s.changeGroup(ctx, sc, in.TargetGroupARN, func(g *targetGroup) error {
		ids, err := in.ids(g)
		if err != nil {
			return err
		}
		return g.add(ids)
	})
	return nothing{}, err
}

// add registers targets; those that are there already stay as they are.
func (g *targetGroup) add(ids []TargetID) error {
	g.Targets = slices.Clone(g.Targets)
	for _, id := range ids {
		if !slices.Contains(g.Targets, id) {
			g.Targets = append(g.Targets, id)
		}
	}
	if len(g.Targets) > maxTargets {
		return fault(codeTooManyTargets, "A target group can have at most %d targets", maxTargets)
	}
	return nil
}

// deregisterTargets implements DeregisterTargets. A target that is not registered is no error.
func (s *Service) deregisterTargets(ctx context.Context, sc scope, in *targetsInput) (any, error) {
	_, err := s.changeGroup(ctx, sc, in.TargetGroupARN, func(g *targetGroup) error {
		ids, err := in.ids(g)
		if err != nil {
			return err
		}
		g.remove(ids)
		return nil
	})
	return nothing{}, err
}

func (g *targetGroup) remove(ids []TargetID) {
	g.Targets = slices.DeleteFunc(slices.Clone(g.Targets), func(t TargetID) bool { return slices.Contains(ids, t) })
}

type (
	describeTargetHealthOutput struct {
		TargetHealthDescriptions list[targetHealthDescription]
	}
	targetHealthDescription struct {
		Target          targetView
		HealthCheckPort string
		TargetHealth    targetHealthView
	}
	targetHealthView struct {
		State       string
		Reason      string `xml:",omitempty"`
		Description string `xml:",omitempty"`
	}
)

// describeTargetHealth implements DescribeTargetHealth: of the targets asked for, or of all that are registered or draining.
func (s *Service) describeTargetHealth(_ context.Context, sc scope, in *targetsInput) (any, error) {
	g, err := s.world.Load().group(sc, in.TargetGroupARN)
	if err != nil {
		return nil, err
	}
	health := s.plane.health(g.ARN)
	var ids []TargetID
	if len(in.Targets) > 0 {
		if ids, err = in.ids(g); err != nil {
			return nil, err
		}
	} else {
		ids = sortedTargets(health)
	}
	var out describeTargetHealthOutput
	for _, id := range ids {
		h, known := health[id]
		if !known {
			h = Health{StateUnused, reasonNotRegistered, "Target is not registered to the target group"}
		}
		port := int64(id.Port)
		out.TargetHealthDescriptions = append(out.TargetHealthDescriptions, targetHealthDescription{
			targetView{ID: id.Host, Port: &port}, g.Check.portOf(id), targetHealthView(h),
		})
	}
	return out, nil
}
