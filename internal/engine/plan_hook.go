package engine

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"time"

	"greenlight/internal/codedeploy"
)

// hookLimit is how long a hook may take to report, counted from its event's
// start (lambda.md 5.4).
const hookLimit = time.Hour

// runHook carries a hook's event on: invoke once, then wait for the report. An
// event without a function, and every hook event of a rollback, succeeds by
// itself (lambda.md 4.1, 7.1).
func (p *planner) runHook(event *codedeploy.LifecycleEvent) bool {
	name := event.LifecycleEventName
	function := p.life.hook(&p.Deployment, name)
	if function == "" || p.Snapshot.RollbackOf != "" {
		p.endEvent(event, codedeploy.LifecycleEventStatusSucceeded)
		return true
	}
	if hook, begun := p.Progress.Hooks[name]; begun {
		p.wakeBy(hook.Deadline)
		return false
	}
	p.setHook(name, Hook{
		Function: function,
		Nonce:    hookNonce(p.Snapshot.HookSeed, name),
		Deadline: event.StartTime.Add(hookLimit),
	})
	p.act(Act{Kind: ActInvoke, Event: name})
	return true
}

// hookOverdue reports whether the running event's hook has had its hour, be it
// that it did not report or that it could not even be invoked.
func (p *planner) hookOverdue() bool {
	_, hook, running := p.runningHook()
	return running && !p.now.Before(hook.Deadline)
}

// failHook ends the deployment after a hook's hour.
func (p *planner) failHook() {
	event, hook, _ := p.runningHook()
	p.fail(hookTimedOut(event, hook))
}

// runningHook is the hook of the running event, if that has one.
func (p *planner) runningHook() (codedeploy.LifecycleEventName, Hook, bool) {
	if p.Target == nil {
		return "", Hook{}, false
	}
	event := p.currentEvent()
	if event == nil {
		return "", Hook{}, false
	}
	hook, begun := p.Progress.Hooks[event.LifecycleEventName]
	return event.LifecycleEventName, hook, begun
}

// takeReport ends a hook's event with the function's verdict. The invoke may
// not even have been answered (L18); its answer no longer matters.
func (p *planner) takeReport(in Report) {
	event := p.currentEvent()
	hook := p.Progress.Hooks[in.Event]
	hook.Reported = in.Status
	p.setHook(in.Event, hook)
	if act := p.Progress.Act; act != nil && act.Kind == ActInvoke {
		p.Progress.Act = nil
	}
	if in.Status == codedeploy.LifecycleEventStatusSucceeded {
		p.endEvent(event, codedeploy.LifecycleEventStatusSucceeded)
		return
	}
	p.fail(failure{
		Code:    codedeploy.ErrorCodeHookExecutionFailure,
		Message: codedeploy.MessageHookFailed,
		Why:     fmt.Sprintf("The hook function %s of %s reported Failed %s after the event started.", hook.Function, in.Event, p.now.Sub(event.StartTime.Time)),
	})
}

// hookTimedOut is the failure of a hook that did not report in its hour.
func hookTimedOut(event codedeploy.LifecycleEventName, hook Hook) failure {
	why := fmt.Sprintf("The hook function %s of %s was accepted by Lambda at %s and never reported.",
		hook.Function, event, hook.Invoked.Format(time.RFC3339))
	if hook.Invoked.IsZero() {
		why = fmt.Sprintf("The hook function %s of %s was never accepted by Lambda.", hook.Function, event)
	}
	return failure{Code: codedeploy.ErrorCodeTimeout, Message: codedeploy.MessageHookTimeout, Why: why}
}

func (p *planner) setHook(event codedeploy.LifecycleEventName, hook Hook) {
	if p.Progress.Hooks == nil {
		p.Progress.Hooks = map[codedeploy.LifecycleEventName]Hook{}
	}
	p.Progress.Hooks[event] = hook
	p.changed = true
}

// hookNonce derives the nonce of an event's execution id. The seed was drawn
// when the deployment was created, so the planner needs no randomness and an
// event can have one nonce only.
func hookNonce(seed []byte, event codedeploy.LifecycleEventName) []byte {
	mac := hmac.New(sha256.New, seed)
	mac.Write([]byte(event))
	return mac.Sum(nil)[:nonceSize]
}
