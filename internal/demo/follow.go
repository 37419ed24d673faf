package demo

import (
	"context"
	"errors"
	"fmt"
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

// patience is how long a deployment may take besides its canary. One that waits
// for a hook that has crashed would wait for an hour of the server's clock.
const patience = 20 * time.Second

// release deploys a version and shows the deployment until it ends.
func (s *story) release(ctx context.Context, from, to int, config string) (moment, error) {
	id, err := s.deploy(ctx, from, to, config)
	if err != nil {
		return moment{}, err
	}
	return s.await(ctx, id, s.show)
}

// await follows a deployment until it ends, and moves the clock on whenever a
// canary waits. No id is a rollback that should be there.
func (s *story) await(ctx context.Context, id string, show func(moment)) (moment, error) {
	if id == "" {
		s.check(false, "there is a rollback deployment")
		return moment{}, ErrDiffered
	}
	ctx, cancel := context.WithTimeoutCause(ctx, s.Canary+patience, fmt.Errorf("deployment %s has not ended in time", id))
	defer cancel()
	var last moment
	every := time.NewTicker(frame)
	defer every.Stop()
	for {
		if err := s.look(ctx, id, &last); err != nil {
			return last, err
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
		if last.Speed > 1 {
			if _, err := s.cloud.advance(ctx, s.step()); err != nil {
				return last, err
			}
		}
	}
}

// speed is how many times as fast as the wall's the clock runs in a canary.
func (s *story) speed() int { return int((canaryTime + s.Canary/2) / s.Canary) }

// step is how far the clock is moved with each frame, besides running by itself.
func (s *story) step() time.Duration {
	return time.Duration(frame.Seconds()/s.Canary.Seconds()*float64(canaryTime)) - frame
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
	m.Traffic, m.Speed = s.client.count(), 1
	if m.split() {
		m.during, m.Speed = m.Traffic.Total, s.speed()
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

// linger keeps showing the traffic for a while after a deployment has ended.
func (s *story) linger(ctx context.Context, m *moment) error {
	enough := time.NewTimer(s.Linger)
	defer enough.Stop()
	every := time.NewTicker(frame)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-enough.C:
			m.Traffic = s.client.count()
			s.show(*m)
			return nil
		case <-every.C:
			m.Traffic = s.client.count()
			s.show(*m)
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

// split reports that both versions get traffic.
func (m *moment) split() bool {
	for _, target := range m.Targets {
		if t := target.LambdaTarget; t != nil && t.LambdaFunctionInfo != nil {
			weight := t.LambdaFunctionInfo.TargetVersionWeight
			return weight > 0 && weight < 1
		}
	}
	return false
}

// event is the status of one of the lifecycle events, "" before there are any.
func (m *moment) event(name string) types.LifecycleEventStatus {
	for _, target := range m.Targets {
		if target.LambdaTarget == nil {
			continue
		}
		for _, event := range target.LambdaTarget.LifecycleEvents {
			if aws.ToString(event.LifecycleEventName) == name {
				return event.Status
			}
		}
	}
	return ""
}
