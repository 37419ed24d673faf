package api_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenlight/internal/api"
	"greenlight/internal/codedeploy"
)

const (
	goodHost    = `{"instanceName":"web1","iamUserArn":"arn:aws:iam::111122223333:user/AWS/CodeDeploy/web1"}`
	sessionHost = `{"instanceName":"web2","iamSessionArn":"arn:aws:sts::111122223333:assumed-role/hosts/web2"}`
)

// host reads an on-premises instance.
func (c client) host(t *testing.T, name string) object {
	t.Helper()
	return c.ok(t, "GetOnPremisesInstance", `{"instanceName":"`+name+`"}`)["instanceInfo"].(object)
}

// hosts registers on-premises instances.
func (c client) hosts(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		c.ok(t, "RegisterOnPremisesInstance", `{"instanceName":"`+name+`","iamUserArn":"arn:aws:iam::111122223333:user/`+name+`"}`)
	}
}

func TestOnPremisesInstanceRoundTrip(t *testing.T) {
	c := newClient(t)
	arn := regexp.MustCompile(`^arn:aws:codedeploy:eu-west-1:111122223333:instance/web[12]_[A-Za-z0-9]{10}$`)
	for name, host := range map[string]string{"web1": goodHost, "web2": sessionHost} {
		if answer := c.ok(t, "RegisterOnPremisesInstance", host); answer != nil {
			t.Errorf("RegisterOnPremisesInstance answered %v, want an empty body", answer)
		}
		info := c.host(t, name)
		if !arn.MatchString(info["instanceArn"].(string)) {
			t.Errorf("instanceArn is %v", info["instanceArn"])
		}
		if registered, ok := info["registerTime"].(float64); !ok || registered <= 0 {
			t.Errorf("registerTime is %v", info["registerTime"])
		}
		delete(info, "instanceArn")
		delete(info, "registerTime")
		equal(t, info, with(t, host, `{"tags":[]}`))
	}
	equal(t, c.ok(t, "ListOnPremisesInstances", ``), `{"instanceNames":["web1","web2"]}`)
}

func TestOnPremisesRegistrationRefusals(t *testing.T) {
	c := newClient(t)
	c.ok(t, "RegisterOnPremisesInstance", goodHost)
	c.ok(t, "RegisterOnPremisesInstance", sessionHost)
	for _, r := range []refusal{
		{"no name", `{"instanceName":null,"iamUserArn":null}`, codedeploy.InstanceNameRequiredException, "instance name"},
		{"empty name", `{"instanceName":""}`, codedeploy.InstanceNameRequiredException, "instance name"},
		{"no ARN", `{"instanceName":"i-1","iamUserArn":null}`, codedeploy.IamArnRequiredException, "iamSessionArn"},
		{"both ARNs", `{"instanceName":"i-1","iamSessionArn":"x","iamUserArn":"y"}`, codedeploy.MultipleIamArnsProvidedException, "iamUserArn"},
		{"an EC2 id", `{"instanceName":"i-0abc1234","iamUserArn":"x"}`, codedeploy.InvalidInstanceNameException, "i-0abc1234"},
		{"slash", `{"instanceName":"a/b"}`, codedeploy.InvalidInstanceNameException, "a/b"},
		{"101 characters", `{"instanceName":"` + strings.Repeat("n", 101) + `"}`, codedeploy.InvalidInstanceNameException, "100"},
		{"a role for a user", `{"iamUserArn":"arn:aws:iam::111122223333:role/r"}`, codedeploy.InvalidIamUserArnException, "role/r"},
		{"a user for a session", `{"iamUserArn":null,"iamSessionArn":"arn:aws:iam::111122223333:user/u"}`, codedeploy.InvalidIamSessionArnException, "user/u"},
		{"registered", `{}`, codedeploy.InstanceNameAlreadyRegisteredException, "web1"},
		{"registered, its ARN too", `{"iamUserArn":null,"iamSessionArn":"arn:aws:sts::111122223333:assumed-role/hosts/web2"}`,
			codedeploy.InstanceNameAlreadyRegisteredException, "web1"},
		{"another's user", `{"instanceName":"web3"}`, codedeploy.IamUserArnAlreadyRegisteredException, "user/AWS/CodeDeploy/web1"},
		{"another's session", `{"instanceName":"web3","iamUserArn":null,"iamSessionArn":"arn:aws:sts::111122223333:assumed-role/hosts/web2"}`,
			codedeploy.IamSessionArnAlreadyRegisteredException, "hosts/web2"},
	} {
		t.Run(r.name, func(t *testing.T) { r.check(t, c, "RegisterOnPremisesInstance", with(t, goodHost, r.body)) })
	}
	equal(t, c.ok(t, "ListOnPremisesInstances", ``), `{"instanceNames":["web1","web2"]}`)
}

