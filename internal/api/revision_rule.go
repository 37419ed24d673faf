package api

import (
	"errors"
	"strings"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// requiredRevision is the rule of a revision's envelope (lambda.md 2.2, M1 to
// M6). maxContent bounds inline content in bytes.
func requiredRevision(r *codedeploy.RevisionLocation, maxContent int) rule {
	return rule{
		required: must(r != nil, codedeploy.RevisionRequiredException, "RevisionLocation must be specified"),
		format:   func() error { return revisionFormat(*r, maxContent) },
	}
}

// revisionFormat wants exactly the member that the type names, complete.
func revisionFormat(r codedeploy.RevisionLocation, maxContent int) error {
	invalid := codedeploy.InvalidRevisionException
	members := map[codedeploy.RevisionLocationType]bool{
		codedeploy.RevisionLocationTypeS3:             r.S3Location != nil,
		codedeploy.RevisionLocationTypeGitHub:         r.GitHubLocation != nil,
		codedeploy.RevisionLocationTypeString:         r.String != nil,
		codedeploy.RevisionLocationTypeAppSpecContent: r.AppSpecContent != nil,
	}
	given, known := members[r.RevisionType]
	switch {
	case r.RevisionType == "":
		return invalid.Errorf("The revision has no revisionType: it must be one of %v.", r.RevisionType.Values())
	case !known:
		return invalid.Errorf("The revisionType %q is not one of %v.", excerpt(string(r.RevisionType)), r.RevisionType.Values())
	case !given:
		return invalid.Errorf("The revision is of type %s, but the location of that type is missing.", r.RevisionType)
	}
	for kind, present := range members {
		if present && kind != r.RevisionType {
			return invalid.Errorf("The revision is of type %s, but has a location of type %s as well.", r.RevisionType, kind)
		}
	}
	return locationFormat(r, maxContent)
}

func locationFormat(r codedeploy.RevisionLocation, maxContent int) error {
	switch r.RevisionType {
	case codedeploy.RevisionLocationTypeS3:
		return s3Format(*r.S3Location)
	case codedeploy.RevisionLocationTypeGitHub:
		return gitHubFormat(*r.GitHubLocation)
	case codedeploy.RevisionLocationTypeString:
		return contentFormat(r.String.Content, r.String.SHA256, maxContent)
	default:
		return contentFormat(r.AppSpecContent.Content, r.AppSpecContent.SHA256, maxContent)
	}
}

func s3Format(l codedeploy.S3Location) error {
	switch {
	case l.Bucket == "":
		return codedeploy.InvalidRevisionException.Errorf("The revision in Amazon S3 has no bucket.")
	case l.Key == "":
		return codedeploy.InvalidRevisionException.Errorf("The revision in Amazon S3 has no key.")
	case l.BundleType != "" && !codedeploy.IsKnown(l.BundleType):
		return codedeploy.InvalidRevisionException.Errorf("The bundleType %q is not one of %v.", excerpt(string(l.BundleType)), l.BundleType.Values())
	}
	return nil
}

func gitHubFormat(l codedeploy.GitHubLocation) error {
	owner, repository, ok := strings.Cut(l.Repository, "/")
	if !ok || owner == "" || repository == "" {
		return codedeploy.InvalidRevisionException.Errorf("The GitHub repository %q is not of the form owner/repository.", excerpt(l.Repository))
	}
	if l.CommitID == "" {
		return codedeploy.InvalidRevisionException.Errorf("The revision in GitHub has no commitId.")
	}
	return nil
}

// contentFormat judges inline content. A sha256 alone names a revision that is
// registered already.
func contentFormat(content, sha256 string, most int) error {
	switch {
	case content == "" && sha256 == "":
		return codedeploy.InvalidRevisionException.Errorf("The revision's content is empty.")
	case len(content) > most:
		return codedeploy.InvalidRevisionException.Errorf("The revision's content is %d bytes long; at most %d are allowed.", len(content), most)
	case content != "" && sha256 != "" && sha256 != codedeploy.SHA256Hex(content):
		return codedeploy.InvalidRevisionException.Errorf("The sha256 %q is not the hash of the revision's content.", excerpt(sha256))
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
