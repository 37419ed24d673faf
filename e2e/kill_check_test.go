package e2e

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// checkEnd checks how a deployment has ended, that the alias is where the record
// says, and that the group holds this deployment, its rollback if there is one,
// and nothing else that is new.
func (c *crash) checkEnd(d *crashDeployment) {
	c.t.Helper()
	if d.refuser() < 0 {
		c.checkSuccess(d)
	} else {
		c.checkFailure(d)
	}
	if got := c.server.alias(function, d.alias); got.Version != d.group.version || got.Weights != nil {
		c.t.Errorf("%s (%s to %s, %s) ended %s, and the alias leads to %+v, want version %s alone",
			d.id, d.from, d.to, d.config, d.info.Status, got, d.group.version)
	}
	listed := c.list(d.group)
	if len(listed) != len(d.group.known) || slices.ContainsFunc(listed, func(id string) bool { return !d.group.known[id] }) {
		c.t.Errorf("group %s holds %v, want %v", d.group.name, listed, d.group.known)
	}
}

func (c *crash) checkSuccess(d *crashDeployment) {
	c.t.Helper()
	if d.info.Status != types.DeploymentStatusSucceeded || d.rollbackID() != "" {
		c.t.Fatalf("%s ended %s (%+v) with the rollback %q", d.id, d.info.Status, describe(d.info.ErrorInformation), d.rollbackID())
	}
	checkEvents(c.t, statuses(d.target), [3]types.LifecycleEventStatus{eventSucceeded, eventSucceeded, eventSucceeded})
	d.group.version = d.to
}

func (c *crash) checkFailure(d *crashDeployment) {
	c.t.Helper()
	if d.info.Status != types.DeploymentStatusFailed || d.info.ErrorInformation.Code != types.ErrorCodeHookExecutionFailure {
		c.t.Fatalf("%s ended %s (%+v), want it refused by its hook", d.id, d.info.Status, describe(d.info.ErrorInformation))
	}
	want := [3]types.LifecycleEventStatus{eventSucceeded, eventSucceeded, eventFailed}
	if d.refuser() == 0 {
		want = [3]types.LifecycleEventStatus{eventFailed, eventSkipped, eventSkipped}
	}
	checkEvents(c.t, statuses(d.target), want)
	if d.rollback.Status != types.DeploymentStatusSucceeded || d.rollback.RollbackInfo == nil ||
		aws.ToString(d.rollback.RollbackInfo.RollbackTriggeringDeploymentId) != d.id {
		c.t.Errorf("%s has the rollback %q, which is %s (%+v)", d.id, d.rollbackID(), d.rollback.Status, describe(d.rollback.ErrorInformation))
	}
	d.group.known[d.rollbackID()] = true
	c.rollbacks++
}

func describe(e *types.ErrorInformation) string {
	if e == nil {
		return "no error"
	}
	return string(e.Code) + ": " + aws.ToString(e.Message)
}

// checkHooks checks what the hook functions have seen of all deployments.
//
// Lambda gives an accepted event to its function at least once: again after a
// kill in which the function had not returned. So a function may run more often
// than the controller has called Invoke, and what is promised is this: one
// execution id for an event, whatever happens; one delivery of a request in one
// life of the server; and a second Invoke, which shows as another request id,
// only in another life, and none once the event has ended.
func (c *crash) checkHooks() {
	c.t.Helper()
	type place struct{ deployment, function string }
	calls := map[place][]hookCall{}
	for _, call := range c.hooks.calls(c.t) {
		at := place{call.Payload.DeploymentID, call.Function}
		calls[at] = append(calls[at], call)
	}
	executions := map[string]place{}
	for _, d := range c.all {
		for event := range 3 {
			at := place{d.id, d.hook(event)}
			c.checkEvent(d, event, calls[at])
			for _, call := range calls[at] {
				if first, used := executions[call.Payload.ExecutionID]; used && first != at {
					c.t.Errorf("%v and %v have the same execution id", first, at)
				}
				executions[call.Payload.ExecutionID] = at
			}
			delete(calls, at)
		}
	}
	for at, unwanted := range calls {
		c.t.Errorf("%d invocations for %v, which has no such hook", len(unwanted), at)
	}
}

// checkEvent checks the invocations of one event's hook.
func (c *crash) checkEvent(d *crashDeployment, event int, calls []hookCall) {
	c.t.Helper()
	reached := d.hook(event) != "" && d.target.LifecycleEvents[event].Status != eventSkipped
	if reached != (len(calls) > 0) {
		c.t.Errorf("event %d of %s, reached: %v, has %d invocations", event, d.id, reached, len(calls))
	}
	type delivery struct {
		request string
		life    int
	}
	seen, requests := map[delivery]bool{}, map[string]bool{}
	for _, call := range calls {
		life := c.life(call.At)
		if call.Payload.ExecutionID != calls[0].Payload.ExecutionID {
			c.t.Errorf("event %d of %s has two execution ids", event, d.id)
		}
		if seen[delivery{call.Request, life}] {
			c.t.Errorf("event %d of %s: request %s was delivered twice in life %d", event, d.id, call.Request, life)
		}
		if life < d.pendingIn[event] || life > d.settledIn {
			c.t.Errorf("event %d of %s: an invocation in life %d, and it can only have run from %d to %d",
				event, d.id, life, d.pendingIn[event], d.settledIn)
		}
		seen[delivery{call.Request, life}], requests[call.Request] = true, true
	}
	if most := d.endedIn[event] - d.pendingIn[event] + 1; len(requests) > most {
		c.t.Errorf("event %d of %s was invoked %d times in %d lives", event, d.id, len(requests), most)
	}
}
