package engine

import (
	"errors"
	"fmt"
	"time"

	"greenlight/internal/appspec"
	"greenlight/internal/codedeploy"
)

// lambdaLimit is how long a Lambda deployment may run: 48 hours of shifting
// and an hour for each of two hooks (lambda.md 1).
const lambdaLimit = 50 * time.Hour

// lambdaLife is the life of a deployment on Lambda (lambda.md).
type lambdaLife struct{}

// parse reads the AppSpec once; its faults are rows M8 to M15 of lambda.md 2.3.
func (lambdaLife) parse(d *Deployment, text string) *failure {
	if d.Progress.Lambda != nil {
		return nil
	}
	spec, err := appspec.ParseLambda([]byte(text))
	if err == nil {
		d.Progress.Lambda = &LambdaProgress{AppSpec: *spec}
		return nil
	}
	tail := err.Error()
	if bad, ok := errors.AsType[*appspec.Error](err); ok {
		tail = bad.Tail
	}
	return &failure{
		Code:    codedeploy.ErrorCodeInvalidLambdaConfiguration,
		Message: codedeploy.LambdaConfiguration(tail),
		Why:     "AppSpec: " + err.Error(),
	}
}

func (lambdaLife) observed(d *Deployment) bool {
	return d.Progress.Lambda.Alias != nil
}

func (lambdaLife) observe(d *Deployment, in Outcome) {
	d.Progress.Lambda.Alias = in.Alias
}

// check holds rows M16 to M19 of lambda.md 2.3. A rollback goes back from
// whatever it finds (lambda.md 7.1).
func (lambdaLife) check(d *Deployment) *failure {
	if d.Snapshot.RollbackOf != "" {
		return nil
	}
	spec, alias := d.Progress.Lambda.AppSpec, d.Progress.Lambda.Alias
	invalid := func(tail, why string) *failure {
		return &failure{Code: codedeploy.ErrorCodeInvalidLambdaConfiguration,
			Message: codedeploy.LambdaConfiguration(tail), Why: why}
	}
	allAtOnce := d.Snapshot.TrafficRouting.Type == codedeploy.TrafficRoutingTypeAllAtOnce
	switch {
	case spec.CurrentVersion == spec.TargetVersion && !allAtOnce:
		return invalid("", fmt.Sprintf("CurrentVersion and TargetVersion are both %s: %s has no traffic to shift in steps.",
			spec.TargetVersion, d.Info.DeploymentConfigName))
	case alias.Version != spec.CurrentVersion:
		return invalid(codedeploy.TailAliasVersionMismatch, fmt.Sprintf("The alias %s points to version %s; the AppSpec file's CurrentVersion is %s.",
			spec.Alias, alias.Version, spec.CurrentVersion))
	case len(alias.Weights) > 0:
		return invalid(fmt.Sprintf("The Lambda function alias %s already sends part of its traffic to another version. Remove its additional version weights first.", spec.Alias),
			fmt.Sprintf("The alias %s has the additional version weights %v.", spec.Alias, alias.Weights))
	}
	return nil
}

func (l lambdaLife) target(d *Deployment) *codedeploy.DeploymentTarget {
	spec := d.Progress.Lambda.AppSpec
	weight := codedeploy.Weight(0)
	if !l.moves(d) {
		weight = codedeploy.Weight(100)
	}
	return &codedeploy.DeploymentTarget{
		DeploymentTargetType: codedeploy.DeploymentTargetTypeLambdaTarget,
		LambdaTarget: &codedeploy.LambdaTarget{
			DeploymentID:    d.ID,
			TargetID:        spec.FunctionName(),
			TargetARN:       codedeploy.LambdaAliasARN(d.Region, d.Account, spec.FunctionName(), spec.Alias),
			Status:          codedeploy.TargetStatusInProgress,
			LifecycleEvents: pendingEvents(codedeploy.LambdaEvents()),
			LambdaFunctionInfo: &codedeploy.LambdaFunctionInfo{
				FunctionName: spec.FunctionName(), FunctionAlias: spec.Alias,
				CurrentVersion: spec.CurrentVersion, TargetVersion: spec.TargetVersion,
				TargetVersionWeight: &weight,
			},
		},
	}
}

func (lambdaLife) shifts(event codedeploy.LifecycleEventName) bool {
	return event == codedeploy.EventAllowTraffic
}

func (lambdaLife) hook(d *Deployment, event codedeploy.LifecycleEventName) string {
	return d.Progress.Lambda.AppSpec.Hook(string(event))
}

// moves is false for a deployment from a version to itself (M17).
func (lambdaLife) moves(d *Deployment) bool {
	spec := d.Progress.Lambda.AppSpec
	return spec.CurrentVersion != spec.TargetVersion
}

func (lambdaLife) shifted(d *Deployment, in Outcome) {
	d.Progress.Lambda.Alias = in.Alias
	d.Target.LambdaTarget.LambdaFunctionInfo.TargetVersionWeight = new(codedeploy.Weight(in.Act.Percent))
}

// looked takes the target's share from the alias as it is.
func (lambdaLife) looked(d *Deployment, in Outcome) {
	d.Progress.Lambda.Alias = in.Alias
	info := d.Target.LambdaTarget.LambdaFunctionInfo
	weight := codedeploy.Double(in.Alias.Weights[info.TargetVersion])
	if in.Alias.Version == info.TargetVersion {
		weight = codedeploy.Weight(100)
	}
	info.TargetVersionWeight = &weight
}

// settled follows lambda.md 4.5: provisioned concurrency, where the alias has
// it, must be ready before an interval counts.
func (lambdaLife) settled(in Outcome) (readiness, *failure) {
	switch p := in.Provisioned; {
	case p == nil:
		return unknown, nil
	case !p.Configured || p.Status == "READY":
		return steady, nil
	case p.Status == "FAILED":
		return unknown, &failure{Code: codedeploy.ErrorCodeInvalidLambdaConfiguration,
			Message: codedeploy.LambdaConfiguration(p.Reason),
			Why:     "The provisioned concurrency of the alias could not be allocated: " + p.Reason}
	default:
		return unsteady, nil
	}
}

// wayBack leads from the target version to the current one, without hooks.
func (lambdaLife) wayBack(d *Deployment) string {
	spec := d.Progress.Lambda.AppSpec
	back := appspec.Lambda{
		Label: spec.Label, Function: spec.Function, Alias: spec.Alias,
		CurrentVersion: spec.TargetVersion, TargetVersion: spec.CurrentVersion,
	}
	return string(back.JSON())
}

func (lambdaLife) limit() time.Duration { return lambdaLimit }

func (lambdaLife) timedOut() failure {
	return failure{Code: codedeploy.ErrorCodeTimeout,
		Message: "The deployment timed out. A deployment on the AWS Lambda compute platform may take 50 hours."}
}
