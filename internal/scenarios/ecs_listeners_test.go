package scenarios

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// Texts of ecs.md 7.3.
const (
	elbFailed   = "The ELB could not be updated due to the following error: "
	blueMissing = elbFailed + "Primary taskset target group must be behind listener "
)

// onlyPair is the text about a target group outside the pair, blue first.
func (w *ecsWorld) onlyPair(blue, green string) string {
	return elbFailed + "Only target group in ECS deployment group (" + blue + ", " + green + ") can be set on listener " + w.l80 + "."
}

// failsPreflight wants a deployment to fail at Install with this message, before
// anything is changed or created.
func (w *ecsWorld) failsPreflight(config, message string) {
	w.Helper()
	sets, before := len(w.service().TaskSets), len(w.writes())
	id := w.run(config, ecsSpec("app:2"))
	w.see(id).status("Failed").failure("ELASTIC_LOAD_BALANCING_INVALID", message).events("S/F/K/K/K/K").
		targetStatus("Failed").nothingToRollBack()
	if got := w.writes()[before:]; len(got) > 0 {
		w.Errorf("something was changed: %q", got)
	}
	if got := len(w.service().TaskSets); got != sets {
		w.Errorf("there are %d task sets after %d", got, sets)
	}
}

func TestE39_ListenerBackOnTheIdleGroup(t *testing.T) {
	w := newECSWorld(t)
	w.see(w.run(ecsAllAtOnce, ecsSpec("app:3"))).status("Succeeded")
	w.alone("app:3")
	w.setDefault(w.l80, forwardTo(w.tgA))
	w.failsPreflight(ecsAllAtOnce, blueMissing+w.l80)
	w.wantWeights(w.l80, 1, -1)
}

func TestE40_RuleOnTheIdleGroup(t *testing.T) {
	for _, config := range []string{ecsAllAtOnce, ecsCanary} {
		t.Run(config, func(t *testing.T) {
			w := newECSWorld(t)
			rule := w.rule(5, onHost("x.test"), forwardTo(w.tgB))
			w.failsPreflight(config, blueMissing+rule)
			w.wantRule(rule, -1, 1)
			w.wantWeights(w.l80, 1, -1)
		})
	}
}

func TestE41_ForeignRule(t *testing.T) {
	w := newECSWorld(t)
	tgX := w.targetGroup("tgX", elbtypes.ProtocolEnumHttp)
	rule := w.rule(5, onHost("y.test"), forwardTo(tgX))
	before := w.ruleActions(rule)
	w.see(w.run(ecsAllAtOnce, ecsSpec("app:2"))).status("Succeeded")
	w.wantWeights(w.l80, 0, 100)
	w.same("the foreign rule", before, w.ruleActions(rule))
	if got := w.cloud.called("ModifyRule"); len(got) > 0 {
		t.Errorf("a rule was modified: %+v", got)
	}
}

func TestE42_RuleOfThePair(t *testing.T) {
	w := newECSWorld(t)
	rule := w.rule(5, onPath("/p"), forwardTo(w.tgA))
	id := w.run(ecsCanary, ecsSpec("app:2"))
	w.see(id).status("InProgress").events("S/S/S/S/I/P")
	w.wantWeights(w.l80, 90, 10)
	w.wantRule(rule, 90, 10)
	w.advance(6 * time.Minute)
	w.see(id).status("Succeeded")
	w.wantWeights(w.l80, 0, 100)
	w.wantRule(rule, 0, 100)
	// Attached, then shifted twice: each time the rule and then the default action.
	want := slices.Repeat([]string{"ModifyRule", "ModifyListener"}, 3)
	if got := operations(w.cloud.called("ModifyRule", "ModifyListener")); !slices.Equal(got, want) {
		t.Errorf("calls are %q, want %q", got, want)
	}
}

func operations(calls []ecsCall) (names []string) {
	for _, c := range calls {
		names = append(names, c.Operation)
	}
	return names
}

func TestE43_ForeignGroupInTheDefault(t *testing.T) {
	w := newECSWorld(t)
	tgX := w.targetGroup("tgX", elbtypes.ProtocolEnumHttp)
	w.setDefault(w.l80, split(map[string]int32{w.tgA: 30, tgX: 70}))
	w.failsPreflight(ecsAllAtOnce, w.onlyPair(w.tgA, w.tgB))
	w.wantWeights(w.l80, 30, -1)
}

