package store

import (
	"database/sql"
	"fmt"
	"time"

	"greenlight/internal/codedeploy"
)

// Group is a deployment group. Of Info, what is known otherwise is not stored
// but filled in by reading: the names, the id, the platform, and the three members that
// follow from the group's deployments (api.md 8.2).
type Group struct {
	Scope
	ID, ApplicationID, Name string
	CreateTime              time.Time
	Info                    codedeploy.DeploymentGroupInfo
}

// CreateGroup returns ErrExists when the application has a group of that
// name, ErrNotFound when the application is gone. Those that create groups of one
// application at the same time take turns, so that each counts what the others have
// done.
func (t *Tx) CreateGroup(g Group) error {
	info, err := groupShape(g.Info)
	if err != nil {
		return err
	}
	if err := t.lock("groups", g.ApplicationID); err != nil {
		return err
	}
	return t.insert(`INSERT INTO deployment_groups
		(id, account, region, application_id, name, config_name, create_time, info)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
		g.ID, g.Account, g.Region, g.ApplicationID, g.Name, g.Info.DeploymentConfigName, millis(g.CreateTime), info)
}

// UpdateGroup writes name and Info of the group with g.ID. It returns
// ErrExists when another group of the application has the name, ErrNotFound when there is
// no group with that id.
func (t *Tx) UpdateGroup(g Group) error {
	info, err := groupShape(g.Info)
	if err != nil {
		return err
	}
	changed, err := t.change(`UPDATE deployment_groups SET name = $2, config_name = $3, info = $4 WHERE id = $1`,
		g.ID, g.Name, g.Info.DeploymentConfigName, info)
	if err == nil && !changed {
		err = fmt.Errorf("deployment group id %q: %w", g.ID, ErrNotFound)
	}
	return err
}

func groupShape(info codedeploy.DeploymentGroupInfo) (string, error) {
	info.ApplicationName, info.DeploymentGroupName, info.DeploymentGroupID = "", "", ""
	info.DeploymentConfigName, info.ComputePlatform = "", ""
	info.TargetRevision, info.LastAttemptedDeployment, info.LastSuccessfulDeployment = nil, nil, nil
	return shape(info)
}

const (
	// lastAttempted and lastSuccessful choose a deployment of the group g.
	lastAttempted = `(SELECT id FROM deployments WHERE group_id = g.id
		ORDER BY create_time DESC, group_seq DESC LIMIT 1)`
	lastSuccessful = `(SELECT id FROM deployments WHERE group_id = g.id AND status = 'Succeeded'
		ORDER BY complete_time DESC, group_seq DESC LIMIT 1)`

	selectGroup = `SELECT g.id, g.account, g.region, g.name, g.config_name, g.create_time, g.info,
			a.name, a.compute_platform,
			tried.id, tried.status, tried.create_time, tried.complete_time,
			good.id, good.status, good.create_time, good.complete_time, good.info
		FROM deployment_groups g
		JOIN applications a ON a.id = g.application_id
		LEFT JOIN deployments tried ON tried.id = ` + lastAttempted + `
		LEFT JOIN deployments good ON good.id = ` + lastSuccessful + `
		WHERE g.application_id = $1 AND g.name = $2`
)

// Group returns the group of that name, or ErrNotFound. In a Tx nobody else
// changes or deletes it, or reads it in a Tx, until the end: a deployment is not created
// by settings that are being replaced.
func (t *Tx) Group(applicationID, name string) (Group, error) {
	g := Group{ApplicationID: applicationID}
	var created int64
	var info, configName, application string
	var platform codedeploy.ComputePlatform
	var tried, good lastDeployment
	var goodInfo sql.NullString
	err := t.sql.QueryRow(selectGroup+t.sql.ForUpdateOf("g"), applicationID, name).Scan(
		&g.ID, &g.Account, &g.Region, &g.Name, &configName, &created, &info, &application, &platform,
		&tried.id, &tried.status, &tried.created, &tried.completed,
		&good.id, &good.status, &good.created, &good.completed, &goodInfo)
	if err != nil {
		return Group{}, missing(err, "deployment group", name)
	}
	if err := readShape(info, &g.Info); err != nil {
		return Group{}, err
	}
	g.CreateTime = moment(created)
	g.Info.ApplicationName, g.Info.ComputePlatform = application, platform
	g.Info.DeploymentGroupID, g.Info.DeploymentGroupName = g.ID, g.Name
	g.Info.DeploymentConfigName = configName
	g.Info.LastAttemptedDeployment, g.Info.LastSuccessfulDeployment = tried.info(), good.info()
	g.Info.TargetRevision, err = revisionOf(goodInfo)
	return g, err
}

// lastDeployment is a row that may not be there.
type lastDeployment struct {
	id, status         sql.NullString
	created, completed sql.NullInt64
}

func (d lastDeployment) info() *codedeploy.LastDeploymentInfo {
	if !d.id.Valid {
		return nil
	}
	return &codedeploy.LastDeploymentInfo{
		DeploymentID: d.id.String,
		Status:       codedeploy.DeploymentStatus(d.status.String),
		CreateTime:   codedeploy.NewTimestamp(nullMoment(d.created)),
		EndTime:      codedeploy.NewTimestamp(nullMoment(d.completed)),
	}
}

// revisionOf returns the revision that a stored deployment info names.
func revisionOf(info sql.NullString) (*codedeploy.RevisionLocation, error) {
	if !info.Valid {
		return nil, nil
	}
	var part struct {
		Revision *codedeploy.RevisionLocation `json:"revision"`
	}
	err := readShape(info.String, &part)
	return part.Revision, err
}

// DeleteGroup removes the group and its tags. Its deployments stay. Deleting
// nothing is no error.
func (t *Tx) DeleteGroup(id string) error {
	return t.run([]any{id},
		`DELETE FROM resource_tags WHERE resource_id = $1`,
		`DELETE FROM deployment_groups WHERE id = $1`)
}

// ListGroups returns names in ascending order, from the first one behind after.
func (t *Tx) ListGroups(applicationID, after string, limit int) ([]string, error) {
	return t.page(`SELECT name FROM deployment_groups WHERE application_id = $1 AND name > $2
		ORDER BY name LIMIT $3`, applicationID, after, limit)
}

// CountGroups counts what a quota is about.
func (t *Tx) CountGroups(applicationID string) (int, error) {
	return t.count(`SELECT count(*) FROM deployment_groups WHERE application_id = $1`, applicationID)
}

// GroupsUsingConfig reports whether any group names the configuration.
func (t *Tx) GroupsUsingConfig(sc Scope, config string) (bool, error) {
	return t.exists(`SELECT EXISTS (SELECT 1 FROM deployment_groups
		WHERE account = $1 AND region = $2 AND config_name = $3)`, sc.Account, sc.Region, config)
}
