package engine

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"greenlight/internal/alarmsource"
	"greenlight/internal/awsaccess"
	"greenlight/internal/clock"
	"greenlight/internal/codedeploy"
	"greenlight/internal/lambdadriver"
	"greenlight/internal/store"
)

// aliasDriver is a LambdaDriver with one alias, which it moves as Lambda does:
// under the revision id that it has.
type aliasDriver struct {
	mu     sync.Mutex
	alias  lambdadriver.Alias
	moves  []string // every UpdateAlias: the version, the weighted one, "stale"
	called chan struct{}
	first  chan struct{} // holds the first UpdateAlias up
}

func (a *aliasDriver) Alias(context.Context, awsaccess.As, string, string) (lambdadriver.Alias, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.alias, nil
}

func (a *aliasDriver) UpdateAlias(ctx context.Context, _ awsaccess.As, u lambdadriver.AliasUpdate) (lambdadriver.Alias, error) {
	select {
	case a.called <- struct{}{}:
	default:
	}
	select {
	case <-a.first:
	case <-ctx.Done():
		return lambdadriver.Alias{}, ctx.Err()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	move := u.Version
	for version := range u.Weights {
		move += "+" + version
	}
	if u.RevisionID != a.alias.RevisionID {
		a.moves = append(a.moves, move+" stale")
		return lambdadriver.Alias{}, &awsaccess.Fault{Kind: awsaccess.Precondition}
	}
	a.moves = append(a.moves, move)
	a.alias.Version, a.alias.Weights, a.alias.RevisionID = u.Version, u.Weights, a.alias.RevisionID+"'"
	return a.alias, nil
}

func (a *aliasDriver) ProvisionedConcurrency(context.Context, awsaccess.As, string, string) (lambdadriver.Provisioned, error) {
	return lambdadriver.Provisioned{}, nil
}

func (a *aliasDriver) InvokeHook(context.Context, awsaccess.As, string, []byte) error { return nil }

func (a *aliasDriver) seen() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.moves)
}

// nowhere is a source of alarms and revisions that nobody asks.
type nowhere struct{}

func (nowhere) States(context.Context, awsaccess.As, []string) (map[string]alarmsource.State, error) {
	return nil, errors.New("there are no alarms")
}

func (nowhere) Fetch(context.Context, awsaccess.As, codedeploy.S3Location) ([]byte, error) {
	return nil, errors.New("there are no revisions")
}

// bench is an engine at work on a store and a scripted driver.
type bench struct {
	testing.TB
	*Engine
	driver *aliasDriver
}

func newBench(t *testing.T) *bench {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "greenlight.db"))
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{TB: t, driver: &aliasDriver{
		alias:  lambdadriver.Alias{Name: "live", Version: "1", RevisionID: "r"},
		called: make(chan struct{}, 1), first: make(chan struct{}),
	}}
	b.Engine, err = Open(t.Context(), Options{
		Store: s, Clock: clock.New(clock.Real, 0, nil), Lambda: b.driver, Alarms: nowhere{}, Revisions: nowhere{},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-ended, s.Close()); err != nil {
			t.Error(err)
		}
	})
	return b
}

// deploy inserts a canary that has seen its alias, and makes its first pass: its
// UpdateAlias is sent off.
func (b *bench) deploy() (id string) {
	b.Helper()
	n := b.NewDeployment(Draft{
		Scope: store.Scope{Account: "111122223333", Region: "eu-west-1"}, ApplicationID: "a", GroupID: codedeploy.NewUUID(),
		Info: codedeploy.DeploymentInfo{ComputePlatform: codedeploy.ComputePlatformLambda, ApplicationName: "a", DeploymentGroupName: "g"},
		Snapshot: Snapshot{
			Revision: codedeploy.AppSpecRevision(`{"version":0.0,"Resources":[{"f":{"Type":"AWS::Lambda::Function","Properties":` +
				`{"Name":"f","Alias":"live","CurrentVersion":"1","TargetVersion":"2"}}}]}`),
			TrafficRouting: codedeploy.TrafficRoutingConfig{Type: codedeploy.TrafficRoutingTypeTimeBasedCanary,
				TimeBasedCanary: &codedeploy.TimeBasedCanary{CanaryPercentage: new(int64(10)), CanaryInterval: new(int64(5))}},
		},
	})
	d := n.first.Deployment
	begun := Plan(d, Outcome{Act: *d.Progress.Act, Alias: new(b.driver.alias)}, b.clock.Now())
	if err := b.store.Tx(b.Context(), func(tx *store.Tx) error { return insert(tx, begun.Deployment) }); err != nil {
		b.Fatal(err)
	}
	b.follow(begun)
	return d.ID
}

