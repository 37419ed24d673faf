package engine

import (
	"time"

	"greenlight/internal/codedeploy"
	"greenlight/internal/ecsdriver"
)

// took keeps what an act brought back. Every answer that holds the service also
// brings the target's task sets up to date.
func (l ecsLife) took(d *Deployment, in Outcome, now time.Time) (shown bool, bad *failure) {
	if in.Act.Kind == ActObserve && d.Target == nil {
		l.observe(d, in.ECS)
		d.Progress.ECS.findNew(d.Snapshot.RollbackOf, in.ECS)
		return false, l.judgeStart(d, in.ECS)
	}
	bad = l.keep(d, in, now)
	e := d.Progress.ECS
	if in.ECS.Service != nil {
		e.see(*in.ECS.Service)
	}
	if bad == nil {
		bad = l.judge(d, in, now)
	}
	return l.show(d), bad
}

// keep keeps what is an act's own.
func (l ecsLife) keep(d *Deployment, in Outcome, now time.Time) *failure {
	e := d.Progress.ECS
	back := d.Snapshot.RollbackOf != ""
	switch in.Act.Kind {
	case ActObserve:
		return l.preflight(d, in.ECS, now)
	case ActSteady:
		e.read(d, in.ECS, now)
	case ActClear:
		e.cleared(in.ECS.Service, now)
	case ActAttach:
		e.Attached = true
	case ActCreate:
		e.created(*in.ECS.Green, now)
	case ActShift:
		if back {
			l.returned(d, in)
		} else {
			l.shifted(d, in, now)
		}
	case ActPromote:
		e.Promoted = true
		e.promoted(in.Act.TaskSet)
	case ActDelete:
		e.Deleted, e.New.Listed = true, true // one that is not listed now is gone
		e.awaitAnew()
		e.asked(now)
	case ActLook:
		e.findNew(d.ID, in.ECS)
		if in.ECS.Prod != nil {
			if share, ok := in.ECS.Prod.Share(e.Pair); ok {
				e.Share = share
			}
		}
	}
	return nil
}

// read keeps a reading of the service, for whatever it was read.
func (e *ECSProgress) read(d *Deployment, in ECSAnswer, now time.Time) {
	switch {
	case len(e.Leftovers) > 0:
		e.cleared(in.Service, now)
	case d.Progress.Shift.Done > 0 && !e.Deleted:
		e.looked(now)
	default:
		e.asked(now)
	}
}

// promoted exchanges the sides' places, until the service is read again.
func (e *ECSProgress) promoted(id string) {
	e.Primary = id
	for _, t := range []*TaskSet{&e.Original, &e.New} {
		if t.leaving() {
			continue
		}
		t.Status = ecsdriver.StatusActive
		if t.ID == id {
			t.Status = ecsdriver.StatusPrimary
		}
	}
}

// judge is what a reading of the service means for the deployment where it
// stands now.
func (l ecsLife) judge(d *Deployment, in Outcome, now time.Time) *failure {
	switch {
	case d.Snapshot.RollbackOf != "" || in.Act.Kind == ActLook || in.ECS.Service == nil:
		return nil
	case d.Progress.ECS.Deleted:
		return nil // the deployment ends with the original side, whatever becomes of the new one
	}
	if bad := unfit(d, in.ECS.Service); bad != nil {
		return bad
	}
	switch {
	case eventOf(d, codedeploy.EventInstall).Status == codedeploy.LifecycleEventStatusInProgress:
		return l.judgeInstall(d, now)
	case in.Act.Kind == ActSteady || in.Act.Kind == ActShift:
		return d.Progress.ECS.judgeGreen(now)
	}
	return nil
}

// show brings the target's task sets up to date and reports whether that
// changed anything.
func (ecsLife) show(d *Deployment) bool {
	infos := taskSetsInfo(d.Progress.ECS)
	if sameTaskSets(d.Target.ECSTarget.TaskSetsInfo, infos) {
		return false
	}
	d.Target.ECSTarget.TaskSetsInfo = infos
	return true
}

func sameTaskSets(a, b []codedeploy.ECSTaskSet) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Identifer != b[i].Identifer || a[i].Status != b[i].Status || *a[i].TrafficWeight != *b[i].TrafficWeight ||
			*a[i].DesiredCount != *b[i].DesiredCount || *a[i].PendingCount != *b[i].PendingCount || *a[i].RunningCount != *b[i].RunningCount {
			return false
		}
	}
	return true
}
