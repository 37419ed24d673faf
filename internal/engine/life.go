package engine

import (
	"time"

	"greenlight/internal/awsaccess"
	"greenlight/internal/codedeploy"
)

// life is what the deployments of one compute platform have of their own. The
// planner holds everything else. Every method is pure; none sets the status of
// a deployment, a target or an event.
type life interface {
	// parse reads the AppSpec's text into d.Progress; what is wrong with it
	// comes back as the failure that the platform's chapter names.
	parse(d *Deployment, text string) *failure
	// observed reports whether the platform has been read; observe keeps what
	// was read, and check judges whether the deployment may start on it.
	observed(d *Deployment) bool
	observe(d *Deployment, in Outcome)
	check(d *Deployment) *failure
	// target is the deployment's target at its start, all events Pending.
	target(d *Deployment) *codedeploy.DeploymentTarget

	// shifts tells the event in which traffic moves; hook names the function
	// of any other event, "" for none.
	shifts(event codedeploy.LifecycleEventName) bool
	hook(d *Deployment, event codedeploy.LifecycleEventName) string

	// moves is false when there is no traffic to move. shifted keeps what a
	// shift left behind, looked what it left behind when its answer was lost, and
	// settled says whether the platform has caught up.
	moves(d *Deployment) bool
	shifted(d *Deployment, in Outcome)
	looked(d *Deployment, in Outcome)
	settled(in Outcome) (readiness, *failure)

	// explain turns a lasting fault of an act into the deployment's failure.
	explain(d *Deployment, act Act, fault *awsaccess.Fault) failure
	// wayBack is the text of the AppSpec that undoes d.
	wayBack(d *Deployment) string
	// limit bounds a whole run; timedOut is what a longer one fails with.
	limit() time.Duration
	timedOut() failure
}

// readiness is how far a platform has got with the last shift.
type readiness int

const (
	unknown readiness = iota
	unsteady
	steady
)

// lifeOf is the one place that knows which platform has which life; nil for a
// platform that has no driver yet.
func lifeOf(platform codedeploy.ComputePlatform) life {
	if platform == codedeploy.ComputePlatformLambda {
		return lambdaLife{}
	}
	return nil
}
