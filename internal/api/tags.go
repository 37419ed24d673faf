package api

import (
	"strings"

	"greenlight/internal/codedeploy"
)

// Bounds of a resource's tags (api.md 2); lengths are in characters.
const (
	maxTags     = 50
	maxTagKey   = 128
	maxTagValue = 256
)

// reservedTagPrefix begins the keys that only AWS may use, in any case.
const reservedTagPrefix = "aws:"

// tagList judges the tags that an application or a group gets.
func tagList(r *request, m *member, tags []codedeploy.Tag) error {
	keys := make([]string, len(tags))
	for i, tag := range tags {
		keys[i] = tag.Key
	}
	return tagKeyList(r, m, keys)
}

// tagKeyList judges keys that a resource gets or loses.
func tagKeyList(_ *request, m *member, keys []string) error {
	if len(keys) > maxTags {
		return m.bad("%d %s were given; at most %d are allowed.", len(keys), m.called(), maxTags)
	}
	seen := make(map[string]bool, len(keys))
	for _, key := range keys {
		if len(key) >= len(reservedTagPrefix) && strings.EqualFold(key[:len(reservedTagPrefix)], reservedTagPrefix) {
			return m.bad("The tag key %q begins with %q, which is reserved.", excerpt(key), reservedTagPrefix)
		}
		if seen[key] {
			return m.bad("The tag key %q is given more than once.", excerpt(key))
		}
		seen[key] = true
	}
	return nil
}
