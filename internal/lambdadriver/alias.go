package lambdadriver

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"greenlight/internal/awsaccess"
)

// Alias is a function's alias as Lambda has it.
type Alias struct {
	Function   string             // as asked for: a name, a partial ARN or an ARN
	Name       string             // "live"
	Version    string             // the stable version, which gets what Weights leave over
	Weights    map[string]float64 // additional versions and their share of traffic, 0 to 1; nil when there is none
	RevisionID string             // changes with every write
}

// AliasUpdate is one write of an alias (lambda.md 4.3).
type AliasUpdate struct {
	Function   string
	Name       string
	Version    string
	Weights    map[string]float64 // shares as exact decimals; empty or nil removes all weights
	RevisionID string             // the write is refused with Precondition when the alias has another one; "" writes anyway
}

// Alias reads an alias (GetAlias). A function or alias that does not exist is a Fault NotFound.
func (d *Driver) Alias(ctx context.Context, as awsaccess.As, function, alias string) (Alias, error) {
	client, err := d.clients.Get(ctx, as)
	if err != nil {
		return Alias{}, err
	}
	out, err := client.GetAlias(ctx, &lambda.GetAliasInput{FunctionName: &function, Name: &alias})
	if err != nil {
		return Alias{}, classify("GetAlias", err)
	}
	return newAlias(function, out.Name, out.FunctionVersion, out.RevisionId, out.RoutingConfig), nil
}

// UpdateAlias writes an alias and returns what Lambda made of it. The description is left alone. The answer to lambda.md 4.4
// is in the Fault's kind; after a lost answer (Unavailable) the write may have happened all the same.
func (d *Driver) UpdateAlias(ctx context.Context, as awsaccess.As, u AliasUpdate) (Alias, error) {
	client, err := d.clients.Get(ctx, as)
	if err != nil {
		return Alias{}, err
	}
	in := &lambda.UpdateAliasInput{
		FunctionName:    &u.Function,
		Name:            &u.Name,
		FunctionVersion: &u.Version,
		RoutingConfig:   routing(u.Weights),
	}
	if u.RevisionID != "" {
		in.RevisionId = &u.RevisionID
	}
	out, err := client.UpdateAlias(ctx, in)
	if err != nil {
		return Alias{}, classify("UpdateAlias", err)
	}
	return newAlias(u.Function, out.Name, out.FunctionVersion, out.RevisionId, out.RoutingConfig), nil
}

// routing is never nil and neither is its map: Lambda keeps the old weights when either is left out.
func routing(weights map[string]float64) *types.AliasRoutingConfiguration {
	if weights == nil {
		weights = map[string]float64{}
	}
	return &types.AliasRoutingConfiguration{AdditionalVersionWeights: weights}
}

func newAlias(function string, name, version, revision *string, routing *types.AliasRoutingConfiguration) Alias {
	a := Alias{
		Function:   function,
		Name:       aws.ToString(name),
		Version:    aws.ToString(version),
		RevisionID: aws.ToString(revision),
	}
	if routing != nil && len(routing.AdditionalVersionWeights) > 0 {
		a.Weights = routing.AdditionalVersionWeights
	}
	return a
}
