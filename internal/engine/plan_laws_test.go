package engine

import (
	"maps"
	"slices"
	"time"

	"greenlight/internal/codedeploy"
)

// plan takes one input through Plan, as run.go would, and checks the laws.
func (s *simulation) plan(in Input) {
	before, text := s.d, fingerprint(s.T, s.d)
	decision := Plan(before, in, s.now)
	if after := fingerprint(s.T, before); after != text {
		s.Fatalf("Plan changed its argument on %#v:\n%s\n%s", in, text, after)
	}
	s.checkLate(before, decision, in)
	s.checkEnd(before, decision, in)
	s.checkWait(decision.Deployment)
	s.checkNonces(decision.Deployment)
	if first := before.Progress.Stop; first != nil && first.Cause != decision.Deployment.Progress.Stop.Cause {
		s.Fatalf("a second stop took the place of the first on %#v", in)
	}
	s.checkTraffic(before, decision)
	s.checkRollback(decision)
	s.d = stored(s.T, decision.Deployment)
	for _, act := range decision.Acts {
		if !slices.Contains(s.pending, act) {
			s.pending = append(s.pending, act)
		}
	}
}

// checkLate: the answer to an act that is no longer wanted says no more than
// that time has passed.
func (s *simulation) checkLate(before Deployment, decision Decision, in Input) {
	out, ok := in.(Outcome)
	if act := before.Progress.Act; !ok || act != nil && act.Serial == out.Act.Serial {
		return
	}
	tick := Plan(before, Tick{}, s.now)
	if fingerprint(s.T, tick.Deployment) != fingerprint(s.T, decision.Deployment) {
		s.Fatalf("a late answer made a difference: %#v", in)
	}
}

// checkWait: a deployment that goes on waits for an answer or for a moment, and
// for the moment of its next attempt if it has one. No moment is waited for that
// has come: the agenda would wake it over and over.
func (s *simulation) checkWait(d Deployment) {
	act := d.Progress.Act
	switch {
	case d.ended():
	case act == nil && d.WakeAt.IsZero():
		s.Fatalf("waits for nothing: %s", fingerprint(s.T, d))
	case !d.WakeAt.IsZero() && !d.WakeAt.After(s.now):
		s.Fatalf("is woken at %s for the same again: %s", d.WakeAt, fingerprint(s.T, d))
	case act != nil && !act.RetryAt.IsZero() && (d.WakeAt.IsZero() || d.WakeAt.After(act.RetryAt)):
		s.Fatalf("the attempt at %s would be missed: %s", act.RetryAt, fingerprint(s.T, d))
	}
}

// checkEnd holds the laws of statuses: an ended deployment never moves, and
// every step is one of deployments.md 1.
func (s *simulation) checkEnd(before Deployment, decision Decision, in Input) {
	after := decision.Deployment
	from, to := before.Info.Status, after.Info.Status
	if from.Terminal() && (decision.Changed || len(decision.Acts) > 0 || decision.Rollback != nil || fingerprint(s.T, before) != fingerprint(s.T, after)) {
		s.Fatalf("an ended deployment moved on %#v: %s", in, fingerprint(s.T, after))
	}
	if !decision.Changed && fingerprint(s.T, before) != fingerprint(s.T, after) {
		s.Fatalf("changed without saying so on %#v:\n%s\n%s", in, fingerprint(s.T, before), fingerprint(s.T, after))
	}
	began := before.Info.StartTime.IsZero() && !after.Info.StartTime.IsZero()
	passes := from.CanBecome(to) || began && from.CanBecome(codedeploy.DeploymentStatusInProgress) && codedeploy.DeploymentStatusInProgress.CanBecome(to)
	if from != to && !passes {
		s.Fatalf("status went from %s to %s on %#v", from, to, in)
	}
	if after.ended() {
		s.checkEnded(after)
	}
}

func (s *simulation) checkEnded(d Deployment) {
	if d.Info.CompleteTime.IsZero() || !d.WakeAt.IsZero() || d.Progress.Act != nil {
		s.Fatalf("an end that is none: %s", fingerprint(s.T, d))
	}
	good := d.Info.Status == codedeploy.DeploymentStatusSucceeded
	if good != (d.Info.ErrorInformation == nil) || (d.Target == nil) != d.Info.StartTime.IsZero() || (d.Target == nil) != (d.Info.DeploymentOverview == nil) {
		s.Fatalf("an end that does not agree with itself: %s", fingerprint(s.T, d))
	}
	if d.Progress.Stop != nil && d.Info.Status != codedeploy.DeploymentStatusStopped {
		s.Fatalf("a stop came first, and it ended as %s: %v", d.Info.Status, d.Info.ErrorInformation)
	}
	if d.Target == nil {
		return
	}
	if good != (d.Target.LambdaTarget.Status == codedeploy.TargetStatusSucceeded) {
		s.Fatalf("deployment %s with target %s", d.Info.Status, d.Target.LambdaTarget.Status)
	}
	for _, event := range d.Target.LambdaTarget.LifecycleEvents {
		if !event.Status.Finished() || event.EndTime.IsZero() {
			s.Fatalf("event %s has not ended: %s", event.LifecycleEventName, event.Status)
		}
	}
}

// checkNonces: an event never gets two execution ids.
func (s *simulation) checkNonces(d Deployment) {
	for event, hook := range d.Progress.Hooks {
		if known, ok := s.nonces[event]; ok && known != string(hook.Nonce) {
			s.Fatalf("event %s has a second nonce", event)
		}
		s.nonces[event] = string(hook.Nonce)
	}
	if len(s.nonces) != len(d.Progress.Hooks) {
		s.Fatalf("a nonce was lost: had %v, has %v", slices.Collect(maps.Keys(s.nonces)), d.Progress.Hooks)
	}
}

// checkTraffic: traffic rises, by one step in an interval, and not at all once
// somebody has asked to stop.
func (s *simulation) checkTraffic(before Deployment, decision Decision) {
	for _, act := range decision.Acts {
		if act.Kind != ActShift || act.Percent == s.shifted {
			continue
		}
		if act.Percent < s.shifted || act.Percent > 100 {
			s.Fatalf("traffic goes from %d to %d percent", s.shifted, act.Percent)
		}
		if before.Progress.Stop != nil || decision.Deployment.ended() {
			s.Fatalf("traffic rises to %d percent after a stop or an end", act.Percent)
		}
		if s.shifted > 0 && s.now.Before(s.calm.Add(s.interval())) {
			s.Fatalf("traffic rises to %d percent %s after the step before", act.Percent, s.now.Sub(s.calm))
		}
		s.shifted = act.Percent
	}
}

func (s *simulation) interval() time.Duration {
	routing := s.d.Snapshot.TrafficRouting
	switch {
	case routing.TimeBasedCanary != nil:
		return time.Duration(*routing.TimeBasedCanary.CanaryInterval) * time.Minute
	case routing.TimeBasedLinear != nil:
		return time.Duration(*routing.TimeBasedLinear.LinearInterval) * time.Minute
	}
	return 0
}

// checkRollback: at most one, of a deployment that ended badly and had begun.
func (s *simulation) checkRollback(decision Decision) {
	if decision.Rollback == nil {
		return
	}
	d := decision.Deployment
	if s.rollback != nil || !d.ended() || d.Info.Status == codedeploy.DeploymentStatusSucceeded || d.Target == nil {
		s.Fatalf("a rollback of %s", fingerprint(s.T, d))
	}
	s.rollback = decision.Rollback
}
