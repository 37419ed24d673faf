package scenarios

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// ecsSight is an ECS deployment as its readers see it, and what a scenario wants
// of it.
type ecsSight struct {
	*ecsWorld
	id     string
	info   *types.DeploymentInfo
	target *types.ECSTarget // nil when it has none
}

// see looks at a deployment. Whatever the scenario, what is seen must agree with
// itself.
func (w *ecsWorld) see(id string) *ecsSight {
	w.Helper()
	ctx := context.Background()
	out, err := w.ours.GetDeployment(ctx, &codedeploy.GetDeploymentInput{DeploymentId: &id})
	w.must(err)
	s := &ecsSight{ecsWorld: w, id: id, info: out.DeploymentInfo}
	list, err := w.ours.ListDeploymentTargets(ctx, &codedeploy.ListDeploymentTargetsInput{DeploymentId: &id})
	if err != nil {
		w.refused(err, "DeploymentNotStartedException")
		return s
	}
	if !slices.Equal(list.TargetIds, []string{"c1:s1"}) {
		w.Fatalf("targets are %q, want c1:s1", list.TargetIds)
	}
	target, err := w.ours.GetDeploymentTarget(ctx, &codedeploy.GetDeploymentTargetInput{DeploymentId: &id, TargetId: aws.String("c1:s1")})
	w.must(err)
	s.target = target.DeploymentTarget.EcsTarget
	s.checkTarget()
	return s
}

// checkTarget holds what is always true of a target (ecs.md 1, 5.2, 9).
func (s *ecsSight) checkTarget() {
	s.Helper()
	arn := "arn:aws:ecs:" + region + ":" + account + ":service/c1/s1"
	if aws.ToString(s.target.TargetArn) != arn || aws.ToString(s.target.DeploymentId) != s.id {
		s.Errorf("target is %s of %s", aws.ToString(s.target.TargetArn), aws.ToString(s.target.DeploymentId))
	}
	var names []string
	for _, e := range s.target.LifecycleEvents {
		names = append(names, aws.ToString(e.LifecycleEventName))
		if e.StartTime != nil && e.EndTime != nil && e.EndTime.Before(*e.StartTime) {
			s.Errorf("%s ends before it starts", aws.ToString(e.LifecycleEventName))
		}
		if (e.Diagnostics != nil) != (e.Status == types.LifecycleEventStatusFailed) {
			s.Errorf("%s is %s with the diagnostics %+v", aws.ToString(e.LifecycleEventName), e.Status, e.Diagnostics)
		}
	}
	if got := strings.Join(names, " "); got != sixEvents && got != eightEvents {
		s.Errorf("events are %s", got)
	}
}

// The lifecycle events without and with a test route.
const (
	sixEvents   = "BeforeInstall Install AfterInstall BeforeAllowTraffic AllowTraffic AfterAllowTraffic"
	eightEvents = "BeforeInstall Install AfterInstall AllowTestTraffic AfterAllowTestTraffic BeforeAllowTraffic AllowTraffic AfterAllowTraffic"
)

// event is a lifecycle event of the deployment's target.
func (s *ecsSight) event(name string) types.LifecycleEvent {
	s.Helper()
	i := slices.IndexFunc(s.target.LifecycleEvents, func(e types.LifecycleEvent) bool { return aws.ToString(e.LifecycleEventName) == name })
	if i < 0 {
		s.Fatalf("the target has no event %s: %s", name, s.eventLine())
	}
	return s.target.LifecycleEvents[i]
}

func (s *ecsSight) status(want types.DeploymentStatus) *ecsSight {
	s.Helper()
	if s.info.Status != want {
		s.Fatalf("deployment %s is %s (%s), want %s; events %s; task sets %s", s.id, s.info.Status, s.why(), want, s.eventLine(), s.taskSetLine())
	}
	return s
}

func (s *ecsSight) why() string {
	if e := s.info.ErrorInformation; e != nil {
		return fmt.Sprintf("%s: %s %q", e.Code, aws.ToString(e.Message), s.info.DeploymentStatusMessages)
	}
	return "no error"
}

// failure wants an error code and exactly this message.
func (s *ecsSight) failure(code types.ErrorCode, message string) *ecsSight {
	s.Helper()
	if e := s.info.ErrorInformation; e == nil || e.Code != code || aws.ToString(e.Message) != message {
		s.Errorf("deployment %s: %s\nwant %s: %s", s.id, s.why(), code, message)
	}
	return s
}