func TestOnPremisesNameRefusals(t *testing.T) {
	c := newClient(t)
	for _, operation := range []string{"GetOnPremisesInstance", "DeregisterOnPremisesInstance"} {
		c.refused(t, operation, `{}`, codedeploy.InstanceNameRequiredException)
		c.refused(t, operation, `{"instanceName":"i-0abc"}`, codedeploy.InvalidInstanceNameException)
	}
	message := c.refused(t, "GetOnPremisesInstance", `{"instanceName":"nobody"}`, codedeploy.InstanceNotRegisteredException)
	if !strings.Contains(message, "nobody") {
		t.Errorf("the message is %q, it should name the instance", message)
	}
}

// TestOnPremisesLife follows an instance through deregistration, which may be
// repeated, to a new registration of its name.
func TestOnPremisesLife(t *testing.T) {
	c := newClient(t)
	c.ok(t, "DeregisterOnPremisesInstance", `{"instanceName":"web1"}`)
	c.ok(t, "RegisterOnPremisesInstance", goodHost)
	c.ok(t, "AddTagsToOnPremisesInstances", `{"instanceNames":["web1"],"tags":[{"Key":"stage","Value":"prod"}]}`)
	live := c.host(t, "web1")
	if _, there := live["deregisterTime"]; there {
		t.Errorf("a registered instance has the deregisterTime %v", live["deregisterTime"])
	}
	if answer := c.ok(t, "DeregisterOnPremisesInstance", `{"instanceName":"web1"}`); answer != nil {
		t.Errorf("DeregisterOnPremisesInstance answered %v, want an empty body", answer)
	}
	gone := c.host(t, "web1")
	c.ok(t, "DeregisterOnPremisesInstance", `{"instanceName":"web1"}`)
	if again := c.host(t, "web1"); gone["deregisterTime"] == nil || again["deregisterTime"] != gone["deregisterTime"] {
		t.Errorf("deregisterTime was %v and became %v", gone["deregisterTime"], again["deregisterTime"])
	}
	delete(gone, "deregisterTime")
	if diff := cmp.Diff(live, gone); diff != "" {
		t.Errorf("deregistering changed more than the deregisterTime:\n%s", diff)
	}
	for _, operation := range []string{"AddTagsToOnPremisesInstances", "RemoveTagsFromOnPremisesInstances"} {
		c.refused(t, operation, `{"instanceNames":["web1"],"tags":[{"Key":"a","Value":"b"}]}`, codedeploy.InstanceNotRegisteredException)
	}
	c.ok(t, "RegisterOnPremisesInstance", with(t, sessionHost, `{"instanceName":"web1"}`))
	reborn := c.host(t, "web1")
	equal(t, reborn["tags"], `[{"Key":"stage","Value":"prod"}]`)
	if reborn["instanceArn"] == live["instanceArn"] || reborn["deregisterTime"] != nil || reborn["iamUserArn"] != nil {
		t.Errorf("the new registration is %v after %v", reborn, live)
	}
}

// TestOnPremisesRegistrationRace registers one name twenty times at once.
func TestOnPremisesRegistrationRace(t *testing.T) {
	c := newClient(t)
	var won sync.Map
	var all sync.WaitGroup
	for n := range 20 {
		all.Go(func() {
			status, answer := c.send(t, "RegisterOnPremisesInstance",
				with(t, goodHost, `{"iamUserArn":"arn:aws:iam::111122223333:user/u`+strconv.Itoa(n)+`"}`))
			switch {
			case status == 200:
				won.Store(n, true)
			case !strings.Contains(string(answer), string(codedeploy.InstanceNameAlreadyRegisteredException)):
				t.Errorf("%d %s", status, answer)
			}
		})
	}
	all.Wait()
	winners := 0
	for n := range won.Range {
		winners++
		if user := c.host(t, "web1")["iamUserArn"]; user != "arn:aws:iam::111122223333:user/u"+strconv.Itoa(n.(int)) {
			t.Errorf("the winner is %v, stored is %v", n, user)
		}
	}
	if winners != 1 {
		t.Errorf("%d of 20 registrations succeeded", winners)
	}
}

