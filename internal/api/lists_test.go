package api_test

import (
	"slices"
	"strings"
	"testing"

	"greenlight/internal/api"
	"greenlight/internal/codedeploy"
)

const testRole = `"serviceRoleArn":"arn:aws:iam::111122223333:role/r"`

// pager is a list operation of the API, with a way to change what it lists.
type pager struct {
	operation, request, member string
	create, remove             func(c client, t *testing.T, name string)
}

func (p pager) page(t *testing.T, c client, token string) ([]string, string) {
	t.Helper()
	answer := c.ok(t, p.operation, with(t, p.request, `{"nextToken":`+quoted(token)+`}`))
	next, more := answer["nextToken"].(string)
	if _, there := answer["nextToken"]; there != more || more && next == "" {
		t.Fatalf("nextToken is %v, it must be absent or text", answer["nextToken"])
	}
	return strs(t, answer[p.member]), next
}

var pagers = []pager{
	{
		operation: "ListApplications", request: `{}`, member: "applications",
		create: func(c client, t *testing.T, name string) {
			c.ok(t, "CreateApplication", `{"applicationName":"`+name+`"}`)
		},
		remove: func(c client, t *testing.T, name string) {
			c.ok(t, "DeleteApplication", `{"applicationName":"`+name+`"}`)
		},
	},
	{
		operation: "ListDeploymentGroups", request: `{"applicationName":"app"}`, member: "deploymentGroups",
		create: func(c client, t *testing.T, name string) {
			c.ok(t, "CreateDeploymentGroup", `{"applicationName":"app","deploymentGroupName":"`+name+`",`+testRole+`}`)
		},
		remove: func(c client, t *testing.T, name string) {
			c.ok(t, "DeleteDeploymentGroup", `{"applicationName":"app","deploymentGroupName":"`+name+`"}`)
		},
	},
	{
		operation: "ListDeploymentConfigs", request: `{}`, member: "deploymentConfigsList",
		create: func(c client, t *testing.T, name string) {
			c.ok(t, "CreateDeploymentConfig", `{"deploymentConfigName":"`+name+`","minimumHealthyHosts":{"type":"HOST_COUNT","value":1}}`)
		},
		remove: func(c client, t *testing.T, name string) {
			c.ok(t, "DeleteDeploymentConfig", `{"deploymentConfigName":"`+name+`"}`)
		},
	},
}

// TestA5PagesShowEverySurvivorOnce reads five names in pages of two while one
// that was shown is deleted, one that was not is deleted, and one is added
// behind and one before the place reached.
func TestA5PagesShowEverySurvivorOnce(t *testing.T) {
	for _, p := range pagers {
		t.Run(p.operation, func(t *testing.T) {
			c := newHarness(t, api.Quotas{PageSize: 2}).client()
			if p.operation == "ListDeploymentGroups" {
				c.ok(t, "CreateApplication", `{"applicationName":"app"}`)
			}
			for _, name := range []string{"e", "c", "a", "d", "b"} {
				p.create(c, t, name)
			}
			first, token := p.page(t, c, "")
			p.remove(c, t, "b")
			p.remove(c, t, "c")
			p.create(c, t, "d-new")
			p.create(c, t, "a-new")
			rest := restOf(t, c, p, token)
			if got := strings.Join(append(first, rest...), " "); got != "a b d d-new e" {
				t.Errorf("the pages show %s, want a b d d-new e", got)
			}
		})
	}
}

// restOf reads on from a token to the last page, and leaves out what is
// predefined.
func restOf(t *testing.T, c client, p pager, token string) []string {
	t.Helper()
	var all []string
	for used := map[string]bool{"": true}; !used[token]; {
		used[token] = true
		var names []string
		names, token = p.page(t, c, token)
		all = append(all, names...)
	}
	if token != "" {
		t.Fatal("a token is answered twice")
	}
	return slices.DeleteFunc(all, func(name string) bool { return strings.HasPrefix(name, codedeploy.PredefinedPrefix) })
}

