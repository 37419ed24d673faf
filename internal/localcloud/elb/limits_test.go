package elb

import (
	"errors"
	"fmt"
	"testing"

	"greenlight/internal/awswire"
)

// The bounds that would take many calls to reach.
func TestLimits(t *testing.T) {
	sc := newScope(account, region)
	balancer := &loadBalancer{ARN: sc.newLoadBalancer("app", "web"), Type: typeApplication}
	newDraft := func() (*draft, *listener) {
		d := &draft{newWorld(), map[string]any{}}
		d.putBalancer(balancer)
		l := &listener{ARN: newListener(balancer.ARN), LoadBalancerARN: balancer.ARN, Protocol: protocolHTTP, Port: 80}
		d.putListener(l)
		return d, l
	}
	t.Run("rules of a load balancer", func(t *testing.T) {
		d, l := newDraft()
		for priority := range int64(maxRules) {
			if err := d.insert(l, rule{ARN: newRule(l.ARN), Priority: priority + 1}); err != nil {
				t.Fatal(err)
			}
		}
		other := &listener{ARN: newListener(balancer.ARN), LoadBalancerARN: balancer.ARN, Protocol: protocolHTTP, Port: 81}
		d.putListener(other)
		wantCode(t, d.insert(other, rule{Priority: 1}), codeTooManyRules)
	})
	t.Run("target groups of a load balancer", func(t *testing.T) {
		d, l := newDraft()
		for i := range maxGroupsPerBalancer + 1 {
			if err := d.associate(); err != nil {
				t.Fatalf("with %d groups: %v", i, err)
			}
			forward := &forwardConfig{TargetGroups: list[weightedGroup]{{TargetGroupARN: sc.newTargetGroup(fmt.Sprint("tg", i))}}}
			l.Rules = append(l.Rules, rule{Actions: list[action]{{Type: actionForward, ForwardConfig: forward}}})
		}
		wantCode(t, d.associate(), codeTooManyGroupsOfAction)
	})
	t.Run("targets of a group", func(t *testing.T) {
		var g targetGroup
		var ids []TargetID
		for port := range maxTargets {
			ids = append(ids, TargetID{"127.0.0.1", port + 1})
		}
		if err := g.add(append(ids, ids...)); err != nil || len(g.Targets) != maxTargets {
			t.Fatalf("%d targets, %v", len(g.Targets), err)
		}
		wantCode(t, g.add([]TargetID{{"127.0.0.2", 1}}), codeTooManyTargets)
	})
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if coded, ok := errors.AsType[*awswire.Error](err); !ok || coded.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}
