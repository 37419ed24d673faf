package engine

import (
	"time"

	"greenlight/internal/codedeploy"
)

// nextShift follows the schedule of lambda.md 4.3 and ecs.md 7.5: each step is
// due its interval after the step before it was set and steady, so a late step
// delays the later ones and no two fall into one interval. There is no wait
// after the last step.
func nextShift(d *Deployment, now time.Time) move {
	steps, shift := schedule(d), d.Progress.Shift
	if shift.Done == len(steps) {
		return nothingMore
	}
	next := steps[shift.Done]
	if due := shift.At.Add(next.After); shift.Done > 0 && now.Before(due) {
		return waitTill(due)
	}
	return do(Act{Kind: ActShift, Percent: next.Percent})
}

// schedule is the steps of the deployment's traffic. The routing was checked
// when its configuration was made.
func schedule(d *Deployment) []codedeploy.Step {
	steps, err := codedeploy.Schedule(d.Snapshot.TrafficRouting)
	if err != nil {
		return []codedeploy.Step{{Percent: 100}}
	}
	return steps
}
