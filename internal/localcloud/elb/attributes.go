package elb

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"
)

// setting is an attribute that a resource may have.
type setting struct {
	key, standard string
	allowed       func(string) bool
}

func flag(text string) bool { return text == "true" || text == "false" }

func within(least, most int) func(string) bool {
	return func(text string) bool {
		n, err := strconv.Atoi(text)
		return err == nil && n >= least && n <= most && text == strconv.Itoa(n)
	}
}

func oneOf(words ...string) func(string) bool {
	return func(text string) bool { return slices.Contains(words, text) }
}

func offOr(number func(string) bool) func(string) bool {
	return func(text string) bool { return text == "off" || number(text) }
}

func upTo(most int) func(string) bool { return func(text string) bool { return len(text) <= most } }

type (
	attribute        struct{ Key, Value string }
	attributesOutput struct{ Attributes list[attribute] }
)

// read lists all settings with the values that were set or else the defaults.
func read(settings []setting, set map[string]string) attributesOutput {
	var out attributesOutput
	for _, known := range settings {
		value, given := set[known.key]
		if !given {
			value = known.standard
		}
		out.Attributes = append(out.Attributes, attribute{known.key, value})
	}
	return out
}

// set puts attributes of a request over those that were set before. what is the kind of resource, in messages.
func set(what string, settings []setting, old map[string]string, given []attribute) (map[string]string, error) {
	if len(given) == 0 {
		return nil, required("Attributes", "")
	}
	all, seen := map[string]string{}, map[string]bool{}
	maps.Copy(all, old)
	for _, a := range given {
		at := slices.IndexFunc(settings, func(s setting) bool { return s.key == a.Key })
		switch {
		case at < 0:
			return nil, fault(codeInvalidConfiguration, "%s attribute key '%s' is not recognized", what, a.Key)
		case seen[a.Key]:
			return nil, fault(codeInvalidConfiguration, "%s attribute '%s' was specified more than once", what, a.Key)
		case !settings[at].allowed(a.Value):
			return nil, fault(codeInvalidConfiguration, "%s attribute value '%s' is not valid for '%s'", what, a.Value, a.Key)
		}
		seen[a.Key] = true
		all[a.Key] = a.Value
	}
	return all, nil
}

type balancerAttributesInput struct {
	LoadBalancerARN string `query:"LoadBalancerArn"`
	Attributes      []attribute
}

// describeLoadBalancerAttributes implements DescribeLoadBalancerAttributes.
func (s *Service) describeLoadBalancerAttributes(_ context.Context, sc scope, in *balancerAttributesInput) (any, error) {
	b, err := s.world.Load().balancer(sc, in.LoadBalancerARN)
	if err != nil {
		return nil, err
	}
	return read(b.settings(), b.Attributes), nil
}

// modifyLoadBalancerAttributes implements ModifyLoadBalancerAttributes.
func (s *Service) modifyLoadBalancerAttributes(ctx context.Context, sc scope, in *balancerAttributesInput) (any, error) {
	b, err := s.changeBalancer(ctx, sc, in.LoadBalancerARN, func(b *loadBalancer) (err error) {
		b.Attributes, err = set("Load balancer", b.settings(), b.Attributes, in.Attributes)
		return err
	})
	if err != nil {
		return nil, err
	}
	return read(b.settings(), b.Attributes), nil
}

type groupAttributesInput struct {
	TargetGroupARN string `query:"TargetGroupArn"`
	Attributes     []attribute
}

// describeTargetGroupAttributes implements DescribeTargetGroupAttributes.
func (s *Service) describeTargetGroupAttributes(_ context.Context, sc scope, in *groupAttributesInput) (any, error) {
	g, err := s.world.Load().group(sc, in.TargetGroupARN)
	if err != nil {
		return nil, err
	}
	return read(g.settings(s.options.DeregistrationDelay), g.Attributes), nil
}

// modifyTargetGroupAttributes implements ModifyTargetGroupAttributes.
func (s *Service) modifyTargetGroupAttributes(ctx context.Context, sc scope, in *groupAttributesInput) (any, error) {
	g, err := s.changeGroup(ctx, sc, in.TargetGroupARN, func(g *targetGroup) (err error) {
		g.Attributes, err = set("Target group", g.settings(s.options.DeregistrationDelay), g.Attributes, in.Attributes)
		return err
	})
	if err != nil {
		return nil, err
	}
	return read(g.settings(s.options.DeregistrationDelay), g.Attributes), nil
}

type listenerAttributesInput struct {
	ListenerARN string `query:"ListenerArn"`
	Attributes  []attribute
}

// describeListenerAttributes implements DescribeListenerAttributes.
func (s *Service) describeListenerAttributes(_ context.Context, sc scope, in *listenerAttributesInput) (any, error) {
	l, err := s.world.Load().listener(sc, in.ListenerARN)
	if err != nil {
		return nil, err
	}
	return read(l.settings(), l.Attributes), nil
}

// modifyListenerAttributes implements ModifyListenerAttributes.
func (s *Service) modifyListenerAttributes(ctx context.Context, sc scope, in *listenerAttributesInput) (any, error) {
	l, err := s.changeListener(ctx, sc, in.ListenerARN, func(_ *draft, l *listener) (err error) {
		l.Attributes, err = set("Listener", l.settings(), l.Attributes, in.Attributes)
		return err
	})
	if err != nil {
		return nil, err
	}
	return read(l.settings(), l.Attributes), nil
}

// value is the value of an attribute, "" if there is none of that key.
func (out attributesOutput) value(key string) string {
	for _, a := range out.Attributes {
		if a.Key == key {
			return a.Value
		}
	}
	return ""
}

// seconds is the value of an attribute that is a number of seconds.
func (out attributesOutput) seconds(key string) time.Duration {
	n, _ := strconv.Atoi(out.value(key)) // it was checked
	return time.Duration(n) * time.Second
}