func TestA5TokenIsBoundToItsList(t *testing.T) {
	h := newHarness(t, api.Quotas{PageSize: 1})
	c := h.client()
	tokens := map[string]string{}
	for _, app := range []string{"app", "app2"} {
		c.ok(t, "CreateApplication", `{"applicationName":"`+app+`"}`)
	}
	for _, group := range []string{"g", "g2"} {
		c.ok(t, "CreateDeploymentGroup", `{"applicationName":"app","deploymentGroupName":"`+group+`",`+testRole+`}`)
	}
	for _, p := range pagers {
		_, tokens[p.operation] = p.page(t, c, "")
		if tokens[p.operation] == "" {
			t.Fatalf("%s has one page only", p.operation)
		}
	}
	for _, p := range pagers {
		for from, token := range tokens {
			if from != p.operation {
				c.refused(t, p.operation, with(t, p.request, `{"nextToken":`+quoted(token)+`}`), codedeploy.InvalidNextTokenException)
			}
		}
	}
	for _, stranger := range []client{{h, "999988887777", testRegion}, {h, testAccount, "us-east-1"}} {
		stranger.refused(t, "ListApplications", `{"nextToken":`+quoted(tokens["ListApplications"])+`}`, codedeploy.InvalidNextTokenException)
	}
	groups := quoted(tokens["ListDeploymentGroups"])
	c.refused(t, "ListDeploymentGroups", `{"applicationName":"app2","nextToken":`+groups+`}`, codedeploy.InvalidNextTokenException)
	c.refused(t, "ListDeploymentGroups", `{"applicationName":"none","nextToken":`+groups+`}`, codedeploy.InvalidNextTokenException)
}

// TestListDeploymentConfigsHasCustomThenPredefined goes through both halves in
// every page size that could cut at their border.
func TestListDeploymentConfigsHasCustomThenPredefined(t *testing.T) {
	want := append([]string{"A", "b", "zz"}, codedeploy.PredefinedNames()...)
	if len(want) != 20 {
		t.Fatalf("%d predefined configurations, want 17", len(want)-3)
	}
	for _, size := range []int{1, 2, 3, 4, 19, 20, 100} {
		c := newHarness(t, api.Quotas{PageSize: size}).client()
		for _, name := range []string{"zz", "b", "A"} {
			c.ok(t, "CreateDeploymentConfig", `{"deploymentConfigName":"`+name+`","minimumHealthyHosts":{"type":"HOST_COUNT","value":1}}`)
		}
		var got []string
		token := ""
		for more := true; more; more = token != "" {
			var names []string
			names, token = pagers[2].page(t, c, token)
			if len(names) > size || len(names) == 0 {
				t.Fatalf("a page of %d names, want 1 to %d", len(names), size)
			}
			got = append(got, names...)
		}
		if !slices.Equal(got, want) {
			t.Errorf("in pages of %d: %v, want %v", size, got, want)
		}
	}
}

func TestEmptyListsAreLists(t *testing.T) {
	c := newClient(t)
	equal(t, any(c.ok(t, "ListApplications", ``)), `{"applications":[]}`)
	c.ok(t, "CreateApplication", `{"applicationName":"a"}`)
	equal(t, any(c.ok(t, "ListDeploymentGroups", `{"applicationName":"a","nextToken":""}`)), `{"applicationName":"a","deploymentGroups":[]}`)
}

// TestA8AccountsAndRegionsAreApart uses the same names in two accounts and two
// regions.
func TestA8AccountsAndRegionsAreApart(t *testing.T) {
	h := newHarness(t, api.Quotas{})
	here := h.client()
	ids := map[any]bool{}
	for _, c := range []client{here, {h, "999988887777", testRegion}, {h, testAccount, "us-east-1"}} {
		equal(t, c.ok(t, "ListApplications", `{}`)["applications"], `[]`)
		c.refused(t, "GetApplication", `{"applicationName":"a"}`, codedeploy.ApplicationDoesNotExistException)
		c.refused(t, "GetDeploymentConfig", `{"deploymentConfigName":"x"}`, codedeploy.DeploymentConfigDoesNotExistException)
		ids[c.ok(t, "CreateApplication", `{"applicationName":"a","computePlatform":"ECS"}`)["applicationId"]] = true
		ids[c.ok(t, "CreateDeploymentConfig", `{"deploymentConfigName":"x","computePlatform":"ECS","trafficRoutingConfig":{"type":"AllAtOnce"}}`)["deploymentConfigId"]] = true
		ids[c.ok(t, "CreateDeploymentGroup", with(t, ecsGroup, `{"deploymentConfigName":"x"}`))["deploymentGroupId"]] = true
		equal(t, c.ok(t, "ListApplications", `{}`)["applications"], `["a"]`)
	}
	if len(ids) != 9 {
		t.Errorf("%d distinct ids of 9", len(ids))
	}
	here.ok(t, "DeleteApplication", `{"applicationName":"a"}`)
	here.ok(t, "DeleteDeploymentConfig", `{"deploymentConfigName":"x"}`)
	for _, c := range []client{{h, "999988887777", testRegion}, {h, testAccount, "us-east-1"}} {
		c.ok(t, "GetDeploymentGroup", `{"applicationName":"a","deploymentGroupName":"g"}`)
		c.ok(t, "GetDeploymentConfig", `{"deploymentConfigName":"x"}`)
	}
}
