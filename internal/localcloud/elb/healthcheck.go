package elb

import (
	"net/url"
	"strconv"
	"time"
)

// trafficPort is the health check port that means the target's own.
const trafficPort = "traffic-port"

const maxCheckPath = 1024

// healthCheck is how a target group's targets are probed. Comparable: an equal one needs no new probes.
type healthCheck struct {
	Protocol, Port     string // Port is a number or "traffic-port"
	Path, Matcher      string // of HTTP and HTTPS
	Interval, Timeout  int64  // seconds
	Healthy, Unhealthy int64  // consecutive outcomes that turn the state
}

// standardCheck is the check of a group of which nothing else is said; protocol is the check's if one is given.
func standardCheck(groupProtocol string, protocol *string) healthCheck {
	c := healthCheck{Protocol: groupProtocol, Port: trafficPort, Interval: 30, Timeout: 10, Healthy: 5, Unhealthy: 2}
	if protocol != nil {
		c.Protocol = *protocol
	}
	if c.Protocol == protocolTCP {
		return c
	}
	c.Path, c.Timeout, c.Matcher = "/", 5, "200"
	if groupProtocol == protocolTCP {
		c.Timeout, c.Matcher = 6, "200-399"
	}
	return c
}

// speaking is the check with another protocol, if one is given: with the path and matcher that this one needs.
func (c healthCheck) speaking(protocol *string, groupProtocol string) healthCheck {
	if protocol == nil || *protocol == c.Protocol {
		return c
	}
	standard := standardCheck(groupProtocol, protocol)
	c.Protocol, c.Path, c.Matcher = standard.Protocol, either(c.Path, standard.Path), either(c.Matcher, standard.Matcher)
	if c.Protocol == protocolTCP {
		c.Path, c.Matcher = "", ""
	}
	return c
}

// http tells whether the check is a request.
func (c healthCheck) http() bool { return c.Protocol != protocolTCP }

// check is what the request makes of a check, c.
func (in *targetGroupInput) check(c healthCheck, groupProtocol string) (healthCheck, error) {
	if in.HealthCheckEnabled != nil && !*in.HealthCheckEnabled {
		return c, invalid("Health check enabled must be true for target groups with target type 'instance' or 'ip'")
	}
	if !c.http() && (in.HealthCheckPath != nil || in.Matcher != nil) {
		return c, invalid("You cannot specify a health check path or a matcher for health check protocol '%s'", c.Protocol)
	}
	put(&c.Port, in.HealthCheckPort)
	put(&c.Path, in.HealthCheckPath)
	put(&c.Interval, in.HealthCheckIntervalSeconds)
	put(&c.Timeout, in.HealthCheckTimeoutSeconds)
	put(&c.Healthy, in.HealthyThresholdCount)
	put(&c.Unhealthy, in.UnhealthyThresholdCount)
	if in.Matcher != nil {
		if in.Matcher.GRPCCode != "" {
			return c, invalid("A GRPC matcher cannot be specified for protocol version HTTP1")
		}
		c.Matcher = in.Matcher.HTTPCode
	}
	if err := c.validate(groupProtocol); err != nil {
		return c, err
	}
	return c, nil
}

func put[T any](into *T, given *T) {
	if given != nil {
		*into = *given
	}
}

func (c healthCheck) validate(groupProtocol string) error {
	switch {
	case c.Protocol != protocolHTTP && c.Protocol != protocolHTTPS && c.Protocol != protocolTCP:
		return invalid("Health check protocol '%s' must be HTTP, HTTPS or TCP", c.Protocol)
	case groupProtocol == protocolHTTP && c.Protocol == protocolTCP:
		return invalid("Health check protocol 'TCP' is not supported for target groups with protocol 'HTTP'")
	}
	for _, bound := range []struct {
		what               string
		value, least, most int64
	}{
		{"Health check interval", c.Interval, 5, 300},
		{"Health check timeout", c.Timeout, 2, 120},
		{"Healthy threshold count", c.Healthy, 2, 10},
		{"Unhealthy threshold count", c.Unhealthy, 2, 10},
	} {
		if bound.value < bound.least || bound.value > bound.most {
			return invalid("%s '%d' must be between %d and %d", bound.what, bound.value, bound.least, bound.most)
		}
	}
	if c.Timeout > c.Interval || c.Timeout == c.Interval && groupProtocol == protocolHTTP {
		return invalid("Health check interval must be greater than the timeout.")
	}
	return c.validateRequest(groupProtocol)
}

func (c healthCheck) validateRequest(groupProtocol string) error {
	if port, err := strconv.Atoi(c.Port); c.Port != trafficPort && (err != nil || port < 1 || port > 65535) {
		return invalid("Health check port '%s' must be '%s' or a number between 1 and 65535", c.Port, trafficPort)
	}
	if !c.http() {
		return nil
	}
	if _, err := url.ParseRequestURI(c.Path); err != nil || c.Path[0] != '/' || len(c.Path) > maxCheckPath {
		return invalid("Health check path '%s' must begin with a '/' character, and can be at most %d characters in length", c.Path, maxCheckPath)
	}
	if m, err := parseMatcher(c.Matcher); err != nil || !m.within(200, mostCode(groupProtocol)) {
		return invalid("Health check matcher HTTP code '%s' must be within '200-%d'", c.Matcher, mostCode(groupProtocol))
	}
	return nil
}

// mostCode is the highest status that may count as healthy.
func mostCode(groupProtocol string) int {
	if groupProtocol == protocolTCP {
		return 599
	}
	return 499
}

// portOf is the port that a target is probed at.
func (c healthCheck) portOf(target TargetID) string {
	if c.Port == trafficPort {
		return strconv.Itoa(target.Port)
	}
	return c.Port
}

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }
