package engine

import (
	"time"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// newRollback is the deployment that leads back from d (lambda.md 7.1): at
// once, without hooks, without alarms, and itself never rolled back.
func newRollback(d Deployment, l life, now time.Time) Deployment {
	id := d.Snapshot.RollbackID
	revision := codedeploy.AppSpecRevision(l.wayBack(&d))
	return Deployment{
		Deployment: store.Deployment{
			Scope: d.Scope, ID: id, ApplicationID: d.ApplicationID, GroupID: d.GroupID,
			RevisionIdentity:  codedeploy.RevisionIdentity(revision),
			Info:              rollbackInfo(d, revision, now),
			WakeAt:            now,
			Owner:             d.Owner,
			ApplicationExists: d.ApplicationExists, GroupExists: d.GroupExists,
		},
		Snapshot: Snapshot{
			Revision:       revision,
			TrafficRouting: codedeploy.TrafficRoutingConfig{Type: codedeploy.TrafficRoutingTypeAllAtOnce},
			ServiceRoleARN: d.Snapshot.ServiceRoleARN,
			RollbackOf:     d.ID,
		},
	}
}

func rollbackInfo(d Deployment, revision codedeploy.RevisionLocation, now time.Time) codedeploy.DeploymentInfo {
	id := d.Snapshot.RollbackID
	return codedeploy.DeploymentInfo{
		ApplicationName:      d.Info.ApplicationName,
		DeploymentGroupName:  d.Info.DeploymentGroupName,
		DeploymentConfigName: codedeploy.DefaultConfig(d.Info.ComputePlatform),
		DeploymentID:         id,
		PreviousRevision:     d.Info.PreviousRevision,
		Revision:             new(codedeploy.WithoutContent(revision)),
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
