package elb

import (
	"context"
	"iter"
	"reflect"
	"slices"
)

const maxListeners = 50 // per load balancer

// listener is a listener as it is saved, with its rules.
type listener struct {
	ARN, LoadBalancerARN, Protocol string
	Port                           int64
	Default                        rule
	Rules                          []rule            `json:",omitempty"` // by priority
	Attributes                     map[string]string `json:",omitempty"` // those that were set
	Tags                           tags              `json:",omitempty"`
}

// allRules are the rules in the order in which they are asked.
func (l *listener) allRules() []rule { return append(slices.Clip(l.Rules), l.Default) }

// targetGroups are those that a rule names, in the order of the rules.
func (l *listener) targetGroups() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, r := range l.allRules() {
			for _, a := range r.Actions {
				for _, g := range a.targetGroups() {
					if !yield(g.TargetGroupARN) {
						return
					}
				}
			}
		}
	}
}

type listenerInput struct {
	LoadBalancerARN string `query:"LoadBalancerArn"`
	ListenerARN     string `query:"ListenerArn"`
	Protocol        string
	Port            *int64
	DefaultActions  list[action]
	SSLPolicy       string `query:"SslPolicy"`
	Certificates    []struct {
		CertificateARN string `query:"CertificateArn"`
	}
	ALPNPolicy           []string `query:"AlpnPolicy"`
	MutualAuthentication *struct{ Mode string }
	Tags                 []tag
}

type listenersOutput struct {
	Listeners  list[listenerView]
	NextMarker string `xml:",omitempty"`
}

