package store

import (
	"slices"
	"strconv"

	"greenlight/internal/codedeploy"
)

// OnPremisesFilter says which on-premises instances are wanted.
type OnPremisesFilter struct {
	Scope
	Status codedeploy.RegistrationStatus // "": both
	// AnyTag: instances that have at least one of these; an empty Key or Value
	// stands for any, and one of the two is given. None: all instances.
	AnyTag []codedeploy.Tag
}

// ListOnPremisesInstances returns names in ascending order, from the first one
// behind after. Every tag is read from an index in list order and the results
// are merged, so the cost depends on limit and not on how many instances
// match.
func (t *Tx) ListOnPremisesInstances(f OnPremisesFilter, after string, limit int) ([]string, error) {
	if len(f.AnyTag) == 0 {
		return t.page(onPremisesListQuery(f.Status), f.Account, f.Region, after, limit)
	}
	var all []string
	for _, tag := range f.AnyTag {
		query, tagArgs := onPremisesTagQuery(f.Status, tag)
		names, err := t.page(query, append([]any{f.Account, f.Region, after, limit}, tagArgs...)...)
		if err != nil {
			return nil, err
		}
		all = append(all, names...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return all[:min(limit, len(all))], nil
}

// onPremisesListQuery builds one of three texts.
func onPremisesListQuery(status codedeploy.RegistrationStatus) string {
	return `SELECT i.name AS name FROM on_premises_instances i WHERE i.account = $1 AND i.region = $2 AND i.name > $3` +
		andStatus(status) + ` ORDER BY i.name LIMIT $4`
}

// onPremisesTagQuery builds one of nine texts; args come behind the four of
// every list.
func onPremisesTagQuery(status codedeploy.RegistrationStatus, tag codedeploy.Tag) (query string, args []any) {
	// A value may stand under several keys of one instance.
	query = `SELECT DISTINCT t.name AS name FROM on_premises_tags t WHERE t.account = $1 AND t.region = $2 AND t.name > $3`
	where := func(column, value string) {
		if value != "" {
			args = append(args, value)
			query += " AND " + column + " = $" + strconv.Itoa(4+len(args))
		}
	}
	where("t.tag_key", tag.Key)
	where("t.tag_value", tag.Value)
	if status != "" {
		query += ` AND EXISTS (SELECT 1 FROM on_premises_instances i
			WHERE i.account = t.account AND i.region = t.region AND i.name = t.name` + andStatus(status) + `)`
	}
	return query + ` ORDER BY t.name LIMIT $4`, args
}

func andStatus(status codedeploy.RegistrationStatus) string {
	switch status {
	case codedeploy.RegistrationStatusRegistered:
		return " AND i.deregister_time IS NULL"
	case codedeploy.RegistrationStatusDeregistered:
		return " AND i.deregister_time IS NOT NULL"
	default:
		return ""
	}
}