func TestE44_OnlyARule(t *testing.T) {
	w := newECSWorld(t)
	rule := w.rule(5, onHost("z.test"), forwardTo(w.tgA))
	w.setDefault(w.l80, notFound())
	id := w.run(ecsCanary, ecsSpec("app:2"))
	w.see(id).status("InProgress").taskSets("Blue PRIMARY 90.0 tgA, Green ACTIVE 10.0 tgB")
	w.wantRule(rule, 90, 10)
	w.advance(6 * time.Minute)
	w.see(id).status("Succeeded").taskSets("Blue DRAINING 0.0 tgA, Green PRIMARY 100.0 tgB")
	w.wantRule(rule, 0, 100)
	w.wantWeights(w.l80, -1, -1)
	if got := w.cloud.called("ModifyListener"); len(got) > 0 {
		t.Errorf("the default was modified: %+v", got)
	}
}

func TestE45_StickinessAndLogin(t *testing.T) {
	w := newECSWorld(t)
	sticky := forwardTo(w.tgA)
	sticky.Order, sticky.TargetGroupArn = aws.Int32(2), nil
	sticky.ForwardConfig = &elbtypes.ForwardActionConfig{
		TargetGroups:                []elbtypes.TargetGroupTuple{{TargetGroupArn: &w.tgA}},
		TargetGroupStickinessConfig: &elbtypes.TargetGroupStickinessConfig{Enabled: aws.Bool(true), DurationSeconds: aws.Int32(300)},
	}
	login := elbtypes.Action{Type: elbtypes.ActionTypeEnumAuthenticateOidc, Order: aws.Int32(1),
		AuthenticateOidcConfig: &elbtypes.AuthenticateOidcActionConfig{
			Issuer: aws.String("https://id.test"), AuthorizationEndpoint: aws.String("https://id.test/a"),
			TokenEndpoint: aws.String("https://id.test/t"), UserInfoEndpoint: aws.String("https://id.test/u"),
			ClientId: aws.String("client"), ClientSecret: aws.String("secret"),
		}}
	rule := w.rule(5, onHost("login.test"), login, sticky)
	before := w.ruleActions(rule)
	id := w.run(ecsCanary, ecsSpec("app:2"))
	w.advance(6 * time.Minute)
	w.see(id).status("Succeeded")
	calls := w.cloud.called("ModifyRule")
	if len(calls) != 3 { // attached, shifted twice
		t.Errorf("ModifyRule was called %d times", len(calls))
	}
	for _, call := range calls {
		for name, want := range map[string]string{
			"RuleArn": rule, "Actions.member.1.Type": "authenticate-oidc", "Actions.member.1.Order": "1",
			"Actions.member.1.AuthenticateOidcConfig.ClientId":                           "client",
			"Actions.member.1.AuthenticateOidcConfig.UseExistingClientSecret":            "true",
			"Actions.member.2.Type":                                                      "forward",
			"Actions.member.2.ForwardConfig.TargetGroupStickinessConfig.Enabled":         "true",
			"Actions.member.2.ForwardConfig.TargetGroupStickinessConfig.DurationSeconds": "300",
		} {
			if got := call.form().Get(name); got != want {
				t.Errorf("ModifyRule has %s %q, want %q", name, got, want)
			}
		}
	}
	w.wantRule(rule, 0, 100)
	after := w.ruleActions(rule)
	w.same("the login", before[0], after[0])
	w.same("the stickiness", before[1].ForwardConfig.TargetGroupStickinessConfig, after[1].ForwardConfig.TargetGroupStickinessConfig)
}

