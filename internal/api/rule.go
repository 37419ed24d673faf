package api

import (
	"unicode/utf8"

	"greenlight/internal/codedeploy"
)

// rule is what one member of a request must satisfy without any look-up. A
// nil check demands nothing.
type rule struct {
	required    func() error // the member is there
	format      func() error // it is well-formed, by itself
	combination func() error // it goes with the other members
}

// check judges a request by the precedence of api.md 1.7: every required
// member is there before any is judged by its form, and every form is good
// before any combination is judged; within each, in the order of rules, which
// is that of the operation's error chain.
func check(rules ...rule) error {
	for _, step := range []func(rule) func() error{
		func(r rule) func() error { return r.required },
		func(r rule) func() error { return r.format },
		func(r rule) func() error { return r.combination },
	} {
		for _, r := range rules {
			if judge := step(r); judge != nil {
				if err := judge(); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// must makes a check of a condition.
func must(ok bool, code codedeploy.ExceptionCode, format string, args ...any) func() error {
	return func() error {
		if ok {
			return nil
		}
		return code.Errorf(format, args...)
	}
}

// name is the rule of a required name (api.md 2).
func name(value, what string, missing, invalid codedeploy.ExceptionCode) rule {
	return rule{
		required: must(value != "", missing, "The %s must be specified.", what),
		format:   nameFormat(value, what, invalid),
	}
}

// optionalName is the rule of a name that may be absent.
func optionalName(value, what string, invalid codedeploy.ExceptionCode) rule {
	if value == "" {
		return rule{}
	}
	return rule{format: nameFormat(value, what, invalid)}
}

func nameFormat(value, what string, invalid codedeploy.ExceptionCode) func() error {
	return must(codedeploy.IsName(value), invalid,
		"The %s %q is not valid: it must be 1 to 100 characters out of A-Z a-z 0-9 + = , . @ _ -.", what, excerpt(value))
}

func applicationName(value string) rule {
	return name(value, "application name",
		codedeploy.ApplicationNameRequiredException, codedeploy.InvalidApplicationNameException)
}

func groupName(value string) rule {
	return name(value, "deployment group name",
		codedeploy.DeploymentGroupNameRequiredException, codedeploy.InvalidDeploymentGroupNameException)
}

// configName is the rule of a configuration that a group or deployment names.
func configName(value string) rule {
	return optionalName(value, "deployment configuration name", codedeploy.InvalidDeploymentConfigNameException)
}

func deploymentID(value string) rule {
	return rule{
		required: must(value != "", codedeploy.DeploymentIdRequiredException, "The deployment ID must be specified."),
		format: must(codedeploy.IsDeploymentID(value), codedeploy.InvalidDeploymentIdException,
			"The deployment ID %q is not valid: it must be d- followed by nine characters out of A-Z 0-9.", excerpt(value)),
	}
}

// maxDescription is in characters (api.md 2).
const maxDescription = 256

func description(value string) rule {
	return rule{format: must(utf8.RuneCountInString(value) <= maxDescription, codedeploy.DescriptionTooLongException,
		"The description is %d characters long; at most %d are allowed.", utf8.RuneCountInString(value), maxDescription)}
}

// batch is the rule of a list of names or ids: not empty, not too long, and
// each element by itself, the first offender winning (api.md 1.7).
func batch[T any](values []T, most int, missing, tooMany codedeploy.ExceptionCode, what string, each func(T) rule) rule {
	return rule{
		required: must(len(values) > 0, missing, "At least one %s must be specified.", what),
		format: func() error {
			if err := batchSize(values, most, tooMany, what).format(); err != nil {
				return err
			}
			return eachOf(values, each)()
		},
	}
}

// eachOf judges every element of a list by itself.
func eachOf[T any](values []T, each func(T) rule) func() error {
	return func() error {
		for _, v := range values {
			if err := check(each(v)); err != nil {
				return err
			}
		}
		return nil
	}
}

// batchSize is the part of batch that some chains have before the form of
// other members.
func batchSize[T any](values []T, most int, tooMany codedeploy.ExceptionCode, what string) rule {
	return rule{format: must(len(values) <= most, tooMany, "%d %ss were given; at most %d are allowed in one call.", len(values), what, most)}
}

// oneOf is the rule of an enumeration; an absent value is left to others.
func oneOf[E codedeploy.Enum[E]](value E, what string, invalid codedeploy.ExceptionCode) rule {
	return rule{format: must(value == "" || codedeploy.IsKnown(value), invalid,
		"The %s %q is not one of %v.", what, excerpt(string(value)), value.Values())}
}

// excerpt bounds how much of a caller's text a message repeats.
func excerpt(text string) string {
	const most = 120
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "..."
}
