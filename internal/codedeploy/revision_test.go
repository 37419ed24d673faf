package codedeploy

import (
	"strings"
	"testing"
)

func s3Revision(change func(*S3Location)) RevisionLocation {
	location := &S3Location{Bucket: "b", Key: "k", BundleType: BundleTypeYAML, Version: "v", ETag: "e"}
	change(location)
	return RevisionLocation{RevisionType: RevisionLocationTypeS3, S3Location: location}
}

func appSpecRevision(content, sha256 string) RevisionLocation {
	return RevisionLocation{RevisionType: RevisionLocationTypeAppSpecContent,
		AppSpecContent: &AppSpecContent{Content: content, SHA256: sha256}}
}

func stringRevision(content, sha256 string) RevisionLocation {
	return RevisionLocation{RevisionType: RevisionLocationTypeString, String: &RawString{Content: content, SHA256: sha256}}
}

func gitHubRevision(repository, commit string) RevisionLocation {
	return RevisionLocation{RevisionType: RevisionLocationTypeGitHub,
		GitHubLocation: &GitHubLocation{Repository: repository, CommitID: commit}}
}

func TestRevisionIdentity(t *testing.T) {
	same := func(*S3Location) {}
	hash := SHA256Hex("version: 0.0")
	for _, test := range []struct {
		name        string
		left, right RevisionLocation
		want        bool
	}{
		{"same S3 object", s3Revision(same), s3Revision(same), true},
		{"eTag with and without quotes", s3Revision(same), s3Revision(func(l *S3Location) { l.ETag = `"e"` }), true},
		{"other eTag", s3Revision(same), s3Revision(func(l *S3Location) { l.ETag = "f" }), false},
		{"no eTag", s3Revision(same), s3Revision(func(l *S3Location) { l.ETag = "" }), false},
		{"no version", s3Revision(same), s3Revision(func(l *S3Location) { l.Version = "" }), false},
		{"other bucket", s3Revision(same), s3Revision(func(l *S3Location) { l.Bucket = "c" }), false},
		{"other bundle type", s3Revision(same), s3Revision(func(l *S3Location) { l.BundleType = BundleTypeJSON }), false},
		{"bucket and key swapped", s3Revision(same), s3Revision(func(l *S3Location) { l.Bucket, l.Key = "k", "b" }), false},
		{"a slash moved from key to bucket", s3Revision(func(l *S3Location) { l.Bucket, l.Key = "b/x", "k" }),
			s3Revision(func(l *S3Location) { l.Bucket, l.Key = "b", "x/k" }), false},
		{"version moved to eTag", s3Revision(func(l *S3Location) { l.Version, l.ETag = "x", "" }),
			s3Revision(func(l *S3Location) { l.Version, l.ETag = "", "x" }), false},
		{"content with and without its hash", appSpecRevision("version: 0.0", ""), appSpecRevision("version: 0.0", hash), true},
		{"content and its hash alone", appSpecRevision("version: 0.0", ""), appSpecRevision("", hash), true},
		{"hash in capitals", appSpecRevision("", strings.ToUpper(hash)), appSpecRevision("", hash), true},
		{"other content", appSpecRevision("version: 0.0", ""), appSpecRevision("version: 0.1", ""), false},
		{"String and AppSpecContent", stringRevision("x", ""), appSpecRevision("x", ""), false},
		{"same String", stringRevision("x", ""), stringRevision("", SHA256Hex("x")), true},
		{"same commit", gitHubRevision("o/r", "1"), gitHubRevision("o/r", "1"), true},
		{"other commit", gitHubRevision("o/r", "1"), gitHubRevision("o/r", "2"), false},
		{"type without its member", RevisionLocation{RevisionType: RevisionLocationTypeS3}, s3Revision(same), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			left, right := RevisionIdentity(test.left), RevisionIdentity(test.right)
			if (left == right) != test.want {
				t.Errorf("%s and %s", left, right)
			}
		})
	}
}

func TestWithoutContentKeepsTheHashOnly(t *testing.T) {
	for _, revision := range []RevisionLocation{appSpecRevision("version: 0.0", ""), appSpecRevision("version: 0.0", SHA256Hex("version: 0.0"))} {
		got := WithoutContent(revision)
		if *got.AppSpecContent != (AppSpecContent{SHA256: SHA256Hex("version: 0.0")}) || got.RevisionType != RevisionLocationTypeAppSpecContent {
			t.Errorf("got %+v", got.AppSpecContent)
		}
		if revision.AppSpecContent.Content != "version: 0.0" {
			t.Error("the argument was changed")
		}
		if RevisionIdentity(got) != RevisionIdentity(revision) {
			t.Error("the identity was changed")
		}
	}
	if got := WithoutContent(stringRevision("x", "")); *got.String != (RawString{SHA256: SHA256Hex("x")}) {
		t.Errorf("got %+v", got.String)
	}
	s3 := s3Revision(func(*S3Location) {})
	if got := WithoutContent(s3); got != s3 {
		t.Errorf("got %+v", got)
	}
}

func TestSHA256Hex(t *testing.T) {
	const want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	if got := SHA256Hex("abc"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAppSpecRevisionHoldsContentAndHash(t *testing.T) {
	got := AppSpecRevision("version: 0.0")
	want := AppSpecContent{Content: "version: 0.0", SHA256: SHA256Hex("version: 0.0")}
	if got.RevisionType != RevisionLocationTypeAppSpecContent || *got.AppSpecContent != want {
		t.Errorf("got %s with %+v", got.RevisionType, got.AppSpecContent)
	}
}
