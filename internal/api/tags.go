package api

import (
	"strings"
	"unicode/utf8"

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

// resourceTags is the rule of the tags that an application or a group gets.
func resourceTags(tags []codedeploy.Tag) rule {
	return rule{format: func() error {
		if len(tags) > maxTags {
			return codedeploy.InvalidTagsToAddException.Errorf("%d tags were given; at most %d are allowed.", len(tags), maxTags)
		}
		seen := make(map[string]bool, len(tags))
		for _, tag := range tags {
			if err := resourceTag(tag); err != nil {
				return err
			}
			if seen[tag.Key] {
				return codedeploy.InvalidTagsToAddException.Errorf("The tag key %q is given more than once.", excerpt(tag.Key))
			}
			seen[tag.Key] = true
		}
		return nil
	}}
}

func resourceTag(tag codedeploy.Tag) error {
	key, value := utf8.RuneCountInString(tag.Key), utf8.RuneCountInString(tag.Value)
	switch {
	case key == 0 || key > maxTagKey:
		return codedeploy.InvalidTagsToAddException.Errorf(
			"The tag key %q is %d characters long; 1 to %d are allowed.", excerpt(tag.Key), key, maxTagKey)
	case value > maxTagValue:
		return codedeploy.InvalidTagsToAddException.Errorf(
			"The value of the tag %q is %d characters long; at most %d are allowed.", excerpt(tag.Key), value, maxTagValue)
	case len(tag.Key) >= len(reservedTagPrefix) && strings.EqualFold(tag.Key[:len(reservedTagPrefix)], reservedTagPrefix):
		return codedeploy.InvalidTagsToAddException.Errorf("The tag key %q begins with %q, which is reserved.", excerpt(tag.Key), reservedTagPrefix)
	}
	return nil
}
