package store

// ClaimECSService makes service, written <cluster name>/<service name>, the one
// of the group with that id, in place of the one that it had. It returns
// ErrExists when another group of the scope has the service, ErrNotFound when
// there is no group with that id. Deleting the group frees it.
func (t *Tx) ClaimECSService(sc Scope, groupID, service string) error {
	// Claims of one group take turns, or it would have two services.
	exists, err := t.hold(`SELECT id FROM deployment_groups WHERE id = $1`+t.sql.ForUpdate(), groupID)
	if err != nil {
		return err
	}
	if !exists {
		return ErrNotFound
	}
	if _, err := t.change(`DELETE FROM ecs_services WHERE group_id = $1`, groupID); err != nil {
		return err
	}
	return t.insert(`INSERT INTO ecs_services (account, region, service, group_id)
		VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, sc.Account, sc.Region, service, groupID)
}
