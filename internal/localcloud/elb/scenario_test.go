package elb

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// fixture is F of ecs.md 16 without the service: a listener on port 80 before tgA, and tgB idle.
type fixture struct {
	*bench
	balancer, tgA, tgB, l80 string
	a, b                    TargetID
}

func newFixture(t *testing.T) fixture {
	t.Helper()
	f := fixture{bench: start(t, Options{})}
	f.balancer, f.tgA, f.tgB = f.bench.balancer("web"), f.group("tgA"), f.group("tgB")
	f.l80 = f.listener(f.balancer, 80, forward(f.tgA))
	f.a, f.b = application(t, saying("app:1")), application(t, saying("app:2"))
	f.register(f.tgA, f.a)
	f.register(f.tgB, f.b)
	f.awaitState(f.tgA, f.a, StateHealthy, "")
	return f
}

// weights is what a rule gives to its target groups, in its order.
func weights(a types.Action) string {
	if a.ForwardConfig == nil {
		return string(a.Type)
	}
	text := ""
	for _, g := range a.ForwardConfig.TargetGroups {
		text += fmt.Sprintf("%s %d ", (*g.TargetGroupArn)[len(*g.TargetGroupArn)-20:len(*g.TargetGroupArn)-17], *g.Weight)
	}
	return text
}

// The set-ups of E39 to E45 read back as the driver needs them.
func TestScenario_SetUps(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	tgX := f.group("tgX")
	rules := map[string]string{ // condition value -> rule
		"E40": f.rule(f.l80, 40, onHost("x.example.com"), forward(f.tgB)),
		"E41": f.rule(f.l80, 41, onHost("y.example.com"), forward(tgX)),
		"E42": f.rule(f.l80, 42, onPath("/p"), forward(f.tgA)),
	}
	f.modify(f.l80, forward(f.tgA, 30, tgX, 70)) // E43
	want := map[string]string{"40": "tgB 1 ", "41": "tgX 1 ", "42": "tgA 1 ", "default": "tgA 30 tgX 70 "}
	for _, r := range f.describeRules(f.l80) {
		if got := weights(r.Actions[0]); got != want[*r.Priority] {
			t.Errorf("rule %s: got %s, want %s", *r.Priority, got, want[*r.Priority])
		}
	}
	must(f.ModifyRule(ctx, &sdk.ModifyRuleInput{RuleArn: new(rules["E42"]), Actions: []types.Action{forward(f.tgA, 0, f.tgB, 100)}}))(t)
	got := must(f.DescribeRules(ctx, &sdk.DescribeRulesInput{RuleArns: []string{rules["E42"], rules["E40"]}}))(t).Rules
	if len(got) != 2 || weights(got[1].Actions[0]) != "tgA 0 tgB 100 " || *got[1].Conditions[0].Field != "path-pattern" {
		t.Errorf("E42: got %+v", got)
	}
	f.modify(f.l80, fixed("404", "nobody")) // E44
	if status, body := f.get(f.l80, "/"); status != 404 || body != "nobody" {
		t.Errorf("E44: got %d %s", status, body)
	}
	if _, body := f.get(f.l80, "/p"); body != "app:2" {
		t.Errorf("E42: got %s", body)
	}
}

// E45: stickiness and an authenticate action are kept, and the secret is never told.
func TestScenario_E45(t *testing.T) {
	f := newFixture(t)
	action := forward(f.tgA, 100, f.tgB, 0)
	action.Order = new(int32(2))
	action.ForwardConfig.TargetGroupStickinessConfig = &types.TargetGroupStickinessConfig{Enabled: new(true), DurationSeconds: new(int32(60))}
	oidc := types.Action{Type: types.ActionTypeEnumAuthenticateOidc, Order: new(int32(1)), AuthenticateOidcConfig: &types.AuthenticateOidcActionConfig{
		Issuer: new("https://id.example.com"), AuthorizationEndpoint: new("https://id.example.com/auth"), TokenEndpoint: new("https://id.example.com/token"),
		UserInfoEndpoint: new("https://id.example.com/user"), ClientId: new("greenlight"), ClientSecret: new("hidden"),
		AuthenticationRequestExtraParams: map[string]string{"prompt": "login"},
	}}
	arn := f.rule(f.l80, 1, onPath("/private/*"), action, oidc)
	read := func() (types.Action, types.Action) {
		r := must(f.DescribeRules(t.Context(), &sdk.DescribeRulesInput{RuleArns: []string{arn}}))(t).Rules[0]
		if len(r.Actions) != 2 || r.Actions[0].AuthenticateOidcConfig == nil {
			t.Fatalf("got %+v", r.Actions)
		}
		return r.Actions[0], r.Actions[1]
	}
	auth, sent := read()
	if c := auth.AuthenticateOidcConfig; c.ClientSecret != nil || *c.SessionTimeout != 604800 || c.AuthenticationRequestExtraParams["prompt"] != "login" {
		t.Errorf("got %+v", c)
	}
	auth.AuthenticateOidcConfig.UseExistingClientSecret = new(true)
	sent.ForwardConfig.TargetGroups[0].Weight, sent.ForwardConfig.TargetGroups[1].Weight = new(int32(0)), new(int32(100))
	must(f.ModifyRule(t.Context(), &sdk.ModifyRuleInput{RuleArn: &arn, Actions: []types.Action{auth, sent}}))(t)
	again, shifted := read()
	if weights(shifted) != "tgA 0 tgB 100 " || *shifted.ForwardConfig.TargetGroupStickinessConfig.DurationSeconds != 60 || *again.AuthenticateOidcConfig.ClientId != "greenlight" {
		t.Errorf("got %+v %+v", again, shifted)
	}
}

