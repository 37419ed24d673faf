package api

import (
	"unicode/utf8"

	"greenlight/internal/codedeploy"
)

func instanceName(value string) rule {
	return rule{
		required: must(value != "", codedeploy.InstanceNameRequiredException, "The instance name must be specified."),
		format: must(codedeploy.IsOnPremisesName(value), codedeploy.InvalidInstanceNameException,
			"The instance name %q is not valid: it must be 1 to 100 characters out of A-Z a-z 0-9 + = , . @ _ -, and not begin with i-.",
			excerpt(value)),
	}
}

// iamIdentity is the rule of the two IAM ARNs: exactly one is given. That both
// are is told among the required members, as the error chain has it.
func iamIdentity(user, session string) []rule {
	return []rule{
		{required: must(user != "" || session != "", codedeploy.IamArnRequiredException,
			"One of iamUserArn and iamSessionArn must be specified.")},
		{required: must(user == "" || session == "", codedeploy.MultipleIamArnsProvidedException,
			"Both iamUserArn and iamSessionArn are specified; only one is allowed.")},
		{format: must(session == "" || codedeploy.IsIAMSessionARN(session), codedeploy.InvalidIamSessionArnException,
			"The iamSessionArn %q is not of the form arn:aws:sts::123456789012:assumed-role/role/session.", excerpt(session))},
		{format: must(user == "" || codedeploy.IsIAMUserARN(user), codedeploy.InvalidIamUserArnException,
			"The iamUserArn %q is not of the form arn:aws:iam::123456789012:user/name.", excerpt(user))},
	}
}

// taggedInstances are the rules of a call that changes the tags of instances;
// together is what the tags must satisfy beside one another. As no instance has
// more tags than maxInstanceTags, no more are taken in one call.
func (a *API) taggedInstances(names []string, tags []codedeploy.Tag, together rule) []rule {
	return []rule{
		{required: must(len(names) > 0, codedeploy.InstanceNameRequiredException, "At least one instance name must be specified.")},
		{required: must(len(tags) > 0, codedeploy.TagRequiredException, "At least one tag must be specified.")},
		{format: eachOf(names, instanceName)},
		{format: eachOf(tags, instanceTag)},
		together,
		{format: must(len(tags) <= maxInstanceTags, codedeploy.TagLimitExceededException,
			"%d tags were given; an on-premises instance can have at most %d.", len(tags), maxInstanceTags)},
		batchSize(names, a.quotas.TaggedInstances, codedeploy.InstanceLimitExceededException, "instance name"),
	}
}

// maxInstanceTags bounds the tags of one on-premises instance (api.md 2).
const maxInstanceTags = 10

// instanceTag is the rule of an on-premises instance's tag: unlike that of an
// application it has a value always (api.md 2).
func instanceTag(tag codedeploy.Tag) rule {
	key, value := utf8.RuneCountInString(tag.Key), utf8.RuneCountInString(tag.Value)
	return rule{format: func() error {
		switch {
		case key == 0 || key > maxTagKey:
			return codedeploy.InvalidTagException.Errorf(
				"The tag key %q is %d characters long; 1 to %d are allowed.", excerpt(tag.Key), key, maxTagKey)
		case value == 0 || value > maxTagValue:
			return codedeploy.InvalidTagException.Errorf(
				"The value of the tag %q is %d characters long; 1 to %d are allowed.", excerpt(tag.Key), value, maxTagValue)
		}
		return nil
	}}
}

// distinctKeys refuses two values for one key: which one counts would be left
// to the order of the list.
func distinctKeys(tags []codedeploy.Tag) rule {
	return rule{format: func() error {
		seen := make(map[string]bool, len(tags))
		for _, tag := range tags {
			if seen[tag.Key] {
				return codedeploy.InvalidTagException.Errorf("The tag key %q is given more than once.", excerpt(tag.Key))
			}
			seen[tag.Key] = true
		}
		return nil
	}}
}