// createListener implements CreateListener. The same request again finds the listener that it made.
func (s *Service) createListener(ctx context.Context, sc scope, in *listenerInput) (any, error) {
	var l *listener
	err := s.change(ctx, func(d *draft) (err error) {
		if l, err = in.listener(d, sc); err != nil {
			return err
		}
		others := d.listenersOf(l.LoadBalancerARN)
		if at := slices.IndexFunc(others, func(o *listener) bool { return o.Port == l.Port }); at >= 0 {
			o := others[at]
			if o.Protocol != l.Protocol || !reflect.DeepEqual(o.Default.Actions, l.Default.Actions) {
				return duplicateListener(l)
			}
			l = o
			return nil
		}
		if len(others) >= maxListeners {
			return fault(codeTooManyListeners, "The load balancer '%s' already has %d listeners", l.LoadBalancerARN, maxListeners)
		}
		l.ARN = newListener(l.LoadBalancerARN)
		l.Default.ARN = newRule(l.ARN)
		d.putListener(l)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return listenersOutput{Listeners: list[listenerView]{viewListener(l)}}, nil
}

func duplicateListener(l *listener) error {
	return fault(codeDuplicateListener, "A listener already exists on this port for this load balancer '%s'", l.LoadBalancerARN)
}

func (in *listenerInput) listener(d *draft, sc scope) (*listener, error) {
	b, err := d.balancer(sc, in.LoadBalancerARN)
	if err != nil {
		return nil, err
	}
	if in.Port == nil || in.Protocol == "" {
		return nil, invalid("A listener protocol and port must be specified")
	}
	l := &listener{LoadBalancerARN: b.ARN}
	if err := in.settings(b, l); err != nil {
		return nil, err
	}
	if l.Default.Actions, err = d.checkActions(sc, l, in.DefaultActions); err != nil {
		return nil, err
	}
	l.Tags, err = newTags(in.Tags)
	return l, err
}

// settings puts protocol and port into l, if they are given.
func (in *listenerInput) settings(b *loadBalancer, l *listener) error {
	l.Protocol = either(in.Protocol, l.Protocol)
	put(&l.Port, in.Port)
	want := protocolHTTP
	if !b.application() {
		want = protocolTCP
	}
	switch {
	case l.Protocol == protocolHTTPS || l.Protocol == "TLS":
		return fault(codeUnsupportedProtocol, "Listener protocol '%s' needs TLS, which is not served here: use '%s'", l.Protocol, want)
	case l.Protocol != want:
		return invalid("Listener protocol '%s' must be '%s' for load balancers of type '%s' here", l.Protocol, want, b.Type)
	case l.Port < 1 || l.Port > 65535:
		return invalid("Port '%d' must be between 1 and 65535", l.Port)
	case len(in.Certificates) > 0 || in.SSLPolicy != "":
		return invalid("Certificates and security policies cannot be specified for '%s' listeners", l.Protocol)
	case len(in.ALPNPolicy) > 0:
		return invalid("An ALPN policy cannot be specified for '%s' listeners", l.Protocol)
	case in.MutualAuthentication != nil && in.MutualAuthentication.Mode != "off":
		return invalid("Mutual authentication cannot be specified for '%s' listeners", l.Protocol)
	}
	return nil
}

type describeListenersInput struct {
	LoadBalancerARN string   `query:"LoadBalancerArn"`
	ListenerARNs    []string `query:"ListenerArns"`
	Marker          string
	PageSize        *int64
}

// describeListeners implements DescribeListeners.
func (s *Service) describeListeners(_ context.Context, sc scope, in *describeListenersInput) (any, error) {
	w := s.world.Load()
	var all []*listener
	switch {
	case in.LoadBalancerARN != "":
		if _, err := w.balancer(sc, in.LoadBalancerARN); err != nil {
			return nil, err
		}
		all = w.listenersOf(in.LoadBalancerARN)
	case len(in.ListenerARNs) == 0:
		return nil, invalid("You must specify either listener ARNs or a load balancer ARN")
	}
	all, err := choose(all, in.ListenerARNs, nil,
		func(arn string) (*listener, error) { return w.listener(sc, arn) }, nil, nil)
	if err != nil {
		return nil, err
	}
	some, next, err := page(paging{in.Marker, in.PageSize}, all, func(l *listener) string { return l.ARN })
	if err != nil {
		return nil, err
	}
	out := listenersOutput{NextMarker: next}
	for _, l := range some {
		out.Listeners = append(out.Listeners, viewListener(l))
	}
	return out, nil
}

// changeListener changes a listener and returns the new one.
func (s *Service) changeListener(ctx context.Context, sc scope, arn string, set func(*draft, *listener) error) (*listener, error) {
	var changed listener
	err := s.change(ctx, func(d *draft) error {
		l, err := d.listener(sc, arn)
		if err != nil {
			return err
		}
		changed = *l
		if err := set(d, &changed); err != nil {
			return err
		}
		d.putListener(&changed)
		return nil
	})
	return &changed, err
}

// modifyListener implements ModifyListener. What the request does not name stays.
func (s *Service) modifyListener(ctx context.Context, sc scope, in *listenerInput) (any, error) {
	l, err := s.changeListener(ctx, sc, in.ListenerARN, func(d *draft, l *listener) error {
		if err := in.settings(d.balancers[l.LoadBalancerARN], l); err != nil {
			return err
		}
		for _, o := range d.listenersOf(l.LoadBalancerARN) {
			if o.ARN != l.ARN && o.Port == l.Port {
				return duplicateListener(l)
			}
		}
		if in.DefaultActions == nil {
			return nil
		}
		var err error
		l.Default.Actions, err = d.checkActions(sc, l, in.DefaultActions)
		return err
	})
	if err != nil {
		return nil, err
	}
	return listenersOutput{Listeners: list[listenerView]{viewListener(l)}}, nil
}

type listenerARNInput struct {
	ListenerARN string `query:"ListenerArn"`
}

// deleteListener implements DeleteListener.
func (s *Service) deleteListener(ctx context.Context, sc scope, in *listenerARNInput) (any, error) {
	return nothing{}, s.change(ctx, func(d *draft) error {
		l, err := d.listener(sc, in.ListenerARN)
		if err != nil {
			return err
		}
		d.removeListener(l.ARN)
		return nil
	})
}

type listenerCertificatesOutput struct{ Certificates list[struct{}] }

// describeListenerCertificates implements DescribeListenerCertificates: there are none.
func (s *Service) describeListenerCertificates(_ context.Context, sc scope, in *listenerARNInput) (any, error) {
	if _, err := s.world.Load().listener(sc, in.ListenerARN); err != nil {
		return nil, err
	}
	return listenerCertificatesOutput{}, nil
}

// listenerView is a listener as clients read it.
type listenerView struct {
	ListenerARN     string `xml:"ListenerArn"`
	LoadBalancerARN string `xml:"LoadBalancerArn"`
	Port            int64
	Protocol        string
	DefaultActions  list[action]
}

func viewListener(l *listener) listenerView {
	return listenerView{l.ARN, l.LoadBalancerARN, l.Port, l.Protocol, l.Default.Actions}
}
