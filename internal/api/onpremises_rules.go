package api

import "greenlight/internal/codedeploy"

func oneIdentity(r *request, m *member, user string) error {
	if user == "" && given[string](r, "iamSessionArn") == "" {
		return m.missing.Errorf("One of iamUserArn and iamSessionArn must be specified.")
	}
	return nil
}

func notTwoIdentities(r *request, m *member, user string) error {
	if user != "" && given[string](r, "iamSessionArn") != "" {
		return m.bad("Both iamUserArn and iamSessionArn are specified; only one is allowed.")
	}
	return nil
}

// maxInstanceTags bounds the tags of one on-premises instance (api.md 2). As no
// instance has more, no more are taken in one call.
const maxInstanceTags = 10

func fewInstanceTags(_ *request, m *member, tags []codedeploy.Tag) error {
	if len(tags) <= maxInstanceTags {
		return nil
	}
	return m.tooMany.Errorf("%d %s were given; an on-premises instance can have at most %d.", len(tags), m.called(), maxInstanceTags)
}

func fewInstances(r *request, m *member, names []string) error {
	if len(names) <= r.quotas.TaggedInstances {
		return nil
	}
	return m.tooMany.Errorf("%d %s were given; at most %d are allowed in one call.", len(names), m.called(), r.quotas.TaggedInstances)
}

// distinctKeys refuses two values for one key: which one counts would be left
// to the order of the list.
func distinctKeys(_ *request, m *member, tags []codedeploy.Tag) error {
	seen := make(map[string]bool, len(tags))
	for _, tag := range tags {
		if seen[tag.Key] {
			return m.bad("The tag key %q is given more than once.", excerpt(tag.Key))
		}
		seen[tag.Key] = true
	}
	return nil
}
