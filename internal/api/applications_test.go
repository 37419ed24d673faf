package api_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"greenlight/internal/api"
	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

func TestCreateApplicationThenGet(t *testing.T) {
	for _, platform := range []string{"Server", "Lambda", "ECS"} {
		t.Run(platform, func(t *testing.T) {
			c := newClient(t)
			id := c.ok(t, "CreateApplication", `{"applicationName":"a","computePlatform":"`+platform+`"}`)["applicationId"]
			app := c.ok(t, "GetApplication", `{"applicationName":"a"}`)["application"].(object)
			if created, _ := app["createTime"].(float64); created < 1.7e9 {
				t.Errorf("createTime is %v, not epoch seconds", app["createTime"])
			}
			delete(app, "createTime")
			equal(t, app, `{"applicationId":`+quoted(id.(string))+`,"applicationName":"a","computePlatform":"`+platform+`","linkedToGitHub":false}`)
		})
	}
	c := newClient(t)
	c.ok(t, "CreateApplication", `{"applicationName":"a"}`)
	if app := c.ok(t, "GetApplication", `{"applicationName":"a"}`)["application"].(object); app["computePlatform"] != "Server" {
		t.Errorf("the default platform is %v, want Server", app["computePlatform"])
	}
}

func TestCreateApplicationStoresItsTags(t *testing.T) {
	c := newClient(t)
	id := c.ok(t, "CreateApplication", `{"applicationName":"a","tags":[{"Key":"team","Value":"x"},{"Key":"no-value"}]}`)["applicationId"]
	want := []codedeploy.Tag{{Key: "no-value"}, {Key: "team", Value: "x"}}
	if got := c.tags(t, id); !slices.Equal(got, want) {
		t.Errorf("tags are %v, want %v", got, want)
	}
}

