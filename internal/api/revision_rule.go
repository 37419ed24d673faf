package api

import (
	"errors"
	"strings"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// revisionLimits are those inside a revision that stands at prefix.
func revisionLimits(prefix string) limits {
	of := limits{}
	for _, part := range []string{"revisionType", "s3Location.bucket", "s3Location.key", "s3Location.bundleType", "gitHubLocation.commitId"} {
		of[prefix+part] = limit{needed: true}
	}
	of[prefix+"gitHubLocation.repository"] = limit{needed: true, like: form{isRepository, "of the form owner/repository"}}
	return of
}

func isRepository(text string) bool {
	owner, repository, ok := strings.Cut(text, "/")
	return ok && owner != "" && repository != ""
}

// oneRevision judges a revision's envelope (lambda.md 2.2, M1 to M6).
func oneRevision(r *request, m *member, revision *codedeploy.RevisionLocation) error {
	return revisionFormat(r, m, *revision)
}

func everyRevision(r *request, m *member, revisions []codedeploy.RevisionLocation) error {
	for _, revision := range revisions {
		if err := revisionFormat(r, m, revision); err != nil {
			return err
		}
	}
	return nil
}

// locations tells which members of a revision are given, by the type they
// belong to.
func locations(r codedeploy.RevisionLocation) map[codedeploy.RevisionLocationType]bool {
	return map[codedeploy.RevisionLocationType]bool{
		codedeploy.RevisionLocationTypeS3:             r.S3Location != nil,
		codedeploy.RevisionLocationTypeGitHub:         r.GitHubLocation != nil,
		codedeploy.RevisionLocationTypeString:         r.String != nil,
		codedeploy.RevisionLocationTypeAppSpecContent: r.AppSpecContent != nil,
	}
}

// revisionFormat wants exactly the location that the type names.
func revisionFormat(r *request, m *member, revision codedeploy.RevisionLocation) error {
	found := locations(revision)
	if !found[revision.RevisionType] {
		return m.bad("The revisionType is %s, but the location of that type is missing.", revision.RevisionType)
	}
	for _, kind := range revision.RevisionType.Values() {
		if found[kind] && kind != revision.RevisionType {
			return m.bad("The revisionType is %s, but there is a location of type %s as well.", revision.RevisionType, kind)
		}
	}
	if content := inlineContent(&revision); content != nil {
		return contentFormat(m, *content.text, *content.sha256, r.quotas.AppSpecBytes)
	}
	return nil
}

// contentFormat judges inline content. A sha256 alone names a revision that is
// registered already.
func contentFormat(m *member, content, sha256 string, most int) error {
	switch {
	case content == "" && sha256 == "":
		return m.bad("The content of the %s is empty.", m.called())
	case len(content) > most:
		return m.bad("The content of the %s is %d bytes long; at most %d are allowed.", m.called(), len(content), most)
	case content != "" && sha256 != "" && sha256 != codedeploy.SHA256Hex(content):
		return m.bad("The sha256 %q is not the hash of the content of the %s.", excerpt(sha256), m.called())
	}
	return nil
}

// registeredRevision completes a revision that is given by its hash alone with
// the content it was registered with, and every inline one with its hash.
func registeredRevision(tx *store.Tx, app store.Application, r codedeploy.RevisionLocation) (codedeploy.RevisionLocation, error) {
	content := inlineContent(&r)
	if content == nil {
		return r, nil
	}
	if *content.text != "" {
		*content.sha256 = codedeploy.SHA256Hex(*content.text)
		return r, nil
	}
	known, err := findRevision(tx, app, r)
	return known.Location, err
}

// inline reaches the members that the two inline types share.
type inline struct{ text, sha256 *string }

// inlineContent is the inline content of r, which is changed to hold a copy of
// its location; nil for a revision that is kept elsewhere.
func inlineContent(r *codedeploy.RevisionLocation) *inline {
	switch {
	case r.String != nil:
		r.String = new(*r.String)
		return &inline{&r.String.Content, &r.String.SHA256}
	case r.AppSpecContent != nil:
		r.AppSpecContent = new(*r.AppSpecContent)
		return &inline{&r.AppSpecContent.Content, &r.AppSpecContent.SHA256}
	}
	return nil
}

func findRevision(tx *store.Tx, app store.Application, r codedeploy.RevisionLocation) (store.Revision, error) {
	known, err := tx.Revision(app.ID, codedeploy.RevisionIdentity(r))
	if errors.Is(err, store.ErrNotFound) {
		return known, codedeploy.RevisionDoesNotExistException.Errorf(
			"No revision of that %s location is registered with the application %s.", r.RevisionType, app.Name)
	}
	return known, err
}
