package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"greenlight/internal/alarmsource"
	"greenlight/internal/awsaccess"
	"greenlight/internal/clock"
	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// AlarmSource tells the states of alarms.
type AlarmSource interface {
	// States returns the states of the named alarms; a name that does not
	// exist is missing from the map. Errors are *awsaccess.Fault.
	States(ctx context.Context, as awsaccess.As, names []string) (map[string]alarmsource.State, error)
}

// RevisionSource reads revisions that are kept elsewhere.
type RevisionSource interface {
	// Fetch returns the AppSpec file at loc. Errors are *awsaccess.Fault.
	Fetch(ctx context.Context, as awsaccess.As, loc codedeploy.S3Location) ([]byte, error)
}

// Options are what an engine is made of. All but ECS, Acts, HookBusy,
// ECSControllers and Log are needed; without ECS, deployments on that platform
// fail.
type Options struct {
	Store     *store.Store
	Clock     *clock.Clock
	Lambda    LambdaDriver
	ECS       ECSDriver
	Alarms    AlarmSource
	Revisions RevisionSource
	Log       *slog.Logger

	// ECSControllers are the deployment controllers of the services that are
	// deployed to (ecs.md 6.4); default: CODE_DEPLOY only, as on AWS.
	ECSControllers []string

	// Acts bounds the calls to the outside that are under way at once;
	// default 128.
	Acts int
	// HookBusy reports, while at least one hook owes its report, whether a
	// hook function may still be at work: a moving clock must not jump then.
	// Default: within five real seconds of the last answered invoke.
	HookBusy func() bool
}

// Engine runs the deployments of one store. It is a clock.Party.
type Engine struct {
	store      *store.Store
	clock      *clock.Clock
	lambda     LambdaDriver // invokes the hooks of every platform
	hands      map[codedeploy.ComputePlatform]hands
	alarms     AlarmSource
	revisions  RevisionSource
	log        *slog.Logger
	hookBusy   func() bool
	executions executions

	node    *node
	agenda  *agenda
	flights *flights
	turns   *turns
	slots   chan struct{} // one for each act under way
	ticks   chan struct{} // one for each tick under way
	work    sync.WaitGroup

	inherited []flight // ticks of the deployments that Open took over, for Run

	stopping atomic.Bool // Run is ending: nothing new is begun

	acts   context.Context // ends when acts must be given up
	giveUp context.CancelFunc
}

const (
	defaultActs = 128
	maxTicks    = 64
	// hookGrace is how long, in real time, a hook function that has returned
	// without a report may still owe it (design.md, "Time").
	hookGrace = 5 * time.Second
	// drainTime is how long Run lets acts finish after it was asked to end.
	drainTime = 3 * time.Second
)

// hookKeySetting is where the key of the execution ids is kept.
const hookKeySetting = "hook-key"

// Open prepares an engine and takes over the deployments that no living node
// owns. Nothing is acted upon before Run.
func Open(ctx context.Context, o Options) (*Engine, error) {
	if o.Acts <= 0 {
		o.Acts = defaultActs
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if len(o.ECSControllers) == 0 {
		o.ECSControllers = []string{"CODE_DEPLOY"}
	}
	e := &Engine{
		store: o.Store, clock: o.Clock, lambda: o.Lambda, alarms: o.Alarms, revisions: o.Revisions,
		hands: map[codedeploy.ComputePlatform]hands{codedeploy.ComputePlatformLambda: lambdaHands{o.Lambda}},
		log:   o.Log, hookBusy: o.HookBusy,
		agenda: newAgenda(), flights: newFlights(), turns: newTurns(),
		slots: make(chan struct{}, o.Acts), ticks: make(chan struct{}, maxTicks),
	}
	if o.ECS != nil {
		e.hands[codedeploy.ComputePlatformECS] = ecsHands{o.ECS, o.ECSControllers}
	}
	e.acts, e.giveUp = context.WithCancel(context.Background())
	if e.hookBusy == nil {
		e.hookBusy = func() bool { return time.Since(e.flights.lastInvoke()) < hookGrace }
	}
	key, err := hookKey(ctx, o.Store)
	if err != nil {
		return nil, err
	}
	if e.executions, err = newExecutions(key); err != nil {
		return nil, err
	}
	if e.node, err = joinNode(ctx, o.Store); err != nil {
		return nil, err
	}
	if e.inherited, err = e.takeOver(ctx); err != nil {
		return nil, err
	}
	o.Clock.Join(e)
	return e, nil
}

// hookKey is the secret that execution ids are made with; drawn once for a
// store, so that ids stay valid over restarts and on every node.
func hookKey(ctx context.Context, s *store.Store) ([]byte, error) {
	fresh := make([]byte, keySize)
	if _, err := rand.Read(fresh); err != nil {
		return nil, err
	}
	var key []byte
	err := s.Tx(ctx, func(tx *store.Tx) (err error) {
		key, err = tx.Setting(hookKeySetting)
		if errors.Is(err, store.ErrNotFound) {
			key = fresh
			return tx.SetSetting(hookKeySetting, fresh)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("hook key: %w", err)
	}
	return key, nil
}

// Run turns the engine until ctx ends. It returns when what was under way has
// ended or has been given up; anything given up is found again by the next
// start.
func (e *Engine) Run(ctx context.Context) error {
	var loops sync.WaitGroup
	loops.Go(func() { e.keepLease(ctx) })
	loops.Go(func() { e.keepAgenda(ctx) })
	e.resume(e.inherited)
	e.inherited = nil
	loops.Wait()

	e.stopping.Store(true)
	timer := time.AfterFunc(drainTime, e.giveUp)
	defer timer.Stop()
	e.work.Wait()
	e.giveUp()
	return nil
}

// NextWake is the earliest moment that a deployment of this node waits for.
func (e *Engine) NextWake() (time.Time, bool) { return e.agenda.next() }

// Busy reports whether a pass or an act is due or under way, or a hook function
// may be about to report.
func (e *Engine) Busy() bool {
	if e.agenda.busy(e.clock.Now(), e.flights) {
		return true
	}
	return e.agenda.awaitsReport() && e.hookBusy()
}
