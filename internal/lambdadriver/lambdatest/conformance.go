package lambdatest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"

	"greenlight/internal/awsaccess"
	"greenlight/internal/lambdadriver"
)

// Ability is something real Lambda does and a stand-in may not.
type Ability string

// The abilities that a far side may lack.
const (
	ChangesRevisions Ability = "a new RevisionId with every write"
	ChecksRevisions  Ability = "refusing a stale RevisionId"
	ChecksWeights    Ability = "refusing a weight for a version that does not exist"
	ChecksInvokes    Ability = "refusing to invoke a function that does not exist"
)

// FarSide is a Lambda to hold to the suite.
type FarSide interface {
	// Access reaches it, acting as As.
	Access() *awsaccess.Access
	As() awsaccess.As
	// Function makes a new function with the published versions "1" to "<versions>" and returns its name.
	Function(t testing.TB, versions int) string
	// CreateAlias makes an alias without weights.
	CreateAlias(t testing.TB, function, alias, version string)
	// Lacks returns why the far side has not the ability, or "".
	Lacks(Ability) string
}

// Run holds the driver against a far side, and thereby the far side to what the driver relies on (lambda.md 4.2 to 4.5, 5.1).
func Run(t *testing.T, newFarSide func(t *testing.T) FarSide) {
	far := newFarSide(t)
	for _, c := range conformance {
		t.Run(c.name, func(t *testing.T) {
			if why := far.Lacks(c.needs); c.needs != "" && why != "" {
				t.Skipf("the far side lacks %s: %s", c.needs, why)
			}
			c.run(t, newBench(t, far))
		})
	}
}

var conformance = []struct {
	name  string
	needs Ability
	run   func(*testing.T, *bench)
}{
	{"alias is read", "", aliasIsRead},
	{"alias is read by ARN", "", aliasIsReadByARN},
	{"missing things are not found", "", missingThings},
	{"traffic is shifted and comes to rest", "", trafficIsShifted},
	{"every write has its revision", ChangesRevisions, everyWriteHasItsRevision},
	{"stale revision is refused", ChecksRevisions, staleRevision},
	{"missing target version is not found", "", missingTarget},
	{"missing weighted version is refused", ChecksWeights, missingWeighted},
	{"no provisioned concurrency", "", noProvisioned},
	{"hook is accepted", "", hookIsAccepted},
	{"missing hook is not found", ChecksInvokes, missingHook},
}

// bench is one case's own function "live" on version 1 of three.
type bench struct {
	*lambdadriver.Driver
	ctx      context.Context
	as       awsaccess.As
	function string
}

func newBench(t *testing.T, far FarSide) *bench {
	b := &bench{lambdadriver.New(far.Access()), t.Context(), far.As(), far.Function(t, 3)}
	far.CreateAlias(t, b.function, "live", "1")
	return b
}

// shows fails unless the alias reads as given.
func (b *bench) shows(t *testing.T, version string, weights map[string]float64) lambdadriver.Alias {
	t.Helper()
	a, err := b.Alias(b.ctx, b.as, b.function, "live")
	if err != nil {
		t.Fatal(err)
	}
	check(t, a, version, weights)
	return a
}

func (b *bench) update(version string, weights map[string]float64, revision string) (lambdadriver.Alias, error) {
	return b.UpdateAlias(b.ctx, b.as, lambdadriver.AliasUpdate{
		Function: b.function, Name: "live", Version: version, Weights: weights, RevisionID: revision,
	})
}

func check(t *testing.T, a lambdadriver.Alias, version string, weights map[string]float64) {
	t.Helper()
	if a.Name != "live" || a.Version != version || !maps.Equal(a.Weights, weights) || a.RevisionID == "" {
		t.Errorf("alias is %+v, want live on version %s with weights %v and a revision", a, version, weights)
	}
}

func wantKind(t *testing.T, err error, kind awsaccess.FaultKind) {
	t.Helper()
	var fault *awsaccess.Fault
	if !errors.As(err, &fault) || fault.Kind != kind {
		t.Errorf("error is %v, want a fault of kind %s", err, kind)
	}
}

