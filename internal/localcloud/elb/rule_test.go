package elb

import (
	"slices"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestRule_Refusals(t *testing.T) {
	b := start(t, Options{})
	listener := b.listener(b.balancer("web"), 80, fixed("404", ""))
	b.rule(listener, 10, onPath("/a"), fixed("200", ""))
	header := types.RuleCondition{Field: new("http-header"), HttpHeaderConfig: &types.HttpHeaderConditionConfig{HttpHeaderName: new("a b"), Values: []string{"x"}}}
	ip := types.RuleCondition{Field: new("source-ip"), SourceIpConfig: &types.SourceIpConditionConfig{Values: []string{"127.0.0.1"}}}
	wrong := types.RuleCondition{Field: new("path-pattern"), HostHeaderConfig: &types.HostHeaderConditionConfig{Values: []string{"x"}}}
	regex := types.RuleCondition{Field: new("path-pattern"), RegexValues: []string{"^/a$"}}
	six := types.RuleCondition{Field: new("path-pattern"), PathPatternConfig: &types.PathPatternConditionConfig{Values: []string{"/1", "/2", "/3", "/4", "/5", "/6"}}}
	tests := map[string]struct {
		priority      int32
		conditions    []types.RuleCondition
		code, message string
	}{
		"priority taken":    {10, []types.RuleCondition{onPath("/b")}, "PriorityInUse", "Priority '10' is currently in use"},
		"priority 0":        {0, []types.RuleCondition{onPath("/b")}, "ValidationError", "between 1 and 50000"},
		"priority too high": {50001, []types.RuleCondition{onPath("/b")}, "ValidationError", "'50001'"},
		"unknown field":     {1, []types.RuleCondition{{Field: new("path"), Values: []string{"/"}}}, "ValidationError", "'path' must be one of"},
		"wrong member":      {1, []types.RuleCondition{wrong}, "ValidationError", "configuration of 'host-header'"},
		"path":              {1, []types.RuleCondition{onPath("/a b")}, "ValidationError", "'/a b'"},
		"header":            {1, []types.RuleCondition{header}, "ValidationError", "name of a header"},
		"no CIDR block":     {1, []types.RuleCondition{ip}, "ValidationError", "'127.0.0.1'"},
		"no value":          {1, []types.RuleCondition{{Field: new("host-header")}}, "ValidationError", "must have a value"},
		"two paths":         {1, []types.RuleCondition{onPath("/a"), onPath("/b")}, "ValidationError", "more than one 'path-pattern'"},
		"six values":        {1, []types.RuleCondition{six}, "ValidationError", "5 condition values"},
		"wildcards":         {1, []types.RuleCondition{onPath("/*/*/*/*/*/*/*")}, "ValidationError", "6 wildcard"},
		"regex":             {1, []types.RuleCondition{regex}, "ValidationError", "Regular expressions"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := b.CreateRule(t.Context(), &sdk.CreateRuleInput{
				ListenerArn: &listener, Priority: &test.priority, Conditions: test.conditions, Actions: []types.Action{fixed("200", "")},
			})
			wantFault(t, err, test.code, test.message)
		})
	}
}

func TestRule_DefaultIsTheListeners(t *testing.T) {
	b := start(t, Options{})
	listener := b.listener(b.balancer("web"), 80, fixed("404", ""))
	arn := b.describeRules(listener)[0].RuleArn
	_, err := b.ModifyRule(t.Context(), &sdk.ModifyRuleInput{RuleArn: arn, Actions: []types.Action{fixed("200", "")}})
	wantFault(t, err, "OperationNotPermitted", "Default rule")
	_, err = b.DeleteRule(t.Context(), &sdk.DeleteRuleInput{RuleArn: arn})
	wantFault(t, err, "OperationNotPermitted", "Default rule")
	_, err = b.SetRulePriorities(t.Context(), &sdk.SetRulePrioritiesInput{RulePriorities: []types.RulePriorityPair{{RuleArn: arn, Priority: new(int32(1))}}})
	wantFault(t, err, "OperationNotPermitted", "default rule")
}

