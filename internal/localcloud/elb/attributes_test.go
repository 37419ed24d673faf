package elb

import (
	"strconv"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestAttributes_TargetGroup(t *testing.T) {
	b := start(t, Options{DeregistrationDelay: 5 * time.Second})
	arn := b.group("tgA")
	read := func() map[string]string {
		out := must(b.DescribeTargetGroupAttributes(t.Context(), &sdk.DescribeTargetGroupAttributesInput{TargetGroupArn: &arn}))(t)
		all := map[string]string{}
		for _, a := range out.Attributes {
			all[*a.Key] = *a.Value
		}
		return all
	}
	if got := read(); got["deregistration_delay.timeout_seconds"] != "5" || got["stickiness.type"] != "lb_cookie" || got["slow_start.duration_seconds"] != "0" {
		t.Errorf("got %v", got)
	}
	modify := func(key, value string) error {
		_, err := b.ModifyTargetGroupAttributes(t.Context(), &sdk.ModifyTargetGroupAttributesInput{
			TargetGroupArn: &arn, Attributes: []types.TargetGroupAttribute{{Key: &key, Value: &value}},
		})
		return err
	}
	if err := modify("deregistration_delay.timeout_seconds", "60"); err != nil {
		t.Fatal(err)
	}
	if got := read(); got["deregistration_delay.timeout_seconds"] != "60" {
		t.Errorf("got %v", got)
	}
	for key, value := range map[string]string{
		"deregistration_delay.timeout_seconds": "3601", "stickiness.enabled": "yes", "stickiness.type": "source_ip",
		"slow_start.duration_seconds": "29", "stickiness.app_cookie.cookie_name": "AWSALBAPP",
	} {
		wantFault(t, modify(key, value), "InvalidConfigurationRequest", "'"+value+"' is not valid for '"+key+"'")
	}
	wantFault(t, modify("proxy_protocol_v2.enabled", "true"), "InvalidConfigurationRequest", "not recognized")
}

// A stickiness attribute takes effect at once: a client stays with the target that it has met.
func TestAttributes_Stickiness(t *testing.T) {
	b := start(t, Options{})
	group := b.group("tgA")
	listener := b.listener(b.balancer("web"), 80, forward(group))
	one, two := application(t, saying("one")), application(t, saying("two"))
	b.register(group, one, two)
	b.awaitState(group, one, StateHealthy, "")
	b.awaitState(group, two, StateHealthy, "")
	must(b.ModifyTargetGroupAttributes(t.Context(), &sdk.ModifyTargetGroupAttributesInput{TargetGroupArn: &group, Attributes: []types.TargetGroupAttribute{
		{Key: new("stickiness.enabled"), Value: new("true")}, {Key: new("stickiness.lb_cookie.duration_seconds"), Value: new("60")},
	}}))(t)
	cookie, first := b.cookie(listener)
	for range 6 {
		if _, body := b.get(listener, "/", "Cookie", cookie); body != first {
			t.Errorf("got %s after %s", body, first)
		}
	}
}

func TestAttributes_LoadBalancerAndListener(t *testing.T) {
	b := start(t, Options{})
	balancer := b.balancer("web")
	listener := b.listener(balancer, 80, fixed("200", ""))
	out := must(b.ModifyLoadBalancerAttributes(t.Context(), &sdk.ModifyLoadBalancerAttributesInput{
		LoadBalancerArn: &balancer, Attributes: []types.LoadBalancerAttribute{{Key: new("idle_timeout.timeout_seconds"), Value: new("120")}},
	}))(t)
	if again := must(b.DescribeLoadBalancerAttributes(t.Context(), &sdk.DescribeLoadBalancerAttributesInput{LoadBalancerArn: &balancer}))(t); len(again.Attributes) != len(out.Attributes) || len(out.Attributes) < 15 {
		t.Errorf("got %d and %d attributes", len(out.Attributes), len(again.Attributes))
	}
	must(b.ModifyListenerAttributes(t.Context(), &sdk.ModifyListenerAttributesInput{
		ListenerArn: &listener, Attributes: []types.ListenerAttribute{{Key: new("routing.http.response.server.enabled"), Value: new("false")}},
	}))(t)
	attributes := must(b.DescribeListenerAttributes(t.Context(), &sdk.DescribeListenerAttributesInput{ListenerArn: &listener}))(t).Attributes
	if *attributes[0].Key != "routing.http.response.server.enabled" || *attributes[0].Value != "false" {
		t.Errorf("got %+v", attributes)
	}
	_, err := b.ModifyLoadBalancerAttributes(t.Context(), &sdk.ModifyLoadBalancerAttributesInput{
		LoadBalancerArn: &balancer, Attributes: []types.LoadBalancerAttribute{{Key: new("access_logs.s3.enabled"), Value: new("true")}},
	})
	wantFault(t, err, "InvalidConfigurationRequest", "access_logs.s3.enabled")
}

func TestTags(t *testing.T) {
	b := start(t, Options{})
	group := b.group("tgA")
	listener := b.listener(b.balancer("web"), 80, forward(group))
	rule := b.rule(listener, 1, onPath("/a"), fixed("200", ""))
	all := []string{group, listener, rule}
	must(b.AddTags(t.Context(), &sdk.AddTagsInput{ResourceArns: all, Tags: []types.Tag{{Key: new("a"), Value: new("1")}, {Key: new("b"), Value: new("2")}}}))(t)
	must(b.RemoveTags(t.Context(), &sdk.RemoveTagsInput{ResourceArns: all, TagKeys: []string{"a", "other"}}))(t)
	for _, d := range must(b.DescribeTags(t.Context(), &sdk.DescribeTagsInput{ResourceArns: all}))(t).TagDescriptions {
		if len(d.Tags) != 1 || *d.Tags[0].Key != "b" {
			t.Errorf("%s: got %+v", *d.ResourceArn, d.Tags)
		}
	}
	if len(b.describeRules(listener)) != 2 {
		t.Error("tags have changed the rules")
	}
	var many []types.Tag
	for i := range 50 {
		many = append(many, types.Tag{Key: new("k" + strconv.Itoa(i)), Value: new("")})
	}
	_, err := b.AddTags(t.Context(), &sdk.AddTagsInput{ResourceArns: []string{group}, Tags: many})
	wantFault(t, err, "TooManyTags", "50")
	_, err = b.DescribeTags(t.Context(), &sdk.DescribeTagsInput{ResourceArns: []string{rule[:len(rule)-1] + "g"}})
	wantFault(t, err, "ValidationError", "is not a valid")
}

func FuzzMatcher(f *testing.F) {
	for _, seed := range []string{"200", "200-299,301", "200,", "-", "+20", "299-200"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := parseMatcher(text)
		if err != nil {
			return
		}
		for _, r := range m {
			if r.from < 100 || r.to > 999 || r.from > r.to || !m.matches(r.from) || !m.matches(r.to) {
				t.Errorf("%q: %v", text, m)
			}
		}
	})
}
