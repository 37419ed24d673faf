package elb

import (
	"net"
	"regexp"
	"slices"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func (b *bench) describeRules(listener string) []types.Rule {
	b.t.Helper()
	return must(b.DescribeRules(b.t.Context(), &sdk.DescribeRulesInput{ListenerArn: &listener}))(b.t).Rules
}

// A forward action by TargetGroupArn reads back by both members, one to several groups by ForwardConfig only.
func TestListener_ReadsBack(t *testing.T) {
	b := start(t, Options{})
	balancer, one, two := b.balancer("web"), b.group("tgA"), b.group("tgB")
	arn := b.listener(balancer, 80, forward(one))
	if !regexp.MustCompile(`:listener/app/web/[0-9a-f]{16}/[0-9a-f]{16}$`).MatchString(arn) {
		t.Errorf("got %s", arn)
	}
	read := func() types.Action {
		listeners := must(b.DescribeListeners(t.Context(), &sdk.DescribeListenersInput{ListenerArns: []string{arn}}))(t).Listeners
		rules := b.describeRules(arn)
		if len(listeners) != 1 || len(rules) != 1 || *rules[0].Priority != "default" || !*rules[0].IsDefault || rules[0].Conditions == nil ||
			!regexp.MustCompile(`:listener-rule/app/web/[0-9a-f]{16}/[0-9a-f]{16}/[0-9a-f]{16}$`).MatchString(*rules[0].RuleArn) {
			t.Fatalf("got %+v %+v", listeners, rules)
		}
		if len(rules[0].Actions) != 1 || len(listeners[0].DefaultActions) != 1 {
			t.Fatalf("got %+v %+v", listeners, rules)
		}
		return listeners[0].DefaultActions[0]
	}
	a := read()
	if *a.TargetGroupArn != one || len(a.ForwardConfig.TargetGroups) != 1 || *a.ForwardConfig.TargetGroups[0].Weight != 1 ||
		*a.ForwardConfig.TargetGroupStickinessConfig.Enabled {
		t.Errorf("one group: got %+v", a)
	}
	b.modify(arn, forward(one, 90, two, 10))
	a = read()
	if a.TargetGroupArn != nil || len(a.ForwardConfig.TargetGroups) != 2 || *a.ForwardConfig.TargetGroups[1].Weight != 10 {
		t.Errorf("two groups: got %+v", a)
	}
	if again := b.listener(balancer, 80, forward(one, 90, two, 10)); again != arn {
		t.Errorf("the same request made %s", again)
	}
	for _, group := range []string{one, two} {
		if got := b.describeGroup(group).LoadBalancerArns; !slices.Equal(got, []string{balancer}) {
			t.Errorf("load balancers of %s: %v", group, got)
		}
	}
	b.modify(arn, fixed("404", ""))
	if got := b.describeGroup(one).LoadBalancerArns; len(got) != 0 {
		t.Errorf("load balancers after the last action is gone: %v", got)
	}
}

func TestListener_Refusals(t *testing.T) {
	b := start(t, Options{})
	balancer, other, one := b.balancer("web"), b.balancer("other"), b.group("tgA")
	tcp := b.group("tcp", func(in *sdk.CreateTargetGroupInput) { in.Protocol = types.ProtocolEnumTcp })
	b.listener(balancer, 80, forward(one))
	gone := one[:len(one)-16] + "0123456789abcdef"
	both := forward(one, 1)
	both.TargetGroupArn = &tcp
	sticky := forward(one, 1)
	sticky.ForwardConfig.TargetGroupStickinessConfig = &types.TargetGroupStickinessConfig{Enabled: new(true)}
	six := types.Action{Type: "forward", ForwardConfig: &types.ForwardActionConfig{TargetGroups: slices.Repeat([]types.TargetGroupTuple{{TargetGroupArn: &one}}, 6)}}
	loop := types.Action{Type: "redirect", RedirectConfig: &types.RedirectActionConfig{StatusCode: "HTTP_301"}}
	tests := map[string]struct {
		balancer      string
		port          int32
		protocol      types.ProtocolEnum
		actions       []types.Action
		code, message string
	}{
		"port twice":            {balancer, 80, "HTTP", []types.Action{fixed("200", "")}, "DuplicateListener", "already exists on this port"},
		"group of another":      {other, 81, "HTTP", []types.Action{forward(one)}, "TargetGroupAssociationLimit", one},
		"TLS":                   {balancer, 443, "HTTPS", []types.Action{forward(one)}, "UnsupportedProtocol", "TLS"},
		"TCP":                   {balancer, 81, "TCP", []types.Action{forward(one)}, "ValidationError", "'application'"},
		"TCP group":             {balancer, 81, "HTTP", []types.Action{forward(tcp)}, "IncompatibleProtocols", tcp},
		"no such group":         {balancer, 81, "HTTP", []types.Action{forward(gone)}, "TargetGroupNotFound", "One or more target groups not found"},
		"no such load balancer": {balancer[:len(balancer)-16] + "0123456789abcdef", 81, "HTTP", []types.Action{forward(one)}, "LoadBalancerNotFound", ""},
		"weight":                {balancer, 81, "HTTP", []types.Action{forward(one, 1000)}, "ValidationError", "'1000' must be between 0 and 999"},
		"six groups":            {balancer, 81, "HTTP", []types.Action{six}, "InvalidLoadBalancerAction", "at most 5"},
		"group twice":           {balancer, 81, "HTTP", []types.Action{forward(one, 1, one, 2)}, "ValidationError", "more than once"},
		"both members differ":   {balancer, 81, "HTTP", []types.Action{both}, "InvalidLoadBalancerAction", "same single target group"},
		"stickiness, no time":   {balancer, 81, "HTTP", []types.Action{sticky}, "ValidationError", "duration"},
		"no group":              {balancer, 81, "HTTP", []types.Action{{Type: "forward"}}, "InvalidLoadBalancerAction", "target group must be specified"},
		"two actions, no order": {balancer, 81, "HTTP", []types.Action{forward(one), fixed("200", "")}, "ValidationError", "order"},
		"unknown action":        {balancer, 81, "HTTP", []types.Action{{Type: "jwt-validation"}}, "InvalidLoadBalancerAction", "'jwt-validation'"},
		"status":                {balancer, 81, "HTTP", []types.Action{fixed("302", "")}, "ValidationError", "'302'"},
		"redirect to itself":    {balancer, 81, "HTTP", []types.Action{loop}, "InvalidLoadBalancerAction", "loop"},
		"port":                  {balancer, 0, "HTTP", []types.Action{forward(one)}, "ValidationError", "'0'"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := b.CreateListener(t.Context(), &sdk.CreateListenerInput{
				LoadBalancerArn: &test.balancer, Port: &test.port, Protocol: test.protocol, DefaultActions: test.actions,
			})
			wantFault(t, err, test.code, test.message)
		})
	}
	_, err := b.DeleteTargetGroup(t.Context(), &sdk.DeleteTargetGroupInput{TargetGroupArn: &one})
	wantFault(t, err, "ResourceInUse", one)
}

