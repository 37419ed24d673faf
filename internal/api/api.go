package api

import (
	"context"
	"reflect"
	"time"

	"greenlight/internal/awswire"
	"greenlight/internal/clock"
	"greenlight/internal/engine"
	"greenlight/internal/store"
)

// The names that requests carry (api.md 1.1).
const (
	serviceName  = "codedeploy"
	targetPrefix = "CodeDeploy_20141006."
)

// Options are what the API is made of. Store, Engine and Clock are needed.
type Options struct {
	Store  *store.Store
	Engine *engine.Engine
	Clock  *clock.Clock
	Quotas Quotas // the zero value means AWS's

	// ECS is asked about the services and load balancers of groups; nil leaves
	// that to the groups' deployments. ECSControllers are the deployment
	// controllers that a service may have; default: CODE_DEPLOY only.
	ECS            ECS
	ECSControllers []string

	// GitHubOff refuses the operations on GitHub tokens as not supported.
	GitHubOff bool
}

// API answers the operations of CodeDeploy.
type API struct {
	store  *store.Store
	engine *engine.Engine
	clock  *clock.Clock
	quotas Quotas
	tokens tokens
	turns  chan struct{} // one for each operation at the store

	gitHubOff bool

	ecs         ECS
	controllers []string
}

// New prepares the API on a store.
func New(ctx context.Context, o Options) (*API, error) {
	tokens, err := openTokens(ctx, o.Store)
	if err != nil {
		return nil, err
	}
	controllers := o.ECSControllers
	if len(controllers) == 0 {
		controllers = []string{"CODE_DEPLOY"}
	}
	return &API{
		store: o.Store, engine: o.Engine, clock: o.Clock,
		quotas: o.Quotas.orDefaults(), tokens: tokens, turns: make(chan struct{}, maxOperations), gitHubOff: o.GitHubOff,
		ecs: o.ECS, controllers: controllers,
	}, nil
}

// Service is the API behind the shared address.
func (a *API) Service() awswire.Service {
	served := map[string]awswire.JSONOperation{}
	for name, operation := range a.operations() {
		served[name] = operation.serve
	}
	return awswire.JSONService(serviceName, targetPrefix, served, awswire.PermissionsBy(a.permissions))
}

// now is the moment that a request's records are stamped with.
func (a *API) now() time.Time { return a.clock.Now() }

// scopeOf is the account and region of the caller, which everything is keyed
// by.
func scopeOf(ctx context.Context) store.Scope {
	caller := awswire.CallerFrom(ctx)
	return store.Scope{Account: caller.Account, Region: caller.Region}
}

// operation is what serves an operation, and the members of its input in the
// order of its error chain.
type operation struct {
	serve awswire.JSONOperation
	chain []*member
}

// handle adapts an operation with an answer to the wire: it gets its input when
// all that needs no look-up is judged.
func handle[In, Out any](a *API, operate func(context.Context, store.Scope, *In) (*Out, error), chain ...*member) operation {
	serve := func(ctx context.Context, body []byte) (any, error) {
		in, sc := new(In), scopeOf(ctx)
		if err := a.take(body, in, sc, chain); err != nil {
			return nil, err
		}
		defer a.turn()()
		out, err := operate(ctx, sc, in)
		if err != nil {
			return nil, err
		}
		return out, nil
	}
	return operation{serve, chain}
}

// handleSilently adapts an operation whose success has no body (api.md 1.2).
func handleSilently[In any](a *API, operate func(context.Context, store.Scope, *In) error, chain ...*member) operation {
	serve := func(ctx context.Context, body []byte) (any, error) {
		in, sc := new(In), scopeOf(ctx)
		if err := a.take(body, in, sc, chain); err != nil {
			return nil, err
		}
		defer a.turn()()
		return nil, operate(ctx, sc, in)
	}
	return operation{serve, chain}
}

// maxOperations is how many operations are at the store at once. More would
// only wait there for the one writer, and the engine's answers behind them: a
// burst of requests must not hold up the deployments that are under way.
const maxOperations = 32

// turn waits until there is room at the store and returns what makes it again.
func (a *API) turn() (end func()) {
	a.turns <- struct{}{}
	return func() { <-a.turns }
}

// take reads a request and judges it.
func (a *API) take(body []byte, in any, sc store.Scope, chain []*member) error {
	if err := awswire.Decode(body, in); err != nil {
		return err
	}
	return check(&request{input: reflect.ValueOf(in).Elem(), quotas: a.quotas, scope: sc}, chain)
}
