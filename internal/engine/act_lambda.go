package engine

import (
	"context"
	"fmt"
	"maps"

	"greenlight/internal/awsaccess"
	"greenlight/internal/codedeploy"
	"greenlight/internal/lambdadriver"
)

// LambdaDriver is what the engine asks of Lambda. Errors are
// *awsaccess.Fault.
type LambdaDriver interface {
	// Alias reads an alias: GetAlias.
	Alias(ctx context.Context, as awsaccess.As, function, alias string) (lambdadriver.Alias, error)
	// UpdateAlias sets version and weights; a fault Precondition when the
	// alias no longer has the update's revision id.
	UpdateAlias(ctx context.Context, as awsaccess.As, update lambdadriver.AliasUpdate) (lambdadriver.Alias, error)
	// ProvisionedConcurrency reads the alias's provisioned concurrency.
	ProvisionedConcurrency(ctx context.Context, as awsaccess.As, function, alias string) (lambdadriver.Provisioned, error)
	// InvokeHook hands payload to a function for asynchronous invocation.
	InvokeHook(ctx context.Context, as awsaccess.As, function string, payload []byte) error
}

// lambdaHands carry the acts of Lambda deployments out.
type lambdaHands struct{ driver LambdaDriver }

func (h lambdaHands) carryOut(ctx context.Context, d Deployment, act Act) Outcome {
	switch act.Kind {
	case ActObserve, ActLook:
		return h.observe(ctx, d)
	case ActShift:
		return h.shift(ctx, d, act)
	case ActSteady:
		return h.steady(ctx, d)
	default:
		return Outcome{Err: fmt.Errorf("unknown act %q", act.Kind)}
	}
}

// observe reads the alias (lambda.md 4.2, step 3).
func (h lambdaHands) observe(ctx context.Context, d Deployment) Outcome {
	spec := d.Progress.Lambda.AppSpec
	alias, err := h.driver.Alias(ctx, d.as(), spec.Function, spec.Alias)
	return Outcome{Alias: &alias, Err: err}
}

// shift sets the alias to the act's share and asks at once whether the
// platform has caught up.
func (h lambdaHands) shift(ctx context.Context, d Deployment, act Act) Outcome {
	alias, err := h.setAlias(ctx, d, act.Percent)
	if err != nil {
		return Outcome{Err: err}
	}
	out := h.steady(ctx, d)
	return Outcome{Alias: &alias, Provisioned: out.Provisioned}
}

// steady asks for the alias's provisioned concurrency (lambda.md 4.5).
func (h lambdaHands) steady(ctx context.Context, d Deployment) Outcome {
	spec := d.Progress.Lambda.AppSpec
	provisioned, err := h.driver.ProvisionedConcurrency(ctx, d.as(), spec.Function, spec.Alias)
	if err != nil {
		return Outcome{Err: err}
	}
	return Outcome{Provisioned: &provisioned}
}

// setAlias makes one UpdateAlias. When somebody has changed the alias since we
// read it, it is read again (lambda.md 4.4): as we want it already, the answer
// to our own earlier attempt was lost; as we left it, only its revision id is
// new; a rollback goes on from anything; else somebody has interfered.
func (h lambdaHands) setAlias(ctx context.Context, d Deployment, percent int) (lambdadriver.Alias, error) {
	update := aliasUpdate(d, percent)
	alias, err := h.driver.UpdateAlias(ctx, d.as(), update)
	if err == nil || asFault(err).Kind != awsaccess.Precondition {
		return alias, err
	}
	seen, readErr := h.driver.Alias(ctx, d.as(), update.Function, update.Name)
	switch {
	case readErr != nil:
		return seen, readErr
	case sameTraffic(seen, update.Version, update.Weights):
		return seen, nil
	case d.Snapshot.RollbackOf == "" && !sameTraffic(seen, d.Progress.Lambda.Alias.Version, d.Progress.Lambda.Alias.Weights):
		return seen, interfered(seen)
	}
	update.RevisionID = seen.RevisionID
	return h.driver.UpdateAlias(ctx, d.as(), update)
}

// interfered is the fault of an alias that somebody else has changed.
func interfered(seen lambdadriver.Alias) error {
	return &awsaccess.Fault{
		Kind: awsaccess.Precondition, Service: "AWSLambda", Operation: "UpdateAlias", Code: "PreconditionFailedException",
		Message: fmt.Sprintf("The Lambda function alias %s was changed during the deployment: it now points to version %s with the additional weights %v.",
			seen.Name, seen.Version, seen.Weights),
	}
}

// aliasUpdate is the body of lambda.md 4.3: below 100 % the current version
// stays and the target version is a weight; at 100 % the alias points to the
// target and the weights are emptied.
func aliasUpdate(d Deployment, percent int) lambdadriver.AliasUpdate {
	spec := d.Progress.Lambda.AppSpec
	update := lambdadriver.AliasUpdate{
		Function: spec.Function, Name: spec.Alias, Version: spec.TargetVersion,
		RevisionID: d.Progress.Lambda.Alias.RevisionID,
	}
	if percent < 100 {
		update.Version = spec.CurrentVersion
		update.Weights = map[string]float64{spec.TargetVersion: float64(codedeploy.Weight(percent))}
	}
	return update
}

func sameTraffic(alias lambdadriver.Alias, version string, weights map[string]float64) bool {
	return alias.Version == version && maps.Equal(alias.Weights, weights)
}

// as says on whose behalf the deployment's calls are made.
func (d Deployment) as() awsaccess.As {
	return awsaccess.As{Account: d.Account, Region: d.Region, RoleARN: d.Snapshot.ServiceRoleARN}
}
