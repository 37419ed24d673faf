package elb

import (
	"cmp"
	"regexp"
	"slices"
)

// Types of actions.
const (
	actionForward  = "forward"
	actionRedirect = "redirect"
	actionFixed    = "fixed-response"
	actionOIDC     = "authenticate-oidc"
	actionCognito  = "authenticate-cognito"
)

// Bounds of the model.
const (
	maxActions    = 5
	maxOrder      = 50_000
	maxForward    = 5
	maxWeight     = 999
	maxStickiness = 604_800
	maxFixedBody  = 1024
)

// action is one action of a rule, as it is written, saved and read back.
type action struct {
	Type                string
	Order               *int64               `json:",omitempty" xml:",omitempty"`
	TargetGroupARN      string               `json:",omitempty" query:"TargetGroupArn" xml:"TargetGroupArn,omitempty"`
	ForwardConfig       *forwardConfig       `json:",omitempty"`
	RedirectConfig      *redirectConfig      `json:",omitempty"`
	FixedResponseConfig *fixedResponseConfig `json:",omitempty"`
	OIDCConfig          *oidcConfig          `json:",omitempty" query:"AuthenticateOidcConfig" xml:"AuthenticateOidcConfig"`
	CognitoConfig       *cognitoConfig       `json:",omitempty" query:"AuthenticateCognitoConfig" xml:"AuthenticateCognitoConfig"`
}

type (
	forwardConfig struct {
		TargetGroups list[weightedGroup]
		Stickiness   *stickinessConfig `json:",omitempty" query:"TargetGroupStickinessConfig" xml:"TargetGroupStickinessConfig"`
	}
	weightedGroup struct {
		TargetGroupARN string `query:"TargetGroupArn" xml:"TargetGroupArn"`
		Weight         *int64
	}
	stickinessConfig struct {
		Enabled         bool
		DurationSeconds *int64 `json:",omitempty"`
	}
	redirectConfig struct {
		Protocol, Port, Host, Path string
		Query                      *string
		StatusCode                 string
	}
	fixedResponseConfig struct {
		MessageBody string `xml:",omitempty"`
		StatusCode  string
		ContentType string `xml:",omitempty"`
	}
)

// targetGroups are the groups that the action names.
func (a action) targetGroups() []weightedGroup {
	if a.ForwardConfig == nil {
		return nil
	}
	return a.ForwardConfig.TargetGroups
}

// checkActions holds the actions of a rule of l to the model's rules and returns them as they read back, by order.
func (d *draft) checkActions(sc scope, l *listener, given list[action]) (list[action], error) {
	if len(given) == 0 {
		return nil, invalid("An action must be specified")
	}
	if len(given) > maxActions {
		return nil, fault(codeTooManyActions, "A rule can have at most %d actions", maxActions)
	}
	actions := slices.Clone(given)
	for i := range actions {
		a := &actions[i]
		if len(actions) > 1 && a.Order == nil {
			return nil, invalid("An order must be specified for every action of a rule with several actions")
		}
		if a.Order != nil && (*a.Order < 1 || *a.Order > maxOrder) {
			return nil, invalid("Action order '%d' must be between 1 and %d", *a.Order, maxOrder)
		}
		if err := d.checkAction(sc, l, a); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(actions, func(a, b action) int { return cmp.Compare(a.order(), b.order()) })
	return actions, checkSequence(actions)
}

func (a action) order() int64 {
	if a.Order == nil {
		return 0
	}
	return *a.Order
}

// ends tells whether the action answers the request.
func (a action) ends() bool {
	return a.Type == actionForward || a.Type == actionRedirect || a.Type == actionFixed
}

// checkSequence holds actions to "exactly one of forward, redirect and fixed-response, and it is the last".
func checkSequence(actions list[action]) error {
	for i, a := range actions {
		if last := i == len(actions)-1; a.ends() != last {
			return fault(codeInvalidAction,
				"A rule must have exactly one forward, redirect or fixed-response action, and it must be the last action to be performed")
		}
		if i > 0 && a.order() == actions[i-1].order() {
			return invalid("Action order '%d' is used more than once", a.order())
		}
	}
	return nil
}

func (d *draft) checkAction(sc scope, l *listener, a *action) error {
	if l.Protocol == protocolTCP && a.Type != actionForward {
		return fault(codeInvalidAction, "Action type '%s' must be 'forward' for listeners with protocol '%s'", a.Type, l.Protocol)
	}
	if err := a.checkConfigs(); err != nil {
		return err
	}
	switch a.Type {
	case actionForward:
		return d.checkForward(sc, l, a)
	case actionRedirect:
		return a.checkRedirect()
	case actionFixed:
		return a.checkFixed()
	case actionOIDC:
		return a.checkOIDC()
	case actionCognito:
		return a.checkCognito()
	}
	return fault(codeInvalidAction, "Action type '%s' must be one of '%s', '%s', '%s', '%s', '%s'",
		a.Type, actionForward, actionRedirect, actionFixed, actionOIDC, actionCognito)
}

// checkConfigs refuses the members of other types than the action's own.
func (a *action) checkConfigs() error {
	for _, member := range []struct {
		name, of string
		given    bool
	}{
		{"TargetGroupArn", actionForward, a.TargetGroupARN != ""},
		{"ForwardConfig", actionForward, a.ForwardConfig != nil},
		{"RedirectConfig", actionRedirect, a.RedirectConfig != nil},
		{"FixedResponseConfig", actionFixed, a.FixedResponseConfig != nil},
		{"AuthenticateOidcConfig", actionOIDC, a.OIDCConfig != nil},
		{"AuthenticateCognitoConfig", actionCognito, a.CognitoConfig != nil},
	} {
		if member.given && member.of != a.Type {
			return fault(codeInvalidAction, "%s cannot be specified for actions of type '%s'", member.name, a.Type)
		}
	}
	return nil
}

var (
	fixedStatus  = regexp.MustCompile(`^[245][0-9][0-9]$`)
	contentTypes = []string{"text/plain", "text/css", "text/html", "application/javascript", "application/json"}
)

func (a *action) checkFixed() error {
	c := a.FixedResponseConfig
	switch {
	case c == nil:
		return fault(codeInvalidAction, "A FixedResponseConfig must be specified for actions of type '%s'", a.Type)
	case !fixedStatus.MatchString(c.StatusCode):
		return invalid("The status code '%s' of a fixed response must be 2XX, 4XX or 5XX", c.StatusCode)
	case len(c.MessageBody) > maxFixedBody:
		return invalid("The message body of a fixed response can be at most %d characters", maxFixedBody)
	case c.ContentType != "" && !slices.Contains(contentTypes, c.ContentType):
		return invalid("The content type '%s' of a fixed response must be one of %s", c.ContentType, contentTypes)
	}
	return nil
}
