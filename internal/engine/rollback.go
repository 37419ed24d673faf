package engine

import (
	"time"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// newRollback is the deployment that leads back from d (lambda.md 7.1, ecs.md
// 10.1): at once, without hooks, without alarms, and itself never rolled back.
func newRollback(d Deployment, l life, now time.Time) Deployment {
	back := Deployment{
		Deployment: store.Deployment{
			Scope: d.Scope, ID: d.Snapshot.RollbackID, ApplicationID: d.ApplicationID, GroupID: d.GroupID,
			Info:              rollbackInfo(d, now),
			WakeAt:            now,
			Owner:             d.Owner,
			ApplicationExists: d.ApplicationExists, GroupExists: d.GroupExists,
		},
		Snapshot: Snapshot{
			TrafficRouting: codedeploy.TrafficRoutingConfig{Type: codedeploy.TrafficRoutingTypeAllAtOnce},
			ServiceRoleARN: d.Snapshot.ServiceRoleARN,
			RollbackOf:     d.ID,
		},
	}
	l.wayBack(&d, &back)
	back.RevisionIdentity = codedeploy.RevisionIdentity(back.Snapshot.Revision)
	back.Info.Revision = new(codedeploy.WithoutContent(back.Snapshot.Revision))
	return back
}

func rollbackInfo(d Deployment, now time.Time) codedeploy.DeploymentInfo {
	id := d.Snapshot.RollbackID
	return codedeploy.DeploymentInfo{
		ApplicationName:      d.Info.ApplicationName,
		DeploymentGroupName:  d.Info.DeploymentGroupName,
		DeploymentConfigName: codedeploy.DefaultConfig(d.Info.ComputePlatform),
		DeploymentID:         id,
		PreviousRevision:     d.Info.PreviousRevision,
		Status:               codedeploy.DeploymentStatusCreated,
		CreateTime:           codedeploy.NewTimestamp(now),
		Creator:              codedeploy.DeploymentCreatorCodeDeployRollback,
		RollbackInfo: &codedeploy.RollbackInfo{
			RollbackTriggeringDeploymentID: d.ID,
			RollbackMessage:                codedeploy.MessageRollsBack(id, d.ID),
		},
		DeploymentStyle:                    d.Info.DeploymentStyle,
		IgnoreApplicationStopFailures:      new(false),
		UpdateOutdatedInstancesOnly:        new(false),
		InstanceTerminationWaitTimeStarted: new(false),
		FileExistsBehavior:                 codedeploy.FileExistsBehaviorDisallow,
		DeploymentStatusMessages:           []string{},
		ComputePlatform:                    d.Info.ComputePlatform,
	}
}
