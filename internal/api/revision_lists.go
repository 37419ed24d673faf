package api

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// listApplicationRevisions lists revisions without their content (api.md 6).
func (a *API) listApplicationRevisions(ctx context.Context, sc store.Scope, in *codedeploy.ListApplicationRevisionsInput) (*codedeploy.ListApplicationRevisionsOutput, error) {
	of := list{Operation: "ListApplicationRevisions", Scope: sc, Filters: []any{
		in.ApplicationName, in.SortBy, in.SortOrder, in.Deployed, in.S3Bucket, in.S3KeyPrefix,
	}}
	var after store.RevisionKey
	if err := a.tokens.open(of, in.NextToken, &after); err != nil {
		return nil, err
	}
	var rows []store.ListedRevision
	err := a.store.View(ctx, func(tx *store.Tx) error {
		app, err := findApplication(tx, sc, in.ApplicationName)
		if err != nil {
			return err
		}
		rows, err = tx.ListRevisions(revisionFilter(app, in), after, a.quotas.PageSize+1)
		return err
	})
	if err != nil {
		return nil, err
	}
	places := make([]store.RevisionKey, len(rows))
	for i, row := range rows {
		places[i] = row.Key
	}
	places, next := page(a.tokens, of, places, a.quotas.PageSize)
	out := &codedeploy.ListApplicationRevisionsOutput{Revisions: make([]codedeploy.RevisionLocation, len(places)), NextToken: next}
	for i := range places {
		out.Revisions[i] = rows[i].Location
	}
	return out, nil
}

func revisionFilter(app store.Application, in *codedeploy.ListApplicationRevisionsInput) store.RevisionFilter {
	return store.RevisionFilter{
		ApplicationID: app.ID,
		SortBy:        in.SortBy,
		Descending:    in.SortOrder == codedeploy.SortOrderDescending,
		S3Bucket:      in.S3Bucket,
		S3KeyPrefix:   in.S3KeyPrefix,
		Deployed:      in.Deployed,
	}
}

// bucketName is the form of a bucket's name in Amazon S3. That of an IP address
// is refused apart, as are two dots in a row.
var (
	bucketName  = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	ipv4Address = regexp.MustCompile(`^\d+\.\d+\.\d+\.\d+$`)
)

func isBucketName(text string) bool {
	return bucketName.MatchString(text) && !ipv4Address.MatchString(text) && !strings.Contains(text, "..")
}

// maxS3Key bounds a key in Amazon S3, in bytes.
const maxS3Key = 1024

func keyPrefix(_ *request, m *member, prefix string) error {
	if len(prefix) > maxS3Key {
		return m.bad("The %s is %d bytes long; at most %d are allowed.", m.called(), len(prefix), maxS3Key)
	}
	return nil
}

func besidePrefix(r *request, m *member, bucket string) error {
	if bucket == "" && given[string](r, "s3KeyPrefix") != "" {
		return m.bad("An %s must be specified along with the s3KeyPrefix.", m.called())
	}
	return nil
}

// batchGetApplicationRevisions answers in the order of the request, each
// revision once and with its content. Unknown revisions are named in
// errorMessage: no exception is modelled.
func (a *API) batchGetApplicationRevisions(ctx context.Context, sc store.Scope, in *codedeploy.BatchGetApplicationRevisionsInput) (*codedeploy.BatchGetApplicationRevisionsOutput, error) {
	var out *codedeploy.BatchGetApplicationRevisionsOutput
	err := a.store.View(ctx, func(tx *store.Tx) error {
		app, err := findApplication(tx, sc, in.ApplicationName)
		if err != nil {
			return err
		}
		out, err = knownRevisions(tx, app, in.Revisions)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func knownRevisions(tx *store.Tx, app store.Application, wanted []codedeploy.RevisionLocation) (*codedeploy.BatchGetApplicationRevisionsOutput, error) {
	out := &codedeploy.BatchGetApplicationRevisionsOutput{ApplicationName: app.Name, Revisions: []codedeploy.RevisionInfo{}}
	seen := make(map[string]bool, len(wanted))
	var unknown []string
	for _, location := range wanted {
		identity := codedeploy.RevisionIdentity(location)
		if seen[identity] {
			continue
		}
		seen[identity] = true
		revision, err := findRevision(tx, app, location)
		if codedeploy.CodeOf(err) == codedeploy.RevisionDoesNotExistException {
			unknown = append(unknown, revisionName(location))
			continue
		}
		if err != nil {
			return nil, err
		}
		info, err := revisionInfo(tx, revision)
		if err != nil {
			return nil, err
		}
		out.Revisions = append(out.Revisions, codedeploy.RevisionInfo{RevisionLocation: &revision.Location, GenericRevisionInfo: info})
	}
	if len(unknown) > 0 {
		out.ErrorMessage = fmt.Sprintf("No revision is registered for: %s", strings.Join(unknown, ", "))
	}
	return out, nil
}

// revisionName tells a revision from others in a message, without its content.
func revisionName(r codedeploy.RevisionLocation) string {
	switch r = codedeploy.WithoutContent(r); {
	case r.S3Location != nil:
		return excerpt("s3://" + r.S3Location.Bucket + "/" + r.S3Location.Key)
	case r.GitHubLocation != nil:
		return excerpt(r.GitHubLocation.Repository + "@" + r.GitHubLocation.CommitID)
	case r.String != nil:
		return excerpt("sha256 " + r.String.SHA256)
	default:
		return excerpt("sha256 " + r.AppSpecContent.SHA256)
	}
}