func TestBatchGetOnPremisesInstances(t *testing.T) {
	c := newClient(t)
	c.hosts(t, "a", "b")
	infos := c.ok(t, "BatchGetOnPremisesInstances", `{"instanceNames":["b","none","a","b"]}`)["instanceInfos"].([]any)
	var names []string
	for _, info := range infos {
		names = append(names, info.(object)["instanceName"].(string))
		equal(t, info.(object)["tags"], `[]`)
	}
	if !slices.Equal(names, []string{"b", "a"}) {
		t.Errorf("the answer has %v, want b and a", names)
	}
	equal(t, c.ok(t, "BatchGetOnPremisesInstances", `{"instanceNames":["none"]}`), `{"instanceInfos":[]}`)
	c.ok(t, "BatchGetOnPremisesInstances", `{"instanceNames":`+manyNames(100)+`}`)
	for _, r := range []refusal{
		{"none", `{}`, codedeploy.InstanceNameRequiredException, "instance name"},
		{"empty list", `{"instanceNames":[]}`, codedeploy.InstanceNameRequiredException, "instance name"},
		{"101", `{"instanceNames":` + strings.Replace(manyNames(101), "n", "/", 1) + `}`, codedeploy.BatchLimitExceededException, "100"},
		{"bad name", `{"instanceNames":["a","i-1"]}`, codedeploy.InvalidInstanceNameException, "i-1"},
		{"empty name", `{"instanceNames":["a",""]}`, codedeploy.InstanceNameRequiredException, "instanceNames[1]"},
	} {
		t.Run(r.name, func(t *testing.T) { r.check(t, c, "BatchGetOnPremisesInstances", r.body) })
	}
}

func TestListOnPremisesInstances(t *testing.T) {
	c := newClient(t)
	c.hosts(t, "d", "b", "a", "c")
	for name, tags := range map[string]string{
		"a": `[{"Key":"stage","Value":"prod"},{"Key":"role","Value":"web"}]`,
		"b": `[{"Key":"stage","Value":"test"},{"Key":"was","Value":"test"}]`,
		"c": `[{"Key":"stage","Value":"prod"},{"Key":"role","Value":"db"}]`,
	} {
		c.ok(t, "AddTagsToOnPremisesInstances", `{"instanceNames":["`+name+`"],"tags":`+tags+`}`)
	}
	c.ok(t, "DeregisterOnPremisesInstance", `{"instanceName":"c"}`)
	for request, want := range map[string]string{
		`{}`: `["a","b","c","d"]`,
		`{"registrationStatus":"","tagFilters":[]}`:                                         `["a","b","c","d"]`,
		`{"registrationStatus":"Registered"}`:                                               `["a","b","d"]`,
		`{"registrationStatus":"Deregistered"}`:                                             `["c"]`,
		`{"tagFilters":[{"Key":"stage","Type":"KEY_ONLY"}]}`:                                `["a","b","c"]`,
		`{"tagFilters":[{"Key":"","Value":"test","Type":"VALUE_ONLY"}]}`:                    `["b"]`,
		`{"tagFilters":[{"Key":"stage","Value":"prod","Type":"KEY_AND_VALUE"}]}`:            `["a","c"]`,
		`{"tagFilters":[{"Key":"stage","Value":"prod"}],"registrationStatus":"Registered"}`: `["a"]`,
		`{"tagFilters":[{"Key":"role","Value":"db"},{"Value":"test"}]}`:                     `["b","c"]`,
		`{"tagFilters":[{"Key":"prod","Value":"stage"}]}`:                                   `[]`,
	} {
		t.Run(request, func(t *testing.T) {
			equal(t, c.ok(t, "ListOnPremisesInstances", request), `{"instanceNames":`+want+`}`)
		})
	}
	for _, r := range []refusal{
		{"unknown status", `{"registrationStatus":"registered","tagFilters":[{}]}`, codedeploy.InvalidRegistrationStatusException, "registered"},
		{"empty filter", `{"tagFilters":[{}],"nextToken":"x"}`, codedeploy.InvalidTagFilterException, "neither"},
		{"unknown type", `{"tagFilters":[{"Key":"a","Type":"KEY"}]}`, codedeploy.InvalidTagFilterException, "KEY"},
		{"key only, with a value", `{"tagFilters":[{"Key":"a","Value":"b","Type":"KEY_ONLY"}]}`, codedeploy.InvalidTagFilterException, "KEY_ONLY"},
		{"value only, with a key", `{"tagFilters":[{"Key":"a","Value":"b","Type":"VALUE_ONLY"}]}`, codedeploy.InvalidTagFilterException, "VALUE_ONLY"},
		{"both, without a value", `{"tagFilters":[{"Key":"a","Type":"KEY_AND_VALUE"}]}`, codedeploy.InvalidTagFilterException, "KEY_AND_VALUE"},
		{"long key", `{"tagFilters":[{"Key":"` + strings.Repeat("k", 129) + `"}]}`, codedeploy.InvalidTagFilterException, "128"},
		{"eleven", `{"tagFilters":[` + strings.Repeat(`{"Key":"a"},`, 10) + `{"Key":"a"}]}`, codedeploy.InvalidTagFilterException, "11"},
		{"no token", `{"nextToken":"x"}`, codedeploy.InvalidNextTokenException, "ListOnPremisesInstances"},
	} {
		t.Run(r.name, func(t *testing.T) { r.check(t, c, "ListOnPremisesInstances", r.body) })
	}
}

