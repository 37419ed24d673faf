package engine

import (
	"errors"
	"time"

	"greenlight/internal/awsaccess"
)

// How long an act that fails for a passing reason is tried again
// (lambda.md 4.4, 5.4).
const (
	retryLimit    = 5 * time.Minute
	conflictLimit = 30 * time.Second
	firstBackoff  = 500 * time.Millisecond
	maxBackoff    = 20 * time.Second
)

// act makes a the deployment's intent. It is handed out for carrying out by
// the next step.
func (p *planner) act(a Act) *Act {
	p.Progress.Serial++
	a.Serial = p.Progress.Serial
	a.Since = p.now
	p.Progress.Act = &a
	p.changed = true
	return p.Progress.Act
}

// pursueAct hands out the intent, unless it waits to be tried again.
func (p *planner) pursueAct() {
	act := p.Progress.Act
	if act.RetryAt.After(p.now) {
		p.wakeBy(act.RetryAt)
		return
	}
	if !act.RetryAt.IsZero() {
		act.RetryAt = time.Time{}
		p.changed = true
	}
	p.acts = append(p.acts, *act)
}

// takeOutcome records the answer to the intent. The answer to an act that is
// no longer the intent (overtaken by a report, say) changes nothing.
func (p *planner) takeOutcome(in Outcome) {
	act := p.Progress.Act
	if act == nil || act.Serial != in.Act.Serial {
		return
	}
	p.changed = true
	if in.Err != nil {
		p.takeFault(act, in.Err)
		return
	}
	p.Progress.Act = nil
	switch act.Kind {
	case ActFetch:
		p.Progress.Fetched, p.Progress.Text = true, in.Text
	case ActInvoke:
		hook := p.Progress.Hooks[act.Event]
		hook.Invoked = p.now
		p.setHook(act.Event, hook)
	default:
		p.takeAnswer(in)
	}
}

// takeAnswer gives an answer to the platform's life.
func (p *planner) takeAnswer(in Outcome) {
	shown, bad := p.life.took(&p.Deployment, in, p.now)
	if shown {
		p.touchTarget()
	}
	if bad != nil {
		p.fail(*bad)
	}
}

// takeResume is the state after a crash: an act that was under way has lost its
// answer, and is carried out again - unless somebody has asked to stop, when
// nothing new may begin (deployments.md 7.1). What a shift has done is then
// looked at, so that the record and the platform agree. Alarms are polled at
// once.
func (p *planner) takeResume() {
	p.Progress.Alarms.Next = time.Time{}
	act := p.Progress.Act
	if p.Progress.Stop == nil || act == nil {
		return
	}
	p.Progress.Act = nil
	p.changed = true
	if act.changes() || act.Kind == ActLook {
		p.act(Act{Kind: ActLook})
	}
}

// takeFault tries again after a passing fault, and fails the deployment after
// a lasting one. When somebody has asked to stop, nothing is tried again.
func (p *planner) takeFault(act *Act, err error) {
	if p.Progress.Stop != nil {
		p.Progress.Act = nil
		return
	}
	fault := asFault(err)
	if limit := patience(fault.Kind); p.now.Sub(act.Since) < limit {
		act.Tries++
		act.RetryAt = p.now.Add(backoff(act.Tries))
		return
	}
	p.Progress.Act = nil
	if !p.life.spared(&p.Deployment, *act, fault) {
		p.fail(explain(p.life, &p.Deployment, *act, fault))
	}
}

// asFault sees every error as a fault: one that no driver has classified is a
// far side that cannot be reached.
func asFault(err error) *awsaccess.Fault {
	if fault, ok := errors.AsType[*awsaccess.Fault](err); ok {
		return fault
	}
	return &awsaccess.Fault{Kind: awsaccess.Unavailable, Service: "AWS", Message: err.Error(), Err: err}
}

// patience is how long a kind of fault is taken for a passing one.
func patience(kind awsaccess.FaultKind) time.Duration {
	switch kind {
	case awsaccess.Throttled, awsaccess.Unavailable:
		return retryLimit
	case awsaccess.Conflict:
		return conflictLimit
	default:
		return 0
	}
}

// backoff is the pause after the nth failed attempt, doubling from
// firstBackoff.
func backoff(n int) time.Duration {
	pause := firstBackoff
	for range n - 1 {
		if pause *= 2; pause >= maxBackoff {
			return maxBackoff
		}
	}
	return pause
}
