package ecsdriver_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenlight/internal/awsaccess"
	"greenlight/internal/ecsdriver"
)

func forwardTo(arn string) string {
	return fmt.Sprintf(`<member><Type>forward</Type><Order>1</Order><TargetGroupArn>%[1]s</TargetGroupArn><ForwardConfig><TargetGroups>`+
		`<member><TargetGroupArn>%[1]s</TargetGroupArn><Weight>1</Weight></member></TargetGroups>`+
		`<TargetGroupStickinessConfig><Enabled>false</Enabled></TargetGroupStickinessConfig></ForwardConfig></member>`, arn)
}

func split(blue, green int) string {
	return fmt.Sprintf(`<member><Type>forward</Type><Order>1</Order><ForwardConfig><TargetGroups>`+
		`<member><TargetGroupArn>%s</TargetGroupArn><Weight>%d</Weight></member>`+
		`<member><TargetGroupArn>%s</TargetGroupArn><Weight>%d</Weight></member></TargetGroups></ForwardConfig></member>`, tgA, blue, tgB, green)
}

const (
	notFound = `<member><Type>fixed-response</Type><Order>1</Order><FixedResponseConfig><StatusCode>404</StatusCode>` +
		`</FixedResponseConfig></member>`
	oidc = `<member><Type>authenticate-oidc</Type><Order>1</Order><AuthenticateOidcConfig><Issuer>https://id.test</Issuer>` +
		`<AuthorizationEndpoint>https://id.test/a</AuthorizationEndpoint><TokenEndpoint>https://id.test/t</TokenEndpoint>` +
		`<UserInfoEndpoint>https://id.test/u</UserInfoEndpoint><ClientId>client</ClientId><SessionTimeout>60</SessionTimeout>` +
		`<OnUnauthenticatedRequest>deny</OnUnauthenticatedRequest></AuthenticateOidcConfig></member>`
	sticky = `<member><Type>forward</Type><Order>2</Order><ForwardConfig><TargetGroups><member><TargetGroupArn>` + tgA +
		`</TargetGroupArn></member></TargetGroups><TargetGroupStickinessConfig><Enabled>true</Enabled><DurationSeconds>300</DurationSeconds>` +
		`</TargetGroupStickinessConfig></ForwardConfig></member>`
)

func listenerXML(arn, actions string) string {
	return `<Listeners><member><ListenerArn>` + arn + `</ListenerArn><LoadBalancerArn>arn:lb</LoadBalancerArn><Port>80</Port>` +
		`<Protocol>HTTP</Protocol><DefaultActions>` + actions + `</DefaultActions></member></Listeners>`
}

func ruleXML(priority, actions string) string {
	return fmt.Sprintf(`<member><RuleArn>%s%s</RuleArn><Priority>%s</Priority><IsDefault>%t</IsDefault><Actions>%s</Actions></member>`,
		rulesARN, priority, priority, priority == "default", actions)
}

// serves sets up one ALB listener; rules go by pairs of priority and actions. Writes are granted.
func (w *wire) serves(fallback string, rules ...string) {
	var list strings.Builder
	for r := range slices.Chunk(rules, 2) {
		list.WriteString(ruleXML(r[0], r[1]))
	}
	w.ok("DescribeListeners", listenerXML(l80, fallback))
	w.ok("DescribeRules", `<Rules>`+list.String()+ruleXML("default", fallback)+`</Rules>`)
	w.ok("ModifyListener", ``)
	w.ok("ModifyRule", ``)
}

// writes returns the writes that came, in order and comparable.
func (w *wire) writes() [][]string {
	var list [][]string
	for _, r := range w.asked("ModifyListener", "ModifyRule") {
		list = append(list, flat(r.form))
	}
	return list
}

