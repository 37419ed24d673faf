package api

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// The deprecated operations on a deployment's targets. They know the Server and
// Lambda platforms only; a function's alias is what they call an instance
// (api.md 7).

func (a *API) getDeploymentInstance(ctx context.Context, sc store.Scope, in *codedeploy.GetDeploymentInstanceInput) (*codedeploy.GetDeploymentInstanceOutput, error) {
	d, err := a.deploymentWithInstances(ctx, sc, in.DeploymentID)
	if err != nil {
		return nil, err
	}
	summary, ok := instanceOf(d, in.InstanceID)
	if !ok {
		return nil, codedeploy.InstanceDoesNotExistException.Errorf(
			"The instance %s is not part of the deployment %s.", excerpt(in.InstanceID), d.ID)
	}
	return &codedeploy.GetDeploymentInstanceOutput{InstanceSummary: &summary}, nil
}

// batchGetDeploymentInstances answers in the order of the request, each
// instance once. Unknown ones are named in errorMessage: no exception is
// modelled.
func (a *API) batchGetDeploymentInstances(ctx context.Context, sc store.Scope, in *codedeploy.BatchGetDeploymentInstancesInput) (*codedeploy.BatchGetDeploymentInstancesOutput, error) {
	d, err := a.deploymentWithInstances(ctx, sc, in.DeploymentID)
	if err != nil {
		return nil, err
	}
	out := &codedeploy.BatchGetDeploymentInstancesOutput{InstancesSummary: []codedeploy.InstanceSummary{}}
	var unknown []string
	for _, id := range unique(in.InstanceIDs) {
		if summary, ok := instanceOf(d, id); ok {
			out.InstancesSummary = append(out.InstancesSummary, summary)
		} else {
			unknown = append(unknown, excerpt(id))
		}
	}
	if len(unknown) > 0 {
		out.ErrorMessage = fmt.Sprintf("These instances are not part of the deployment %s: %s", d.ID, strings.Join(unknown, ", "))
	}
	return out, nil
}

// listDeploymentInstances lists bare ids, in one page: a deployment has one
// target at most.
func (a *API) listDeploymentInstances(ctx context.Context, sc store.Scope, in *codedeploy.ListDeploymentInstancesInput) (*codedeploy.ListDeploymentInstancesOutput, error) {
	of := list{Operation: "ListDeploymentInstances", Scope: sc, Filters: []any{in.DeploymentID, in.InstanceStatusFilter, in.InstanceTypeFilter}}
	var after string
	if err := a.tokens.open(of, in.NextToken, &after); err != nil {
		return nil, err
	}
	d, err := a.deploymentWithInstances(ctx, sc, in.DeploymentID)
	if err != nil {
		return nil, err
	}
	if err := colored(d, len(in.InstanceTypeFilter) > 0); err != nil {
		return nil, err
	}
	if err := started(d); err != nil {
		return nil, err
	}
	out := &codedeploy.ListDeploymentInstancesOutput{InstancesList: []string{}}
	if l := d.Target.LambdaTarget; l != nil && len(in.InstanceTypeFilter) == 0 && // a function is neither blue nor green
		(len(in.InstanceStatusFilter) == 0 || slices.Contains(in.InstanceStatusFilter, codedeploy.InstanceStatus(l.Status))) {
		out.InstancesList = append(out.InstancesList, l.TargetID)
	}
	return out, nil
}

// instanceARN is the written form of the ARN of an EC2 instance or of an
// on-premises one.
var instanceARN = regexp.MustCompile(`^arn:[a-z-]+:(?:ec2|codedeploy):[^:]*:[^:]*:instance/[^:/]+$`)

// isInstanceID says whether text can name a deployment's instance: an
// on-premises name or an EC2 instance's id, what names a Lambda target, or an
// ARN.
func isInstanceID(text string) bool {
	return codedeploy.IsName(text) || lambdaTargetID.MatchString(text) || instanceARN.MatchString(text)
}

// deploymentWithInstances reads a deployment of a platform that the deprecated
// operations know.
func (a *API) deploymentWithInstances(ctx context.Context, sc store.Scope, id string) (store.Deployment, error) {
	d, err := a.readDeployment(ctx, sc, id)
	if err == nil && d.Info.ComputePlatform == codedeploy.ComputePlatformECS {
		return d, codedeploy.InvalidComputePlatformException.Errorf(
			"The deployment %s is on the ECS compute platform, which has no deployment instances. Use the operations on deployment targets.", d.ID)
	}
	return d, err
}

// colored refuses to tell blue from green in a deployment in place.
func colored(d store.Deployment, asked bool) error {
	if !asked || d.Info.ComputePlatform != codedeploy.ComputePlatformServer || !inPlace(d.Info) {
		return nil
	}
	return codedeploy.InvalidDeploymentInstanceTypeException.Errorf(
		"The deployment %s is in place, so its instances are neither Blue nor Green.", d.ID)
}

// instanceOf finds an instance of the deployment. Its id is told as an ARN, as
// these operations do for EC2 instances.
func instanceOf(d store.Deployment, id string) (codedeploy.InstanceSummary, bool) {
	if d.Target == nil || !isTarget(*d.Target, id) {
		return codedeploy.InstanceSummary{}, false
	}
	l := d.Target.LambdaTarget
	return codedeploy.InstanceSummary{
		DeploymentID:    l.DeploymentID,
		InstanceID:      l.TargetARN,
		Status:          codedeploy.InstanceStatus(l.Status),
		LastUpdatedAt:   l.LastUpdatedAt,
		LifecycleEvents: l.LifecycleEvents,
	}, true
}
