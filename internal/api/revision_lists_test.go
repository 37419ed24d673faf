package api_test

import (
	"strings"
	"testing"

	"greenlight/internal/api"
	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// revisionClient has a Server application "server" whose group "g" runs b.zip.
// Its revisions were registered in the order of their names, and used in
// another one; two never were.
func revisionClient(t *testing.T, quotas api.Quotas) client {
	t.Helper()
	c := newHarness(t, quotas).client()
	c.ok(t, "CreateApplication", `{"applicationName":"server"}`)
	c.ok(t, "CreateDeploymentGroup", serverGroup)
	for n, key := range []string{"app/a.zip", "app/b.zip", "app/c.zip", "lib/d.zip"} {
		c.register(t, n, s3Revision("bucket-one", key))
	}
	c.register(t, 4, s3Revision("bucket-two", "app/e.zip"))
	c.register(t, 5, codedeploy.RevisionLocation{
		RevisionType:   codedeploy.RevisionLocationTypeGitHub,
		GitHubLocation: &codedeploy.GitHubLocation{Repository: "me/app", CommitID: "f"},
	})
	c.use(t, 10, "app/c.zip")
	c.use(t, 11, "app/a.zip")
	c.use(t, 12, "app/b.zip")
	c.use(t, 13, "app/c.zip")
	return c
}

func s3Revision(bucket, key string) codedeploy.RevisionLocation {
	return codedeploy.RevisionLocation{
		RevisionType: codedeploy.RevisionLocationTypeS3,
		S3Location:   &codedeploy.S3Location{Bucket: bucket, Key: key, BundleType: codedeploy.BundleTypeZip},
	}
}

// register registers a revision of the application "server" n minutes after
// epoch.
func (c client) register(t *testing.T, n int, location codedeploy.RevisionLocation) {
	t.Helper()
	err := c.store.Tx(t.Context(), func(tx *store.Tx) error {
		app, err := tx.Application(c.scope(), "server")
		if err != nil {
			return err
		}
		return tx.RegisterRevision(store.Revision{
			ApplicationID: app.ID, Identity: codedeploy.RevisionIdentity(location),
			Location: location, RegisterTime: minute(n).Time,
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// use deploys a revision of bucket-one to the group "g", with success.
func (c client) use(t *testing.T, n int, key string) {
	t.Helper()
	location := s3Revision("bucket-one", key)
	err := c.store.Tx(t.Context(), func(tx *store.Tx) error {
		app, err := tx.Application(c.scope(), "server")
		if err != nil {
			return err
		}
		if err := tx.UseRevision(app.ID, codedeploy.RevisionIdentity(location), minute(n).Time); err != nil {
			return err
		}
		group, err := tx.Group(app.ID, "g")
		if err != nil || key != "app/b.zip" {
			return err
		}
		return tx.InsertDeployment(store.Deployment{
			Scope: c.scope(), ID: "d-AAAAAAAAA", ApplicationID: app.ID, GroupID: group.ID,
			RevisionIdentity: codedeploy.RevisionIdentity(location),
			Info: codedeploy.DeploymentInfo{
				Status: codedeploy.DeploymentStatusSucceeded, CreateTime: minute(n), CompleteTime: minute(n), Revision: &location,
			},
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// keys are what tells listed revisions apart: the last letter before .zip, or
// the commit.
func keys(t *testing.T, revisions any) string {
	t.Helper()
	var all []string
	for _, revision := range revisions.([]any) {
		if s3, ok := revision.(object)["s3Location"].(object); ok {
			key := strings.TrimSuffix(s3["key"].(string), ".zip")
			all = append(all, key[len(key)-1:])
		} else {
			all = append(all, revision.(object)["gitHubLocation"].(object)["commitId"].(string))
		}
	}
	return strings.Join(all, "")
}

// revisionLists maps the members of a request to what it lists. Those that were
// never used come last, always in the same order.
var revisionLists = map[string]string{
	`{}`:                           "abcdef",
	`{"sortBy":"registerTime"}`:    "abcdef",
	`{"sortOrder":"descending"}`:   "fedcba",
	`{"sortBy":"","sortOrder":""}`: "abcdef",
	`{"sortBy":"registerTime","sortOrder":"descending"}`:             "fedcba",
	`{"sortBy":"firstUsedTime","s3Bucket":"bucket-one"}`:             "cabd",
	`{"sortBy":"lastUsedTime","deployed":"exclude"}`:                 "acfde",
	`{"sortBy":"lastUsedTime","sortOrder":"descending"}`:             "cbafde",
	`{"deployed":"include"}`:                                         "b",
	`{"deployed":"exclude"}`:                                         "acdef",
	`{"deployed":"ignore"}`:                                          "abcdef",
	`{"s3Bucket":"bucket-two"}`:                                      "e",
	`{"s3Bucket":"bucket-one","s3KeyPrefix":"app/"}`:                 "abc",
	`{"s3Bucket":"bucket-one","s3KeyPrefix":"APP/"}`:                 "",
	`{"s3Bucket":"bucket-one","deployed":"include"}`:                 "b",
	`{"s3Bucket":"bucket-none"}`:                                     "",
	`{"s3Bucket":"bucket-one","s3KeyPrefix":"","deployed":"ignore"}`: "abcd",
}

// TestListApplicationRevisions reads every list whole and in pages of two.
func TestListApplicationRevisions(t *testing.T) {
	for _, size := range []int{100, 2} {
		c := revisionClient(t, api.Quotas{PageSize: size})
		for changes, want := range revisionLists {
			t.Run(changes, func(t *testing.T) {
				request, got := with(t, `{"applicationName":"server"}`, changes), ""
				for token, more := "", true; more; {
					answer := c.ok(t, "ListApplicationRevisions", with(t, request, `{"nextToken":`+quoted(token)+`}`))
					got += keys(t, answer["revisions"])
					if len(answer["revisions"].([]any)) > size {
						t.Fatalf("a page of %v, want at most %d", answer["revisions"], size)
					}
					token, more = answer["nextToken"].(string)
				}
				if got != want {
					t.Errorf("listed %s, want %s", got, want)
				}
			})
		}
	}
}

func TestListApplicationRevisionsRefusals(t *testing.T) {
	c := revisionClient(t, api.Quotas{})
	for _, r := range []refusal{
		{"no application", `{"applicationName":"","sortBy":"x"}`, codedeploy.ApplicationNameRequiredException, "application name"},
		{"bad application", `{"applicationName":"a/b","sortBy":"x"}`, codedeploy.InvalidApplicationNameException, "a/b"},
		{"bad column", `{"sortBy":"name","sortOrder":"x"}`, codedeploy.InvalidSortByException, "name"},
		{"bad order", `{"sortOrder":"Descending","deployed":"x"}`, codedeploy.InvalidSortOrderException, "Descending"},
		{"bad filter", `{"deployed":"only","s3Bucket":"B"}`, codedeploy.InvalidDeployedStateFilterException, "only"},
		{"capitals in bucket", `{"s3Bucket":"Bucket","s3KeyPrefix":"` + strings.Repeat("k", 1025) + `"}`, codedeploy.InvalidBucketNameFilterException, "Bucket"},
		{"short bucket", `{"s3Bucket":"ab"}`, codedeploy.InvalidBucketNameFilterException, "ab"},
		{"long bucket", `{"s3Bucket":"` + strings.Repeat("b", 64) + `"}`, codedeploy.InvalidBucketNameFilterException, "63"},
		{"address", `{"s3Bucket":"192.168.0.1"}`, codedeploy.InvalidBucketNameFilterException, "192.168.0.1"},
		{"two dots", `{"s3Bucket":"a..b"}`, codedeploy.InvalidBucketNameFilterException, "a..b"},
		{"long prefix", `{"s3KeyPrefix":"` + strings.Repeat("é", 513) + `"}`, codedeploy.InvalidKeyPrefixFilterException, "1026"},
		{"prefix alone", `{"s3KeyPrefix":"app/","nextToken":"x"}`, codedeploy.BucketNameFilterRequiredException, "s3Bucket"},
		{"bad token", `{"applicationName":"none","nextToken":"x"}`, codedeploy.InvalidNextTokenException, "ListApplicationRevisions"},
		{"unknown application", `{"applicationName":"none"}`, codedeploy.ApplicationDoesNotExistException, "none"},
	} {
		t.Run(r.name, func(t *testing.T) {
			r.check(t, c, "ListApplicationRevisions", with(t, `{"applicationName":"server"}`, r.body))
		})
	}
}

// TestA5Revisions registers a revision before the place reached and one behind
// it, and then uses the token where it does not belong.
func TestA5Revisions(t *testing.T) {
	c := revisionClient(t, api.Quotas{PageSize: 2})
	first := c.ok(t, "ListApplicationRevisions", `{"applicationName":"server"}`)
	c.register(t, -1, s3Revision("bucket-one", "y.zip"))
	c.register(t, 6, s3Revision("bucket-one", "z.zip"))
	token, got := first["nextToken"], keys(t, first["revisions"])
	for token != nil {
		answer := c.ok(t, "ListApplicationRevisions", `{"applicationName":"server","nextToken":"`+token.(string)+`"}`)
		token, got = answer["nextToken"], got+keys(t, answer["revisions"])
	}
	if got != "abcdefz" {
		t.Errorf("the pages show %s, want abcdefz", got)
	}
	c.ok(t, "CreateApplication", `{"applicationName":"other"}`)
	for _, changes := range []string{
		`{"applicationName":"other"}`, `{"sortBy":"lastUsedTime"}`, `{"sortOrder":"descending"}`, `{"deployed":"include"}`,
		`{"s3Bucket":"bucket-one"}`, `{"s3Bucket":"bucket-one","s3KeyPrefix":"a"}`,
	} {
		request := with(t, `{"applicationName":"server","nextToken":"`+first["nextToken"].(string)+`"}`, changes)
		c.refused(t, "ListApplicationRevisions", request, codedeploy.InvalidNextTokenException)
	}
}

// TestRevisionContentIsToldByGetOnly: a list shows an inline revision by its
// hash, a batch with its text.
func TestRevisionContentIsToldByGetOnly(t *testing.T) {
	c := newClient(t)
	c.ok(t, "CreateApplication", `{"applicationName":"a","computePlatform":"Lambda"}`)
	content := "version: 0.0"
	hash := codedeploy.SHA256Hex(content)
	c.ok(t, "RegisterApplicationRevision", `{"applicationName":"a","description":"first","revision":{"revisionType":"AppSpecContent","appSpecContent":{"content":"`+content+`"}}}`)
	equal(t, c.ok(t, "ListApplicationRevisions", `{"applicationName":"a"}`)["revisions"],
		`[{"revisionType":"AppSpecContent","appSpecContent":{"sha256":"`+hash+`"}}]`)
	answer := c.ok(t, "BatchGetApplicationRevisions", `{"applicationName":"a","revisions":[
		{"revisionType":"AppSpecContent","appSpecContent":{"sha256":"`+hash+`"}},
		{"revisionType":"AppSpecContent","appSpecContent":{"content":"`+content+`"}},
		{"revisionType":"String","string":{"content":"top secret"}},
		{"revisionType":"AppSpecContent","appSpecContent":{"sha256":"abcd"}},
		{"revisionType":"S3","s3Location":{"bucket":"bucket","key":"key.yaml","bundleType":"YAML"}}]}`)
	infos := answer["revisions"].([]any)
	if len(infos) != 1 {
		t.Fatalf("%v, want one revision", infos)
	}
	info := infos[0].(object)["genericRevisionInfo"].(object)
	if registered, ok := info["registerTime"].(float64); !ok || registered <= 0 {
		t.Errorf("registerTime is %v", info["registerTime"])
	}
	delete(info, "registerTime")
	equal(t, answer["revisions"], `[{"revisionLocation":{"revisionType":"AppSpecContent","appSpecContent":{"content":"`+content+`","sha256":"`+hash+`"}},
		"genericRevisionInfo":{"description":"first","deploymentGroups":[]}}]`)
	told := answer["errorMessage"].(string)
	if strings.Contains(told, "secret") || !strings.Contains(told, codedeploy.SHA256Hex("top secret")) || !strings.Contains(told, "sha256 abcd, s3://bucket/key.yaml") {
		t.Errorf("errorMessage is %q, it should name the unknown revisions without content", told)
	}
}

func TestBatchGetApplicationRevisions(t *testing.T) {
	c := revisionClient(t, api.Quotas{})
	const (
		a     = `{"revisionType":"S3","s3Location":{"bucket":"bucket-one","key":"app/a.zip","bundleType":"zip"}}`
		b     = `{"revisionType":"S3","s3Location":{"bucket":"bucket-one","key":"app/b.zip","bundleType":"zip"}}`
		never = `{"revisionType":"GitHub","gitHubLocation":{"repository":"me/app","commitId":"f"}}`
	)
	equal(t, any(c.ok(t, "BatchGetApplicationRevisions", `{"applicationName":"server","revisions":[`+b+`,`+a+`,`+b+`,`+never+`]}`)),
		`{"applicationName":"server","errorMessage":"","revisions":[
			{"revisionLocation":`+b+`,"genericRevisionInfo":{"registerTime":1772600827,"firstUsedTime":1772601487,"lastUsedTime":1772601487,"deploymentGroups":["g"]}},
			{"revisionLocation":`+a+`,"genericRevisionInfo":{"registerTime":1772600767,"firstUsedTime":1772601427,"lastUsedTime":1772601427,"deploymentGroups":[]}},
			{"revisionLocation":`+never+`,"genericRevisionInfo":{"registerTime":1772601067,"deploymentGroups":[]}}]}`)
	many := func(n int) string { return `[` + strings.Repeat(a+`,`, n-1) + a + `]` }
	c.ok(t, "BatchGetApplicationRevisions", `{"applicationName":"server","revisions":`+many(25)+`}`)
	for _, r := range []refusal{
		{"nothing", `{"applicationName":"","revisions":[]}`, codedeploy.ApplicationNameRequiredException, "application name"},
		{"no revisions", `{"applicationName":"a/b","revisions":[]}`, codedeploy.RevisionRequiredException, "revision"},
		{"26", `{"applicationName":"a/b","revisions":` + many(26) + `}`, codedeploy.BatchLimitExceededException, "25"},
		{"bad application", `{"applicationName":"a/b","revisions":[{}]}`, codedeploy.InvalidApplicationNameException, "a/b"},
		{"bad revision", `{"applicationName":"none","revisions":[` + a + `,{"revisionType":"Git"}]}`, codedeploy.InvalidRevisionException, "Git"},
		{"null revision", `{"revisions":[null]}`, codedeploy.InvalidRevisionException, "revisionType"},
		{"unknown application", `{"applicationName":"none"}`, codedeploy.ApplicationDoesNotExistException, "none"},
	} {
		t.Run(r.name, func(t *testing.T) {
			r.check(t, c, "BatchGetApplicationRevisions", with(t, `{"applicationName":"server","revisions":[`+a+`]}`, r.body))
		})
	}
}

// TestA8Revisions: the application of another account or region is not there.
func TestA8Revisions(t *testing.T) {
	c := revisionClient(t, api.Quotas{})
	for _, stranger := range []client{{c.harness, "999988887777", testRegion}, {c.harness, testAccount, "us-east-1"}} {
		stranger.refused(t, "ListApplicationRevisions", `{"applicationName":"server"}`, codedeploy.ApplicationDoesNotExistException)
		stranger.ok(t, "CreateApplication", `{"applicationName":"server"}`)
		equal(t, any(stranger.ok(t, "ListApplicationRevisions", `{"applicationName":"server"}`)), `{"revisions":[]}`)
		answer := stranger.ok(t, "BatchGetApplicationRevisions", `{"applicationName":"server",
			"revisions":[{"revisionType":"GitHub","gitHubLocation":{"repository":"me/app","commitId":"f"}}]}`)
		equal(t, answer["revisions"], `[]`)
	}
}
