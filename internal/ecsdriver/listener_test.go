package ecsdriver_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"greenlight/internal/ecsdriver"
)

const (
	elbARN   = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:"
	tgA      = elbARN + "targetgroup/tgA/000000000000000a"
	tgB      = elbARN + "targetgroup/tgB/000000000000000b"
	tgX      = elbARN + "targetgroup/tgX/000000000000000c"
	l80      = elbARN + "listener/app/lb/0123456789abcdef/00000000000000l0"
	nlb80    = elbARN + "listener/net/lb/0123456789abcdef/00000000000000n0"
	rulesARN = elbARN + "listener-rule/app/lb/0123456789abcdef/00000000000000l0/"
)

// pair is the fixture's: tgA is live.
var pair = ecsdriver.Pair{Blue: tgA, Green: tgB}

type weights = []ecsdriver.Weighted

func only(arn string) weights { return weights{{TargetGroupARN: arn, Weight: 1}} }

func both(blue, green int) weights {
	return weights{{TargetGroupARN: tgA, Weight: blue}, {TargetGroupARN: tgB, Weight: green}}
}

func fallback(forward weights) ecsdriver.Rule {
	return ecsdriver.Rule{ARN: l80, Default: true, Forward: forward}
}

func rule(priority int, forward weights) ecsdriver.Rule {
	return ecsdriver.Rule{ARN: fmt.Sprint(rulesARN, priority), Priority: priority, Forward: forward}
}

func alb(rules ...ecsdriver.Rule) ecsdriver.Listener {
	return ecsdriver.Listener{ARN: l80, Application: true, Rules: rules}
}

func nlb(forward weights) ecsdriver.Listener {
	return ecsdriver.Listener{ARN: nlb80, Rules: []ecsdriver.Rule{{ARN: nlb80, Default: true, Forward: forward}}}
}

// ecs.md 7.1 and 7.2: what belongs, and what it gives to whom.
func TestBelongsAndShare(t *testing.T) {
	for name, c := range map[string]struct {
		listener ecsdriver.Listener
		share    ecsdriver.Share
		belongs  bool
	}{
		"blue alone":                {alb(fallback(only(tgA))), ecsdriver.Share{Blue: 100}, true},
		"green alone":               {alb(fallback(only(tgB))), ecsdriver.Share{Green: 100}, true},
		"blue alone with weight 0":  {alb(fallback(weights{{TargetGroupARN: tgA}})), ecsdriver.Share{Blue: 100}, true},
		"foreign alone":             {alb(fallback(only(tgX))), ecsdriver.Share{}, false},
		"nothing forwards":          {alb(fallback(nil)), ecsdriver.Share{}, false},
		"no rules at all":           {alb(), ecsdriver.Share{}, false},
		"percentages":               {alb(fallback(both(90, 10))), ecsdriver.Share{Blue: 90, Green: 10}, true},
		"weights of any sum":        {alb(fallback(both(1, 3))), ecsdriver.Share{Blue: 25, Green: 75}, true},
		"weights left out are 1":    {alb(fallback(both(1, 1))), ecsdriver.Share{Blue: 50, Green: 50}, true},
		"all weights 0":             {alb(fallback(both(0, 0))), ecsdriver.Share{}, true},
		"E43 part goes elsewhere":   {alb(fallback(weights{{tgA, 30}, {tgX, 70}})), ecsdriver.Share{Blue: 30}, true},
		"E44 rule behind a 404":     {alb(rule(5, only(tgA)), fallback(nil)), ecsdriver.Share{Blue: 100}, true},
		"default wins":              {alb(rule(5, only(tgB)), fallback(only(tgA))), ecsdriver.Share{Blue: 100}, true},
		"lowest priority wins":      {alb(rule(5, both(1, 1)), rule(9, only(tgA)), fallback(only(tgX))), ecsdriver.Share{Blue: 50, Green: 50}, true},
		"foreign rule is passed by": {alb(rule(5, only(tgX)), rule(9, only(tgB)), fallback(nil)), ecsdriver.Share{Green: 100}, true},
		"NLB":                       {nlb(only(tgB)), ecsdriver.Share{Green: 100}, true},
	} {
		t.Run(name, func(t *testing.T) {
			share, ok := c.listener.Share(pair)
			if ok != c.belongs || c.listener.Belongs(pair) != c.belongs || share != c.share {
				t.Errorf("share is %+v, %t, belongs %t; want %+v, %t", share, ok, c.listener.Belongs(pair), c.share, c.belongs)
			}
		})
	}
}

