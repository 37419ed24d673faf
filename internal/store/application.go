package store

import (
	"fmt"
	"time"

	"greenlight/internal/codedeploy"
)

// Application is a CodeDeploy application. Its id and platform never change;
// its name may.
type Application struct {
	Scope
	ID              string
	Name            string
	ComputePlatform codedeploy.ComputePlatform
	CreateTime      time.Time
}

// CreateApplication returns ErrExists when the scope has an application of
// that name.
func (t *Tx) CreateApplication(a Application) error {
	err := t.insert(`INSERT INTO applications (id, account, region, name, compute_platform, create_time)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
		a.ID, a.Account, a.Region, a.Name, string(a.ComputePlatform), millis(a.CreateTime))
	if err != nil {
		return err
	}
	return t.run([]any{a.Account, a.Region}, `INSERT INTO application_counts (account, region, applications) VALUES ($1, $2, 1)
		ON CONFLICT (account, region) DO UPDATE SET applications = application_counts.applications + 1`)
}

// Application returns the application of that name, or ErrNotFound. In a Tx it
// keeps its name and goes on to exist until the end.
func (t *Tx) Application(sc Scope, name string) (Application, error) {
	a := Application{Scope: sc, Name: name}
	var created int64
	err := t.sql.QueryRow(`SELECT id, compute_platform, create_time FROM applications
		WHERE account = $1 AND region = $2 AND name = $3`+t.sql.ForKeyShare(), sc.Account, sc.Region, name).
		Scan(&a.ID, &a.ComputePlatform, &created)
	if err != nil {
		return Application{}, missing(err, "application", name)
	}
	a.CreateTime = moment(created)
	return a, nil
}

// ApplicationExists says whether there is an application with that id, which
// stays the same when its name changes. In a Tx it goes on to exist until the end.
func (t *Tx) ApplicationExists(id string) (bool, error) {
	return t.hold(`SELECT id FROM applications WHERE id = $1`+t.sql.ForKeyShare(), id)
}

// RenameApplication returns ErrExists when another application of the scope
// has the new name, ErrNotFound when there is none with that id.
func (t *Tx) RenameApplication(id, newName string) error {
	changed, err := t.change(`UPDATE applications SET name = $2 WHERE id = $1`, id, newName)
	if err == nil && !changed {
		err = fmt.Errorf("application id %q: %w", id, ErrNotFound)
	}
	return err
}

// DeleteApplication removes the application with its groups, revisions, tags
// and ended deployments. Active deployments stay, to be finished and read by id
// (deployments.md 14). Deleting nothing is no error.
func (t *Tx) DeleteApplication(id string) error {
	// Whoever else deletes it waits here, or it would be counted out twice.
	exists, err := t.hold(`SELECT id FROM applications WHERE id = $1`+t.sql.ForDeletion(), id)
	if err != nil || !exists {
		return err
	}
	return t.run([]any{id},
		`DELETE FROM resource_tags WHERE resource_id = $1
			OR resource_id IN (SELECT id FROM deployment_groups WHERE application_id = $1)`,
		`DELETE FROM deployments WHERE application_id = $1 AND active = 0`,
		`UPDATE application_counts SET applications = applications - 1
			WHERE (account, region) = (SELECT account, region FROM applications WHERE id = $1)`,
		`DELETE FROM applications WHERE id = $1`)
}

// ListApplications returns names in ascending order, from the first one behind after.
func (t *Tx) ListApplications(sc Scope, after string, limit int) ([]string, error) {
	return t.page(`SELECT name FROM applications WHERE account = $1 AND region = $2 AND name > $3
		ORDER BY name LIMIT $4`, sc.Account, sc.Region, after, limit)
}

// CountApplications tells what a quota is about, at a cost that does not depend
// on the answer.
func (t *Tx) CountApplications(sc Scope) (int, error) {
	return t.count(`SELECT coalesce((SELECT applications FROM application_counts WHERE account = $1 AND region = $2), 0)`,
		sc.Account, sc.Region)
}
