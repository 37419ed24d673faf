package scenarios

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"

	"greenlight/internal/lambdadriver/lambdatest"
)

func TestD1_Create(t *testing.T) {
	w := newWorld(t)
	asked := w.clock.Now()
	id, err := w.create(canary, appSpec("1", "2", before(pre)), func(r *request) { r.Description = aws.String("why not") })
	w.must(err)
	out, err := w.ours.GetDeployment(t.Context(), &codedeploy.GetDeploymentInput{DeploymentId: &id})
	w.must(err)
	info := out.DeploymentInfo
	if info.Status != "Created" && info.Status != "InProgress" || info.CompleteTime != nil || info.CreateTime == nil {
		t.Errorf("at first it is %+v", info)
	}
	if lag := info.CreateTime.Sub(asked); lag < 0 || lag > slack {
		t.Errorf("created %s after the call", lag)
	}
	w.settle()
	s := w.want(id).status("InProgress")
	if s.info.Creator != "user" || *s.info.ApplicationName != app || *s.info.DeploymentGroupName != group ||
		*s.info.DeploymentConfigName != canary || aws.ToString(s.info.Description) != "why not" || s.info.PreviousRevision != nil {
		t.Errorf("deployment is %+v", s.info)
	}
}

func TestL29_SecondCreateInTheGroup(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(canary, appSpec("1", "2"))
	_, err := w.create(canary, appSpec("1", "2"))
	w.refused(err, "DeploymentLimitExceededException")
	w.says(err, "The Deployment Group 'g' already has an active Deployment '"+id+"'")
}

func TestD2_SecondCreateInTheGroup(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(canary, appSpec("1", "2", before(pre)))
	for range 3 {
		_, err := w.create(allAtOnce, appSpec("1", "3"))
		w.refused(err, "DeploymentLimitExceededException", "'"+group+"'", "'"+id+"'")
	}
	if all := w.list(group); !slices.Equal(all, []string{id}) {
		t.Errorf("deployments are %q", all)
	}
}

func TestD3_CreateInAnotherGroup(t *testing.T) {
	w := newWorld(t)
	w.group("other")
	first := w.deploy(canary, appSpec("1", "2", before(pre)))
	second := w.deploy(canary, appSpec("1", "2", before(pre)), in("other"))
	w.want(first).status("InProgress").last()
	w.want(second).status("InProgress").last()
}

func (w *world) deleteGroup() {
	w.Helper()
	_, err := w.ours.DeleteDeploymentGroup(context.Background(), &codedeploy.DeleteDeploymentGroupInput{
		ApplicationName: aws.String(app), DeploymentGroupName: aws.String(group),
	})
	w.must(err)
}

func (w *world) deleteApplication() {
	w.Helper()
	_, err := w.ours.DeleteApplication(context.Background(), &codedeploy.DeleteApplicationInput{ApplicationName: aws.String(app)})
	w.must(err)
}

func TestD6_GroupDeletedBeforeTheStart(t *testing.T) {
	for name, c := range map[string]struct {
		remove func(*world)
		code   types.ErrorCode
	}{
		"group":       {(*world).deleteGroup, "DEPLOYMENT_GROUP_MISSING"},
		"application": {(*world).deleteApplication, "APPLICATION_MISSING"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			release := make(chan struct{})
			w.far.Fail(lambdatest.GetAlias, 1, lambdatest.Failure{Stall: release})
			id, err := w.create(allAtOnce, appSpec("1", "2"))
			w.must(err)
			c.remove(w)
			close(release)
			w.settle()
			s := w.want(id).status("Failed").says(c.code).notStarted()
			if r := s.info.RollbackInfo; r == nil || r.RollbackDeploymentId != nil || aws.ToString(r.RollbackMessage) == "" {
				t.Errorf("rollbackInfo is %+v", r)
			}
			w.wantUpdates()
		})
	}
}