// ecs.md 7.3 in its order.
func TestPreflight(t *testing.T) {
	behind := func(arn string) string { return "Primary taskset target group must be behind listener " + arn }
	const weight = "Green taskset target group cannot have non-zero weight prior to traffic shifting"
	foreign := "Only target group in ECS deployment group (" + tgA + ", " + tgB + ") can be set on listener " + l80 + "."
	for name, c := range map[string]struct {
		listener ecsdriver.Listener
		want     string
	}{
		"blue alone":                      {alb(fallback(only(tgA))), ""},
		"both named":                      {alb(fallback(both(100, 0))), ""},
		"NLB on blue":                     {nlb(only(tgA)), ""},
		"E41 foreign rule":                {alb(rule(1, only(tgX)), fallback(only(tgA))), ""},
		"E42 two rules":                   {alb(rule(1, only(tgA)), fallback(only(tgA))), ""},
		"E44 rule behind a 404":           {alb(rule(1, only(tgA)), fallback(nil)), ""},
		"no rule belongs":                 {alb(rule(1, only(tgX)), fallback(nil)), behind(l80)},
		"E39 default put back to idle":    {alb(fallback(only(tgB))), behind(l80)},
		"NLB on green":                    {nlb(only(tgB)), behind(nlb80)},
		"E40 rule on the idle group":      {alb(rule(7, only(tgB)), fallback(only(tgA))), behind(rulesARN + "7")},
		"all weights 0":                   {alb(fallback(both(0, 0))), behind(l80)},
		"all weights 0 in a rule":         {alb(rule(7, both(0, 0)), fallback(only(tgA))), behind(rulesARN + "7")},
		"E29 stopped at 90/10":            {alb(fallback(both(90, 10))), weight},
		"green has all":                   {alb(fallback(both(0, 100))), weight},
		"rule with green":                 {alb(rule(7, both(1, 1)), fallback(only(tgA))), weight},
		"E43 part goes elsewhere":         {alb(fallback(weights{{tgA, 30}, {tgX, 70}})), foreign},
		"foreign with weight 0":           {alb(fallback(weights{{tgA, 100}, {tgX, 0}})), foreign},
		"foreign before blue missing":     {alb(rule(1, only(tgB)), fallback(weights{{tgB, 30}, {tgX, 70}})), foreign},
		"blue missing before green":       {alb(rule(1, both(1, 1)), fallback(only(tgB))), behind(l80)},
		"foreign before green":            {alb(rule(1, both(1, 1)), fallback(weights{{tgA, 30}, {tgX, 70}})), foreign},
		"foreign in a rule names default": {alb(rule(1, weights{{tgA, 30}, {tgX, 70}}), fallback(only(tgA))), foreign},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			if p := c.listener.Preflight(pair); p != nil {
				got = p.Message
			}
			if got != c.want {
				t.Errorf("problem is %q, want %q", got, c.want)
			}
		})
	}
}

// wanted is what is to be written: rule priority (0 the default action) to where it forwards.
type wanted = map[int]weights

func plan(changes []ecsdriver.Change) wanted {
	w := wanted{}
	for _, c := range changes {
		w[c.Rule.Priority] = c.Forward
	}
	return w
}

