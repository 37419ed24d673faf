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

func (lambdaLife) reads(d *Deployment) bool { return d.Progress.Lambda == nil }

// parse reads the AppSpec; its faults are rows M8 to M15 of lambda.md 2.3.
func (lambdaLife) parse(d *Deployment, text string) *failure {
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

// refused is nil: a deployment that failed up to its start has no target
// (lambda.md 4.2, steps 1-5).
func (lambdaLife) refused(*Deployment) *codedeploy.DeploymentTarget { return nil }

func (lambdaLife) hooked(event codedeploy.LifecycleEventName) bool {
	return event != codedeploy.EventAllowTraffic
}

func (lambdaLife) hook(d *Deployment, event codedeploy.LifecycleEventName) string {
	return d.Progress.Lambda.AppSpec.Hook(string(event))
}

// next moves the traffic. An alias with provisioned concurrency has to be ready
// before the next interval counts (lambda.md 4.5).
func (l lambdaLife) next(d *Deployment, _ codedeploy.LifecycleEventName, now time.Time) move {
	shift := d.Progress.Shift
	switch {
	case !l.moves(d):
		return nothingMore
	case shift.Unsteady && shift.Ask.After(now):
		return waitTill(shift.Ask)
	case shift.Unsteady:
		return do(Act{Kind: ActSteady})
	}
	return nextShift(d, now)
}

func (lambdaLife) after(*Deployment, time.Time) move { return nothingMore }

func (lambdaLife) readyWait(*Deployment, codedeploy.LifecycleEventName) time.Duration { return 0 }

// moves is false for a deployment from a version to itself (M17).
func (lambdaLife) moves(d *Deployment) bool {
	spec := d.Progress.Lambda.AppSpec
	return spec.CurrentVersion != spec.TargetVersion
}

func (l lambdaLife) took(d *Deployment, in Outcome, now time.Time) (shown bool, bad *failure) {
	switch in.Act.Kind {
	case ActObserve:
		d.Progress.Lambda.Alias = in.Alias
		return false, l.check(d)
	case ActLook:
		l.looked(d, in)
		return true, nil
	case ActShift:
		l.shifted(d, in)
		return true, l.settled(d, in, now)
	default:
		return false, l.settled(d, in, now)
	}
}

// shifted keeps what a shift left behind.
func (lambdaLife) shifted(d *Deployment, in Outcome) {
	d.Progress.Lambda.Alias = in.Alias
	d.Target.LambdaTarget.LambdaFunctionInfo.TargetVersionWeight = new(codedeploy.Weight(in.Act.Percent))
	d.Progress.Shift.Done++
	d.Progress.Shift.Unsteady = true
}

// looked keeps what a shift left behind whose answer was lost: the target's
// share is taken from the alias as it is.
func (lambdaLife) looked(d *Deployment, in Outcome) {
	d.Progress.Lambda.Alias = in.Alias
	info := d.Target.LambdaTarget.LambdaFunctionInfo
	weight := codedeploy.Double(in.Alias.Weights[info.TargetVersion])
	if in.Alias.Version == info.TargetVersion {
		weight = codedeploy.Weight(100)
	}
	info.TargetVersionWeight = &weight
}

// steadyInterval is how often an alias that is not ready is asked.
const steadyInterval = 5 * time.Second

// settled records whether the provisioned concurrency of the alias, where it
// has one, has caught up with the last shift (lambda.md 4.5): the next interval
// counts from then.
func (lambdaLife) settled(d *Deployment, in Outcome, now time.Time) *failure {
	shift := &d.Progress.Shift
	switch p := in.Provisioned; {
	case p == nil: // not asked yet
		shift.Ask = now
	case !p.Configured || p.Status == "READY":
		shift.Unsteady, shift.At, shift.Ask = false, now, time.Time{}
	case p.Status == "FAILED":
		return &failure{Code: codedeploy.ErrorCodeInvalidLambdaConfiguration,
			Message: codedeploy.LambdaConfiguration(p.Reason),
			Why:     "The provisioned concurrency of the alias could not be allocated: " + p.Reason}
	default:
		shift.Ask = now.Add(steadyInterval)
	}
	return nil
}

// wayBack leads from the target version to the current one, without hooks.
func (lambdaLife) wayBack(d, back *Deployment) {
	spec := d.Progress.Lambda.AppSpec
	reverse := appspec.Lambda{
		Label: spec.Label, Function: spec.Function, Alias: spec.Alias,
		CurrentVersion: spec.TargetVersion, TargetVersion: spec.CurrentVersion,
	}
	back.Snapshot.Revision = codedeploy.AppSpecRevision(string(reverse.JSON()))
}

// begun follows lambda.md 7.1: also a deployment that had not moved any traffic
// is followed by a rollback.
func (lambdaLife) begun(d *Deployment) bool { return d.Target != nil }

func (lambdaLife) irrevocable(*Deployment) bool { return false }

func (lambdaLife) limit(*Deployment) time.Duration { return lambdaLimit }

func (lambdaLife) timedOut() failure {
	return failure{Code: codedeploy.ErrorCodeTimeout,
		Message: "The deployment timed out. A deployment on the AWS Lambda compute platform may take 50 hours."}
}