// deployments.md 14: a running deployment is finished, its rollback included,
// whatever is deleted around it.
func TestRunningDeploymentOutlivesItsGroup(t *testing.T) {
	for name, remove := range map[string]func(*world){"group": (*world).deleteGroup, "application": (*world).deleteApplication} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := w.deploy(canary, appSpec("1", "2", after(post)))
			remove(w)
			w.restart()
			w.advance(6 * time.Minute)
			_, err := w.stop(id, nil)
			w.refused(err, "DeploymentGroupDoesNotExistException")
			w.fail(id, post)
			r := w.want(id).status("Failed").failure("HOOK_EXECUTION_FAILURE", hookFailed).info.RollbackInfo
			if r == nil || r.RollbackDeploymentId == nil {
				t.Fatalf("rollbackInfo is %+v", r)
			}
			w.want(*r.RollbackDeploymentId).undone()
			w.wantUpdates("1 {2:0.1}", "2 {}", "1 {}")
		})
	}
}

func assuming(s *settings) { s.assumeRole = true }

func TestD7_ServiceRole(t *testing.T) {
	t.Run("missing", func(t *testing.T) {
		w := newWorld(t, assuming)
		w.roles.refuse(404, "NoSuchEntity")
		id := w.deploy(allAtOnce, appSpec("1", "2"))
		w.want(id).status("Failed").failure("IAM_ROLE_MISSING", "IAM Role is missing for deployment group: g").notStarted().nothingToRollBack()
	})
	t.Run("not to be assumed", func(t *testing.T) {
		w := newWorld(t, assuming)
		w.roles.refuse(403, "AccessDenied")
		id := w.deploy(allAtOnce, appSpec("1", "2"))
		w.want(id).status("Failed").says("IAM_ROLE_PERMISSIONS", "The IAM role "+role+" does not give you permission").notStarted().nothingToRollBack()
	})
	t.Run("assumed", func(t *testing.T) {
		w := newWorld(t, assuming)
		w.want(w.deploy(allAtOnce, appSpec("1", "2"))).status("Succeeded")
		if asked := w.roles.asked(); !slices.Equal(slices.Compact(asked), []string{role}) {
			t.Errorf("roles assumed: %q", asked)
		}
	})
}

func TestD20_RollbackThatEndsBadly(t *testing.T) {
	failing := func(t *testing.T) (*world, string) {
		w := newWorld(t)
		return w, w.deploy(allAtOnce, appSpec("1", "2", after(post)))
	}
	t.Run("failed", func(t *testing.T) {
		w, id := failing(t)
		w.far.Fail(lambdatest.UpdateAlias, lambdatest.Forever, lambdatest.AccessDenied)
		w.fail(id, post)
		w.want(id).status("Failed").rolledBack().status("Failed").failure("IAM_ROLE_PERMISSIONS", lambdaDenied).events("S/F/K").last()
		w.advance(time.Hour)
		if all := w.list(group); len(all) != 2 {
			t.Errorf("deployments are %q", all)
		}
		w.wantAlias("2")
	})
	t.Run("stopped", func(t *testing.T) {
		w, id := failing(t)
		w.far.Fail(lambdatest.UpdateAlias, lambdatest.Forever, lambdatest.TooManyRequests)
		w.fail(id, post)
		back := w.want(id).status("Failed").rolledBack().status("InProgress").id
		w.wantStop(back, new(true), "Succeeded")
		w.advance(time.Hour)
		w.want(back).status("Stopped").says(manualStop).last()
		if all := w.list(group); len(all) != 2 {
			t.Errorf("deployments are %q", all)
		}
	})
}

func TestD21_RollbackForAlarmsOnly(t *testing.T) {
	w := newWorld(t)
	w.rollback(rollbackOn(types.AutoRollbackEventDeploymentStopOnAlarm))
	id := w.deploy(canary, appSpec("1", "2", before(pre)))
	w.fail(id, pre)
	w.want(id).status("Failed").failure("HOOK_EXECUTION_FAILURE", hookFailed).noRollback()
	w.wantUpdates()
}

func TestD22_RollbackOffForTheDeployment(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(canary, appSpec("1", "2", before(pre)), func(r *request) { r.AutoRollbackConfiguration = rollbackOff() })
	w.fail(id, pre)
	w.want(id).status("Failed").failure("HOOK_EXECUTION_FAILURE", hookFailed).noRollback()
	w.wantUpdates()
}

