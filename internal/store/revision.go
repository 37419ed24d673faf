package store

import (
	"database/sql"
	"time"

	"greenlight/internal/codedeploy"
)

// Revision is a revision registered with an application. Identity says which revisions are
// the same one (api.md 2.2); package codedeploy makes it.
type Revision struct {
	ApplicationID, Identity                   string
	Location                                  codedeploy.RevisionLocation // with its content
	Description                               string
	RegisterTime, FirstUsedTime, LastUsedTime time.Time // used: zero until a deployment uses it
}

// RegisterRevision stores a revision. When the application has one of the same
// identity, only the description is replaced, if one is given. ErrNotFound
// means that the application is gone.
func (t *Tx) RegisterRevision(r Revision) error {
	location, err := shape(r.Location)
	if err != nil {
		return err
	}
	var bucket, key string
	if s3 := r.Location.S3Location; s3 != nil {
		bucket, key = s3.Bucket, s3.Key
	}
	_, err = t.change(`INSERT INTO revisions
		(application_id, identity, location, s3_bucket, s3_key, description, register_time, first_used_time, last_used_time)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (application_id, identity) DO UPDATE SET description = excluded.description
		WHERE excluded.description <> ''`,
		r.ApplicationID, r.Identity, location, nullText(bucket), nullText(key), r.Description,
		millis(r.RegisterTime), nullMillis(r.FirstUsedTime), nullMillis(r.LastUsedTime))
	return err
}

// Revision returns a registered revision, or ErrNotFound.
func (t *Tx) Revision(applicationID, identity string) (Revision, error) {
	r := Revision{ApplicationID: applicationID, Identity: identity}
	var location string
	var registered int64
	var first, last sql.NullInt64
	err := t.sql.QueryRow(`SELECT location, description, register_time, first_used_time, last_used_time
		FROM revisions WHERE application_id = $1 AND identity = $2`, applicationID, identity).
		Scan(&location, &r.Description, &registered, &first, &last)
	if err != nil {
		return Revision{}, missing(err, "revision", identity)
	}
	r.RegisterTime, r.FirstUsedTime, r.LastUsedTime = moment(registered), nullMoment(first), nullMoment(last)
	return r, readShape(location, &r.Location)
}

// UseRevision records that a deployment uses the revision at that time; of several
// uses the first and the last count, in whatever order they are recorded. ErrNotFound means
// that it is not registered.
func (t *Tx) UseRevision(applicationID, identity string, at time.Time) error {
	changed, err := t.change(`UPDATE revisions SET
		first_used_time = CASE WHEN first_used_time < $3 THEN first_used_time ELSE $3 END,
		last_used_time = CASE WHEN last_used_time > $3 THEN last_used_time ELSE $3 END
		WHERE application_id = $1 AND identity = $2`, applicationID, identity, millis(at))
	if err == nil && !changed {
		err = missing(sql.ErrNoRows, "revision", identity)
	}
	return err
}

// RevisionGroups returns, in order, the names of the application's groups whose
// last successful deployment had this revision.
func (t *Tx) RevisionGroups(applicationID, identity string) ([]string, error) {
	return t.names(`SELECT g.name FROM deployment_groups g JOIN deployments d ON d.id = `+lastSuccessful+`
		WHERE g.application_id = $1 AND d.revision_identity = $2 ORDER BY g.name`, applicationID, identity)
}

// withoutContent returns the location as operations other than
// GetApplicationRevision show it: without the text of an AppSpec (api.md 2.2).
func withoutContent(l *codedeploy.RevisionLocation) *codedeploy.RevisionLocation {
	if l == nil || (l.AppSpecContent == nil && l.String == nil) {
		return l
	}
	short := *l
	if l.AppSpecContent != nil {
		short.AppSpecContent = &codedeploy.AppSpecContent{SHA256: l.AppSpecContent.SHA256}
	}
	if l.String != nil {
		short.String = &codedeploy.RawString{SHA256: l.String.SHA256}
	}
	return &short
}
