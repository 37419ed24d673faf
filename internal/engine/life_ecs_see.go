package engine

import (
	"fmt"
	"time"

	"greenlight/internal/codedeploy"
	"greenlight/internal/ecsdriver"
)

// How often a service is read while something is awaited (ecs.md 6.2): soon at
// first, so that what is quick is seen quickly, then every five seconds, and
// after five minutes every fifteen.
const (
	firstAsk = 500 * time.Millisecond
	quickAsk = 5 * time.Second
	lastAsk  = 15 * time.Second
)

// How often a green side that is steady is looked at while traffic moves to it
// or the original one waits for its end: every 15 seconds at first, and never
// less than every minute.
const (
	firstLook = 15 * time.Second
	lastLook  = time.Minute
)

// see keeps what a reading of the service tells about the two sides. It reports
// whether anything has changed for a reader.
func (e *ECSProgress) see(s ecsdriver.Service) (shown bool) {
	before := [2]TaskSet{e.Original, e.New}
	e.Primary, e.Told = "", s.Events
	for _, set := range s.TaskSets {
		if set.Status == ecsdriver.StatusPrimary {
			e.Primary = set.ID
		}
	}
	e.Original = e.Original.in(s)
	e.New = e.New.in(s)
	return before != [2]TaskSet{e.Original, e.New}
}

// in is the task set as the service has it. One that the service no longer has
// is drained; one that was made a moment ago may not be listed yet.
func (t TaskSet) in(s ecsdriver.Service) TaskSet {
	if t.ID == "" {
		return t
	}
	for _, set := range s.TaskSets {
		if set.ID == t.ID {
			listed := taskSet(t.Group, set)
			listed.Listed = true
			return listed
		}
	}
	if !t.Listed {
		return t
	}
	return TaskSet{ID: t.ID, ARN: t.ARN, Group: t.Group, Status: ecsdriver.StatusDrain, Listed: true, Gone: true}
}

func taskSet(group string, set ecsdriver.TaskSet) TaskSet {
	return TaskSet{
		ID: set.ID, ARN: set.ARN, Group: group, Status: set.Status,
		Desired: set.Desired, Pending: set.Pending, Running: set.Running,
		Steady: set.Stability == ecsdriver.Steady,
	}
}

// leaving tells that ECS is removing the task set, or has removed it.
func (t TaskSet) leaving() bool { return t.Gone || t.Status == ecsdriver.StatusDrain }

// poll is the next reading of the service: now, or when it is due.
func (e *ECSProgress) poll(now time.Time) move {
	if e.Ask.After(now) {
		return waitTill(e.Ask)
	}
	return do(Act{Kind: ActSteady})
}

// asked sets the time of the next reading by how long the same has been awaited
// already.
func (e *ECSProgress) asked(now time.Time) {
	if e.Asked.IsZero() {
		e.Asked = now
	}
	since := now.Sub(e.Asked)
	e.Ask = now.Add(max(firstAsk, min(since/4, quickAsk), min(since/20, lastAsk)))
}

// looked sets the time of the next look at a green side that gets traffic.
func (e *ECSProgress) looked(now time.Time) {
	e.asked(now)
	if e.New.Steady {
		e.Ask = now.Add(min(max(now.Sub(e.Asked)/20, firstLook), lastLook))
	}
}

// awaitAnew begins to await something else.
func (e *ECSProgress) awaitAnew() { e.Ask, e.Asked = time.Time{}, time.Time{} }

// judgeGreen is the failure of a green side that has gone, or has been unsteady
// for too long while or after traffic moved to it (ecs.md 12, item 2).
func (e *ECSProgress) judgeGreen(now time.Time) *failure {
	switch {
	case e.New.leaving():
		return &failure{Code: codedeploy.ErrorCodeInvalidECSService,
			Message: fmt.Sprintf("The replacement task set %s was deleted during the deployment.", e.New.ID)}
	case e.New.Steady:
		e.Unsteady = time.Time{}
	case e.Unsteady.IsZero():
		e.Unsteady = now
	case now.Sub(e.Unsteady) >= unsteadyLimit:
		return &failure{Code: codedeploy.ErrorCodeECSUpdateError, Message: codedeploy.MessageReplacementUnhealthy,
			Why: fmt.Sprintf("The replacement task set has not been steady since %s: %s",
				e.Unsteady.Format(time.RFC3339), e.evidence())}
	}
	return nil
}

// evidence is what ECS says of the replacement task set.
func (e *ECSProgress) evidence() string {
	text := fmt.Sprintf("%d of %d tasks are running, %d are pending.", e.New.Running, e.New.Desired, e.New.Pending)
	for _, event := range e.Told {
		text += " " + event
	}
	return text
}

// taskSetsInfo is the target's task sets, blue first (ecs.md 9).
func taskSetsInfo(e *ECSProgress) []codedeploy.ECSTaskSet {
	infos := []codedeploy.ECSTaskSet{}
	if e == nil {
		return infos
	}
	if e.Original.ID != "" {
		infos = append(infos, taskSetInfo(e.Original, codedeploy.TargetLabelBlue, e.Share.Blue))
	}
	if e.New.ID != "" {
		infos = append(infos, taskSetInfo(e.New, codedeploy.TargetLabelGreen, e.Share.Green))
	}
	return infos
}

func taskSetInfo(t TaskSet, label codedeploy.TargetLabel, weight float64) codedeploy.ECSTaskSet {
	return codedeploy.ECSTaskSet{
		Identifer: t.ID, TaskSetLabel: label, Status: t.Status,
		DesiredCount: new(int64(t.Desired)), PendingCount: new(int64(t.Pending)), RunningCount: new(int64(t.Running)),
		TrafficWeight: new(codedeploy.Double(weight)),
		TargetGroup:   &codedeploy.TargetGroupInfo{Name: t.Group},
	}
}