// splitForm is a forward action as it is written.
func splitForm(prefix, arn string, order, blue, green int) []string {
	form := []string{arn}
	for key, value := range map[string]any{
		"Type": "forward", "Order": order,
		"ForwardConfig.TargetGroups.member.1.TargetGroupArn": "tgA", "ForwardConfig.TargetGroups.member.1.Weight": blue,
		"ForwardConfig.TargetGroups.member.2.TargetGroupArn": "tgB", "ForwardConfig.TargetGroups.member.2.Weight": green,
	} {
		form = append(form, fmt.Sprintf("%s.member.%d.%s=%v", prefix, order, key, value))
	}
	return form
}

func sorted(form ...string) []string { return slices.Sorted(slices.Values(form)) }

func wantWrites(t *testing.T, w *wire, want ...[]string) {
	t.Helper()
	for i := range want {
		want[i] = sorted(want[i]...)
	}
	if diff := cmp.Diff(want, w.writes()); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
}

const stickyOff = "DefaultActions.member.1.ForwardConfig.TargetGroupStickinessConfig.Enabled=false"

// The example of ecs.md 15.1, and the share that comes back.
func TestShiftOnTheWire(t *testing.T) {
	w, driver := newWire(t)
	w.serves(forwardTo(tgA))
	share, err := driver.Shift(t.Context(), as, l80, pair, 10)
	if err != nil || share != (ecsdriver.Share{Blue: 90, Green: 10}) {
		t.Errorf("share is %+v, %v", share, err)
	}
	wantWrites(t, w, append(splitForm("DefaultActions", "ListenerArn=L80", 1, 90, 10), stickyOff))
}

// E42: rules by priority, the default action last; E41: the foreign one is left alone.
func TestE42AllThatBelongIsShiftedInOrder(t *testing.T) {
	w, driver := newWire(t)
	w.serves(split(100, 0), "20", split(100, 0), "3", split(50, 50), "7", forwardTo(tgX))
	if _, err := driver.Shift(t.Context(), as, l80, pair, 100); err != nil {
		t.Fatal(err)
	}
	wantWrites(t, w,
		splitForm("Actions", "RuleArn=rule/3", 1, 0, 100),
		splitForm("Actions", "RuleArn=rule/20", 1, 0, 100),
		splitForm("DefaultActions", "ListenerArn=L80", 1, 0, 100),
	)
}

// E45: the login before the forward, its Order, the stickiness; and the client secret, which is never read back.
func TestE45OtherActionsAreKept(t *testing.T) {
	w, driver := newWire(t)
	w.serves(notFound, "5", oidc+sticky)
	if _, err := driver.Shift(t.Context(), as, l80, pair, 10); err != nil {
		t.Fatal(err)
	}
	want := splitForm("Actions", "RuleArn=rule/5", 2, 90, 10)
	want = append(want,
		"Actions.member.2.ForwardConfig.TargetGroupStickinessConfig.Enabled=true",
		"Actions.member.2.ForwardConfig.TargetGroupStickinessConfig.DurationSeconds=300",
		"Actions.member.1.Type=authenticate-oidc",
		"Actions.member.1.Order=1")
	for key, value := range map[string]string{
		"Issuer": "https://id.test", "AuthorizationEndpoint": "https://id.test/a", "TokenEndpoint": "https://id.test/t",
		"UserInfoEndpoint": "https://id.test/u", "ClientId": "client", "SessionTimeout": "60", "OnUnauthenticatedRequest": "deny",
		"UseExistingClientSecret": "true",
	} {
		want = append(want, "Actions.member.1.AuthenticateOidcConfig."+key+"="+value)
	}
	wantWrites(t, w, want)
}

func TestShiftThatIsDoneWritesNothing(t *testing.T) {
	w, driver := newWire(t)
	w.serves(split(90, 10), "5", split(9, 1))
	share, err := driver.Shift(t.Context(), as, l80, pair, 10)
	if err != nil || share != (ecsdriver.Share{Blue: 90, Green: 10}) {
		t.Errorf("share is %+v, %v", share, err)
	}
	wantWrites(t, w)
}

