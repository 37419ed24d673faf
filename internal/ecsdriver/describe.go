package ecsdriver

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"greenlight/internal/awsaccess"
)

// maxRulePages bounds what a listener may have of rules. A listener has at most a few hundred, in pages of up to 400.
const maxRulePages = 100

// TargetGroups reads target groups by their names (DescribeTargetGroups) and returns them in that order. One that does not exist
// is a Fault NotFound.
func (d *Driver) TargetGroups(ctx context.Context, as awsaccess.As, names []string) ([]TargetGroup, error) {
	client, err := d.elb.Get(ctx, as)
	if err != nil {
		return nil, err
	}
	out, err := client.DescribeTargetGroups(ctx, &elb.DescribeTargetGroupsInput{Names: names})
	if err != nil {
		return nil, classifyELB("DescribeTargetGroups", err)
	}
	groups := make([]TargetGroup, len(names))
	for i, name := range names {
		at := slices.IndexFunc(out.TargetGroups, func(g types.TargetGroup) bool { return aws.ToString(g.TargetGroupName) == name })
		if at < 0 {
			return nil, missing("DescribeTargetGroups", "TargetGroupNotFound", "One or more target groups not found")
		}
		groups[i] = newTargetGroup(out.TargetGroups[at])
	}
	return groups, nil
}

func newTargetGroup(g types.TargetGroup) TargetGroup {
	return TargetGroup{
		Name:             aws.ToString(g.TargetGroupName),
		ARN:              aws.ToString(g.TargetGroupArn),
		Protocol:         string(g.Protocol),
		LoadBalancerARNs: g.LoadBalancerArns,
	}
}

// Listener reads a listener (DescribeListeners) and, on an Application Load Balancer, its rules (DescribeRules, all pages). One
// that does not exist is a Fault NotFound.
func (d *Driver) Listener(ctx context.Context, as awsaccess.As, arn string) (Listener, error) {
	client, err := d.elb.Get(ctx, as)
	if err != nil {
		return Listener{}, err
	}
	return readListener(ctx, client, arn)
}

func readListener(ctx context.Context, client *elb.Client, arn string) (Listener, error) {
	out, err := client.DescribeListeners(ctx, &elb.DescribeListenersInput{ListenerArns: []string{arn}})
	if err != nil {
		return Listener{}, classifyELB("DescribeListeners", err)
	}
	if len(out.Listeners) != 1 {
		return Listener{}, missing("DescribeListeners", "ListenerNotFound", "One or more listeners not found")
	}
	found := out.Listeners[0]
	l := Listener{
		ARN:             arn,
		LoadBalancerARN: aws.ToString(found.LoadBalancerArn),
		Protocol:        string(found.Protocol),
		Application:     application(arn),
	}
	if l.Application {
		if l.Rules, err = readRules(ctx, client, arn); err != nil {
			return Listener{}, err
		}
	}
	l.Rules = append(l.Rules, Rule{
		ARN: arn, Default: true, Forward: forwardOf(found.DefaultActions), actions: found.DefaultActions,
	})
	return l, nil
}

// readRules returns the rules by priority without the default rule, which is the listener's own.
func readRules(ctx context.Context, client *elb.Client, listener string) ([]Rule, error) {
	var rules []Rule
	var marker *string
	for range maxRulePages {
		out, err := client.DescribeRules(ctx, &elb.DescribeRulesInput{ListenerArn: &listener, Marker: marker})
		if err != nil {
			return nil, classifyELB("DescribeRules", err)
		}
		for _, r := range out.Rules {
			if aws.ToBool(r.IsDefault) || aws.ToString(r.Priority) == "default" {
				continue
			}
			rule, err := newRule(r)
			if err != nil {
				return nil, err
			}
			rules = append(rules, rule)
		}
		if marker = out.NextMarker; aws.ToString(marker) == "" {
			slices.SortStableFunc(rules, func(a, b Rule) int { return a.Priority - b.Priority })
			return rules, nil
		}
	}
	return nil, unreadable("DescribeRules", fmt.Sprintf("the rules of listener %s do not end after %d pages", listener, maxRulePages))
}

func newRule(r types.Rule) (Rule, error) {
	arn, priority := aws.ToString(r.RuleArn), aws.ToString(r.Priority)
	number, err := strconv.Atoi(priority)
	if err != nil {
		return Rule{}, unreadable("DescribeRules", fmt.Sprintf("rule %s has priority %q, a number was expected", arn, priority))
	}
	return Rule{ARN: arn, Priority: number, Forward: forwardOf(r.Actions), actions: r.Actions}, nil
}

// missing is an answer that leaves out what was asked for, which some far sides give instead of an error.
func missing(operation, code, message string) *awsaccess.Fault {
	return &awsaccess.Fault{
		Kind: awsaccess.NotFound, Service: awsaccess.ServiceELB, Operation: operation,
		Code: code, Message: message, StatusCode: http.StatusOK,
	}
}

func unreadable(operation, message string) *awsaccess.Fault {
	return &awsaccess.Fault{
		Kind: awsaccess.Unavailable, Service: awsaccess.ServiceELB, Operation: operation,
		Message: message, StatusCode: http.StatusOK,
	}
}
