package engine

import (
	"fmt"
	"time"

	"greenlight/internal/codedeploy"
	"greenlight/internal/ecsdriver"
)

// goBack is what the events of a rollback have to do (ecs.md 10.1, item 5):
// first the production traffic goes back, whatever else may fail, then the test
// traffic; then the original side becomes the primary one again, and the new
// one is deleted.
func (l ecsLife) goBack(d *Deployment, event codedeploy.LifecycleEventName, now time.Time) move {
	e := d.Progress.ECS
	switch {
	case event == codedeploy.EventInstall && e.Touched.Prod:
		return do(Act{Kind: ActShift, Route: RouteProd})
	case event == codedeploy.EventAllowTestTraffic && e.Touched.Test:
		return do(Act{Kind: ActShift, Route: RouteTest})
	case event == codedeploy.EventAllowTraffic:
		return l.reinstate(d, now)
	}
	return nothingMore
}

// reinstate makes the original task set the primary one and deletes the new one,
// as far as they are there.
func (ecsLife) reinstate(d *Deployment, now time.Time) move {
	e := d.Progress.ECS
	switch {
	case e.Primary != "" && e.Primary == e.New.ID && !e.Promoted:
		return do(Act{Kind: ActPromote, TaskSet: e.Original.ID})
	case e.New.ID == "" || e.Original.Gone || e.New.leaving():
		return nothingMore
	case !e.Deleted:
		return do(Act{Kind: ActDelete, TaskSet: e.New.ID})
	}
	return e.poll(now)
}

// returned keeps that a route is back.
func (ecsLife) returned(d *Deployment, in Outcome) {
	e := d.Progress.ECS
	e.Touched.returned(in.Act.Route)
	if in.Act.Route == RouteProd {
		e.Share = *in.ECS.Share
	}
}

func (t *Touched) returned(route Route) {
	if route == RouteTest {
		t.Test = false
	} else {
		t.Prod = false
	}
}

// judgeBack is why a rollback cannot be: the side to go back to is gone. When
// the service itself is gone, the listeners are still put back.
func (ecsLife) judgeBack(d *Deployment, in ECSAnswer) *failure {
	e := d.Progress.ECS
	if in.Service == nil || in.Service.Status != ecsdriver.StatusActive || !e.Original.leaving() {
		return nil
	}
	_, service := d.ecs().names()
	return &failure{Code: codedeploy.ErrorCodeInvalidECSService,
		Message: fmt.Sprintf("The original task set %s of the ECS service %s no longer exists, so there is nothing to go back to.",
			e.Original.ID, service)}
}

// findNew looks for the new task set by the deployment that made it: the answer
// which told its id may have been lost.
func (e *ECSProgress) findNew(deployment string, in ECSAnswer) {
	if in.Service == nil || e.New.ID != "" || deployment == "" {
		return
	}
	for _, set := range in.Service.TaskSets {
		if set.ExternalID == deployment {
			e.New = taskSet(e.New.Group, set)
		}
	}
}

// wayBack gives the rollback what the deployment knows. Its revision is the last
// successful one, or of a group's first deployment that one's own (ecs.md 10.1,
// item 2).
func (ecsLife) wayBack(d, back *Deployment) {
	back.Snapshot.Revision = d.Snapshot.Revision
	if d.Info.PreviousRevision != nil {
		back.Snapshot.Revision = *d.Info.PreviousRevision
	}
	back.Snapshot.ECSService = d.Snapshot.ECSService
	back.Info.LoadBalancerInfo = d.Info.LoadBalancerInfo
	back.Info.BlueGreenDeploymentConfiguration = d.Info.BlueGreenDeploymentConfiguration
	from := d.Progress.ECS
	back.Progress.ECS = &ECSProgress{
		Service: from.Service, Original: from.Original, New: from.New, Primary: from.Primary,
		Pair: from.Pair, ALB: from.ALB, Share: from.Share, Touched: from.Touched,
	}
}