// E70: no rules are asked for, and the single group is swapped.
func TestE70NetworkLoadBalancer(t *testing.T) {
	w, driver := newWire(t)
	w.ok("DescribeListeners", listenerXML(nlb80, forwardTo(tgA)))
	w.ok("ModifyListener", ``)
	share, err := driver.Shift(t.Context(), as, nlb80, pair, 100)
	if err != nil || share != (ecsdriver.Share{Green: 100}) {
		t.Errorf("share is %+v, %v", share, err)
	}
	wantWrites(t, w, []string{"ListenerArn=NLB80", "DefaultActions.member.1.Type=forward", "DefaultActions.member.1.Order=1",
		"DefaultActions.member.1.TargetGroupArn=tgB"})
	_, err = driver.Shift(t.Context(), as, nlb80, pair, 10)
	wantFault(t, err, awsaccess.Invalid, "AmazonElasticLoadBalancing", ecsdriver.CodeNotGradual)
	if share, err = driver.Attach(t.Context(), as, nlb80, pair); err != nil || share != (ecsdriver.Share{Blue: 100}) {
		t.Errorf("attached share is %+v, %v", share, err)
	}
	if got := names(w.asked("DescribeRules", "ModifyListener")); len(got) != 1 {
		t.Errorf("calls are %v, want one write and no DescribeRules", got)
	}
}

func TestE73AttachNamesBoth(t *testing.T) {
	w, driver := newWire(t)
	w.serves(forwardTo(tgA), "5", split(100, 0))
	share, err := driver.Attach(t.Context(), as, l80, pair)
	if err != nil || share != (ecsdriver.Share{Blue: 100}) {
		t.Errorf("share is %+v, %v", share, err)
	}
	wantWrites(t, w, append(splitForm("DefaultActions", "ListenerArn=L80", 1, 100, 0), stickyOff))
}

func TestE60NormalizeGivesBlueEverything(t *testing.T) {
	w, driver := newWire(t)
	w.serves(split(0, 100), "5", forwardTo(tgA), "6", forwardTo(tgX))
	if err := driver.Normalize(t.Context(), as, l80, pair); err != nil {
		t.Error(err)
	}
	wantWrites(t, w, splitForm("DefaultActions", "ListenerArn=L80", 1, 100, 0))
}

// Before every shift the listener is read anew; one that somebody took is not written (ecs.md 7.5).
func TestShiftOfATakenListener(t *testing.T) {
	for code, fallback := range map[string]string{
		ecsdriver.CodeForeignTargetGroup: strings.Replace(split(90, 10), tgB, tgX, 1),
		ecsdriver.CodeNotBehindListener:  forwardTo(tgX),
	} {
		t.Run(code, func(t *testing.T) {
			w, driver := newWire(t)
			w.serves(fallback, "5", forwardTo(tgX))
			_, err := driver.Shift(t.Context(), as, l80, pair, 20)
			fault := wantFault(t, err, awsaccess.Invalid, "AmazonElasticLoadBalancing", code)
			if !strings.Contains(fault.Message, l80) {
				t.Errorf("message %q does not name the listener", fault.Message)
			}
			wantWrites(t, w)
		})
	}
}

func TestShiftByNoPercentage(t *testing.T) {
	w, driver := newWire(t)
	for _, green := range []int{-1, 101} {
		_, err := driver.Shift(t.Context(), as, l80, pair, green)
		wantFault(t, err, awsaccess.Invalid, "AmazonElasticLoadBalancing", ecsdriver.CodeNoPercentage)
	}
	if got := w.asked(); len(got) != 0 {
		t.Errorf("%d calls, want none", len(got))
	}
}

