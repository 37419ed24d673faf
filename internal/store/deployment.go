package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"greenlight/internal/codedeploy"
)

// Deployment is one deployment with all that the engine must remember of it.
type Deployment struct {
	Scope
	ID, ApplicationID, GroupID string
	RevisionIdentity           string
	Info                       codedeploy.DeploymentInfo    // as GetDeployment answers it
	Target                     *codedeploy.DeploymentTarget // nil until it has one
	Snapshot                   json.RawMessage              // written by InsertDeployment only
	Progress                   json.RawMessage              // the engine's own, written with every save
	WakeAt                     time.Time                    // when to look again; zero: only when something happens
	Owner                      string                       // node that acts for it; "": nobody
	Version                    int64                        // raised by every save and every claim

	// Whether application and group still exist; filled in by reading.
	ApplicationExists, GroupExists bool
}

// BusyError says that the group has an active deployment already.
type BusyError struct{ ActiveID string }

func (e *BusyError) Error() string {
	return fmt.Sprintf("the deployment group already has the active deployment %s", e.ActiveID)
}

const insertDeployment = `INSERT INTO deployments
	(id, account, region, application_id, application_name, group_id, group_name, group_seq, config_name, external_id,
	 revision_identity, create_time, owner, version, status, active, complete_time, wake_at, info, target, progress, snapshot)
	VALUES ($1, $2, $3, $4, $5, $6, $7,
	 1 + coalesce((SELECT group_seq FROM deployments WHERE group_id = $6 ORDER BY create_time DESC, group_seq DESC LIMIT 1), 0),
	 $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
	ON CONFLICT DO NOTHING`

// InsertDeployment stores a new deployment with the version it has. It returns
// a *BusyError when d is active and so is another one of its group, ErrExists
// when the id is taken. Of any number of concurrent inserts into a group one
// succeeds: a unique index decides.
func (t *Tx) InsertDeployment(d Deployment) error {
	c, err := columnsOf(d)
	if err != nil {
		return err
	}
	for {
		err := t.insertDeployment(d, c)
		if !errors.Is(err, ErrExists) {
			return err
		}
		// What was in the way may have ended by now.
		if err := t.whyNotInserted(d); err != nil {
			return err
		}
	}
}

func (t *Tx) insertDeployment(d Deployment, c columns) error {
	return t.insert(insertDeployment, d.ID, d.Account, d.Region, d.ApplicationID, d.Info.ApplicationName,
		d.GroupID, d.Info.DeploymentGroupName, d.Info.DeploymentConfigName, nullText(d.Info.ExternalID),
		d.RevisionIdentity, millis(d.Info.CreateTime.Time), d.Owner, d.Version,
		string(d.Info.Status), c.active, c.completeTime, c.wakeAt, c.info, c.target, c.progress, nullRaw(d.Snapshot))
}

// whyNotInserted returns nil when there is no reason any more.
func (t *Tx) whyNotInserted(d Deployment) error {
	active, found, err := t.Active(d.GroupID)
	if err != nil {
		return err
	}
	if found && active != d.ID {
		return &BusyError{ActiveID: active}
	}
	taken, err := t.exists(`SELECT EXISTS (SELECT 1 FROM deployments WHERE id = $1)`, d.ID)
	if err == nil && taken {
		err = fmt.Errorf("deployment %s: %w", d.ID, ErrExists)
	}
	return err
}

// A deployment that goes on is saved without its columns active and complete_time, so
// that no index has to be touched.
const (
	saveActive = `UPDATE deployments SET version = version + 1,
		status = $3, wake_at = $4, info = $5, target = $6, progress = $7
		WHERE id = $1 AND version = $2 AND active = 1`
	saveEnded = `UPDATE deployments SET version = version + 1,
		status = $3, wake_at = $4, info = $5, target = $6, progress = $7, active = 0, complete_time = $8
		WHERE id = $1 AND version = $2 AND active = 1`
)

// SaveDeployment writes Info, Target, Progress and WakeAt over the version that d was
// read with, and raises it by one. ErrStale means that the stored version is another
// one, that the deployment has ended, or that there is none: nothing is
// written then. What was fixed at the insert (ids, names, scope, configuration, external id,
// create time, snapshot) and Owner are not written.
func (t *Tx) SaveDeployment(d Deployment) error {
	c, err := columnsOf(d)
	if err != nil {
		return err
	}
	query, args := saveActive, []any{d.ID, d.Version, string(d.Info.Status), c.wakeAt, c.info, c.target, c.progress}
	if c.active == 0 {
		query, args = saveEnded, append(args, c.completeTime)
	}
	changed, err := t.change(query, args...)
	if err == nil && !changed {
		err = fmt.Errorf("deployment %s at version %d: %w", d.ID, d.Version, ErrStale)
	}
	return err
}

// Active returns the active deployment of the group, if there is one.
func (t *Tx) Active(groupID string) (id string, found bool, err error) {
	ids, err := t.names(`SELECT id FROM deployments WHERE group_id = $1 AND active = 1`, groupID)
	if err != nil || len(ids) == 0 {
		return "", false, err
	}
	return ids[0], true, nil
}

// crowd is how near to a quota creators begin to take turns.
const crowd = 128

// CountActive counts what a quota is about, but no more than atMost of them:
// it is asked at every create. In a Tx, creators take turns from here on when
// atMost is near. Far from it they do not: to exceed it then, one of them would
// have to stand still while a crowd of others comes and goes.
func (t *Tx) CountActive(sc Scope, atMost int) (int, error) {
	n, err := t.count(countActive, sc.Account, sc.Region, atMost)
	if err != nil || n+crowd < atMost || !t.sql.Crowded() {
		return n, err
	}
	if err := t.lock("active deployments", sc.Account, sc.Region); err != nil {
		return 0, err
	}
	return t.count(countActive, sc.Account, sc.Region, atMost)
}

const countActive = `SELECT count(*) FROM (SELECT 1 FROM deployments
	WHERE account = $1 AND region = $2 AND active = 1 LIMIT $3) AS counted`