var hostPager = pager{
	operation: "ListOnPremisesInstances", request: `{"registrationStatus":"Registered"}`, member: "instanceNames",
	create: func(c client, t *testing.T, name string) { c.hosts(t, name) },
	remove: func(c client, t *testing.T, name string) {
		c.ok(t, "DeregisterOnPremisesInstance", `{"instanceName":"`+name+`"}`)
	},
}

func TestA5OnPremisesInstances(t *testing.T) {
	c := newHarness(t, api.Quotas{PageSize: 2}).client()
	c.hosts(t, "e", "c", "a", "d", "b")
	first, token := hostPager.page(t, c, "")
	hostPager.remove(c, t, "b")
	hostPager.remove(c, t, "c")
	c.hosts(t, "d-new", "a-new")
	if got := strings.Join(append(first, restOf(t, c, hostPager, token)...), " "); got != "a b d d-new e" {
		t.Errorf("the pages show %s, want a b d d-new e", got)
	}
	given := `"nextToken":` + quoted(token) + `}`
	for _, request := range []string{`{`, `{"registrationStatus":"Deregistered",`, `{"registrationStatus":"Registered","tagFilters":[{"Key":"a"}],`} {
		c.refused(t, "ListOnPremisesInstances", request+given, codedeploy.InvalidNextTokenException)
	}
	c.refused(t, "ListApplications", `{`+given, codedeploy.InvalidNextTokenException)
}

// TestA8OnPremisesInstances registers the same name and identity in two
// accounts and two regions.
func TestA8OnPremisesInstances(t *testing.T) {
	h := newHarness(t, api.Quotas{})
	here := h.client()
	arns := map[any]bool{}
	all := []client{here, {h, "999988887777", testRegion}, {h, testAccount, "cn-north-1"}}
	for _, c := range all {
		equal(t, c.ok(t, "ListOnPremisesInstances", ``), `{"instanceNames":[]}`)
		c.refused(t, "GetOnPremisesInstance", `{"instanceName":"web1"}`, codedeploy.InstanceNotRegisteredException)
		equal(t, c.ok(t, "BatchGetOnPremisesInstances", `{"instanceNames":["web1"]}`), `{"instanceInfos":[]}`)
		c.refused(t, "AddTagsToOnPremisesInstances", `{"instanceNames":["web1"],"tags":[{"Key":"a","Value":"b"}]}`, codedeploy.InstanceNotRegisteredException)
		c.ok(t, "RegisterOnPremisesInstance", goodHost)
		arns[c.host(t, "web1")["instanceArn"]] = true
	}
	if arn := all[2].host(t, "web1")["instanceArn"].(string); len(arns) != 3 || !strings.HasPrefix(arn, "arn:aws-cn:codedeploy:cn-north-1:") {
		t.Errorf("the ARNs are %v", arns)
	}
	here.ok(t, "AddTagsToOnPremisesInstances", `{"instanceNames":["web1"],"tags":[{"Key":"a","Value":"b"}]}`)
	here.ok(t, "DeregisterOnPremisesInstance", `{"instanceName":"web1"}`)
	for _, c := range all[1:] {
		info := c.host(t, "web1")
		equal(t, info["tags"], `[]`)
		if info["deregisterTime"] != nil {
			t.Errorf("deregistered from another scope: %v", info)
		}
	}
}
