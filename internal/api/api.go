package api

import (
	"context"
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

	gitHubOff bool
}

// New prepares the API on a store.
func New(ctx context.Context, o Options) (*API, error) {
	tokens, err := openTokens(ctx, o.Store)
	if err != nil {
		return nil, err
	}
	return &API{
		store: o.Store, engine: o.Engine, clock: o.Clock,
		quotas: o.Quotas.orDefaults(), tokens: tokens, gitHubOff: o.GitHubOff,
	}, nil
}

// Service is the API behind the shared address.
func (a *API) Service() awswire.Service {
	return awswire.JSONService(serviceName, targetPrefix, a.operations())
}

// now is the moment that a request's records are stamped with.
func (a *API) now() time.Time { return a.clock.Now() }

// scopeOf is the account and region of the caller, which everything is keyed
// by.
func scopeOf(ctx context.Context) store.Scope {
	caller := awswire.CallerFrom(ctx)
	return store.Scope{Account: caller.Account, Region: caller.Region}
}

// handle adapts an operation with an answer to the wire.
func handle[In, Out any](operate func(context.Context, store.Scope, *In) (*Out, error)) awswire.JSONOperation {
	return func(ctx context.Context, body []byte) (any, error) {
		in := new(In)
		if err := awswire.Decode(body, in); err != nil {
			return nil, err
		}
		out, err := operate(ctx, scopeOf(ctx), in)
		if err != nil {
			return nil, err
		}
		return out, nil
	}
}

// handleSilently adapts an operation whose success has no body (api.md 1.2).
func handleSilently[In any](operate func(context.Context, store.Scope, *In) error) awswire.JSONOperation {
	return func(ctx context.Context, body []byte) (any, error) {
		in := new(In)
		if err := awswire.Decode(body, in); err != nil {
			return nil, err
		}
		return nil, operate(ctx, scopeOf(ctx), in)
	}
}