// E73: naming green with weight 0 gets it probed before any traffic reaches it.
func TestScenario_E73(t *testing.T) {
	f := newFixture(t)
	if health := f.service.Health(account, region, f.tgB); health[f.b] != unused {
		t.Errorf("before: %v", health)
	}
	f.modify(f.l80, forward(f.tgA, 100, f.tgB, 0))
	f.awaitState(f.tgB, f.b, StateHealthy, "")
	for range 20 {
		if _, body := f.get(f.l80, "/"); body != "app:1" {
			t.Fatalf("weight 0 got a request")
		}
	}
	if found, ok := f.service.TargetGroup(account, region, f.tgB); !ok || len(found.LoadBalancerARNs) != 1 || found.Name != "tgB" || found.DeregistrationDelay.Seconds() != 300 {
		t.Errorf("got %+v", found)
	}
}

// traffic is clients that ask a listener all the time over kept-alive connections.
type traffic struct {
	url                  string
	want                 atomic.Value // what an answer must be, "" while it changes
	asked, failed, wrong atomic.Int64
	some                 chan struct{} // a token per fifty requests, at most a few
	stop                 chan struct{}
	clients              sync.WaitGroup
}

func newTraffic(url, want string, clients int) *traffic {
	tr := &traffic{url: url, some: make(chan struct{}, 1), stop: make(chan struct{})}
	tr.want.Store(want)
	for range clients {
		tr.clients.Go(tr.run)
	}
	return tr
}

func (tr *traffic) run() {
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for {
		select {
		case <-tr.stop:
			return
		default:
			tr.ask(client)
		}
		if tr.asked.Add(1)%50 == 0 {
			select {
			case tr.some <- struct{}{}:
			default:
			}
		}
	}
}

func (tr *traffic) ask(client *http.Client) {
	before := tr.want.Load()
	answer, err := client.Get(tr.url)
	if err != nil {
		tr.failed.Add(1)
		return
	}
	body, _ := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		tr.failed.Add(1)
	}
	if after := tr.want.Load(); before != "" && before == after && string(body) != before {
		tr.wrong.Add(1)
	}
}

// A change that was answered is in force for every later request, on new and on kept-alive connections (15.2), and none
// fails meanwhile (E10).
func TestScenario_AtomicChange(t *testing.T) {
	f := newFixture(t)
	f.modify(f.l80, forward(f.tgA, 100, f.tgB, 0))
	f.awaitState(f.tgB, f.b, StateHealthy, "")
	address, _ := f.service.Address(account, region, f.l80)
	tr := newTraffic("http://"+address+"/", "app:1", 4)
	for round := range 6 {
		<-tr.some
		want, blue := "app:2", 0
		if round%2 == 1 {
			want, blue = "app:1", 100
		}
		tr.want.Store("")
		f.modify(f.l80, forward(f.tgA, blue, f.tgB, 100-blue))
		tr.want.Store(want)
	}
	<-tr.some
	close(tr.stop)
	tr.clients.Wait()
	if tr.failed.Load() > 0 || tr.wrong.Load() > 0 {
		t.Errorf("of %d requests %d failed and %d went to the wrong target", tr.asked.Load(), tr.failed.Load(), tr.wrong.Load())
	}
}
