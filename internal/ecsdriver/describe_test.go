package ecsdriver_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"greenlight/internal/awsaccess"
	"greenlight/internal/ecsdriver"
)

func targetGroupXML(name, arn, loadBalancer string) string {
	return `<member><TargetGroupName>` + name + `</TargetGroupName><TargetGroupArn>` + arn + `</TargetGroupArn><Protocol>HTTP</Protocol>` +
		`<LoadBalancerArns>` + loadBalancer + `</LoadBalancerArns></member>`
}

func TestTargetGroupsComeInTheOrderAskedFor(t *testing.T) {
	w, driver := newWire(t)
	w.ok("DescribeTargetGroups", `<TargetGroups>`+targetGroupXML("tgA", tgA, `<member>arn:lb</member>`)+targetGroupXML("tgB", tgB, ``)+`</TargetGroups>`)
	got, err := driver.TargetGroups(t.Context(), as, []string{"tgB", "tgA"})
	if err != nil {
		t.Fatal(err)
	}
	want := []ecsdriver.TargetGroup{
		{Name: "tgB", ARN: tgB, Protocol: "HTTP"},
		{Name: "tgA", ARN: tgA, Protocol: "HTTP", LoadBalancerARNs: []string{"arn:lb"}},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("target groups (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Names.member.1=tgB", "Names.member.2=tgA"}, flat(w.asked()[0].form)); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
	_, err = driver.TargetGroups(t.Context(), as, []string{"tgA", "tgC"})
	wantFault(t, err, awsaccess.NotFound, "AmazonElasticLoadBalancing", "TargetGroupNotFound")
}

func TestListenerWithRulesOfSeveralPages(t *testing.T) {
	w, driver := newWire(t)
	w.ok("DescribeListeners", listenerXML(l80, notFound))
	w.ok("DescribeRules",
		`<Rules>`+ruleXML("30", split(90, 10))+ruleXML("default", notFound)+`</Rules><NextMarker>more</NextMarker>`,
		`<Rules>`+ruleXML("4", oidc+sticky)+`</Rules>`)
	got, err := driver.Listener(t.Context(), as, l80)
	if err != nil {
		t.Fatal(err)
	}
	want := ecsdriver.Listener{
		ARN: l80, LoadBalancerARN: "arn:lb", Protocol: "HTTP", Application: true,
		Rules: []ecsdriver.Rule{rule(4, only(tgA)), rule(30, both(90, 10)), fallback(nil)},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(ecsdriver.Rule{})); diff != "" {
		t.Errorf("listener (-want +got):\n%s", diff)
	}
	pages := w.asked("DescribeRules")
	if len(pages) != 2 || pages[0].form.Get("Marker") != "" || pages[1].form.Get("Marker") != "more" || pages[1].form.Get("ListenerArn") != l80 {
		t.Errorf("pages asked for are %v", pages)
	}
}

