package cli

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

const (
	pollSoonest = 200 * time.Millisecond // just after a change
	pollLatest  = 2 * time.Second

	targetsPerCall = 25  // BatchGetDeploymentTargets
	maxTargets     = 500 // shown at most; the rest is counted by the deployment itself

	// patientAttempts is how often a call is tried once the server is known to
	// be there: a server that restarts does not end a watch.
	patientAttempts = 10
)

// pace spaces the polls: often while things change, seldom while they wait.
type pace struct{ next time.Duration }

func (p *pace) after(changed bool) time.Duration {
	switch {
	case changed || p.next == 0:
		p.next = pollSoonest
	default:
		p.next = min(p.next*3/2, pollLatest)
	}
	return p.next
}

// poller reads deployments from the API.
type poller struct {
	client  *codedeploy.Client
	reached bool
}

func (p *poller) options(o *codedeploy.Options) {
	if p.reached {
		o.RetryMaxAttempts = patientAttempts
	}
}

// fetch reads a deployment with its targets. One that has no targets yet, or
// never got any, is shown without.
func (p *poller) fetch(ctx context.Context, id string) (view, error) {
	answer, err := p.client.GetDeployment(ctx, &codedeploy.GetDeploymentInput{DeploymentId: aws.String(id)}, p.options)
	if err != nil {
		return view{}, explain(err)
	}
	if answer.DeploymentInfo == nil {
		return view{}, errors.New("the server answered without a deployment")
	}
	p.reached = true
	targets, err := p.targets(ctx, id)
	if _, early := errors.AsType[*types.DeploymentNotStartedException](err); err != nil && !early {
		return view{}, explain(err)
	}
	return viewOf(answer.DeploymentInfo, targets), nil
}

func (p *poller) targets(ctx context.Context, id string) ([]types.DeploymentTarget, error) {
	ids, err := p.targetIDs(ctx, id)
	if err != nil {
		return nil, err
	}
	var all []types.DeploymentTarget
	for some := range slices.Chunk(ids, targetsPerCall) {
		answer, err := p.client.BatchGetDeploymentTargets(ctx, &codedeploy.BatchGetDeploymentTargetsInput{
			DeploymentId: aws.String(id), TargetIds: some,
		}, p.options)
		if err != nil {
			return nil, err
		}
		all = append(all, answer.DeploymentTargets...)
	}
	return all, nil
}

func (p *poller) targetIDs(ctx context.Context, id string) ([]string, error) {
	var ids []string
	var next *string
	for len(ids) < maxTargets {
		page, err := p.client.ListDeploymentTargets(ctx, &codedeploy.ListDeploymentTargetsInput{
			DeploymentId: aws.String(id), NextToken: next,
		}, p.options)
		if err != nil {
			return nil, err
		}
		ids = append(ids, page.TargetIds...)
		next = page.NextToken
		if aws.ToString(next) == "" {
			break
		}
	}
	return ids[:min(len(ids), maxTargets)], nil
}