// says wants an error code and parts of its message.
func (s *ecsSight) says(code types.ErrorCode, parts ...string) *ecsSight {
	s.Helper()
	e := s.info.ErrorInformation
	if e == nil || e.Code != code {
		s.Fatalf("deployment %s: %s\nwant %s", s.id, s.why(), code)
	}
	for _, part := range parts {
		if !strings.Contains(aws.ToString(e.Message), part) {
			s.Errorf("message is %q, want it to hold %q", aws.ToString(e.Message), part)
		}
	}
	return s
}

// eventLine tells the events' states by their first letters, in order: P I S F,
// and K for skipped, like "S/S/I/P/P/P".
func (s *ecsSight) eventLine() string {
	if s.target == nil {
		return ""
	}
	var letters []string
	for _, e := range s.target.LifecycleEvents {
		letter := string(e.Status)[:1]
		if e.Status == types.LifecycleEventStatusSkipped {
			letter = "K"
		}
		letters = append(letters, letter)
	}
	return strings.Join(letters, "/")
}

// events wants the events' states, written as eventLine does.
func (s *ecsSight) events(want string) *ecsSight {
	s.Helper()
	if got := s.eventLine(); got != want {
		s.Errorf("events are %s, want %s (%s)", got, want, s.why())
	}
	return s
}

// targetStatus wants the target's own status.
func (s *ecsSight) targetStatus(want types.TargetStatus) *ecsSight {
	s.Helper()
	if s.target == nil || s.target.Status != want {
		s.Errorf("target is %+v, want it to be %s", s.target, want)
	}
	return s
}

// taskSetLine tells the task sets, like "Blue PRIMARY 90.0 tgA, Green ACTIVE 10.0 tgB".
func (s *ecsSight) taskSetLine() string {
	if s.target == nil {
		return ""
	}
	var lines []string
	for _, t := range s.target.TaskSetsInfo {
		lines = append(lines, fmt.Sprintf("%s %s %.1f %s", t.TaskSetLabel, aws.ToString(t.Status), t.TrafficWeight, aws.ToString(t.TargetGroup.Name)))
	}
	return strings.Join(lines, ", ")
}

// taskSets wants the target's task sets, written as taskSetLine does.
func (s *ecsSight) taskSets(want string) *ecsSight {
	s.Helper()
	if got := s.taskSetLine(); got != want {
		s.Errorf("task sets are %q, want %q", got, want)
	}
	return s
}

// rolledBack wants a rollback, told by both deployments in the two exact
// sentences (deployments.md 5.2), and returns it as it is seen.
func (s *ecsSight) rolledBack() *ecsSight {
	s.Helper()
	r := s.info.RollbackInfo
	if r == nil || r.RollbackDeploymentId == nil {
		s.Fatalf("deployment %s has no rollback: %+v", s.id, r)
	}
	id := *r.RollbackDeploymentId
	s.same("rollbackInfo of the original", types.RollbackInfo{
		RollbackDeploymentId: &id,
		RollbackMessage:      aws.String("Deployment " + s.id + " terminated. Automatic rollback is triggered with a DeploymentId " + id + "."),
	}, *r)
	back := s.see(id)
	if back.info.RollbackInfo == nil {
		s.Fatalf("the rollback has no rollbackInfo: %+v", back.info)
	}
	s.same("rollbackInfo of the rollback", types.RollbackInfo{
		RollbackTriggeringDeploymentId: &s.id,
		RollbackMessage:                aws.String("Deployment " + id + " is triggered to roll back deployment " + s.id + "."),
	}, *back.info.RollbackInfo)
	if i := back.info; i.Creator != types.DeploymentCreatorCodeDeployRollback || aws.ToString(i.DeploymentConfigName) != ecsAllAtOnce {
		s.Errorf("the rollback is made by %s with %s", i.Creator, aws.ToString(i.DeploymentConfigName))
	}
	if i := back.info; i.CreateTime.Before(*s.info.CompleteTime) {
		s.Errorf("the rollback was created at %s, before the end at %s", i.CreateTime, s.info.CompleteTime)
	}
	return back
}

// noRollback wants that no other deployment followed.
func (s *ecsSight) noRollback() *ecsSight {
	s.Helper()
	if r := s.info.RollbackInfo; r != nil && r.RollbackDeploymentId != nil {
		s.Errorf("deployment %s was rolled back: %+v", s.id, *r)
	}
	return s
}
