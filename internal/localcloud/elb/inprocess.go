package elb

import (
	"context"
	"strconv"
	"time"

	"greenlight/internal/localcloud/elb/proxy"
)

// TargetID is a target as the local ECS registers it.
type TargetID struct {
	Host string // an IP address, or a host name where the group's target type is instance
	Port int
}

// Health is a target's health in the words of DescribeTargetHealth. A healthy target has neither reason nor description.
type Health struct{ State, Reason, Description string }

// States of a target.
const (
	StateInitial   = "initial"
	StateHealthy   = "healthy"
	StateUnhealthy = "unhealthy"
	StateDraining  = "draining"
	StateUnused    = "unused"
)

// TargetGroup is what the local ECS needs to know of a target group.
type TargetGroup struct {
	ARN, Name, Protocol, TargetType string
	Port                            int
	LoadBalancerARNs                []string // none while no listener or rule names the group
	DeregistrationDelay             time.Duration
}

// TargetGroup finds a target group by its ARN.
func (s *Service) TargetGroup(account, region, arn string) (TargetGroup, bool) {
	w := s.world.Load()
	g, err := w.group(newScope(account, region), arn)
	if err != nil {
		return TargetGroup{}, false
	}
	return TargetGroup{
		ARN: g.ARN, Name: g.Name, Protocol: g.Protocol, TargetType: g.TargetType, Port: int(g.Port),
		LoadBalancerARNs: w.loadBalancersOf(arn), DeregistrationDelay: g.delay(s.options.DeregistrationDelay),
	}, true
}

// RegisterTarget adds a target to a group, as RegisterTargets does, with the same errors (*awswire.Error).
func (s *Service) RegisterTarget(account, region, arn string, t TargetID) error {
	_, err := s.registerTargets(context.Background(), newScope(account, region), t.input(arn))
	return err
}

// DeregisterTarget takes a target out of a group, as DeregisterTargets does: it gets no new requests and drains. Health
// tells of it until that is over.
func (s *Service) DeregisterTarget(account, region, arn string, t TargetID) error {
	_, err := s.deregisterTargets(context.Background(), newScope(account, region), t.input(arn))
	return err
}

func (t TargetID) input(arn string) *targetsInput {
	port := int64(t.Port)
	return &targetsInput{TargetGroupARN: arn, Targets: []targetView{{ID: t.Host, Port: &port}}}
}

// Health tells the health of a group's targets, the draining ones among them. It is empty for an unknown group.
func (s *Service) Health(account, region, arn string) map[TargetID]Health {
	if !newScope(account, region).owns(arn) {
		return nil
	}
	return s.plane.health(arn)
}

// Count is what a target group has done since this process started; false for an unknown group.
func (s *Service) Count(account, region, arn string) (proxy.Counters, bool) {
	if !newScope(account, region).owns(arn) {
		return proxy.Counters{}, false
	}
	return s.plane.count(arn)
}

// Address is where a listener is bound, as host:port; false while it is not.
func (s *Service) Address(account, region, listener string) (string, bool) {
	if !newScope(account, region).owns(listener) {
		return "", false
	}
	return s.plane.address(listener)
}

// delay is the group's deregistration delay.
func (g *targetGroup) delay(standard time.Duration) time.Duration {
	n, err := strconv.Atoi(g.Attributes[attributeDelay])
	if err != nil {
		return standard
	}
	return seconds(int64(n))
}