func checkPlan(t *testing.T, changes []ecsdriver.Change, problem *ecsdriver.Problem, want wanted, code string) {
	t.Helper()
	if got := codeOf(problem); got != code {
		t.Errorf("problem is %+v, want code %q", problem, code)
	}
	if diff := cmp.Diff(want, plan(changes), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

func codeOf(p *ecsdriver.Problem) string {
	if p == nil {
		return ""
	}
	return p.Code
}

// ecs.md 7.4 and 7.5.
func TestShifting(t *testing.T) {
	for name, c := range map[string]struct {
		listener ecsdriver.Listener
		green    int
		want     wanted
		code     string
	}{
		"E1 all at once":              {alb(fallback(only(tgA))), 100, wanted{0: both(0, 100)}, ""},
		"E6 canary":                   {alb(fallback(only(tgA))), 10, wanted{0: both(90, 10)}, ""},
		"E9 next step":                {alb(fallback(both(70, 30))), 60, wanted{0: both(40, 60)}, ""},
		"E27 back in one step":        {alb(fallback(both(90, 10))), 0, wanted{0: both(100, 0)}, ""},
		"E41 foreign rule stays":      {alb(rule(1, only(tgX)), fallback(only(tgA))), 100, wanted{0: both(0, 100)}, ""},
		"E42 default and rule":        {alb(rule(1, only(tgA)), fallback(only(tgA))), 100, wanted{0: both(0, 100), 1: both(0, 100)}, ""},
		"E44 default 404 stays":       {alb(rule(1, only(tgA)), fallback(nil)), 100, wanted{1: both(0, 100)}, ""},
		"E68 already there":           {alb(fallback(both(80, 20))), 20, nil, ""},
		"already there in parts":      {alb(fallback(both(4, 1))), 20, nil, ""},
		"already alone":               {alb(fallback(only(tgB))), 100, nil, ""},
		"one of two is there":         {alb(rule(1, both(0, 100)), fallback(both(90, 10))), 100, wanted{0: both(0, 100)}, ""},
		"order of members is no news": {alb(fallback(weights{{tgB, 10}, {tgA, 90}})), 10, nil, ""},
		"thirds are not 33 percent":   {alb(fallback(both(2, 1))), 33, wanted{0: both(67, 33)}, ""},
		"all weights 0":               {alb(fallback(both(0, 0))), 0, wanted{0: both(100, 0)}, ""},
		"somebody else's weights":     {alb(fallback(both(50, 50))), 20, wanted{0: both(80, 20)}, ""},
		"E70 NLB all at once":         {nlb(only(tgA)), 100, wanted{0: only(tgB)}, ""},
		"E70 NLB back":                {nlb(only(tgB)), 0, wanted{0: only(tgA)}, ""},
		"E70 NLB already there":       {nlb(only(tgB)), 100, nil, ""},
		"E70 NLB canary":              {nlb(only(tgA)), 10, nil, ecsdriver.CodeNotGradual},
		"foreign group came in":       {alb(fallback(weights{{tgA, 90}, {tgX, 10}})), 10, nil, ecsdriver.CodeForeignTargetGroup},
		"taken over":                  {alb(fallback(only(tgX))), 10, nil, ecsdriver.CodeNotBehindListener},
	} {
		t.Run(name, func(t *testing.T) {
			changes, problem := c.listener.Shifting(pair, c.green)
			checkPlan(t, changes, problem, c.want, c.code)
		})
	}
}

// E73: before Install of a gradual configuration both groups are named.
func TestE73Attaching(t *testing.T) {
	for name, c := range map[string]struct {
		listener ecsdriver.Listener
		want     wanted
		code     string
	}{
		"first deployment": {alb(fallback(only(tgA))), wanted{0: both(100, 0)}, ""},
		"later deployment": {alb(fallback(both(100, 0))), nil, ""},
		"two rules":        {alb(rule(1, both(100, 0)), rule(2, only(tgA)), fallback(nil)), wanted{2: both(100, 0)}, ""},
		"NLB":              {nlb(only(tgA)), nil, ""},
		"foreign group":    {alb(fallback(weights{{tgA, 90}, {tgX, 10}})), nil, ecsdriver.CodeForeignTargetGroup},
		"NLB taken over":   {nlb(only(tgX)), nil, ecsdriver.CodeNotBehindListener},
	} {
		t.Run(name, func(t *testing.T) {
			changes, problem := c.listener.Attaching(pair)
			checkPlan(t, changes, problem, c.want, c.code)
		})
	}
}

// ecs.md 3.3.
func TestNormalizing(t *testing.T) {
	for name, c := range map[string]struct {
		listener ecsdriver.Listener
		want     wanted
	}{
		"E60 test listener on green":   {alb(fallback(only(tgB))), wanted{0: both(100, 0)}},
		"blue alone is left so":        {alb(fallback(only(tgA))), nil},
		"both named":                   {alb(fallback(both(100, 0))), nil},
		"stopped at 90/10":             {alb(fallback(both(90, 10))), wanted{0: both(100, 0)}},
		"stray rule":                   {alb(rule(3, only(tgB)), fallback(only(tgA))), wanted{3: both(100, 0)}},
		"foreign rule":                 {alb(rule(3, only(tgX)), fallback(only(tgA))), nil},
		"foreign group beside is left": {alb(fallback(weights{{tgB, 30}, {tgX, 70}})), nil},
		"nothing belongs":              {alb(fallback(nil)), nil},
		"NLB on green":                 {nlb(only(tgB)), wanted{0: only(tgA)}},
	} {
		t.Run(name, func(t *testing.T) {
			checkPlan(t, c.listener.Normalizing(pair), nil, c.want, "")
		})
	}
}

func TestWithLeavesTheListenerAlone(t *testing.T) {
	l := alb(rule(1, only(tgX)), fallback(only(tgA)))
	changes, _ := l.Shifting(pair, 10)
	after := l.With(changes)
	if share, _ := after.Share(pair); share != (ecsdriver.Share{Blue: 90, Green: 10}) {
		t.Errorf("share afterwards is %+v", share)
	}
	if share, _ := l.Share(pair); share != (ecsdriver.Share{Blue: 100}) {
		t.Errorf("the listener itself changed to %+v", share)
	}
}

// FuzzShifting holds what every shift must keep, whatever the weights are: the split is exact, percentages sum to 100, and to
// shift again is nothing to do.
func FuzzShifting(f *testing.F) {
	f.Add(1, 0, 10)
	f.Add(0, 0, 100)
	f.Add(2, 1, 33)
	f.Add(999, 999, 0)
	f.Fuzz(func(t *testing.T, blue, green, percent int) {
		clamp := func(n, limit int) int { return max(0, min(n, limit)) }
		blue, green, percent = clamp(blue, 999), clamp(green, 999), clamp(percent, 100)
		l := alb(rule(4, both(blue, green)), fallback(only(tgA)))
		changes, problem := l.Shifting(pair, percent)
		if problem != nil {
			t.Fatal(problem)
		}
		for _, c := range changes {
			if len(c.Forward) != 2 || c.Forward[0].Weight+c.Forward[1].Weight != 100 {
				t.Errorf("weights %+v do not sum to 100", c.Forward)
			}
		}
		after := l.With(changes)
		if share, _ := after.Share(pair); share != (ecsdriver.Share{Blue: float64(100 - percent), Green: float64(percent)}) {
			t.Errorf("share is %+v, want green %d", share, percent)
		}
		if again, _ := after.Shifting(pair, percent); len(again) != 0 {
			t.Errorf("the second shift still changes %+v", again)
		}
	})
}

// The engine saves task sets and shares with its deployments.
func TestTypesSurviveJSON(t *testing.T) {
	set := ecsdriver.TaskSet{
		ID: "ecs-svc/1", ARN: "a", Status: ecsdriver.StatusActive, ExternalID: "d-123456789", TaskDefinition: "app:1", TargetGroupARN: tgA,
		Stability: ecsdriver.Steady, Desired: 2, Pending: 1, Running: 1, LaunchType: "FARGATE", PlatformVersion: "1.4.0",
		CapacityProviders: []ecsdriver.CapacityProvider{{CapacityProvider: "FARGATE_SPOT", Base: 1, Weight: 2}},
		Network:           &ecsdriver.Network{Subnets: []string{"s"}, SecurityGroups: []string{"g"}, AssignPublicIP: "ENABLED"},
		Registries:        []ecsdriver.Registry{{ARN: "r", Port: 1, ContainerName: "web", ContainerPort: 80}},
	}
	want := ecsdriver.Service{
		ARN: "s", Name: "s1", ClusterARN: "c", Status: "ACTIVE", Controller: "CODE_DEPLOY", DesiredCount: 2,
		TaskSets: []ecsdriver.TaskSet{set}, Tags: map[string]string{"k": "v"}, Events: []string{"e"},
	}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got ecsdriver.Service
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after JSON (-want +got):\n%s", diff)
	}
}
