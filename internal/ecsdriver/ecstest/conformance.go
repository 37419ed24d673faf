package ecstest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenlight/internal/awsaccess"
	"greenlight/internal/ecsdriver"
)

// Ability is something real AWS does and a stand-in may not.
type Ability string

// The abilities that a far side may lack.
const (
	HonorsTokens    Ability = "one task set for one client token"
	TellsMissing    Ability = "answering TaskSetNotFoundException about a task set that does not exist"
	ShowsController Ability = "telling a service's deployment controller"
)

// FarSide is ECS and its load balancers to hold to the suite.
type FarSide interface {
	// Driver reaches it, acting as As.
	Driver() Driver
	As() awsaccess.As
	// Stage makes a new set of things of their own.
	Stage(t testing.TB) Stage
	// Lacks returns why the far side has not the ability, or "".
	Lacks(Ability) string
}

// Stage is what one case acts on: a service with controller CODE_DEPLOY or EXTERNAL whose primary task set is on Blue, and an
// application load balancer's listener: rule 10 and the default action forward to Blue, rule 20 to Foreign. Green is on no
// listener.
type Stage struct {
	Cluster, Service     string
	Blue, Green, Foreign ecsdriver.TargetGroup // name and ARN
	Listener             string
	Spec                 ecsdriver.TaskSetSpec // a task set on Green that may be made
}

// Pair is the stage's target groups.
func (s Stage) Pair() ecsdriver.Pair { return ecsdriver.Pair{Blue: s.Blue.ARN, Green: s.Green.ARN} }

// Run holds a far side to what the engine relies on (ecs.md 6, 7 and 10).
func Run(t *testing.T, newFarSide func(t *testing.T) FarSide) {
	far := newFarSide(t)
	for _, c := range conformance {
		t.Run(c.name, func(t *testing.T) {
			if why := far.Lacks(c.needs); c.needs != "" && why != "" {
				t.Skipf("the far side lacks %s: %s", c.needs, why)
			}
			c.run(t, &bench{far.Driver(), far.As(), far.Stage(t)})
		})
	}
}

var conformance = []struct {
	name  string
	needs Ability
	run   func(*testing.T, *bench)
}{
	{"service is read", "", serviceIsRead},
	{"service tells its controller", ShowsController, serviceTellsController},
	{"target groups come in order", "", targetGroupsInOrder},
	{"listener is read", "", listenerIsRead},
	{"missing things are not found", "", missingThings},
	{"traffic moves and comes back", "", trafficMoves},
	{"listener is normalized", "", listenerIsNormalized},
	{"task set is made, promoted and deleted", "", taskSetLives},
	{"one client token makes one task set", HonorsTokens, oneTokenOneTaskSet},
	{"missing task set is not promoted, and is as good as deleted", TellsMissing, missingTaskSet},
}

type bench struct {
	Driver
	as awsaccess.As
	Stage
}

func wantNotFound(t *testing.T, what string, err error) {
	t.Helper()
	if fault, ok := errors.AsType[*awsaccess.Fault](err); !ok || fault.Kind != awsaccess.NotFound {
		t.Errorf("%s: error is %v, want a fault of kind NotFound", what, err)
	}
}

