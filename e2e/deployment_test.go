package e2e

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// The names that most tests use.
const (
	application = "orders"
	group       = "production"
	function    = "orders"
	live        = "live"

	allAtOnce = "CodeDeployDefault.LambdaAllAtOnce"
	canary    = "CodeDeployDefault.LambdaCanary10Percent5Minutes"
	linear    = "CodeDeployDefault.LambdaLinear10PercentEvery1Minute"
)

// release is what an AppSpec file says.
type release struct {
	function, alias string
	from, to        string // versions
	before, after   string // hook functions, "" for none
}

// appSpec is the file, as JSON.
func (r release) appSpec() string {
	var hooks []map[string]string
	if r.before != "" {
		hooks = append(hooks, map[string]string{"BeforeAllowTraffic": r.before})
	}
	if r.after != "" {
		hooks = append(hooks, map[string]string{"AfterAllowTraffic": r.after})
	}
	spec := map[string]any{
		"version": 0.0,
		"Resources": []any{map[string]any{"function": map[string]any{
			"Type": "AWS::Lambda::Function",
			"Properties": map[string]string{
				"Name": r.function, "Alias": r.alias, "CurrentVersion": r.from, "TargetVersion": r.to,
			},
		}}},
		"Hooks": hooks,
	}
	text, err := json.Marshal(spec)
	if err != nil {
		panic(err) // the shapes above always encode
	}
	return string(text)
}

// deployment is the request that deploys it to a group.
func (r release) deployment(application, group, config string) *codedeploy.CreateDeploymentInput {
	return &codedeploy.CreateDeploymentInput{
		ApplicationName: &application, DeploymentGroupName: &group, DeploymentConfigName: &config,
		Revision: &types.RevisionLocation{
			RevisionType:   types.RevisionLocationTypeAppSpecContent,
			AppSpecContent: &types.AppSpecContent{Content: aws.String(r.appSpec())},
		},
	}
}

// firstRelease is the usual one: version 1 to 2, asking two hooks.
func firstRelease(before, after string) release {
	return release{function: function, alias: live, from: "1", to: "2", before: before, after: after}
}

// deploy starts a deployment of r to the usual group.
func (c *cloud) deploy(r release, config string) string {
	c.t.Helper()
	answer := must(c.codeDeploy.CreateDeployment(c.t.Context(), r.deployment(application, group, config)))(c.t)
	return aws.ToString(answer.DeploymentId)
}

func (c *cloud) deployment(id string) *types.DeploymentInfo {
	c.t.Helper()
	answer := must(c.codeDeploy.GetDeployment(c.t.Context(), &codedeploy.GetDeploymentInput{DeploymentId: &id}))(c.t)
	return answer.DeploymentInfo
}

func ended(status types.DeploymentStatus) bool {
	switch status {
	case types.DeploymentStatusSucceeded, types.DeploymentStatusFailed, types.DeploymentStatusStopped:
		return true
	}
	return false
}

// awaitEnd waits until a deployment has ended.
func (c *cloud) awaitEnd(id string) (info *types.DeploymentInfo) {
	c.t.Helper()
	eventually(c.t, "the end of "+id, func() bool {
		info = c.deployment(id)
		return ended(info.Status)
	})
	return info
}

// target is the one target of a Lambda deployment; nil before there is one.
func (c *cloud) target(id, function string) *types.LambdaTarget {
	c.t.Helper()
	answer, err := c.codeDeploy.GetDeploymentTarget(c.t.Context(), &codedeploy.GetDeploymentTargetInput{
		DeploymentId: &id, TargetId: &function,
	})
	if isA[*types.DeploymentNotStartedException](err) {
		return nil
	}
	return must(answer, err)(c.t).DeploymentTarget.LambdaTarget
}

// statuses are those of the three lifecycle events, in order.
func statuses(target *types.LambdaTarget) [3]types.LifecycleEventStatus {
	var all [3]types.LifecycleEventStatus
	for i, event := range target.LifecycleEvents {
		all[i] = event.Status
	}
	return all
}

const (
	eventSucceeded = types.LifecycleEventStatusSucceeded
	eventFailed    = types.LifecycleEventStatusFailed
	eventSkipped   = types.LifecycleEventStatusSkipped
	eventRunning   = types.LifecycleEventStatusInProgress
	eventPending   = types.LifecycleEventStatusPending
)

// events is the statuses of a deployment's lifecycle events, all "" when there
// is no target yet.
func (c *cloud) events(id string) [3]types.LifecycleEventStatus {
	c.t.Helper()
	if target := c.target(id, function); target != nil {
		return statuses(target)
	}
	return [3]types.LifecycleEventStatus{}
}

// awaitWeight waits until a deployment has moved so much of the traffic.
func (c *cloud) awaitWeight(id string, weight float64) *types.LambdaTarget {
	c.t.Helper()
	var target *types.LambdaTarget
	eventually(c.t, "traffic to move", func() bool {
		target = c.target(id, function)
		return target != nil && target.LambdaFunctionInfo.TargetVersionWeight == weight
	})
	return target
}

// report says what a hook function would.
func (c *cloud) report(h hookCall, status types.LifecycleEventStatus) error {
	_, err := c.codeDeploy.PutLifecycleEventHookExecutionStatus(c.t.Context(),
		&codedeploy.PutLifecycleEventHookExecutionStatusInput{
			DeploymentId: &h.Payload.DeploymentID, LifecycleEventHookExecutionId: &h.Payload.ExecutionID, Status: status,
		})
	return err
}

// checkRollback checks what ties a deployment to the one that undid it, waits
// until that has succeeded too, and returns its id.
func (c *cloud) checkRollback(of *types.DeploymentInfo) string {
	c.t.Helper()
	if of.RollbackInfo == nil || aws.ToString(of.RollbackInfo.RollbackDeploymentId) == "" {
		c.t.Fatalf("%s has no rollback: %+v", aws.ToString(of.DeploymentId), of.RollbackInfo)
	}
	id := *of.RollbackInfo.RollbackDeploymentId
	rollback := c.awaitEnd(id)
	if rollback.Status != types.DeploymentStatusSucceeded || rollback.Creator != types.DeploymentCreatorCodeDeployRollback ||
		aws.ToString(rollback.RollbackInfo.RollbackTriggeringDeploymentId) != aws.ToString(of.DeploymentId) {
		c.t.Errorf("the rollback %s of %s is %s by %s, rolling back %s", id, aws.ToString(of.DeploymentId), rollback.Status,
			rollback.Creator, aws.ToString(rollback.RollbackInfo.RollbackTriggeringDeploymentId))
	}
	return id
}

func (c *cloud) checkTraffic(want traffic) {
	c.t.Helper()
	got := c.alias(function, live)
	if got.Version != want.Version || len(got.Weights) != len(want.Weights) {
		c.t.Fatalf("the alias leads to %+v, want %+v", got, want)
	}
	for version, weight := range want.Weights {
		if got.Weights[version] != weight {
			c.t.Errorf("version %s has the weight %v, want %v", version, got.Weights[version], weight)
		}
	}
}

func isA[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// within reports whether two moments are the same but for what a busy machine
// takes.
func within(a, b time.Time, tolerance time.Duration) bool {
	return a.Sub(b).Abs() <= tolerance
}

func checkEvents(t testing.TB, got, want [3]types.LifecycleEventStatus) {
	t.Helper()
	if got != want {
		t.Errorf("the events are %v, want %v", got, want)
	}
}