// Rules are listed by priority, page by page, and change places in one call or not at all.
func TestRule_Priorities(t *testing.T) {
	b := start(t, Options{})
	listener := b.listener(b.balancer("web"), 80, fixed("404", ""))
	low := b.rule(listener, 9, onPath("/*"), fixed("200", "low"))
	high := b.rule(listener, 10, onPath("/x"), fixed("200", "high"))
	b.rule(listener, 100, onPath("/y"), fixed("200", "last"))
	list := func() (priorities []string) {
		in := &sdk.DescribeRulesInput{ListenerArn: &listener, PageSize: new(int32(3))}
		for pages := sdk.NewDescribeRulesPaginator(b.Client, in); pages.HasMorePages(); {
			for _, r := range must(pages.NextPage(t.Context()))(t).Rules {
				priorities = append(priorities, *r.Priority)
			}
		}
		return priorities
	}
	if got := list(); !slices.Equal(got, []string{"9", "10", "100", "default"}) {
		t.Errorf("got %v", got)
	}
	if _, body := b.get(listener, "/x"); body != "low" {
		t.Errorf("got %s", body)
	}
	put := func(first, second int32) error {
		_, err := b.SetRulePriorities(t.Context(), &sdk.SetRulePrioritiesInput{RulePriorities: []types.RulePriorityPair{
			{RuleArn: &low, Priority: &first}, {RuleArn: &high, Priority: &second},
		}})
		return err
	}
	wantFault(t, put(11, 100), "PriorityInUse", "'100'")
	if _, body := b.get(listener, "/x"); body != "low" {
		t.Errorf("after a refusal: got %s", body)
	}
	if err := put(10, 9); err != nil {
		t.Fatal(err)
	}
	if _, body := b.get(listener, "/x"); body != "high" {
		t.Errorf("after the change: got %s", body)
	}
	must(b.DeleteRule(t.Context(), &sdk.DeleteRuleInput{RuleArn: &high}))(t)
	_, err := b.ModifyRule(t.Context(), &sdk.ModifyRuleInput{RuleArn: &high, Actions: []types.Action{fixed("200", "")}})
	wantFault(t, err, "RuleNotFound", "One or more rules not found")
}

// Every kind of condition reads back as it was written, and decides.
func TestRule_Conditions(t *testing.T) {
	b := start(t, Options{})
	listener := b.listener(b.balancer("web"), 80, fixed("404", "default"))
	conditions := map[string]types.RuleCondition{
		"host": onHost("*.example.com"),
		"path": onPath("/img/*"),
		"header": {Field: new("http-header"), HttpHeaderConfig: &types.HttpHeaderConditionConfig{
			HttpHeaderName: new("X-Test"), Values: []string{"yes"}}},
		"query": {Field: new("query-string"), QueryStringConfig: &types.QueryStringConditionConfig{
			Values: []types.QueryStringKeyValuePair{{Key: new("v"), Value: new("2")}}}},
	}
	priority := int32(0)
	for name, condition := range conditions {
		priority++
		b.rule(listener, priority, condition, fixed("200", name))
	}
	b.rule(listener, 50, types.RuleCondition{Field: new("http-request-method"),
		HttpRequestMethodConfig: &types.HttpRequestMethodConditionConfig{Values: []string{"POST"}}}, fixed("200", "method"))
	b.rule(listener, 51, types.RuleCondition{Field: new("source-ip"),
		SourceIpConfig: &types.SourceIpConditionConfig{Values: []string{"192.0.2.0/24"}}}, fixed("200", "source"))
	for want, request := range map[string][]string{
		"host": {"/", "Host", "a.example.com"}, "path": {"/img/x"}, "header": {"/", "X-Test", "YES"}, "query": {"/?v=2"}, "default": {"/"},
	} {
		if _, body := b.get(listener, request[0], request[1:]...); body != want {
			t.Errorf("%v: got %s, want %s", request, body, want)
		}
	}
	for _, r := range b.describeRules(listener) {
		for _, c := range r.Conditions {
			if *c.Field == "path-pattern" && (!slices.Equal(c.Values, c.PathPatternConfig.Values) || c.Values[0] != "/img/*") {
				t.Errorf("got %+v", c)
			}
			if *c.Field == "query-string" && *c.QueryStringConfig.Values[0].Key != "v" {
				t.Errorf("got %+v", c)
			}
		}
	}
}

// A redirect reads back with the placeholders of the members that were left out.
func TestRule_Redirect(t *testing.T) {
	b := start(t, Options{})
	listener := b.listener(b.balancer("web"), 80, types.Action{Type: "redirect", RedirectConfig: &types.RedirectActionConfig{
		StatusCode: "HTTP_302", Path: new("/new/#{path}"),
	}})
	c := b.describeRules(listener)[0].Actions[0].RedirectConfig
	if *c.Host != "#{host}" || *c.Port != "#{port}" || *c.Protocol != "#{protocol}" || *c.Query != "#{query}" || *c.Path != "/new/#{path}" {
		t.Errorf("got %+v", c)
	}
	if status, _ := b.get(listener, "/a?b=c"); status != 302 {
		t.Errorf("got %d", status)
	}
}
