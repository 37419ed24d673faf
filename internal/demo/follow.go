package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// frame is how often the demo looks and draws.
const frame = 100 * time.Millisecond

// moment is a picture, with what was seen on the way to it.
type moment struct {
	Picture
	before, during Tally // the totals when the traffic was first and last seen split
}

// patience is how long a deployment may take besides its shift. One that waits
// for a hook that has crashed would wait for an hour of the server's clock.
const patience = time.Minute

// leastHeard is how many answers there must be between two moves of the clock: on
// a machine that is slow the shift takes longer, and is still seen by the client.
const leastHeard = 5

// course is between which releases a deployment moves the traffic, and how long
// that takes: by the server's clock, and by the wall's.
type course struct {
	old, new     string
	shift, shown time.Duration
}

// speed is how many times as fast as the wall's the clock runs in the shift.
func (c course) speed() int { return int((c.shift + c.shown/2) / c.shown) }

// step is how far the clock is moved with each frame, besides running by itself.
func (c course) step() time.Duration {
	return time.Duration(frame.Seconds()/c.shown.Seconds()*float64(c.shift)) - frame
}

// await follows a deployment until it ends, and moves the clock on whenever the
// shift waits. No id is a rollback that should be there.
func (s *story) await(ctx context.Context, id string, c course, show func(moment)) (moment, error) {
	if id == "" {
		s.check(false, "there is a rollback deployment")
		return moment{}, ErrDiffered
	}
	ctx, cancel := context.WithTimeoutCause(ctx, c.shown+patience, fmt.Errorf("deployment %s has not ended in time", id))
	defer cancel()
	last := moment{Picture: Picture{Old: c.old, New: c.new}}
	heard := 0 // answers when the clock was last moved
	every := time.NewTicker(frame)
	defer every.Stop()
	for {
		if err := s.look(ctx, id, &last); err != nil {
			return last, err
		}
		if last.split() {
			last.Speed = c.speed()
		}
		show(last)
		if last.ended() {
			return last, nil
		}
		select {
		case <-ctx.Done():
			return last, context.Cause(ctx)
		case <-every.C:
		}
		if total := last.Traffic.Total.Calls; last.split() && total-heard >= leastHeard {
			heard = total
			if _, err := s.cloud.advance(ctx, c.step()); err != nil {
				return last, err
			}
		}
	}
}

// look reads a deployment and counts the traffic.
func (s *story) look(ctx context.Context, id string, m *moment) error {
	answer, err := s.cloud.deployments.GetDeployment(ctx, &codedeploy.GetDeploymentInput{DeploymentId: &id})
	if err != nil {
		return err
	}
	m.Deployment = answer.DeploymentInfo
	m.Targets, err = targetsOf(ctx, s.cloud.deployments, id)
	if _, early := errors.AsType[*types.DeploymentNotStartedException](err); err != nil && !early {
		return err
	}
	if m.Now, err = s.cloud.now(ctx); err != nil {
		return err
	}
	m.Traffic, _ = s.client.count(time.Time{})
	m.Speed = 1
	if m.split() {
		m.during = m.Traffic.Total
		if m.before.Calls == 0 {
			m.before = m.during
		}
	}
	return nil
}

// pause gives time to read.
func (s *story) pause(ctx context.Context) error {
	enough := time.NewTimer(s.Pause)
	defer enough.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-enough.C:
		return nil
	}
}

// linger keeps showing the traffic for a while after a deployment has ended, and
// at least until the answers of the last second are to calls made since then.
func (s *story) linger(ctx context.Context, m *moment) error {
	ctx, cancel := context.WithTimeoutCause(ctx, s.Linger+patience, errors.New("the client gets no answers"))
	defer cancel()
	ended := time.Now()
	every := time.NewTicker(frame)
	defer every.Stop()
	for {
		var fresh bool
		m.Traffic, fresh = s.client.count(ended)
		s.show(*m)
		if fresh && time.Since(ended) >= s.Linger {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-every.C:
		}
	}
}

func (s *story) show(m moment) { s.Stage.Show(m.Picture) }

func (m *moment) ended() bool {
	switch m.Deployment.Status {
	case types.DeploymentStatusSucceeded, types.DeploymentStatusFailed, types.DeploymentStatusStopped:
		return true
	}
	return false
}

func (m *moment) succeeded() bool { return m.Deployment.Status == types.DeploymentStatusSucceeded }

// refusedBy reports that the deployment failed because the hook of an event
// said so, and that it tells why.
func (m *moment) refusedBy(event string) bool {
	failure := m.Deployment.ErrorInformation
	return m.Deployment.Status == types.DeploymentStatusFailed && m.event(event) == types.LifecycleEventStatusFailed &&
		failure != nil && failure.Code == types.ErrorCodeHookExecutionFailure && len(m.Deployment.DeploymentStatusMessages) > 0
}

// rollback is the id of the deployment that undoes this one, "" if there is none.
func (m *moment) rollback() string {
	if m.Deployment.RollbackInfo == nil {
		return ""
	}
	return aws.ToString(m.Deployment.RollbackInfo.RollbackDeploymentId)
}

// split reports that both sides get traffic.
func (m *moment) split() bool {
	for _, target := range m.Targets {
		if t := target.LambdaTarget; t != nil && t.LambdaFunctionInfo != nil {
			weight := t.LambdaFunctionInfo.TargetVersionWeight
			return weight > 0 && weight < 1
		}
		if t := target.EcsTarget; t != nil {
			return slices.ContainsFunc(t.TaskSetsInfo, func(set types.ECSTaskSet) bool {
				return set.TrafficWeight > 0 && set.TrafficWeight < 100
			})
		}
	}
	return false
}

// event is the status of one of the lifecycle events, "" before there are any.
func (m *moment) event(name string) types.LifecycleEventStatus {
	for _, target := range m.Targets {
		for _, event := range eventsOf(target) {
			if aws.ToString(event.LifecycleEventName) == name {
				return event.Status
			}
		}
	}
	return ""
}

func eventsOf(target types.DeploymentTarget) []types.LifecycleEvent {
	switch {
	case target.LambdaTarget != nil:
		return target.LambdaTarget.LifecycleEvents
	case target.EcsTarget != nil:
		return target.EcsTarget.LifecycleEvents
	}
	return nil
}

// shared are the answers that came while the traffic was split, and how many of
// them the new side gave.
func (m *moment) shared() (all, fromNew int) {
	return m.during.Calls - m.before.Calls, m.during.Versions[m.New] - m.before.Versions[m.New]
}
