package elb

import (
	"strconv"

	"greenlight/internal/localcloud/elb/proxy"
)

// groupOf finds the live target group of an ARN.
type groupOf func(arn string) *proxy.Group

// proxyRules is a listener as the data plane wants it: the rules in their order, and the default action.
func (l *listener) proxyRules(group groupOf) (rules []proxy.Rule, fallback proxy.Action) {
	for _, r := range l.Rules {
		one := proxy.Rule{Action: r.proxyAction(group)}
		for i := range r.Conditions {
			one.Conditions = append(one.Conditions, r.Conditions[i].proxyCondition())
		}
		rules = append(rules, one)
	}
	return rules, l.Default.proxyAction(group)
}

// onlyGroup is the target group of a network load balancer's listener.
func (l *listener) onlyGroup(group groupOf) *proxy.Group {
	for arn := range l.targetGroups() {
		return group(arn)
	}
	return nil
}

func (c *condition) proxyCondition() proxy.Condition {
	out := proxy.Condition{Kind: proxy.Kind(c.Field)}
	switch {
	case c.QueryStringConfig != nil:
		for _, pair := range c.QueryStringConfig.Values {
			out.Query = append(out.Query, proxy.KeyValue(pair))
		}
		return out
	case c.HTTPHeaderConfig != nil:
		out.Header = c.HTTPHeaderConfig.HTTPHeaderName
	}
	out.Values = c.texts()
	return out
}

// proxyAction is the last of the rule's actions, which answers; those before it authenticate.
func (r *rule) proxyAction(group groupOf) proxy.Action {
	switch a := r.Actions[len(r.Actions)-1]; a.Type {
	case actionForward:
		return proxy.Action{Forward: a.ForwardConfig.proxyForward(group)}
	case actionRedirect:
		return proxy.Action{Redirect: a.RedirectConfig.proxyRedirect()}
	default:
		return proxy.Action{Fixed: a.FixedResponseConfig.proxyFixed()}
	}
}

func (c *forwardConfig) proxyForward(group groupOf) *proxy.Forward {
	out := &proxy.Forward{}
	for _, g := range c.TargetGroups {
		out.Groups = append(out.Groups, proxy.Weighted{Group: group(g.TargetGroupARN), ARN: g.TargetGroupARN, Weight: int(*g.Weight)})
	}
	if c.Stickiness.Enabled {
		out.Stickiness = seconds(*c.Stickiness.DurationSeconds)
	}
	return out
}

func (c *redirectConfig) proxyRedirect() *proxy.Redirect {
	out := &proxy.Redirect{StatusCode: 302, Protocol: c.Protocol, Host: c.Host, Port: c.Port, Path: c.Path, Query: c.Query}
	if c.StatusCode == "HTTP_301" {
		out.StatusCode = 301
	}
	return out
}

func (c *fixedResponseConfig) proxyFixed() *proxy.FixedResponse {
	code, _ := strconv.Atoi(c.StatusCode) // three digits: it was checked
	return &proxy.FixedResponse{StatusCode: code, ContentType: either(c.ContentType, "text/plain"), Body: c.MessageBody}
}