// ecs.md 7.2: both ways to name a target group, and what is left out.
func TestRepresentationsRead(t *testing.T) {
	member := func(arn, weight string) string {
		return `<member><TargetGroupArn>` + arn + `</TargetGroupArn>` + weight + `</member>`
	}
	config := func(members string) string {
		return `<member><Type>forward</Type><ForwardConfig><TargetGroups>` + members + `</TargetGroups></ForwardConfig></member>`
	}
	for name, c := range map[string]struct {
		actions string
		want    weights
	}{
		"TargetGroupArn alone":    {`<member><Type>forward</Type><TargetGroupArn>` + tgA + `</TargetGroupArn></member>`, only(tgA)},
		"both forms":              {forwardTo(tgA), only(tgA)},
		"ForwardConfig alone":     {config(member(tgA, "<Weight>7</Weight>")), weights{{tgA, 7}}},
		"weights absent":          {config(member(tgA, "") + member(tgB, "")), both(1, 1)},
		"weights 0":               {config(member(tgA, "<Weight>0</Weight>") + member(tgB, "<Weight>0</Weight>")), both(0, 0)},
		"login first":             {oidc + sticky, only(tgA)},
		"redirect":                {`<member><Type>redirect</Type></member>`, nil},
		"no actions":              {``, nil},
		"forward to nothing":      {`<member><Type>forward</Type></member>`, nil},
		"empty ForwardConfig too": {config(""), nil},
	} {
		t.Run(name, func(t *testing.T) {
			w, driver := newWire(t)
			w.serves(c.actions)
			l, err := driver.Listener(t.Context(), as, l80)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, l.Rules[0].Forward); diff != "" {
				t.Errorf("forward (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListenersThatCannotBeRead(t *testing.T) {
	for name, c := range map[string]struct {
		setUp func(*wire)
		kind  awsaccess.FaultKind
		code  string
	}{
		"not found":     {func(w *wire) { w.says("DescribeListeners", elbError(400, "ListenerNotFound", "no")) }, awsaccess.NotFound, "ListenerNotFound"},
		"empty answer":  {func(w *wire) { w.ok("DescribeListeners", `<Listeners/>`) }, awsaccess.NotFound, "ListenerNotFound"},
		"endless rules": {func(w *wire) { w.ok("DescribeRules", `<Rules/><NextMarker>again</NextMarker>`) }, awsaccess.Unavailable, ""},
		"odd priority":  {func(w *wire) { w.ok("DescribeRules", `<Rules>`+ruleXML("high", notFound)+`</Rules>`) }, awsaccess.Unavailable, ""},
		"rules denied":  {func(w *wire) { w.says("DescribeRules", elbError(403, "AccessDenied", "no")) }, awsaccess.Denied, "AccessDenied"},
	} {
		t.Run(name, func(t *testing.T) {
			w, driver := newWire(t)
			w.serves(forwardTo(tgA))
			c.setUp(w)
			_, err := driver.Listener(t.Context(), as, l80)
			wantFault(t, err, c.kind, "AmazonElasticLoadBalancing", c.code)
			_, err = driver.Shift(t.Context(), as, l80, pair, 10)
			wantFault(t, err, c.kind, "AmazonElasticLoadBalancing", c.code)
			wantWrites(t, w)
		})
	}
}

// What ELB refuses with (ecs.md 11 and 15).
func TestELBFaults(t *testing.T) {
	for _, c := range []struct {
		status int
		code   string
		kind   awsaccess.FaultKind
	}{
		{400, "TargetGroupNotFound", awsaccess.NotFound},
		{400, "ListenerNotFound", awsaccess.NotFound},
		{400, "RuleNotFound", awsaccess.NotFound},
		{400, "TargetGroupAssociationLimit", awsaccess.Invalid},
		{400, "IncompatibleProtocols", awsaccess.Invalid},
		{400, "OperationNotPermitted", awsaccess.Invalid},
		{400, "ValidationError", awsaccess.Invalid},
		{403, "AccessDenied", awsaccess.Denied},
		{400, "AccessDeniedException", awsaccess.Denied},
		{400, "Throttling", awsaccess.Throttled},
		{500, "InternalFailure", awsaccess.Unavailable},
		{503, "ServiceUnavailable", awsaccess.Unavailable},
	} {
		t.Run(fmt.Sprint(c.status, " ", c.code), func(t *testing.T) {
			w, driver := newWire(t)
			w.serves(forwardTo(tgA))
			w.says("ModifyListener", elbError(c.status, c.code, "so it is"))
			_, err := driver.Shift(t.Context(), as, l80, pair, 100)
			fault := wantFault(t, err, c.kind, "AmazonElasticLoadBalancing", c.code)
			if fault.StatusCode != c.status || fault.RequestID != requestID || fault.Message != "so it is" || fault.Operation != "ModifyListener" {
				t.Errorf("fault is %+v, want ELB's status, message and request id", fault)
			}
			if n := len(w.writes()); n != 1 {
				t.Errorf("%d writes, want 1: nothing is retried", n)
			}
		})
	}
}

// E47: everything the driver can do, and no call outside the closed list of ecs.md 6.1.
func TestE47ClosedListOfCalls(t *testing.T) {
	w, driver := newWire(t)
	w.serves(forwardTo(tgA), "5", forwardTo(tgA))
	w.ok("DescribeTargetGroups", `<TargetGroups>`+targetGroupXML("tgA", tgA, ``)+`</TargetGroups>`)
	w.says("DescribeServices", services(``))
	for _, operation := range []string{"CreateTaskSet", "UpdateServicePrimaryTaskSet", "DeleteTaskSet"} {
		w.says(operation, answer{body: `{"taskSet":` + greenJSON + `}`})
	}
	ctx := t.Context()
	for name, call := range map[string]func() error{
		"Service":        func() error { _, err := driver.Service(ctx, as, "c1", "s1"); return err },
		"CreateTaskSet":  func() error { _, err := driver.CreateTaskSet(ctx, as, spec()); return err },
		"PromoteTaskSet": func() error { return driver.PromoteTaskSet(ctx, as, "c1", "s1", "ecs-svc/2") },
		"DeleteTaskSet":  func() error { return driver.DeleteTaskSet(ctx, as, "c1", "s1", "ecs-svc/1") },
		"TargetGroups":   func() error { _, err := driver.TargetGroups(ctx, as, []string{"tgA"}); return err },
		"Listener":       func() error { _, err := driver.Listener(ctx, as, l80); return err },
		"Attach":         func() error { _, err := driver.Attach(ctx, as, l80, pair); return err },
		"Shift":          func() error { _, err := driver.Shift(ctx, as, l80, pair, 100); return err },
		"Normalize":      func() error { return driver.Normalize(ctx, as, l80, pair) },
	} {
		if err := call(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	got := slices.Compact(slices.Sorted(slices.Values(names(w.asked()))))
	want := []string{
		"CreateTaskSet", "DeleteTaskSet", "DescribeListeners", "DescribeRules", "DescribeServices", "DescribeTargetGroups",
		"ModifyListener", "ModifyRule", "UpdateServicePrimaryTaskSet",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("operations (-want +got):\n%s", diff)
	}
}

// The SDK's own variables say where the two services are, as for every other service.
func TestEndpointVariables(t *testing.T) {
	w, _ := newWire(t)
	w.serves(forwardTo(tgA))
	w.says("DescribeServices", services(``))
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_ECS": server.URL, "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2": server.URL,
		"AWS_PROFILE": "", "AWS_CA_BUNDLE": "",
	} {
		t.Setenv(name, value)
	}
	base, err := config.LoadDefaultConfig(t.Context(), config.WithSharedConfigFiles(nil))
	if err != nil {
		t.Fatal(err)
	}
	base.HTTPClient = aws.HTTPClient(http.DefaultClient)
	driver := ecsdriver.New(awsaccess.New(awsaccess.Options{Base: base, AccountCredentials: true}))
	if _, err := driver.Service(t.Context(), as, "c1", "s1"); err != nil {
		t.Error(err)
	}
	if _, err := driver.Listener(t.Context(), as, l80); err != nil {
		t.Error(err)
	}
}
