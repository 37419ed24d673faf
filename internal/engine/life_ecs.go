package engine

import (
	"errors"
	"time"

	"greenlight/internal/appspec"
	"greenlight/internal/codedeploy"
)

// The limits of ecs.md 12, and one of our own: nobody can stop a deployment that
// waits for a removal.
const (
	ecsLimit      = 120 * time.Hour // from the start to the shift
	installLimit  = time.Hour       // until the green task set is steady
	unsteadyLimit = 5 * time.Minute // that it may be unsteady later
	removalLimit  = 5 * time.Minute // until ECS removes what it was told to delete
)

// ecsLife is the life of a deployment on ECS (ecs.md). Its chapters:
// life_ecs_start.go judges what is there, life_ecs_install.go creates the green
// side, life_ecs_traffic.go moves to it, life_ecs_end.go removes the other one,
// life_ecs_back.go goes back.
type ecsLife struct{}

// reads is false for a rollback: it needs no AppSpec.
func (ecsLife) reads(d *Deployment) bool {
	return d.Snapshot.RollbackOf == "" && (d.Progress.ECS == nil || d.Progress.ECS.AppSpec == nil)
}

// parse reads the AppSpec; its faults are layer B of ecs.md 2.3.
func (ecsLife) parse(d *Deployment, text string) *failure {
	invalid := func(message, why string) *failure {
		return &failure{Code: codedeploy.ErrorCodeInvalidRevision, Message: message, Why: why}
	}
	if text == "" {
		return invalid(codedeploy.MessageNoAppSpec, "")
	}
	spec, err := appspec.ParseECS([]byte(text))
	if err != nil {
		tail := err.Error()
		if bad, ok := errors.AsType[*appspec.Error](err); ok {
			tail = bad.Tail
		}
		return invalid(codedeploy.InvalidAppSpec(tail), "AppSpec: "+err.Error())
	}
	d.Progress.ECS = &ECSProgress{AppSpec: spec}
	return nil
}

func (ecsLife) observed(d *Deployment) bool { return d.Progress.ECS.Seen }

func (l ecsLife) target(d *Deployment) *codedeploy.DeploymentTarget {
	t := l.refused(d)
	t.ECSTarget.Status = codedeploy.TargetStatusInProgress
	t.ECSTarget.TaskSetsInfo = taskSetsInfo(d.Progress.ECS)
	return t
}

// refused is shown also by a deployment that failed before it began: a target
// without task sets (ecs.md 2.3).
func (ecsLife) refused(d *Deployment) *codedeploy.DeploymentTarget {
	return &codedeploy.DeploymentTarget{
		DeploymentTargetType: codedeploy.DeploymentTargetTypeECSTarget,
		ECSTarget: &codedeploy.ECSTarget{
			DeploymentID:    d.ID,
			TargetID:        d.ecs().targetID(),
			TargetARN:       d.ecs().targetARN(),
			LifecycleEvents: pendingEvents(codedeploy.ECSEvents(d.ecs().listener(RouteTest) != "")),
			TaskSetsInfo:    []codedeploy.ECSTaskSet{},
		},
	}
}

func (ecsLife) hooked(event codedeploy.LifecycleEventName) bool {
	switch event {
	case codedeploy.EventInstall, codedeploy.EventAllowTestTraffic, codedeploy.EventAllowTraffic:
		return false
	}
	return true
}

func (ecsLife) hook(d *Deployment, event codedeploy.LifecycleEventName) string {
	if d.Progress.ECS.AppSpec == nil {
		return ""
	}
	return d.Progress.ECS.AppSpec.Hook(string(event))
}

// next is the table of ecs.md 5.2.
func (l ecsLife) next(d *Deployment, event codedeploy.LifecycleEventName, now time.Time) move {
	back := d.Snapshot.RollbackOf != ""
	switch {
	case back:
		return l.goBack(d, event, now)
	case event == codedeploy.EventInstall:
		return l.install(d, now)
	case event == codedeploy.EventAllowTestTraffic:
		return l.allowTest(d)
	default:
		return l.allow(d, now)
	}
}

// readyWait is before traffic moves, where the group asks for it (ecs.md 8.1).
func (ecsLife) readyWait(d *Deployment, event codedeploy.LifecycleEventName) time.Duration {
	config := d.Info.BlueGreenDeploymentConfiguration
	if event != codedeploy.EventBeforeAllowTraffic || d.Snapshot.RollbackOf != "" || config == nil {
		return 0
	}
	option := config.DeploymentReadyOption
	if option == nil || option.ActionOnTimeout != codedeploy.DeploymentReadyActionStopDeployment {
		return 0
	}
	return minutes(option.WaitTimeInMinutes)
}

func minutes(n *int64) time.Duration {
	if n == nil {
		return 0
	}
	return time.Duration(*n) * time.Minute
}

// limit bounds the time up to the shift, to which a Ready wait is not counted;
// what comes after has limits of its own.
func (l ecsLife) limit(d *Deployment) time.Duration {
	switch {
	case eventOf(d, codedeploy.EventAllowTraffic).Status != codedeploy.LifecycleEventStatusPending:
		return 0
	case d.Progress.Ready.Until.IsZero():
		return ecsLimit
	}
	return ecsLimit + l.readyWait(d, codedeploy.EventBeforeAllowTraffic)
}

func (ecsLife) timedOut() failure {
	return failure{Code: codedeploy.ErrorCodeTimeout,
		Message: "The deployment timed out. A deployment on the Amazon ECS compute platform may take 120 hours from its start to the shift of its traffic."}
}

// begun tells whether there is a green side, or may be one, or traffic may have
// moved. A deployment that ended before leaves nothing to lead back (ecs.md
// 10.2).
func (ecsLife) begun(d *Deployment) bool {
	e := d.Progress.ECS
	return e != nil && (e.Touched.Green || e.Touched.Test || e.Touched.Prod)
}

// irrevocable is a deployment that has asked for the deletion of the original
// side (ecs.md 10.2).
func (ecsLife) irrevocable(d *Deployment) bool {
	e := d.Progress.ECS
	return d.Snapshot.RollbackOf == "" && e != nil && e.Deleted
}
