package store

import (
	"database/sql"
	"fmt"

	"greenlight/internal/codedeploy"
)

// RevisionFilter says which revisions are wanted and in what order
// (ListApplicationRevisions, api.md 6).
type RevisionFilter struct {
	ApplicationID         string
	SortBy                codedeploy.ApplicationRevisionSortBy // "": registerTime
	Descending            bool
	S3Bucket, S3KeyPrefix string                           // "": any; otherwise S3 revisions only
	Deployed              codedeploy.ListStateFilterAction // include: only groups' target revisions; exclude: only others
}

// RevisionKey is a revision's place in a list of one filter. The zero key
// stands before the first.
type RevisionKey struct {
	Unused   int64 // 1: the revision lacks the time that the list is sorted by
	Time     int64 // milliseconds in list direction, negative when descending
	Identity string
}

// ListedRevision is a revision, without its content, and its place.
type ListedRevision struct {
	Key      RevisionKey
	Location codedeploy.RevisionLocation
}

// ListRevisions returns revisions from the first one behind after. Those that
// lack the time sorted by come last in both directions.
func (t *Tx) ListRevisions(f RevisionFilter, after RevisionKey, limit int) ([]ListedRevision, error) {
	query := revisionListQuery(f)
	if after == (RevisionKey{}) {
		after.Unused = -1
	}
	return collect(t, readListedRevision, query, f.ApplicationID, after.Unused, after.Time, after.Identity,
		f.S3Bucket, f.S3KeyPrefix, limit)
}

// deployedRevisions are the target revisions of the application's groups.
const deployedRevisions = `(SELECT d.revision_identity FROM deployment_groups g
	JOIN deployments d ON d.id = ` + lastSuccessful + ` WHERE g.application_id = $1)`

// revisionListQuery builds one of 18 texts; no input is part of any.
func revisionListQuery(f RevisionFilter) string {
	column := "register_time"
	switch f.SortBy {
	case codedeploy.ApplicationRevisionSortByFirstUsedTime:
		column = "first_used_time"
	case codedeploy.ApplicationRevisionSortByLastUsedTime:
		column = "last_used_time"
	}
	if f.Descending {
		column = "-" + column
	}
	deployed := ""
	switch f.Deployed {
	case codedeploy.ListStateFilterActionInclude:
		deployed = "AND identity IN " + deployedRevisions
	case codedeploy.ListStateFilterActionExclude:
		deployed = "AND identity NOT IN " + deployedRevisions
	}
	return fmt.Sprintf(`SELECT unused, moment, identity, location FROM (
			SELECT CASE WHEN %[1]s IS NULL THEN 1 ELSE 0 END AS unused, coalesce(%[1]s, 0) AS moment,
				identity, location, s3_bucket, s3_key
			FROM revisions WHERE application_id = $1 %[2]s) AS listed
		WHERE (unused, moment, identity) > ($2, $3, $4)
			AND ($5 = '' OR s3_bucket = $5) AND ($6 = '' OR substr(s3_key, 1, length($6)) = $6)
		ORDER BY unused, moment, identity LIMIT $7`, column, deployed)
}

func readListedRevision(rows *sql.Rows) (ListedRevision, error) {
	var r ListedRevision
	var location string
	if err := rows.Scan(&r.Key.Unused, &r.Key.Time, &r.Key.Identity, &location); err != nil {
		return r, err
	}
	if err := readShape(location, &r.Location); err != nil {
		return r, err
	}
	r.Location = *withoutContent(&r.Location)
	return r, nil
}
