package store

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"greenlight/internal/codedeploy"
)

// OnPremisesInstance is a host that is registered by name, or was
// (api.md 7b). Info has exactly one of the two IAM ARNs.
type OnPremisesInstance struct {
	Scope
	Info codedeploy.InstanceInfo // Tags: in order of their keys, filled in by reading
}

// ErrIdentityTaken means that another registered on-premises instance has the
// IAM user or session.
var ErrIdentityTaken = errors.New("IAM identity is another instance's")

// RegisterOnPremisesInstance stores a new instance, or one whose name was
// deregistered: that one keeps its tags and nothing else. It returns
// ErrExists when the name is registered, ErrIdentityTaken when the IAM ARN is.
func (t *Tx) RegisterOnPremisesInstance(i OnPremisesInstance) error {
	registered, err := t.exists(`SELECT EXISTS (SELECT 1 FROM on_premises_instances
		WHERE account = $1 AND region = $2 AND name = $3 AND deregister_time IS NULL)`, i.Account, i.Region, i.Info.InstanceName)
	if err != nil {
		return err
	}
	if registered {
		return ErrExists
	}
	changed, err := t.change(`INSERT INTO on_premises_instances
		(account, region, name, arn, iam_user_arn, iam_session_arn, register_time)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (account, region, name) DO UPDATE SET arn = excluded.arn, iam_user_arn = excluded.iam_user_arn,
			iam_session_arn = excluded.iam_session_arn, register_time = excluded.register_time, deregister_time = NULL
		WHERE on_premises_instances.deregister_time IS NOT NULL`,
		i.Account, i.Region, i.Info.InstanceName, i.Info.InstanceARN,
		nullText(i.Info.IAMUserARN), nullText(i.Info.IAMSessionARN), millis(i.Info.RegisterTime.Time))
	switch {
	case errors.Is(err, ErrExists): // the only unique keys besides the name
		return ErrIdentityTaken
	case err == nil && !changed: // somebody else was faster
		return ErrExists
	}
	return err
}

// DeregisterOnPremisesInstance ends a registration. An instance that is not
// registered stays as it is, and that there is none of that name is no error.
func (t *Tx) DeregisterOnPremisesInstance(sc Scope, name string, at time.Time) error {
	_, err := t.change(`UPDATE on_premises_instances SET deregister_time = $4
		WHERE account = $1 AND region = $2 AND name = $3 AND deregister_time IS NULL`, sc.Account, sc.Region, name, millis(at))
	return err
}

// OnPremisesInstance returns the instance of that name, registered or
// deregistered, with its tags; ErrNotFound when it never was registered. In a Tx nobody
// else changes it, or reads it in a Tx, until the end.
func (t *Tx) OnPremisesInstance(sc Scope, name string) (OnPremisesInstance, error) {
	i := OnPremisesInstance{Scope: sc, Info: codedeploy.InstanceInfo{InstanceName: name}}
	var user, session sql.NullString
	var registered int64
	var deregistered sql.NullInt64
	err := t.sql.QueryRow(`SELECT arn, iam_user_arn, iam_session_arn, register_time, deregister_time
		FROM on_premises_instances WHERE account = $1 AND region = $2 AND name = $3`+t.sql.ForUpdate(), sc.Account, sc.Region, name).
		Scan(&i.Info.InstanceARN, &user, &session, &registered, &deregistered)
	if err != nil {
		return OnPremisesInstance{}, missing(err, "on-premises instance", name)
	}
	i.Info.IAMUserARN, i.Info.IAMSessionARN = user.String, session.String
	i.Info.RegisterTime = codedeploy.NewTimestamp(moment(registered))
	i.Info.DeregisterTime = codedeploy.NewTimestamp(nullMoment(deregistered))
	i.Info.Tags, err = t.onPremisesTags(sc, name)
	return i, err
}

func (t *Tx) onPremisesTags(sc Scope, name string) ([]codedeploy.Tag, error) {
	return collect(t, func(rows *sql.Rows) (tag codedeploy.Tag, err error) {
		err = rows.Scan(&tag.Key, &tag.Value)
		return tag, err
	}, `SELECT tag_key, tag_value FROM on_premises_tags
		WHERE account = $1 AND region = $2 AND name = $3 ORDER BY tag_key`, sc.Account, sc.Region, name)
}

// PutOnPremisesTags adds tags to the instance and replaces the values of keys
// that it has. ErrNotFound means that there is no such instance.
func (t *Tx) PutOnPremisesTags(sc Scope, name string, tags []codedeploy.Tag) error {
	for _, tag := range inOrder(tags) {
		_, err := t.change(`INSERT INTO on_premises_tags (account, region, name, tag_key, tag_value) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (account, region, name, tag_key) DO UPDATE SET tag_value = excluded.tag_value`,
			sc.Account, sc.Region, name, tag.Key, tag.Value)
		if err != nil {
			return fmt.Errorf("tag of on-premises instance %q: %w", name, err)
		}
	}
	return nil
}

// DeleteOnPremisesTags removes the tags that have both the key and the value of
// one of these. Others are ignored.
func (t *Tx) DeleteOnPremisesTags(sc Scope, name string, tags []codedeploy.Tag) error {
	for _, tag := range tags {
		_, err := t.change(`DELETE FROM on_premises_tags
			WHERE account = $1 AND region = $2 AND name = $3 AND tag_key = $4 AND tag_value = $5`,
			sc.Account, sc.Region, name, tag.Key, tag.Value)
		if err != nil {
			return err
		}
	}
	return nil
}

// inOrder returns the tags in the order of their keys, in which nobody waits for
// somebody who waits for him.
func inOrder(tags []codedeploy.Tag) []codedeploy.Tag {
	return slices.SortedStableFunc(slices.Values(tags), func(a, b codedeploy.Tag) int { return cmp.Compare(a.Key, b.Key) })
}
