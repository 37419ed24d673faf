package elb

import (
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

type cognitoAction = types.AuthenticateCognitoActionConfig

func cognito(change func(*cognitoAction)) types.Action {
	config := &cognitoAction{
		UserPoolArn: new("arn:aws:cognito-idp:eu-west-1:111122223333:userpool/p"), UserPoolClientId: new("client"), UserPoolDomain: new("domain"),
	}
	if change != nil {
		change(config)
	}
	return types.Action{Type: types.ActionTypeEnumAuthenticateCognito, Order: new(int32(1)), AuthenticateCognitoConfig: config}
}

func ordered(a types.Action, order int32) types.Action {
	a.Order = &order
	return a
}

// An authenticate action reads back with the model's defaults, and the listener serves the action after it.
func TestAuthenticate_Cognito(t *testing.T) {
	b := start(t, Options{})
	listener := b.listener(b.balancer("web"), 80, cognito(nil), ordered(fixed("200", "open"), 2))
	c := b.describeRules(listener)[0].Actions[0].AuthenticateCognitoConfig
	if *c.Scope != "openid" || *c.SessionCookieName != "AWSELBAuthSessionCookie" || *c.SessionTimeout != 604800 || c.OnUnauthenticatedRequest != "authenticate" {
		t.Errorf("got %+v", c)
	}
	if _, body := b.get(listener, "/"); body != "open" {
		t.Errorf("got %s", body)
	}
}

func TestAction_Sequences(t *testing.T) {
	b := start(t, Options{})
	listener := b.listener(b.balancer("web"), 80, fixed("404", ""))
	answer := ordered(fixed("200", ""), 2)
	oidc := types.Action{Type: "authenticate-oidc", Order: new(int32(1)), AuthenticateOidcConfig: &types.AuthenticateOidcActionConfig{
		Issuer: new("https://id.example.com"), AuthorizationEndpoint: new("x"), TokenEndpoint: new("x"), UserInfoEndpoint: new("x"), ClientId: new("x"),
	}}
	stray := ordered(fixed("200", ""), 2)
	stray.TargetGroupArn = new("x")
	tests := map[string]struct {
		actions       []types.Action
		code, message string
	}{
		"no domain":        {[]types.Action{cognito(func(c *cognitoAction) { c.UserPoolDomain = new("") }), answer}, "InvalidLoadBalancerAction", "UserPoolDomain"},
		"unauthenticated":  {[]types.Action{cognito(func(c *cognitoAction) { c.OnUnauthenticatedRequest = "shrug" }), answer}, "InvalidLoadBalancerAction", "'shrug'"},
		"session":          {[]types.Action{cognito(func(c *cognitoAction) { c.SessionTimeout = new(int64(604801)) }), answer}, "InvalidLoadBalancerAction", "'604801'"},
		"no secret":        {[]types.Action{oidc, answer}, "InvalidLoadBalancerAction", "ClientSecret"},
		"nothing answers":  {[]types.Action{cognito(nil)}, "InvalidLoadBalancerAction", "must be the last action"},
		"answers first":    {[]types.Action{ordered(cognito(nil), 3), answer}, "InvalidLoadBalancerAction", "must be the last action"},
		"same order":       {[]types.Action{cognito(nil), ordered(answer, 1)}, "ValidationError", "order '1' is used more than once"},
		"order 0":          {[]types.Action{ordered(answer, 0)}, "ValidationError", "Action order '0'"},
		"foreign member":   {[]types.Action{stray}, "InvalidLoadBalancerAction", "TargetGroupArn cannot be specified"},
		"no configuration": {[]types.Action{{Type: "fixed-response"}}, "InvalidLoadBalancerAction", "FixedResponseConfig must be specified"},
		"too many actions": {[]types.Action{answer, answer, answer, answer, answer, answer}, "TooManyActions", "at most 5"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := b.ModifyListener(t.Context(), &sdk.ModifyListenerInput{ListenerArn: &listener, DefaultActions: test.actions})
			wantFault(t, err, test.code, test.message)
		})
	}
	if got := weights(b.describeRules(listener)[0].Actions[0]); got != "fixed-response" {
		t.Errorf("a refused change is there: %s", got)
	}
}