// tags reads the tags of a resource; no operation of this version does.
func (c client) tags(t *testing.T, id any) (tags []codedeploy.Tag) {
	t.Helper()
	err := c.store.View(t.Context(), func(tx *store.Tx) (err error) {
		tags, err = tx.Tags(id.(string))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tags
}

var badTags = []refusal{
	{name: "empty key", body: `[{"Key":"","Value":"v"}]`},
	{name: "null tag", body: `[null]`},
	{name: "key of 129", body: `[{"Key":"` + strings.Repeat("k", 129) + `"}]`},
	{name: "value of 257", body: `[{"Key":"k","Value":"` + strings.Repeat("v", 257) + `"}]`},
	{name: "key twice", body: `[{"Key":"k","Value":"1"},{"Key":"k","Value":"2"}]`, says: `"k"`},
	{name: "reserved key", body: `[{"Key":"aws:x","Value":"1"}]`, says: "reserved"},
	{name: "reserved key in capitals", body: `[{"Key":"AWS:x","Value":"1"}]`, says: "reserved"},
	{name: "51 tags", body: tagList(51), says: "51"},
}

func tagList(n int) string {
	var tags []string
	for i := range n {
		tags = append(tags, `{"Key":"`+strings.Repeat("k", i+1)+`"}`)
	}
	return "[" + strings.Join(tags, ",") + "]"
}

func TestCreateApplicationRefusals(t *testing.T) {
	c := newClient(t)
	c.ok(t, "CreateApplication", `{"applicationName":"taken"}`)
	for _, r := range []refusal{
		{name: "nothing given", body: `{}`, want: codedeploy.ApplicationNameRequiredException},
		{name: "empty name", body: `{"applicationName":""}`, want: codedeploy.ApplicationNameRequiredException},
		{name: "null name", body: `{"applicationName":null}`, want: codedeploy.ApplicationNameRequiredException},
		{name: "slash in the name", body: `{"applicationName":"a/b"}`, want: codedeploy.InvalidApplicationNameException, says: `"a/b"`},
		{name: "name of 101", body: `{"applicationName":"` + strings.Repeat("a", 101) + `"}`, want: codedeploy.InvalidApplicationNameException},
		{name: "name before platform", body: `{"applicationName":"a b","computePlatform":"x","tags":[{"Key":""}]}`, want: codedeploy.InvalidApplicationNameException},
		{name: "platform before tags", body: `{"applicationName":"a","computePlatform":"lambda","tags":[{"Key":""}]}`, want: codedeploy.InvalidComputePlatformException, says: `"lambda"`},
		{name: "tags before uniqueness", body: `{"applicationName":"taken","tags":[{"Key":""}]}`, want: codedeploy.InvalidTagsToAddException},
		{name: "taken", body: `{"applicationName":"taken"}`, want: codedeploy.ApplicationAlreadyExistsException, says: "taken"},
	} {
		t.Run(r.name, func(t *testing.T) { r.check(t, c, "CreateApplication", r.body) })
	}
	for _, r := range badTags {
		t.Run(r.name, func(t *testing.T) {
			r.want = codedeploy.InvalidTagsToAddException
			r.check(t, c, "CreateApplication", `{"applicationName":"a","tags":`+r.body+`}`)
		})
	}
}

func TestApplicationLimit(t *testing.T) {
	c := newHarness(t, api.Quotas{Applications: 2}).client()
	c.ok(t, "CreateApplication", `{"applicationName":"a"}`)
	c.ok(t, "CreateApplication", `{"applicationName":"b"}`)
	c.refused(t, "CreateApplication", `{"applicationName":"c"}`, codedeploy.ApplicationLimitExceededException)
	c.refused(t, "CreateApplication", `{"applicationName":"b"}`, codedeploy.ApplicationAlreadyExistsException)
	c.refused(t, "GetApplication", `{"applicationName":"c"}`, codedeploy.ApplicationDoesNotExistException)
	c.ok(t, "DeleteApplication", `{"applicationName":"a"}`)
	c.ok(t, "CreateApplication", `{"applicationName":"c"}`)
}

func TestApplicationOperationsRefuse(t *testing.T) {
	c := newClient(t)
	c.ok(t, "CreateApplication", `{"applicationName":"a"}`)
	c.ok(t, "CreateApplication", `{"applicationName":"b"}`)
	for operation, refusals := range map[string][]refusal{
		"GetApplication": {
			{body: `{}`, want: codedeploy.ApplicationNameRequiredException},
			{body: `{"applicationName":"a:b"}`, want: codedeploy.InvalidApplicationNameException},
			{body: `{"applicationName":"A"}`, want: codedeploy.ApplicationDoesNotExistException, says: "No application found for name: A"},
		},
		"UpdateApplication": {
			{body: `{"newApplicationName":"x"}`, want: codedeploy.ApplicationNameRequiredException},
			{body: `{"applicationName":"a"}`, want: codedeploy.ApplicationNameRequiredException},
			{body: `{"applicationName":"a/","newApplicationName":"x"}`, want: codedeploy.InvalidApplicationNameException},
			{body: `{"applicationName":"none","newApplicationName":"x/"}`, want: codedeploy.InvalidApplicationNameException, says: `"x/"`},
			{body: `{"applicationName":"none","newApplicationName":"b"}`, want: codedeploy.ApplicationDoesNotExistException},
			{body: `{"applicationName":"a","newApplicationName":"b"}`, want: codedeploy.ApplicationAlreadyExistsException},
		},
		"DeleteApplication": {
			{body: `{}`, want: codedeploy.ApplicationNameRequiredException},
			{body: `{"applicationName":"*"}`, want: codedeploy.InvalidApplicationNameException},
		},
		"ListApplications": {
			{body: `{"nextToken":"x"}`, want: codedeploy.InvalidNextTokenException},
		},
		"BatchGetApplications": {
			{body: `{}`, want: codedeploy.ApplicationNameRequiredException},
			{body: `{"applicationNames":[]}`, want: codedeploy.ApplicationNameRequiredException},
			{body: `{"applicationNames":["a",""]}`, want: codedeploy.ApplicationNameRequiredException},
			{body: `{"applicationNames":` + manyNames(101) + `}`, want: codedeploy.BatchLimitExceededException, says: "101"},
			{body: `{"applicationNames":["none","a/"]}`, want: codedeploy.InvalidApplicationNameException},
			{body: `{"applicationNames":["a","none"]}`, want: codedeploy.ApplicationDoesNotExistException, says: "none"},
		},
	} {
		for _, r := range refusals {
			t.Run(operation+" "+string(r.want), func(t *testing.T) { r.check(t, c, operation, r.body) })
		}
	}
}

func TestBatchGetApplicationsAnswersInOrderAndOnce(t *testing.T) {
	c := newClient(t)
	c.ok(t, "CreateApplication", `{"applicationName":"a"}`)
	c.ok(t, "CreateApplication", `{"applicationName":"b"}`)
	infos := c.ok(t, "BatchGetApplications", `{"applicationNames":["b","a","b"]}`)["applicationsInfo"].([]any)
	var names []any
	for _, info := range infos {
		names = append(names, info.(object)["applicationName"])
	}
	equal(t, names, `["b","a"]`)
}

func TestRenamedApplicationKeepsEverything(t *testing.T) {
	c := newClient(t)
	c.ok(t, "CreateApplication", `{"applicationName":"a","computePlatform":"Lambda","tags":[{"Key":"k","Value":"v"}]}`)
	c.ok(t, "CreateDeploymentGroup", lambdaGroup)
	before := c.ok(t, "GetApplication", `{"applicationName":"a"}`)["application"].(object)
	c.ok(t, "UpdateApplication", `{"applicationName":"a","newApplicationName":"b"}`)
	c.refused(t, "GetApplication", `{"applicationName":"a"}`, codedeploy.ApplicationDoesNotExistException)
	after := c.ok(t, "GetApplication", `{"applicationName":"b"}`)["application"].(object)
	if after["applicationId"] != before["applicationId"] || after["createTime"] != before["createTime"] {
		t.Errorf("id or createTime changed: %v, then %v", before, after)
	}
	if tags := c.tags(t, after["applicationId"]); len(tags) != 1 {
		t.Errorf("tags are %v after the rename", tags)
	}
	group := c.ok(t, "GetDeploymentGroup", `{"applicationName":"b","deploymentGroupName":"g"}`)["deploymentGroupInfo"].(object)
	if group["applicationName"] != "b" {
		t.Errorf("the group shows the application %v", group["applicationName"])
	}
	c.ok(t, "UpdateApplication", `{"applicationName":"b","newApplicationName":"b"}`)
}

func TestDeleteApplicationCascadesAndToleratesUnknown(t *testing.T) {
	c := newClient(t)
	c.ok(t, "CreateApplication", `{"applicationName":"a"}`)
	c.ok(t, "CreateDeploymentGroup", `{"applicationName":"a","deploymentGroupName":"g","serviceRoleArn":"arn:aws:iam::111122223333:role/r"}`)
	for range 2 {
		if answer := c.ok(t, "DeleteApplication", `{"applicationName":"a"}`); answer != nil {
			t.Errorf("DeleteApplication answers %v, want an empty body", answer)
		}
	}
	// As a sweeper does that deletes the parent first (api.md 11.6).
	equal(t, any(c.ok(t, "DeleteDeploymentGroup", `{"applicationName":"a","deploymentGroupName":"g"}`)), `{"hooksNotCleanedUp":[]}`)
	c.ok(t, "CreateApplication", `{"applicationName":"a"}`)
	equal(t, any(c.ok(t, "ListDeploymentGroups", `{"applicationName":"a"}`)), `{"applicationName":"a","deploymentGroups":[]}`)
}

// TestOneOfManyCreatesWins creates one name from many callers at once.
func TestOneOfManyCreatesWins(t *testing.T) {
	const callers = 20
	c := newClient(t)
	statuses := make(chan int, callers)
	var callersDone sync.WaitGroup
	for range callers {
		callersDone.Go(func() {
			status, _ := c.send(t, "CreateApplication", `{"applicationName":"a"}`)
			statuses <- status
		})
	}
	callersDone.Wait()
	close(statuses)
	won := 0
	for status := range statuses {
		if status == http.StatusOK {
			won++
		}
	}
	if won != 1 {
		t.Errorf("%d of %d calls created the application, want 1", won, callers)
	}
}
