package elb

import (
	"context"
	"io"
	"net"
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/smithy-go/middleware"
)

// everything is all that a client can read.
type everything struct {
	Balancers *sdk.DescribeLoadBalancersOutput
	Groups    *sdk.DescribeTargetGroupsOutput
	Listeners *sdk.DescribeListenersOutput
	Rules     *sdk.DescribeRulesOutput
	Tags      *sdk.DescribeTagsOutput
	Delay     *sdk.DescribeTargetGroupAttributesOutput
}

func (b *bench) everything(balancer, group, listener, rule string) everything {
	b.t.Helper()
	ctx := b.t.Context()
	return everything{
		must(b.DescribeLoadBalancers(ctx, nil))(b.t), must(b.DescribeTargetGroups(ctx, nil))(b.t),
		must(b.DescribeListeners(ctx, &sdk.DescribeListenersInput{LoadBalancerArn: &balancer}))(b.t),
		must(b.DescribeRules(ctx, &sdk.DescribeRulesInput{ListenerArn: &listener}))(b.t),
		must(b.DescribeTags(ctx, &sdk.DescribeTagsInput{ResourceArns: []string{balancer, group, listener, rule}}))(b.t),
		must(b.DescribeTargetGroupAttributes(ctx, &sdk.DescribeTargetGroupAttributesInput{TargetGroupArn: &group}))(b.t),
	}
}

// After a restart everything reads back as before, ports are bound and targets are found healthy again.
func TestRestart_KeepsEverything(t *testing.T) {
	options := Options{Dir: t.TempDir()}
	var balancer, group, listener, rule string
	var before everything
	target := application(t, saying("still here"))
	t.Run("first", func(t *testing.T) {
		b := start(t, options)
		balancer, group = b.balancer("web"), b.group("tgA")
		b.register(group, target)
		listener = b.listener(balancer, 80, forward(group))
		rule = b.rule(listener, 5, onPath("/fixed"), fixed("200", "fixed"))
		must(b.AddTags(t.Context(), &sdk.AddTagsInput{
			ResourceArns: []string{balancer, group, listener, rule}, Tags: []types.Tag{{Key: new("team"), Value: new("blue")}},
		}))(t)
		must(b.ModifyTargetGroupAttributes(t.Context(), &sdk.ModifyTargetGroupAttributesInput{TargetGroupArn: &group, Attributes: []types.TargetGroupAttribute{
			{Key: new("deregistration_delay.timeout_seconds"), Value: new("7")},
		}}))(t)
		before = b.everything(balancer, group, listener, rule)
	})
	b := start(t, options)
	after := b.everything(balancer, group, listener, rule)
	ignore := []cmp.Option{cmpopts.IgnoreTypes(middleware.Metadata{}), cmp.Exporter(func(reflect.Type) bool { return true })}
	if diff := cmp.Diff(before, after, ignore...); diff != "" {
		t.Errorf("after the restart (-before +after):\n%s", diff)
	}
	b.awaitState(group, target, StateHealthy, "")
	if _, body := b.get(listener, "/"); body != "still here" {
		t.Errorf("got %s", body)
	}
	if _, body := b.get(listener, "/fixed"); body != "fixed" {
		t.Errorf("got %s", body)
	}
}

// A port that is taken at the start is no reason not to start: the listener is there, and bound when the port is free.
func TestRestart_PortTaken(t *testing.T) {
	options := Options{Dir: t.TempDir()}
	var listener, address string
	t.Run("first", func(t *testing.T) {
		b := start(t, options)
		listener = b.listener(b.balancer("web"), 80, fixed("200", "here"))
		address, _ = b.service.Address(account, region, listener)
	})
	taken := must(net.Listen("tcp", address))(t)
	options.Port = func(int) int { return targetAt(t, address).Port }
	b := start(t, options)
	if got, bound := b.service.Address(account, region, listener); bound {
		t.Fatalf("bound at %s", got)
	}
	b.modify(listener, fixed("200", "changed"))
	changed, stop := b.service.Watch()
	defer stop()
	_ = taken.Close()
	late := time.After(patient)
	for {
		if _, bound := b.service.Address(account, region, listener); bound {
			break
		}
		select {
		case <-changed:
		case <-late:
			t.Fatal("the port is not bound")
		}
	}
	if _, body := b.get(listener, "/"); body != "changed" {
		t.Errorf("got %s", body)
	}
}

// Close ends running requests when its context does, and can be called again.
func TestClose(t *testing.T) {
	b := start(t, Options{})
	group := b.group("tgA")
	listener := b.listener(b.balancer("web"), 80, forward(group))
	arrived := make(chan struct{})
	target := application(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			close(arrived)
			<-r.Context().Done()
		}
	})
	b.register(group, target)
	address, _ := b.service.Address(account, region, listener)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if answer, err := http.Get("http://" + address + "/slow"); err == nil {
			_, _ = io.Copy(io.Discard, answer.Body)
			_ = answer.Body.Close()
		}
	}()
	<-arrived
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for range 2 {
		if err := b.service.Close(ctx); err != nil {
			t.Error(err)
		}
	}
	<-ended
	if err := b.service.RegisterTarget(account, region, group, TargetID{"127.0.0.1", 1}); err == nil {
		t.Error("a closed service registers targets")
	}
}
