package store

import (
	"greenlight/internal/codedeploy"
)

// Config is a custom deployment configuration. The predefined ones are
// constants of package codedeploy and never stored.
type Config struct {
	Scope
	Info codedeploy.DeploymentConfigInfo
}

// CreateConfig returns ErrExists when the scope has a configuration of that name.
// Those that create at the same time take turns, so that each counts what the
// others have done.
func (t *Tx) CreateConfig(c Config) error {
	rest := c.Info
	rest.DeploymentConfigID, rest.DeploymentConfigName = "", ""
	info, err := shape(rest)
	if err != nil {
		return err
	}
	if err := t.lock("configurations", c.Account, c.Region); err != nil {
		return err
	}
	return t.insert(`INSERT INTO deployment_configs (id, account, region, name, info)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
		c.Info.DeploymentConfigID, c.Account, c.Region, c.Info.DeploymentConfigName, info)
}

// Config returns the configuration of that name, or ErrNotFound. In a Tx it goes
// on to exist until the end.
func (t *Tx) Config(sc Scope, name string) (Config, error) {
	var id, info string
	err := t.sql.QueryRow(`SELECT id, info FROM deployment_configs
		WHERE account = $1 AND region = $2 AND name = $3`+t.sql.ForKeyShare(), sc.Account, sc.Region, name).Scan(&id, &info)
	if err != nil {
		return Config{}, missing(err, "deployment configuration", name)
	}
	c := Config{Scope: sc}
	if err := readShape(info, &c.Info); err != nil {
		return Config{}, err
	}
	c.Info.DeploymentConfigID, c.Info.DeploymentConfigName = id, name
	return c, nil
}

// DeleteConfig removes the configuration and its tags. Whether it is in use is the
// caller's question, see ConfigInUse. Deleting nothing is no error.
func (t *Tx) DeleteConfig(sc Scope, name string) error {
	return t.run([]any{sc.Account, sc.Region, name},
		`DELETE FROM resource_tags WHERE resource_id IN
			(SELECT id FROM deployment_configs WHERE account = $1 AND region = $2 AND name = $3)`,
		`DELETE FROM deployment_configs WHERE account = $1 AND region = $2 AND name = $3`)
}

// ListConfigs returns names in ascending order, from the first one behind after.
func (t *Tx) ListConfigs(sc Scope, after string, limit int) ([]string, error) {
	return t.page(`SELECT name FROM deployment_configs WHERE account = $1 AND region = $2 AND name > $3
		ORDER BY name LIMIT $4`, sc.Account, sc.Region, after, limit)
}

// CountConfigs counts what a quota is about.
func (t *Tx) CountConfigs(sc Scope) (int, error) {
	return t.count(`SELECT count(*) FROM deployment_configs WHERE account = $1 AND region = $2`, sc.Account, sc.Region)
}

// ConfigInUse reports whether a group names the configuration or an active
// deployment runs by it. In a Tx the answer holds until the end: who has read
// it to use it has been waited for, and who wants to read it waits.
func (t *Tx) ConfigInUse(sc Scope, name string) (bool, error) {
	if _, err := t.hold(`SELECT id FROM deployment_configs
		WHERE account = $1 AND region = $2 AND name = $3`+t.sql.ForDeletion(), sc.Account, sc.Region, name); err != nil {
		return false, err
	}
	used, err := t.GroupsUsingConfig(sc, name)
	if used || err != nil {
		return used, err
	}
	return t.exists(`SELECT EXISTS (SELECT 1 FROM deployments
		WHERE account = $1 AND region = $2 AND config_name = $3 AND active = 1)`, sc.Account, sc.Region, name)
}