func TestD23_RollbackWithoutEvents(t *testing.T) {
	w := newWorld(t)
	nothing := &types.AutoRollbackConfiguration{Enabled: true, Events: []types.AutoRollbackEvent{}}
	w.refusedCreate("InvalidAutoRollbackConfigException", "", func(r *request) { r.AutoRollbackConfiguration = nothing })
	_, err := w.ours.UpdateDeploymentGroup(t.Context(), &codedeploy.UpdateDeploymentGroupInput{
		ApplicationName: aws.String(app), CurrentDeploymentGroupName: aws.String(group), AutoRollbackConfiguration: nothing,
	})
	w.refused(err, "InvalidAutoRollbackConfigException")
}

func (w *world) carryOn(id string, wait types.DeploymentWaitType) error {
	_, err := w.ours.ContinueDeployment(context.Background(), &codedeploy.ContinueDeploymentInput{DeploymentId: &id, DeploymentWaitType: wait})
	return err
}

func TestL41_ContinueDeployment(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(canary, appSpec("1", "2"))
	for _, wait := range []types.DeploymentWaitType{"", "READY_WAIT", "TERMINATION_WAIT"} {
		w.refused(w.carryOn(id, wait), "UnsupportedActionForDeploymentTypeException")
	}
	w.settle()
	w.want(id).status("InProgress").on("InProgress", 0.1)
}

func TestD37_ContinueDeployment(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(canary, appSpec("1", "2"))
	w.refused(w.carryOn(id, "FOO"), "InvalidDeploymentWaitTypeException")
	w.refused(w.carryOn(w.serverDeployment(), "READY_WAIT"), "UnsupportedActionForDeploymentTypeException")
}

func TestL42_TwoTargets(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(canary, appSpec("1", "2"))
	get := func(ids ...string) ([]types.DeploymentTarget, error) {
		out, err := w.ours.BatchGetDeploymentTargets(t.Context(), &codedeploy.BatchGetDeploymentTargetsInput{DeploymentId: &id, TargetIds: ids})
		if err != nil {
			return nil, err
		}
		return out.DeploymentTargets, nil
	}
	_, err := get("f", "g")
	w.refused(err, "DeploymentTargetListSizeExceededException")
	one, err := get("f")
	w.must(err)
	w.same("the one target", []types.LambdaTarget{*w.want(id).target}, []types.LambdaTarget{*one[0].LambdaTarget})
}

func TestD47_ListDeployments(t *testing.T) {
	w := newWorld(t)
	list := func(in *codedeploy.ListDeploymentsInput) ([]string, error) {
		out, err := w.ours.ListDeployments(t.Context(), in)
		if err != nil {
			return nil, err
		}
		return out.Deployments, nil
	}
	_, err := list(&codedeploy.ListDeploymentsInput{ApplicationName: aws.String(app)})
	w.refused(err, "DeploymentGroupNameRequiredException")
	_, err = list(&codedeploy.ListDeploymentsInput{DeploymentGroupName: aws.String(group)})
	w.refused(err, "ApplicationNameRequiredException")
	w.group("other")
	first := w.deploy(allAtOnce, appSpec("1", "2"))
	w.advance(time.Second)
	second := w.deploy(allAtOnce, appSpec("3", "2")) // fails
	w.advance(time.Second)
	third := w.deploy(canary, appSpec("2", "3"))
	w.advance(time.Second)
	elsewhere := w.deploy(canary, appSpec("1", "2"), in("other")) // fails
	for _, c := range []struct {
		in   codedeploy.ListDeploymentsInput
		want []string
	}{
		{codedeploy.ListDeploymentsInput{ApplicationName: aws.String(app), DeploymentGroupName: aws.String(group)}, []string{third, second, first}},
		{codedeploy.ListDeploymentsInput{}, []string{elsewhere, third, second, first}},
		{codedeploy.ListDeploymentsInput{IncludeOnlyStatuses: []types.DeploymentStatus{"Failed"}}, []string{elsewhere, second}},
		{codedeploy.ListDeploymentsInput{ApplicationName: aws.String(app), DeploymentGroupName: aws.String(group),
			IncludeOnlyStatuses: []types.DeploymentStatus{"Succeeded", "InProgress"}}, []string{third, first}},
	} {
		got, err := list(&c.in)
		w.must(err)
		if !slices.Equal(got, c.want) {
			t.Errorf("ListDeployments %+v is %q, want %q", c.in, got, c.want)
		}
	}
}

