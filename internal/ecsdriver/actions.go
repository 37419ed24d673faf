package ecsdriver

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// forwardOf reads where actions forward to, in either representation (ecs.md 7.2). ELB allows one forward action in a rule.
func forwardOf(actions []types.Action) []Weighted {
	for _, a := range actions {
		if a.Type != types.ActionTypeEnumForward {
			continue
		}
		if a.ForwardConfig != nil && len(a.ForwardConfig.TargetGroups) > 0 {
			return weighted(a.ForwardConfig.TargetGroups)
		}
		if a.TargetGroupArn != nil {
			return []Weighted{{*a.TargetGroupArn, 1}}
		}
	}
	return nil
}

func weighted(groups []types.TargetGroupTuple) []Weighted {
	forward := make([]Weighted, len(groups))
	for i, g := range groups {
		forward[i] = Weighted{TargetGroupARN: aws.ToString(g.TargetGroupArn), Weight: 1}
		if g.Weight != nil {
			forward[i].Weight = int(*g.Weight)
		}
	}
	return forward
}

// withForward is actions with the forward action changed to groups and everything else as it was (ecs.md 7.4): the other
// actions, every Order and the stickiness. One target group is written as TargetGroupArn, several as ForwardConfig, never both.
func withForward(actions []types.Action, groups []Weighted) []types.Action {
	changed := writable(actions)
	for i := range changed {
		if changed[i].Type != types.ActionTypeEnumForward {
			continue
		}
		if len(groups) == 1 {
			changed[i].TargetGroupArn, changed[i].ForwardConfig = aws.String(groups[0].TargetGroupARN), nil
			continue
		}
		changed[i].TargetGroupArn = nil
		changed[i].ForwardConfig = &types.ForwardActionConfig{
			TargetGroups:                tuples(groups),
			TargetGroupStickinessConfig: stickiness(changed[i].ForwardConfig),
		}
	}
	return changed
}

func tuples(groups []Weighted) []types.TargetGroupTuple {
	t := make([]types.TargetGroupTuple, len(groups))
	for i, g := range groups {
		t[i] = types.TargetGroupTuple{TargetGroupArn: aws.String(g.TargetGroupARN), Weight: aws.Int32(int32(g.Weight))}
	}
	return t
}

func stickiness(config *types.ForwardActionConfig) *types.TargetGroupStickinessConfig {
	if config == nil {
		return nil
	}
	return config.TargetGroupStickinessConfig
}

// writable turns actions as read into actions that may be written: an OIDC client secret is never read back and must be kept by
// name of the one that is there, and TargetGroupArn may not stand beside several target groups.
func writable(actions []types.Action) []types.Action {
	changed := slices.Clone(actions)
	for i, a := range changed {
		if a.AuthenticateOidcConfig != nil {
			oidc := *a.AuthenticateOidcConfig
			oidc.ClientSecret, oidc.UseExistingClientSecret = nil, aws.Bool(true)
			changed[i].AuthenticateOidcConfig = &oidc
		}
		if a.ForwardConfig != nil && len(a.ForwardConfig.TargetGroups) > 1 {
			changed[i].TargetGroupArn = nil
		}
	}
	return changed
}