// E42 with a failure half-way: what was changed goes back as it was, and the shift fails with ELB's reason.
func TestHalfWrittenShiftIsPutBack(t *testing.T) {
	w, driver := newWire(t)
	w.serves(split(90, 10), "3", oidc+sticky, "5", split(90, 10))
	w.says("ModifyListener", elbError(400, "TargetGroupAssociationLimit", "two load balancers"))
	_, err := driver.Shift(t.Context(), as, l80, pair, 20)
	fault := wantFault(t, err, awsaccess.Invalid, "AmazonElasticLoadBalancing", "TargetGroupAssociationLimit")
	if fault.Message != "two load balancers" {
		t.Errorf("message is %q, want ELB's own", fault.Message)
	}
	writes := w.writes()
	if got := names(w.asked("ModifyListener", "ModifyRule")); !slices.Equal(got,
		[]string{"ModifyRule", "ModifyRule", "ModifyListener", "ModifyRule", "ModifyRule"}) {
		t.Fatalf("writes are %v, want two rules, the refused listener, and the two rules back", got)
	}
	if diff := cmp.Diff(sorted(splitForm("Actions", "RuleArn=rule/5", 1, 90, 10)...), writes[3]); diff != "" {
		t.Errorf("put back first (-want +got):\n%s", diff)
	}
	for _, member := range []string{"RuleArn=rule/3", "Actions.member.2.ForwardConfig.TargetGroups.member.1.TargetGroupArn=tgA",
		"Actions.member.1.AuthenticateOidcConfig.UseExistingClientSecret=true",
		"Actions.member.2.ForwardConfig.TargetGroupStickinessConfig.DurationSeconds=300"} {
		if !slices.Contains(writes[4], member) {
			t.Errorf("put back last is %v, want %s in it", writes[4], member)
		}
	}
}

// Nobody knows whether a write without an answer was carried out, so it is put back too.
func TestUnansweredWriteIsPutBackToo(t *testing.T) {
	w, driver := newWire(t)
	w.serves(split(90, 10), "3", split(90, 10))
	w.says("ModifyListener", answer{status: http.StatusBadGateway}, granted("ModifyListener", ""))
	if _, err := driver.Shift(t.Context(), as, l80, pair, 20); err == nil {
		t.Error("a shift without an answer succeeded")
	}
	wantWrites(t, w,
		splitForm("Actions", "RuleArn=rule/3", 1, 80, 20),
		splitForm("DefaultActions", "ListenerArn=L80", 1, 80, 20),
		splitForm("DefaultActions", "ListenerArn=L80", 1, 90, 10),
		splitForm("Actions", "RuleArn=rule/3", 1, 90, 10),
	)
}

func TestWhatCannotBePutBackIsNamed(t *testing.T) {
	w, driver := newWire(t)
	w.serves(split(90, 10), "3", split(90, 10))
	w.says("ModifyRule", granted("ModifyRule", ""), elbError(400, "Throttling", "Rate exceeded"))
	w.says("ModifyListener", elbError(403, "AccessDenied", "not authorized"))
	_, err := driver.Shift(t.Context(), as, l80, pair, 20)
	fault := wantFault(t, err, awsaccess.Denied, "AmazonElasticLoadBalancing", "AccessDenied")
	if !strings.HasPrefix(fault.Message, "not authorized") || !strings.Contains(fault.Message, rulesARN+"3") {
		t.Errorf("message is %q, want ELB's own and the rule that stays changed", fault.Message)
	}
}

// A server that is told to end in the middle still puts back.
func TestHalfWrittenShiftIsPutBackAfterTheContextEnded(t *testing.T) {
	w, driver := newWire(t)
	w.serves(split(90, 10), "3", split(90, 10))
	ctx, cancel := context.WithCancel(t.Context())
	w.onCall = func(r request) {
		if r.operation == "ModifyListener" {
			cancel()
			w.says("ModifyListener", granted("ModifyListener", ""))
		}
	}
	w.says("ModifyListener", answer{status: http.StatusInternalServerError})
	_, err := driver.Shift(ctx, as, l80, pair, 20)
	if err == nil {
		t.Error("a shift without an answer succeeded")
	}
	if got := names(w.asked("ModifyListener", "ModifyRule")); !slices.Equal(got,
		[]string{"ModifyRule", "ModifyListener", "ModifyListener", "ModifyRule"}) {
		t.Errorf("writes are %v, want both back", got)
	}
}