func aliasIsRead(t *testing.T, b *bench) {
	if a := b.shows(t, "1", nil); a.Function != b.function || a.Weights != nil {
		t.Errorf("alias is %+v, want function %s and nil weights", a, b.function)
	}
}

func aliasIsReadByARN(t *testing.T, b *bench) {
	arn := fmt.Sprintf("arn:aws:lambda:%s:%s:function:%s", b.as.Region, b.as.Account, b.function)
	a, err := b.Alias(b.ctx, b.as, arn, "live")
	if err != nil {
		t.Fatal(err)
	}
	check(t, a, "1", nil)
}

func missingThings(t *testing.T, b *bench) {
	_, err := b.Alias(b.ctx, b.as, b.function, "gone")
	wantKind(t, err, awsaccess.NotFound)
	_, err = b.Alias(b.ctx, b.as, "gone", "live")
	wantKind(t, err, awsaccess.NotFound)
	_, err = b.UpdateAlias(b.ctx, b.as, lambdadriver.AliasUpdate{Function: b.function, Name: "gone", Version: "1"})
	wantKind(t, err, awsaccess.NotFound)
}

// trafficIsShifted is L2's sequence of writes, followed by a second look after each.
func trafficIsShifted(t *testing.T, b *bench) {
	revision := b.shows(t, "1", nil).RevisionID
	for _, step := range []struct {
		version string
		weights map[string]float64
	}{
		{"1", map[string]float64{"2": 0.1}},
		{"1", map[string]float64{"2": 0.3}},
		{"2", nil},
		{"1", map[string]float64{}},
	} {
		a, err := b.update(step.version, step.weights, revision)
		if err != nil {
			t.Fatal(err)
		}
		check(t, a, step.version, step.weights)
		b.shows(t, step.version, step.weights)
		revision = a.RevisionID
	}
}

func everyWriteHasItsRevision(t *testing.T, b *bench) {
	before := b.shows(t, "1", nil)
	a, err := b.update("1", map[string]float64{"2": 0.1}, before.RevisionID)
	if err != nil {
		t.Fatal(err)
	}
	if a.RevisionID == before.RevisionID || b.shows(t, "1", a.Weights).RevisionID != a.RevisionID {
		t.Errorf("revision went from %s to %s, want another one that stays", before.RevisionID, a.RevisionID)
	}
}

func staleRevision(t *testing.T, b *bench) {
	stale := b.shows(t, "1", nil).RevisionID
	if _, err := b.update("3", nil, ""); err != nil {
		t.Fatal("without a revision any write is granted:", err)
	}
	_, err := b.update("2", nil, stale)
	wantKind(t, err, awsaccess.Precondition)
	b.shows(t, "3", nil)
}

// missingTarget is L28.
func missingTarget(t *testing.T, b *bench) {
	_, err := b.update("9", nil, b.shows(t, "1", nil).RevisionID)
	wantKind(t, err, awsaccess.NotFound)
	b.shows(t, "1", nil)
}

func missingWeighted(t *testing.T, b *bench) {
	_, err := b.update("1", map[string]float64{"9": 0.1}, "")
	wantKind(t, err, awsaccess.NotFound)
	b.shows(t, "1", nil)
}

// noProvisioned is L40 where the far side has no such call, and plain Lambda otherwise.
func noProvisioned(t *testing.T, b *bench) {
	p, err := b.ProvisionedConcurrency(b.ctx, b.as, b.function, "live")
	if err != nil || p != (lambdadriver.Provisioned{}) {
		t.Errorf("provisioned concurrency is %+v, %v, want none", p, err)
	}
}

func hookIsAccepted(t *testing.T, b *bench) {
	if err := b.InvokeHook(b.ctx, b.as, b.function, []byte(`{"DeploymentId":"d-123456789"}`)); err != nil {
		t.Error(err)
	}
}

// missingHook is L12.
func missingHook(t *testing.T, b *bench) {
	wantKind(t, b.InvokeHook(b.ctx, b.as, "CodeDeployHook_gone", []byte(`{}`)), awsaccess.NotFound)
}
