package api_test

import (
	"testing"
	"time"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// epoch is when the tests' stored deployments and revisions begin.
var epoch = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

// minute is n minutes after epoch.
func minute(n int) codedeploy.Timestamp {
	return codedeploy.NewTimestamp(epoch.Add(time.Duration(n) * time.Minute))
}

// stored is a deployment as the engine would leave it, on a platform and in a
// status, of a group that is gone. change may alter it before it is stored.
func (c client) stored(t testing.TB, id string, platform codedeploy.ComputePlatform, status codedeploy.DeploymentStatus, change func(*store.Deployment)) {
	t.Helper()
	d := store.Deployment{
		Scope: c.scope(), ID: id, ApplicationID: "app", GroupID: "group of " + id, RevisionIdentity: "r",
		Snapshot: []byte("{}"), Progress: []byte("{}"),
		Info: codedeploy.DeploymentInfo{
			ApplicationName: "a", DeploymentGroupName: "g", DeploymentConfigName: "x", DeploymentID: id,
			ComputePlatform: platform, Status: status, CreateTime: minute(0), Creator: codedeploy.DeploymentCreatorUser,
			DeploymentStyle: &codedeploy.DeploymentStyle{
				DeploymentType:   codedeploy.DeploymentTypeBlueGreen,
				DeploymentOption: codedeploy.DeploymentOptionWithTrafficControl,
			},
		},
	}
	if status.Terminal() {
		d.Info.CompleteTime = minute(1)
	}
	if change != nil {
		change(&d)
	}
	if err := c.store.Tx(t.Context(), func(tx *store.Tx) error { return tx.InsertDeployment(d) }); err != nil {
		t.Fatal(err)
	}
}

func setInPlace(d *store.Deployment) {
	d.Info.DeploymentStyle = &codedeploy.DeploymentStyle{
		DeploymentType:   codedeploy.DeploymentTypeInPlace,
		DeploymentOption: codedeploy.DeploymentOptionWithoutTrafficControl,
	}
}

// The two ARNs of the function that setLambdaTarget deploys.
const (
	functionARN = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
	aliasARN    = functionARN + ":live"
)

// setLambdaTarget gives a deployment its target, in the midst of the shift.
func setLambdaTarget(d *store.Deployment) {
	d.Target = &codedeploy.DeploymentTarget{
		DeploymentTargetType: codedeploy.DeploymentTargetTypeLambdaTarget,
		LambdaTarget: &codedeploy.LambdaTarget{
			DeploymentID: d.ID, TargetID: "orders", TargetARN: aliasARN,
			Status: codedeploy.TargetStatusInProgress, LastUpdatedAt: minute(1),
			LifecycleEvents: []codedeploy.LifecycleEvent{
				{LifecycleEventName: codedeploy.EventBeforeAllowTraffic, Status: codedeploy.LifecycleEventStatusPending},
			},
			LambdaFunctionInfo: &codedeploy.LambdaFunctionInfo{FunctionName: "orders", FunctionAlias: "live"},
		},
	}
}
