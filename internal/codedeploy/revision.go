package codedeploy

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
)

// RevisionIdentity returns a text that two revisions of one application share
// exactly when they are the same (api.md 2.2): the S3 object with its bundle
// type, version and eTag, the latter without quotes; the GitHub repository and
// commit; the SHA-256 of inline content. The text is for comparing only.
func RevisionIdentity(revision RevisionLocation) string {
	parts := []string{string(revision.RevisionType)}
	switch revision.RevisionType {
	case RevisionLocationTypeS3:
		if s3 := revision.S3Location; s3 != nil {
			parts = append(parts, s3.Bucket, s3.Key, string(s3.BundleType), s3.Version, unquoted(s3.ETag))
		}
	case RevisionLocationTypeGitHub:
		if github := revision.GitHubLocation; github != nil {
			parts = append(parts, github.Repository, github.CommitID)
		}
	case RevisionLocationTypeString:
		if raw := revision.String; raw != nil {
			parts = append(parts, contentSHA256(raw.Content, raw.SHA256))
		}
	case RevisionLocationTypeAppSpecContent:
		if appSpec := revision.AppSpecContent; appSpec != nil {
			parts = append(parts, contentSHA256(appSpec.Content, appSpec.SHA256))
		}
	}
	// A JSON array keeps the parts apart whatever they hold.
	identity, _ := json.Marshal(parts) // strings always have a JSON form
	return string(identity)
}

// WithoutContent returns the revision as most answers show it: inline content
// is represented by its SHA-256 only (api.md 2.2). The argument is not changed.
func WithoutContent(revision RevisionLocation) RevisionLocation {
	if raw := revision.String; raw != nil {
		revision.String = &RawString{SHA256: contentSHA256(raw.Content, raw.SHA256)}
	}
	if appSpec := revision.AppSpecContent; appSpec != nil {
		revision.AppSpecContent = &AppSpecContent{SHA256: contentSHA256(appSpec.Content, appSpec.SHA256)}
	}
	return revision
}

// SHA256Hex returns the SHA-256 of the content's UTF-8 bytes in lower-case hex.
func SHA256Hex(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

// contentSHA256 is the given hash, or that of the content where none is given.
func contentSHA256(content, given string) string {
	if given == "" && content != "" {
		return SHA256Hex(content)
	}
	return strings.ToLower(given)
}

func unquoted(eTag string) string { return strings.Trim(eTag, `"`) }

// AppSpecRevision is the revision of an AppSpec given as text.
func AppSpecRevision(content string) RevisionLocation {
	return RevisionLocation{
		RevisionType:   RevisionLocationTypeAppSpecContent,
		AppSpecContent: &AppSpecContent{Content: content, SHA256: SHA256Hex(content)},
	}
}

// RevisionDescription is what CreateDeployment writes on a revision that it
// registers by itself (api.md 2.2, observed).
func RevisionDescription(deploymentID string) string {
	return "Application revision registered by Deployment ID: " + deploymentID
}
