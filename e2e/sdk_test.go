package e2e

import (
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

const (
	hookBefore = "CodeDeployHook_before"
	hookAfter  = "CodeDeployHook_after"
)

// prepare makes what most tests need: a function with two versions and an
// alias, two hooks with these verdicts (and further variables, name and value in
// turn), and a group.
func prepare(s *server, before, after string, more ...string) *hookRecord {
	s.t.Helper()
	hooks := newHookRecord(s.t)
	s.createHello(function, live)
	s.createHook(hookBefore, before, hooks, more...)
	s.createHook(hookAfter, after, hooks, more...)
	s.createGroup(application, group, canary)
	return hooks
}

// TestSDK_CanarySucceeds is a release as people do it every day, with callers
// who must not notice it.
func TestSDK_CanarySucceeds(t *testing.T) {
	t.Parallel()
	s := start(t, "fast")
	hooks := prepare(s, "Succeeded", "Succeeded")
	callers := s.keepCalling(function, live)

	id := s.deploy(firstRelease(hookBefore, hookAfter), canary)
	info := s.awaitEnd(id)

	if info.Status != types.DeploymentStatusSucceeded || info.ErrorInformation != nil || info.RollbackInfo != nil {
		t.Fatalf("ended %s, %+v, %+v", info.Status, info.ErrorInformation, info.RollbackInfo)
	}
	if o := info.DeploymentOverview; o == nil || o.Succeeded != 1 || o.Pending+o.InProgress+o.Failed+o.Skipped+o.Ready != 0 {
		t.Errorf("overview %+v", o)
	}
	target := s.target(id, function)
	checkEvents(t, statuses(target), [3]types.LifecycleEventStatus{eventSucceeded, eventSucceeded, eventSucceeded})
	shift := target.LifecycleEvents[1]
	if took := shift.EndTime.Sub(*shift.StartTime); took < 5*time.Minute || !within(*shift.EndTime, shift.StartTime.Add(5*time.Minute), patience) {
		t.Errorf("the shift took %s, want 5m", took)
	}
	if weight := target.LambdaFunctionInfo.TargetVersionWeight; weight != 1 {
		t.Errorf("the target's weight is %v", weight)
	}
	s.checkTraffic(traffic{Version: "2"})
	hooks.check(t, id, hookBefore, hookAfter)
	callers.awaitVersion("2")
	callers.stop("1", "2")
}

// TestSDK_ListsTellTheSame reads a release back through every operation that
// tells of it.
func TestSDK_ListsTellTheSame(t *testing.T) {
	t.Parallel()
	s := start(t, "fast")
	prepare(s, "Succeeded", "Failed")
	id := s.deploy(firstRelease("", hookAfter), allAtOnce)
	rollback := s.checkRollback(s.awaitEnd(id))
	ctx, api := t.Context(), s.codeDeploy

	both := &codedeploy.ListDeploymentsInput{ApplicationName: aws.String(application), DeploymentGroupName: aws.String(group)}
	if got := must(api.ListDeployments(ctx, both))(t).Deployments; !slices.Equal(got, []string{rollback, id}) {
		t.Errorf("ListDeployments: %v, want the latest first: %v", got, []string{rollback, id})
	}
	failed := &codedeploy.ListDeploymentsInput{IncludeOnlyStatuses: []types.DeploymentStatus{types.DeploymentStatusFailed}}
	if got := must(api.ListDeployments(ctx, failed))(t).Deployments; !slices.Equal(got, []string{id}) {
		t.Errorf("ListDeployments of the failed: %v, want %s", got, id)
	}
	batch := must(api.BatchGetDeployments(ctx, &codedeploy.BatchGetDeploymentsInput{DeploymentIds: []string{id, rollback}}))(t)
	if len(batch.DeploymentsInfo) != 2 || batch.DeploymentsInfo[0].Status != types.DeploymentStatusFailed {
		t.Errorf("BatchGetDeployments: %+v", batch.DeploymentsInfo)
	}
	targets := must(api.ListDeploymentTargets(ctx, &codedeploy.ListDeploymentTargetsInput{DeploymentId: &id}))(t)
	if !slices.Equal(targets.TargetIds, []string{function}) {
		t.Errorf("ListDeploymentTargets: %v", targets.TargetIds)
	}
	found := must(api.GetDeploymentGroup(ctx, &codedeploy.GetDeploymentGroupInput{
		ApplicationName: aws.String(application), DeploymentGroupName: aws.String(group),
	}))(t).DeploymentGroupInfo
	if last := found.LastAttemptedDeployment; last == nil || aws.ToString(last.DeploymentId) != rollback {
		t.Errorf("the group's last attempt is %+v, want %s", last, rollback)
	}
	revision := s.deployment(id).Revision
	if revision.AppSpecContent == nil || revision.AppSpecContent.Content != nil {
		t.Fatalf("GetDeployment shows the revision %+v, want a sha256 alone", revision.AppSpecContent)
	}
	text := must(api.GetApplicationRevision(ctx, &codedeploy.GetApplicationRevisionInput{
		ApplicationName: aws.String(application), Revision: revision,
	}))(t)
	if got := aws.ToString(text.Revision.AppSpecContent.Content); got != firstRelease("", hookAfter).appSpec() {
		t.Errorf("GetApplicationRevision: %q", got)
	}
}

// TestSDK_WeightsMoveTraffic stands inside a canary and counts.
func TestSDK_WeightsMoveTraffic(t *testing.T) {
	t.Parallel()
	s := start(t, "manual")
	prepare(s, "Succeeded", "Succeeded")
	id := s.deploy(firstRelease(hookBefore, hookAfter), canary)
	s.awaitWeight(id, 0.1)
	s.checkTraffic(traffic{Version: "1", Weights: map[string]float64{"2": 0.1}})

	// Of 600 calls 60 are expected; five standard deviations are 37.
	if share := s.share(600); share["1"]+share["2"] != 600 || share["2"] < 23 || share["2"] > 97 {
		t.Errorf("answers by version: %v, want a tenth from version 2", share)
	}
	s.advance(4 * time.Minute)
	checkEvents(t, s.events(id), [3]types.LifecycleEventStatus{eventSucceeded, eventRunning, eventPending})

	s.advance(time.Minute)
	if info := s.awaitEnd(id); info.Status != types.DeploymentStatusSucceeded {
		t.Fatalf("ended %s: %+v", info.Status, info.ErrorInformation)
	}
	s.checkTraffic(traffic{Version: "2"})
	if share := s.share(50); share["2"] != 50 {
		t.Errorf("answers by version after the release: %v", share)
	}
}

// share counts the answers of an alias by version.
func (s *server) share(calls int) map[string]int {
	s.t.Helper()
	share := map[string]int{}
	for range calls {
		share[must(s.invoke(function, live))(s.t)]++
	}
	return share
}

// TestSDK_LinearMovesInSteps follows a linear release through its ten shifts.
func TestSDK_LinearMovesInSteps(t *testing.T) {
	t.Parallel()
	s := start(t, "manual")
	prepare(s, "Succeeded", "Succeeded")
	id := s.deploy(firstRelease("", ""), linear)
	for step := 1; step < 10; step++ {
		s.awaitWeight(id, float64(step)/10)
		s.checkTraffic(traffic{Version: "1", Weights: map[string]float64{"2": float64(step) / 10}})
		s.advance(time.Minute)
	}
	s.awaitEnd(id)
	s.checkTraffic(traffic{Version: "2"})
}

// TestSDK_RefusedBeforeTraffic (L8): a hook says no, and nothing moves.
func TestSDK_RefusedBeforeTraffic(t *testing.T) {
	t.Parallel()
	s := start(t, "fast")
	hooks := prepare(s, "Failed", "Succeeded")
	callers := s.keepCalling(function, live)

	id := s.deploy(firstRelease(hookBefore, hookAfter), canary)
	info := s.awaitEnd(id)

	if info.Status != types.DeploymentStatusFailed || info.ErrorInformation.Code != types.ErrorCodeHookExecutionFailure {
		t.Fatalf("ended %s, %+v", info.Status, info.ErrorInformation)
	}
	if len(info.DeploymentStatusMessages) == 0 {
		t.Error("nothing says why it failed")
	}
	checkEvents(t, s.events(id), [3]types.LifecycleEventStatus{eventFailed, eventSkipped, eventSkipped})
	s.checkRollback(info)
	s.checkTraffic(traffic{Version: "1"})
	hooks.check(t, id, hookBefore)
	callers.stop("1")
}

// TestSDK_FailedAfterTraffic (L9): version 2 has all the traffic when a hook
// says no, and version 1 gets it back.
func TestSDK_FailedAfterTraffic(t *testing.T) {
	t.Parallel()
	s := start(t, "fast")
	gate := newGate(t)
	hooks := prepare(s, "Succeeded", "Failed", "GATE", gate.file)
	callers := s.keepCalling(function, live)

	id := s.deploy(firstRelease("", hookAfter), canary)
	callers.awaitVersion("2")
	gate.open()
	info := s.awaitEnd(id)

	if info.Status != types.DeploymentStatusFailed || info.ErrorInformation.Code != types.ErrorCodeHookExecutionFailure {
		t.Fatalf("ended %s, %+v", info.Status, info.ErrorInformation)
	}
	checkEvents(t, s.events(id), [3]types.LifecycleEventStatus{eventSucceeded, eventSucceeded, eventFailed})
	rollback := s.checkRollback(info)
	checkEvents(t, s.events(rollback), [3]types.LifecycleEventStatus{eventSucceeded, eventSucceeded, eventSucceeded})
	s.checkTraffic(traffic{Version: "1"})
	hooks.check(t, id, hookAfter) // and none for the rollback
	callers.stop("1", "2")
	if share := s.share(20); share["1"] != 20 {
		t.Errorf("answers by version after the rollback: %v", share)
	}
}

// TestSDK_HookNeverReports (L10): the hour passes in seconds on a fast clock.
func TestSDK_HookNeverReports(t *testing.T) {
	t.Parallel()
	s := start(t, "fast")
	prepare(s, "", "Succeeded")
	id := s.deploy(firstRelease(hookBefore, hookAfter), allAtOnce)
	info := s.awaitEnd(id)
	if info.Status != types.DeploymentStatusFailed || info.ErrorInformation.Code != types.ErrorCodeTimeout {
		t.Fatalf("ended %s, %+v", info.Status, info.ErrorInformation)
	}
	waited := s.target(id, function).LifecycleEvents[0]
	if took := waited.EndTime.Sub(*waited.StartTime); took < time.Hour || took > time.Hour+time.Minute {
		t.Errorf("the hook had %s, want an hour", took)
	}
	s.checkRollback(info)
	s.checkTraffic(traffic{Version: "1"})
}

// callers call an alias without a pause, as users do.
type callers struct {
	t       testing.TB
	done    chan struct{}
	stopped sync.WaitGroup

	mu      sync.Mutex
	answers map[string]int
	errors  []error
}

// keepCalling begins to call an alias. The first answer is awaited, so that a
// release that follows is seen from its start.
func (s *server) keepCalling(function, alias string) *callers {
	s.t.Helper()
	c := &callers{t: s.t, done: make(chan struct{}), answers: map[string]int{}}
	c.note(s.invoke(function, alias))
	for range 2 {
		c.stopped.Go(func() {
			for {
				select {
				case <-c.done:
					return
				default:
					c.note(s.invoke(function, alias))
				}
			}
		})
	}
	return c
}

func (c *callers) note(version string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answers[version]++
	if err != nil {
		c.errors = append(c.errors, err)
	}
}

func (c *callers) awaitVersion(version string) {
	c.t.Helper()
	eventually(c.t, "an answer from version "+version, func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.answers[version] > 0
	})
}

// stop ends the calls, none of which may have failed, and wants answers from
// these versions alone.
func (c *callers) stop(versions ...string) {
	c.t.Helper()
	close(c.done)
	c.stopped.Wait()
	if len(c.errors) > 0 {
		c.t.Errorf("%d of the calls during the release failed, the first: %v", len(c.errors), c.errors[0])
	}
	if got := slices.Sorted(maps.Keys(c.answers)); !slices.Equal(got, versions) {
		c.t.Errorf("answers came from the versions %v, want %v", c.answers, versions)
	}
}