func TestD48_Targets(t *testing.T) {
	w := newWorld(t)
	release := make(chan struct{})
	w.far.Fail(lambdatest.GetAlias, 1, lambdatest.Failure{Stall: release})
	id, err := w.create(canary, appSpec("1", "2"))
	w.must(err)
	get := func(target string) error {
		_, err := w.ours.GetDeploymentTarget(t.Context(), &codedeploy.GetDeploymentTargetInput{DeploymentId: &id, TargetId: &target})
		return err
	}
	w.refused(get("f"), "DeploymentNotStartedException")
	close(release)
	w.settle()
	function := "arn:aws:lambda:" + region + ":" + account + ":function:f"
	for _, known := range []string{"f", "f:live", function, function + ":live"} { // lambda.md 6.1
		w.must(get(known))
	}
	for _, unknown := range []string{"g", "f:other", function + ":other"} {
		w.refused(get(unknown), "DeploymentTargetDoesNotExistException")
	}
	w.refused(get("f:live:2"), "InvalidDeploymentTargetIdException")
}

func TestD51_GroupUpdatedDuringARun(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(canary, appSpec("1", "2", after(post)))
	w.alarms.set("errors", "ALARM")
	w.watch("errors")
	w.rollback(rollbackOff())
	w.update(func(in *codedeploy.UpdateDeploymentGroupInput) { in.DeploymentConfigName = aws.String(allAtOnce) })
	w.advance(time.Minute)
	w.want(id).status("InProgress").on("InProgress", 0.1)
	w.advance(5 * time.Minute)
	w.fail(id, post)
	s := w.want(id).status("Failed").failure("HOOK_EXECUTION_FAILURE", hookFailed)
	s.rolledBack().undone()
	if r := s.info.AutoRollbackConfiguration; r == nil || !r.Enabled || len(r.Events) != 3 || *s.info.DeploymentConfigName != canary {
		t.Errorf("deployment reports %+v with %s", r, *s.info.DeploymentConfigName)
	}
	w.wantPauses(5*time.Minute, time.Minute)
}

func TestD53_NobodyGetsInBeforeTheRollback(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(canary, appSpec("1", "2", before(pre)))
	release := make(chan struct{})
	w.far.Fail(lambdatest.GetAlias, 1, lambdatest.Failure{Stall: release}) // of the rollback
	type answer struct {
		id  string
		err error
	}
	answers := make(chan answer)
	done := make(chan struct{})
	go func() {
		defer close(answers)
		for accepted := false; !accepted; {
			made, err := w.create(allAtOnce, appSpec("1", "2"))
			accepted = err == nil
			select {
			case answers <- answer{made, err}:
			case <-done:
				return
			}
		}
	}()
	defer close(done)
	w.refused((<-answers).err, "DeploymentLimitExceededException", id)
	w.must(w.report(id, w.execution(pre), "Failed"))
	back := *w.want(id).status("Failed").info.RollbackInfo.RollbackDeploymentId
	<-answers // it may have been on its way
	for range 20 {
		w.refused((<-answers).err, "DeploymentLimitExceededException", back)
	}
	close(release)
	for a := range answers {
		if a.err != nil {
			w.refused(a.err, "DeploymentLimitExceededException", back)
			continue
		}
		w.settle()
		accepted := w.want(a.id).status("Succeeded").last()
		rollback := w.want(back).undone()
		if accepted.info.CreateTime.Before(*rollback.info.CompleteTime) {
			t.Errorf("accepted at %s, before the rollback ended at %s", accepted.info.CreateTime, rollback.info.CompleteTime)
		}
	}
	if all := w.list(group); len(all) != 3 {
		t.Errorf("deployments are %q", all)
	}
}
