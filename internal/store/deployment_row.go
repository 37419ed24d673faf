package store

import (
	"database/sql"
	"encoding/json"
	"fmt"

	"greenlight/internal/codedeploy"
)

// columns are the columns of a deployment that every save writes.
type columns struct {
	active       int64 // 1, or 0 for an ended deployment
	completeTime sql.NullInt64
	wakeAt       sql.NullInt64
	info         string
	target       sql.NullString
	progress     sql.NullString
}

func columnsOf(d Deployment) (columns, error) {
	c := columns{
		active:       activeColumn(d.Info.Status),
		completeTime: nullMillis(d.Info.CompleteTime.Time),
		wakeAt:       nullMillis(d.WakeAt),
		progress:     nullRaw(d.Progress),
	}
	if (c.active == 1) == c.completeTime.Valid {
		return c, fmt.Errorf("deployment %s is %s: a complete time belongs to an ended deployment, and only to one", d.ID, d.Info.Status)
	}
	var err error
	if c.info, err = infoShape(d.Info); err != nil {
		return c, err
	}
	if d.Target != nil {
		text, err := shape(d.Target)
		if err != nil {
			return c, err
		}
		c.target = nullText(text)
	}
	return c, nil
}

func activeColumn(s codedeploy.DeploymentStatus) int64 {
	if isActive(s) {
		return 1
	}
	return 0
}

func isActive(s codedeploy.DeploymentStatus) bool {
	switch s {
	case codedeploy.DeploymentStatusSucceeded, codedeploy.DeploymentStatusFailed, codedeploy.DeploymentStatusStopped:
		return false
	}
	return true
}

// infoShape leaves out what has a column, and the texts of revisions.
func infoShape(info codedeploy.DeploymentInfo) (string, error) {
	info.DeploymentID, info.ApplicationName, info.DeploymentGroupName = "", "", ""
	info.DeploymentConfigName, info.ExternalID, info.Status = "", "", ""
	info.CreateTime, info.CompleteTime = codedeploy.Timestamp{}, codedeploy.Timestamp{}
	info.Revision, info.PreviousRevision = withoutContent(info.Revision), withoutContent(info.PreviousRevision)
	return shape(info)
}

const selectDeployment = `SELECT d.id, d.account, d.region, d.application_id, d.group_id, d.revision_identity,
		d.config_name, coalesce(d.external_id, ''), d.create_time, d.owner, d.version, d.status, d.complete_time,
		d.wake_at, d.info, d.target, d.progress, d.snapshot,
		coalesce(a.name, d.application_name), coalesce(g.name, d.group_name), a.id IS NOT NULL, g.id IS NOT NULL
	FROM deployments d
	LEFT JOIN applications a ON a.id = d.application_id
	LEFT JOIN deployment_groups g ON g.id = d.group_id`

// Deployment returns the deployment with that id, or ErrNotFound. The names in Info are
// today's names of its application and group, or, when those are gone, the
// names at the time of the insert. In a Tx nobody else saves or claims it until the end.
func (t *Tx) Deployment(id string) (Deployment, error) {
	d, err := readDeployment(t.sql.QueryRow(selectDeployment+` WHERE d.id = $1`+t.sql.ForUpdateOf("d"), id))
	return d, missing(err, "deployment", id)
}

// LastSuccessful returns the group's deployment that was the last to succeed,
// or ErrNotFound.
func (t *Tx) LastSuccessful(groupID string) (Deployment, error) {
	d, err := readDeployment(t.sql.QueryRow(selectDeployment+` WHERE d.group_id = $1 AND d.status = 'Succeeded'
		ORDER BY d.complete_time DESC, d.group_seq DESC LIMIT 1`, groupID))
	return d, missing(err, "last successful deployment of group", groupID)
}

func readDeployment(row interface{ Scan(...any) error }) (Deployment, error) {
	var (
		d                          Deployment
		created                    int64
		completed, wake            sql.NullInt64
		info                       string
		target, progress, snapshot sql.NullString
		config, external           string
		application, group         string
		status                     codedeploy.DeploymentStatus
	)
	err := row.Scan(&d.ID, &d.Account, &d.Region, &d.ApplicationID, &d.GroupID, &d.RevisionIdentity,
		&config, &external, &created, &d.Owner, &d.Version, &status, &completed,
		&wake, &info, &target, &progress, &snapshot,
		&application, &group, &d.ApplicationExists, &d.GroupExists)
	if err != nil {
		return Deployment{}, err
	}
	if err := readShape(info, &d.Info); err != nil {
		return Deployment{}, err
	}
	if target.Valid {
		if err := readShape(target.String, &d.Target); err != nil {
			return Deployment{}, err
		}
	}
	d.Info.DeploymentID, d.Info.ApplicationName, d.Info.DeploymentGroupName = d.ID, application, group
	d.Info.DeploymentConfigName, d.Info.ExternalID, d.Info.Status = config, external, status
	d.Info.CreateTime = codedeploy.NewTimestamp(moment(created))
	d.Info.CompleteTime = codedeploy.NewTimestamp(nullMoment(completed))
	d.WakeAt = nullMoment(wake)
	d.Progress, d.Snapshot = rawMessage(progress), rawMessage(snapshot)
	return d, nil
}

func rawMessage(text sql.NullString) json.RawMessage {
	if !text.Valid {
		return nil
	}
	return json.RawMessage(text.String)
}