// A port that another program has is an error at creation, and nothing is created.
func TestListener_PortInUse(t *testing.T) {
	taken := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	defer taken.Close()
	b := start(t, Options{Port: func(int) int { return targetAt(t, taken.Addr().String()).Port }})
	balancer := b.balancer("web")
	_, err := b.CreateListener(t.Context(), &sdk.CreateListenerInput{
		LoadBalancerArn: &balancer, Port: new(int32(80)), Protocol: "HTTP", DefaultActions: []types.Action{fixed("200", "")},
	})
	wantFault(t, err, "InvalidConfigurationRequest", taken.Addr().String()+" is in use")
	if got := must(b.DescribeListeners(t.Context(), &sdk.DescribeListenersInput{LoadBalancerArn: &balancer}))(t).Listeners; len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

// A listener moves to another port; the old one is free when the call returns.
func TestListener_ChangesPort(t *testing.T) {
	b := start(t, Options{})
	arn := b.listener(b.balancer("web"), 80, fixed("200", "here"))
	before, _ := b.service.Address(account, region, arn)
	must(b.ModifyListener(t.Context(), &sdk.ModifyListenerInput{ListenerArn: &arn, Port: new(int32(8080))}))(t)
	if status, body := b.get(arn, "/"); status != 200 || body != "here" {
		t.Errorf("got %d %s", status, body)
	}
	free, err := net.Listen("tcp", before)
	if err != nil {
		t.Fatalf("the old port: %v", err)
	}
	_ = free.Close()
	must(b.DeleteListener(t.Context(), &sdk.DeleteListenerInput{ListenerArn: &arn}))(t)
	_, err = b.DeleteListener(t.Context(), &sdk.DeleteListenerInput{ListenerArn: &arn})
	wantFault(t, err, "ListenerNotFound", "not found")
}

// A network load balancer relays to one target group.
func TestListener_Network(t *testing.T) {
	b := start(t, Options{})
	balancer := *must(b.CreateLoadBalancer(t.Context(), &sdk.CreateLoadBalancerInput{Name: new("net"), Type: "network"}))(t).LoadBalancers[0].LoadBalancerArn
	tcp := func(in *sdk.CreateTargetGroupInput) { in.Protocol = types.ProtocolEnumTcp }
	blue, green := b.group("blue", tcp), b.group("green", tcp)
	b.register(blue, application(t, saying("blue")))
	b.register(green, application(t, saying("green")))
	create := func(actions ...types.Action) (*sdk.CreateListenerOutput, error) {
		return b.CreateListener(t.Context(), &sdk.CreateListenerInput{
			LoadBalancerArn: &balancer, Port: new(int32(80)), Protocol: "TCP", DefaultActions: actions,
		})
	}
	_, err := create(fixed("200", ""))
	wantFault(t, err, "InvalidLoadBalancerAction", "'fixed-response'")
	_, err = create(forward(blue, 1, green, 1))
	wantFault(t, err, "InvalidLoadBalancerAction", "at most 1")
	arn := *must(create(forward(blue)))(t).Listeners[0].ListenerArn
	for _, group := range []string{blue, green} {
		b.modify(arn, forward(group))
		want := map[string]string{blue: "blue", green: "green"}[group]
		if status, body := b.get(arn, "/"); status != 200 || body != want {
			t.Errorf("got %d %s, want %s", status, body, want)
		}
	}
	_, err = b.CreateRule(t.Context(), &sdk.CreateRuleInput{
		ListenerArn: &arn, Priority: new(int32(1)), Conditions: []types.RuleCondition{onPath("/a")}, Actions: []types.Action{forward(blue)},
	})
	wantFault(t, err, "OperationNotPermitted", "'TCP'")
}
