package api_test

import (
	"fmt"
	"strings"
	"testing"

	"greenlight/internal/codedeploy"
)

// manyTags is a JSON list of n tags with the keys prefix0 and on.
func manyTags(prefix string, n int) string {
	tags := make([]string, n)
	for i := range tags {
		tags[i] = fmt.Sprintf(`{"Key":"%s%d","Value":"v"}`, prefix, i)
	}
	return "[" + strings.Join(tags, ",") + "]"
}

func TestOnPremisesTags(t *testing.T) {
	c := newClient(t)
	c.hosts(t, "a", "b")
	add := func(names, tags string) {
		t.Helper()
		if answer := c.ok(t, "AddTagsToOnPremisesInstances", `{"instanceNames":`+names+`,"tags":`+tags+`}`); answer != nil {
			t.Errorf("the answer is %v, want an empty body", answer)
		}
	}
	add(`["a","b"]`, `[{"Key":"stage","Value":"test"},{"Key":"role","Value":"web"}]`)
	add(`["a","a"]`, `[{"Key":"stage","Value":"prod"}]`)
	equal(t, c.host(t, "a")["tags"], `[{"Key":"role","Value":"web"},{"Key":"stage","Value":"prod"}]`)
	equal(t, c.host(t, "b")["tags"], `[{"Key":"role","Value":"web"},{"Key":"stage","Value":"test"}]`)
	answer := c.ok(t, "RemoveTagsFromOnPremisesInstances", `{"instanceNames":["a","b"],
		"tags":[{"Key":"stage","Value":"prod"},{"Key":"stage","Value":"other"},{"Key":"none","Value":"x"}]}`)
	if answer != nil {
		t.Errorf("the answer is %v, want an empty body", answer)
	}
	equal(t, c.host(t, "a")["tags"], `[{"Key":"role","Value":"web"}]`)
	equal(t, c.host(t, "b")["tags"], `[{"Key":"role","Value":"web"},{"Key":"stage","Value":"test"}]`)
}

func TestOnPremisesTagRefusals(t *testing.T) {
	c := newClient(t)
	c.hosts(t, "a")
	good := `{"instanceNames":["a"],"tags":[{"Key":"k","Value":"v"}]}`
	for _, operation := range []string{"AddTagsToOnPremisesInstances", "RemoveTagsFromOnPremisesInstances"} {
		for _, r := range []refusal{
			{"nothing", `{"instanceNames":null,"tags":null}`, codedeploy.InstanceNameRequiredException, "instance name"},
			{"no names", `{"instanceNames":[],"tags":[]}`, codedeploy.InstanceNameRequiredException, "instance name"},
			{"no tags", `{"instanceNames":["i-1"],"tags":[]}`, codedeploy.TagRequiredException, "tag"},
			{"bad name", `{"instanceNames":["a","i-1"],"tags":[{}]}`, codedeploy.InvalidInstanceNameException, "i-1"},
			{"null tag", `{"tags":[null]}`, codedeploy.InvalidTagException, "tags[0].Key"},
			{"no key", `{"tags":[{"Value":"v"}]}`, codedeploy.InvalidTagException, "tags[0].Key"},
			{"no value", `{"tags":[{"Key":"stage"}]}`, codedeploy.InvalidTagException, "tags[0].Value"},
			{"empty value", `{"tags":[{"Key":"stage","Value":""}]}`, codedeploy.InvalidTagException, "tags[0].Value"},
			{"long key", `{"tags":[{"Key":"` + strings.Repeat("é", 129) + `","Value":"v"}]}`, codedeploy.InvalidTagException, "129"},
			{"long value", `{"tags":[{"Key":"k","Value":"` + strings.Repeat("é", 257) + `"}]}`, codedeploy.InvalidTagException, "257"},
			{"eleven tags", `{"instanceNames":` + manyNames(101) + `,"tags":` + manyTags("k", 11) + `}`, codedeploy.TagLimitExceededException, "11"},
			{"101 instances", `{"instanceNames":` + manyNames(101) + `}`, codedeploy.InstanceLimitExceededException, "101"},
			{"unknown instance", `{"instanceNames":["a","none"]}`, codedeploy.InstanceNotRegisteredException, "none"},
		} {
			t.Run(operation+", "+r.name, func(t *testing.T) { r.check(t, c, operation, with(t, good, r.body)) })
		}
	}
	c.refused(t, "AddTagsToOnPremisesInstances", `{"instanceNames":["a"],"tags":[{"Key":"k","Value":"1"},{"Key":"k","Value":"2"}]}`, codedeploy.InvalidTagException)
	equal(t, c.host(t, "a")["tags"], `[]`) // neither was anything half-done
}

// TestOnPremisesTagLimit fills an instance, and then finds that a call which
// would overfill one of two changes neither.
func TestOnPremisesTagLimit(t *testing.T) {
	c := newClient(t)
	c.hosts(t, "empty", "full")
	c.ok(t, "AddTagsToOnPremisesInstances", `{"instanceNames":["full"],"tags":`+manyTags("k", 10)+`}`)
	c.ok(t, "AddTagsToOnPremisesInstances", `{"instanceNames":["full"],"tags":`+manyTags("k", 10)+`}`)
	message := c.refused(t, "AddTagsToOnPremisesInstances", `{"instanceNames":["empty","full"],"tags":[{"Key":"more","Value":"v"}]}`, codedeploy.TagLimitExceededException)
	if !strings.Contains(message, "full") {
		t.Errorf("the message is %q, it should name the instance", message)
	}
	equal(t, c.host(t, "empty")["tags"], `[]`)
	equal(t, c.host(t, "full")["tags"], manyTags("k", 10))
}
