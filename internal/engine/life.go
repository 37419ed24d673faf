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
	// reads tells whether the AppSpec's text is still needed; parse reads it
	// into d.Progress, and what is wrong with it comes back as the failure that
	// the platform's chapter names.
	reads(d *Deployment) bool
	parse(d *Deployment, text string) *failure
	// observed reports whether the platform has been read, and found fit.
	observed(d *Deployment) bool
	// target is the deployment's target at its start, all events Pending.
	// refused is that of a deployment which failed before its start; nil when
	// the platform shows none.
	target(d *Deployment) *codedeploy.DeploymentTarget
	refused(d *Deployment) *codedeploy.DeploymentTarget

	// hooked tells the events that hooks have; hook names the function of one,
	// "" for none.
	hooked(event codedeploy.LifecycleEventName) bool
	hook(d *Deployment, event codedeploy.LifecycleEventName) string
	// next is what one of the other events has to do now, after what remains to
	// be done after the last event.
	next(d *Deployment, event codedeploy.LifecycleEventName, now time.Time) move
	after(d *Deployment, now time.Time) move
	// readyWait is how long the deployment waits for a person's word before the
	// event begins; 0 for not at all.
	readyWait(d *Deployment, event codedeploy.LifecycleEventName) time.Duration

	// took keeps the answer to an act. It tells whether the target has changed
	// for a reader, and the failure that the answer means.
	took(d *Deployment, in Outcome, now time.Time) (shown bool, bad *failure)
	// spared takes a lasting fault that the deployment can live with; explain
	// says what any other means, when it is none of the faults that all
	// platforms share.
	spared(d *Deployment, act Act, fault *awsaccess.Fault) bool
	explain(d *Deployment, act Act, fault *awsaccess.Fault) (codedeploy.ErrorCode, string)

	// begun tells whether there is something to lead back; wayBack makes
	// back, a rollback without a revision, lead back from d.
	begun(d *Deployment) bool
	wayBack(d, back *Deployment)
	// irrevocable tells that the deployment can no longer be stopped.
	irrevocable(d *Deployment) bool
	// limit bounds a whole run, 0 for not at all; timedOut is what a longer one
	// fails with.
	limit(d *Deployment) time.Duration
	timedOut() failure
}

// move is what a platform has to do next: an act, or to wait for a moment, or
// nothing more.
type move struct {
	act  *Act
	at   time.Time
	done bool
}

func do(a Act) move              { return move{act: &a} }
func waitTill(at time.Time) move { return move{at: at} }

var nothingMore = move{done: true}

// lifeOf is the one place that knows which platform has which life; nil for a
// platform that has no driver yet.
func lifeOf(platform codedeploy.ComputePlatform) life {
	switch platform {
	case codedeploy.ComputePlatformLambda:
		return lambdaLife{}
	case codedeploy.ComputePlatformECS:
		return ecsLife{}
	}
	return nil
}