func (b *bench) service(t *testing.T) ecsdriver.Service {
	t.Helper()
	s, err := b.Driver.Service(t.Context(), b.as, b.Cluster, b.Stage.Service)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// shows fails unless the rules forward as given: rule 10, rule 20, the default action.
func (b *bench) shows(t *testing.T, want ...[]ecsdriver.Weighted) ecsdriver.Listener {
	t.Helper()
	l, err := b.Driver.Listener(t.Context(), b.as, b.Stage.Listener)
	if err != nil {
		t.Fatal(err)
	}
	var got [][]ecsdriver.Weighted
	for _, r := range l.Rules {
		got = append(got, r.Forward)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rules forward (-want +got):\n%s", diff)
	}
	return l
}

func (b *bench) split(blue, green int) []ecsdriver.Weighted {
	return []ecsdriver.Weighted{{TargetGroupARN: b.Blue.ARN, Weight: blue}, {TargetGroupARN: b.Green.ARN, Weight: green}}
}

func to(g ecsdriver.TargetGroup) []ecsdriver.Weighted { return []ecsdriver.Weighted{To(g.ARN)} }

func serviceIsRead(t *testing.T, b *bench) {
	s := b.service(t)
	if s.Name != b.Stage.Service || s.Status != ecsdriver.StatusActive || s.ARN == "" || s.ClusterARN == "" {
		t.Errorf("service is %+v, want %s, active, with its ARNs", s, b.Stage.Service)
	}
	if len(s.TaskSets) != 1 || s.TaskSets[0].Status != ecsdriver.StatusPrimary || s.TaskSets[0].TargetGroupARN != b.Blue.ARN {
		t.Errorf("task sets are %+v, want one that is primary and on %s", s.TaskSets, b.Blue.ARN)
	}
	byARN, err := b.Driver.Service(t.Context(), b.as, s.ClusterARN, s.ARN)
	if err != nil || byARN.ARN != s.ARN {
		t.Errorf("by ARN the service is %+v, %v", byARN, err)
	}
}

func serviceTellsController(t *testing.T, b *bench) {
	if c := b.service(t).Controller; c != "CODE_DEPLOY" && c != "EXTERNAL" {
		t.Errorf("controller is %q", c)
	}
}

func targetGroupsInOrder(t *testing.T, b *bench) {
	for _, names := range [][]string{{b.Blue.Name, b.Green.Name}, {b.Green.Name, b.Blue.Name}} {
		got, err := b.TargetGroups(t.Context(), b.as, names)
		if err != nil {
			t.Fatal(err)
		}
		for i, g := range got {
			if g.Name != names[i] || g.ARN == "" || g.Protocol != "HTTP" {
				t.Errorf("asked for %v, number %d is %+v", names, i, g)
			}
			if used := g.ARN == b.Blue.ARN; used != (len(g.LoadBalancerARNs) > 0) {
				t.Errorf("%s is on load balancers %v, want some: %t", g.Name, g.LoadBalancerARNs, used)
			}
		}
	}
}

func listenerIsRead(t *testing.T, b *bench) {
	l := b.shows(t, to(b.Blue), to(b.Foreign), to(b.Blue))
	if l.ARN != b.Stage.Listener || !l.Application || l.Protocol != "HTTP" || l.LoadBalancerARN == "" {
		t.Errorf("listener is %+v", l)
	}
	if l.Rules[0].Priority != 10 || l.Rules[1].Priority != 20 || !l.Rules[2].Default || l.Rules[2].ARN != l.ARN {
		t.Errorf("rules are %+v, want 10, 20 and the default action by the listener's ARN", l.Rules)
	}
	if p := l.Preflight(b.Pair()); p != nil {
		t.Errorf("preflight says %q", p.Message)
	}
}

func missingThings(t *testing.T, b *bench) {
	ctx := t.Context()
	_, err := b.Driver.Service(ctx, b.as, b.Cluster, "gone")
	wantNotFound(t, "Service", err)
	_, err = b.TargetGroups(ctx, b.as, []string{b.Blue.Name, "gone"})
	wantNotFound(t, "TargetGroups", err)
	_, err = b.Driver.Listener(ctx, b.as, b.Stage.Listener+"0")
	wantNotFound(t, "Listener", err)
	_, err = b.Shift(ctx, b.as, b.Stage.Listener+"0", b.Pair(), 10)
	wantNotFound(t, "Shift", err)
	spec := b.Spec
	spec.Service = "gone"
	_, err = b.CreateTaskSet(ctx, b.as, spec)
	wantNotFound(t, "CreateTaskSet", err)
}

// trafficMoves is a canary deployment of E42 with E41's rule, and E27's way back.
func trafficMoves(t *testing.T, b *bench) {
	ctx := t.Context()
	if _, err := b.Attach(ctx, b.as, b.Stage.Listener, b.Pair()); err != nil {
		t.Fatal(err)
	}
	b.shows(t, b.split(100, 0), to(b.Foreign), b.split(100, 0))
	for _, green := range []int{10, 10, 100, 0} {
		share, err := b.Shift(ctx, b.as, b.Stage.Listener, b.Pair(), green)
		if err != nil {
			t.Fatal(err)
		}
		if want := (ecsdriver.Share{Blue: float64(100 - green), Green: float64(green)}); share != want {
			t.Errorf("share is %+v, want %+v", share, want)
		}
		b.shows(t, b.split(100-green, green), to(b.Foreign), b.split(100-green, green))
	}
}

func listenerIsNormalized(t *testing.T, b *bench) {
	ctx := t.Context()
	if err := b.Normalize(ctx, b.as, b.Stage.Listener, b.Pair()); err != nil {
		t.Fatal(err)
	}
	b.shows(t, to(b.Blue), to(b.Foreign), to(b.Blue))
	if _, err := b.Shift(ctx, b.as, b.Stage.Listener, b.Pair(), 30); err != nil {
		t.Fatal(err)
	}
	if err := b.Normalize(ctx, b.as, b.Stage.Listener, b.Pair()); err != nil {
		t.Fatal(err)
	}
	b.shows(t, b.split(100, 0), to(b.Foreign), b.split(100, 0))
}

func taskSetLives(t *testing.T, b *bench) {
	ctx := t.Context()
	blue := b.service(t).TaskSets[0]
	green, err := b.CreateTaskSet(ctx, b.as, b.Spec)
	if err != nil {
		t.Fatal(err)
	}
	if green.ID == "" || green.ARN == "" || green.ExternalID != b.Spec.ExternalID || green.TargetGroupARN != b.Green.ARN {
		t.Errorf("task set is %+v, want the deployment's on %s", green, b.Green.ARN)
	}
	b.hasStatus(t, map[string]string{blue.ID: "PRIMARY", green.ID: "ACTIVE"})
	if err := b.PromoteTaskSet(ctx, b.as, b.Cluster, b.Stage.Service, green.ARN); err != nil {
		t.Fatal(err)
	}
	b.hasStatus(t, map[string]string{blue.ID: "ACTIVE", green.ID: "PRIMARY"})
	if err := b.DeleteTaskSet(ctx, b.as, b.Cluster, b.Stage.Service, blue.ID); err != nil {
		t.Fatal(err)
	}
	for _, set := range b.service(t).TaskSets {
		if set.ID == blue.ID && set.Status != ecsdriver.StatusDrain {
			t.Errorf("deleted task set is %s", set.Status)
		}
	}
}

func (b *bench) hasStatus(t *testing.T, want map[string]string) {
	t.Helper()
	got := map[string]string{}
	for _, set := range b.service(t).TaskSets {
		got[set.ID] = set.Status
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("task sets (-want +got):\n%s", diff)
	}
}

// oneTokenOneTaskSet is E67: the call is repeated after a crash.
func oneTokenOneTaskSet(t *testing.T, b *bench) {
	first, err := b.CreateTaskSet(t.Context(), b.as, b.Spec)
	if err != nil {
		t.Fatal(err)
	}
	again, err := b.CreateTaskSet(t.Context(), b.as, b.Spec)
	if err != nil || again.ID != first.ID {
		t.Errorf("the second call gave %s, %v, want %s", again.ID, err, first.ID)
	}
	if n := len(b.service(t).TaskSets); n != 2 {
		t.Errorf("%d task sets, want blue and one green", n)
	}
}

func missingTaskSet(t *testing.T, b *bench) {
	err := b.PromoteTaskSet(t.Context(), b.as, b.Cluster, b.Stage.Service, "ecs-svc/1")
	wantNotFound(t, "PromoteTaskSet", err)
	if err := b.DeleteTaskSet(t.Context(), b.as, b.Cluster, b.Stage.Service, "ecs-svc/1"); err != nil {
		t.Errorf("DeleteTaskSet: %v, want no error", err)
	}
}