// Bad luck: somebody else changes the listener while traffic moves (ecs.md 7.5).
func TestListenerChangedMidShift(t *testing.T) {
	shifting := func(t *testing.T) (*ecsWorld, string) {
		w := newECSWorld(t)
		id := w.run(ecsCanary, ecsSpec("app:2"))
		w.see(id).status("InProgress").events("S/S/S/S/I/P")
		w.wantWeights(w.l80, 90, 10)
		return w, id
	}
	t.Run("other weights are overwritten", func(t *testing.T) {
		w, id := shifting(t)
		w.setDefault(w.l80, split(map[string]int32{w.tgA: 50, w.tgB: 50}))
		w.advance(6 * time.Minute)
		w.see(id).status("Succeeded").noRollback()
		w.wantWeights(w.l80, 0, 100)
	})
	t.Run("a foreign group ends the deployment, and its rollback", func(t *testing.T) {
		w, id := shifting(t)
		tgX := w.targetGroup("tgX", elbtypes.ProtocolEnumHttp)
		w.setDefault(w.l80, split(map[string]int32{w.tgA: 50, tgX: 50}))
		w.advance(6 * time.Minute)
		s := w.see(id).status("Failed").failure("ELASTIC_LOAD_BALANCING_INVALID", w.onlyPair(w.tgA, w.tgB)).events("S/S/S/S/F/K")
		s.rolledBack().status("Failed").failure("ELASTIC_LOAD_BALANCING_INVALID", w.onlyPair(w.tgA, w.tgB)).events("S/F/K/K/K/K").noRollback()
		w.wantWeights(w.l80, 50, -1) // what they wrote is left to them
		if n := len(w.service().TaskSets); n != 2 {
			t.Errorf("there are %d task sets, want both", n)
		}
	})
	t.Run("taken over by another service", func(t *testing.T) {
		w, id := shifting(t)
		tgX := w.targetGroup("tgX", elbtypes.ProtocolEnumHttp)
		w.setDefault(w.l80, forwardTo(tgX))
		w.advance(6 * time.Minute)
		s := w.see(id).status("Failed").failure("ELASTIC_LOAD_BALANCING_INVALID", blueMissing+w.l80).events("S/S/S/S/F/K")
		s.rolledBack().wellBack()
		w.wantWeights(w.l80, -1, -1)
		w.alone("app:1")
	})
	t.Run("deleted", func(t *testing.T) {
		w, id := shifting(t)
		w.deleteListener(w.l80)
		w.advance(6 * time.Minute)
		s := w.see(id).status("Failed").says("ELASTIC_LOAD_BALANCING_INVALID", elbFailed, "listener").events("S/S/S/S/F/K")
		s.rolledBack().wellBack()
		w.alone("app:1")
	})
	t.Run("refused by ELB", func(t *testing.T) {
		w, id := shifting(t)
		w.refuse("ModifyListener", queryRefusal(400, "TargetGroupNotFound", "One or more target groups not found"))
		w.advance(6 * time.Minute)
		s := w.see(id).status("Failed").failure("ELASTIC_LOAD_BALANCING_INVALID", elbFailed+"One or more target groups not found").events("S/S/S/S/F/K")
		s.rolledBack().status("Failed").failure("ELASTIC_LOAD_BALANCING_INVALID", elbFailed+"One or more target groups not found").events("S/F/K/K/K/K")
		w.wantWeights(w.l80, 90, 10) // both sides are still there for it
		if n := len(w.service().TaskSets); n != 2 {
			t.Errorf("there are %d task sets, want both", n)
		}
	})
}

// Bad luck: the green target group is another load balancer's.
func TestGreenTargetGroupInUse(t *testing.T) {
	text := elbFailed + "The following target groups cannot be associated with more than one load balancer: "
	t.Run("all at once", func(t *testing.T) {
		w := newECSWorld(t)
		w.otherBalancer(w.tgB)
		id := w.run(ecsAllAtOnce, ecsSpec("app:2"))
		s := w.see(id).status("Failed").says("ELASTIC_LOAD_BALANCING_INVALID", text, w.tgB).events("S/S/S/S/F/K").
			taskSets("Blue PRIMARY 100.0 tgA, Green ACTIVE 0.0 tgB")
		s.rolledBack().wellBack()
		w.wantWeights(w.l80, 1, -1)
		w.alone("app:1")
	})
	t.Run("gradual", func(t *testing.T) {
		w := newECSWorld(t)
		w.otherBalancer(w.tgB)
		id := w.run(ecsCanary, ecsSpec("app:2"))
		w.see(id).status("Failed").says("ELASTIC_LOAD_BALANCING_INVALID", text, w.tgB).events("S/F/K/K/K/K").nothingToRollBack()
		w.wantWrites("ModifyListener") // which was refused
		w.wantWeights(w.l80, 1, -1)
		w.alone("app:1")
	})
}

// A target group of the pair that somebody deleted (ecs.md 11).
func TestGreenTargetGroupDeleted(t *testing.T) {
	w := newECSWorld(t)
	w.deleteTargetGroup(w.tgB)
	id := w.run(ecsAllAtOnce, ecsSpec("app:2"))
	s := w.see(id).status("Failed").failure("ELASTIC_LOAD_BALANCING_INVALID", elbFailed+"One or more target groups not found").nothingToRollBack()
	if s.target != nil && s.target.Status != types.TargetStatusFailed {
		t.Errorf("target is %s", s.target.Status)
	}
	w.wantWrites()
	w.wantWeights(w.l80, 1, -1)
}