// read is a deployment as it is saved.
func (b *bench) read(id string) Deployment {
	b.Helper()
	d, err := b.load(b.Context(), id)
	if err != nil {
		b.Fatal(err)
	}
	return d
}

// eventually waits for a condition; with a bound, in real time.
func (b *bench) eventually(what string, holds func() bool) {
	b.Helper()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	limit := time.After(20 * time.Second)
	for !holds() {
		select {
		case <-look.C:
		case <-limit:
			b.Fatalf("did not happen: %s", what)
		}
	}
}

// awaitsTurn reports whether any pass waits for its turn.
func awaitsTurn() bool {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	for stack := range strings.SplitSeq(string(stacks), "\n\n") {
		if strings.Contains(stack, "sync.Mutex.Lock") && strings.Contains(stack, "(*turns).take") {
			return true
		}
	}
	return false
}

// heldPass begins a pass and holds it up between its load and its plan. The pass
// ends, and done receives its error, after release.
func (b *bench) heldPass(id string, in Input) (loaded <-chan struct{}, release func(), done <-chan error) {
	reached, goOn, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	var once sync.Once
	go func() {
		_, err := b.pass(b.Context(), id, func(Deployment) (Input, error) {
			once.Do(func() { close(reached) })
			<-goOn
			return in, nil
		})
		ended <- err
	}()
	return reached, func() { close(goOn) }, ended
}

func stopWithRollback() Stop {
	return Stop{AutoRollback: new(true), Cause: codedeploy.AutoRollbackEventDeploymentStopOnRequest,
		Failure: failure{Code: codedeploy.ErrorCodeManualStop, Message: codedeploy.MessageManualStop}}
}

// A repeated stop changes nothing, so no version tells it that it is late: were it
// to carry on from what it loaded once the shift's answer is saved, it would send
// the shift again, in the middle of the rollback.
func TestPassThatWasHeldUpSendsNothingTwice(t *testing.T) {
	b := newBench(t)
	id := b.deploy()
	<-b.driver.called
	if _, err := b.pass(t.Context(), id, func(Deployment) (Input, error) { return stopWithRollback(), nil }); err != nil {
		t.Fatal(err)
	}
	loaded, release, done := b.heldPass(id, stopWithRollback())
	<-loaded
	close(b.driver.first)
	b.eventually("the shift's answer waits for its turn, or is saved", func() bool {
		return awaitsTurn() || b.read(id).ended()
	})
	release()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	var back Deployment
	b.eventually("the rollback ends, and nothing is under way", func() bool {
		info := b.read(id).Info.RollbackInfo
		if info == nil {
			return false
		}
		back = b.read(info.RollbackDeploymentID)
		return back.ended() && !b.flights.busy()
	})
	if back.Info.Status != codedeploy.DeploymentStatusSucceeded {
		t.Errorf("the rollback is %s", back.Info.Status)
	}
	if got, want := b.driver.seen(), []string{"1+2", "1"}; !slices.Equal(got, want) {
		t.Errorf("UpdateAlias saw %q, want %q", got, want)
	}
	if a, _ := b.driver.Alias(t.Context(), awsaccess.As{}, "f", "live"); a.Version != "1" || len(a.Weights) > 0 {
		t.Errorf("the alias is on %s %v", a.Version, a.Weights)
	}
	if next, ok := b.agenda.next(); ok {
		t.Errorf("the agenda still holds %s", next)
	}
}

func TestPassesOverOneDeploymentTakeTurns(t *testing.T) {
	b := newBench(t)
	id := b.deploy()
	firstIn, releaseFirst, firstDone := b.heldPass(id, Tick{})
	<-firstIn
	secondIn, releaseSecond, secondDone := b.heldPass(id, Tick{})
	releaseSecond()
	b.eventually("the second pass waits", awaitsTurn)
	select {
	case <-secondIn:
		t.Error("the second pass has loaded before the first one ended")
	default:
	}
	releaseFirst()
	<-secondIn
	if err := errors.Join(<-firstDone, <-secondDone); err != nil {
		t.Error(err)
	}
}

func TestPassesOverTwoDeploymentsDoNotWait(t *testing.T) {
	b := newBench(t)
	one := b.deploy()
	two := b.deploy()
	for b.turns.of(one) == b.turns.of(two) { // as good as never
		two = b.deploy()
	}
	oneIn, releaseOne, oneDone := b.heldPass(one, Tick{})
	<-oneIn
	twoIn, releaseTwo, twoDone := b.heldPass(two, Tick{})
	releaseTwo()
	<-twoIn
	if err := <-twoDone; err != nil {
		t.Error(err)
	}
	releaseOne()
	if err := <-oneDone; err != nil {
		t.Error(err)
	}
}
