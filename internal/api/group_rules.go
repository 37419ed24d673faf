package api

import (
	"regexp"
	"slices"
	"unicode/utf8"

	"greenlight/internal/codedeploy"
)

// What the members of a deployment group must satisfy whatever the platform
// is. They stand in the order of the error chain, which has the combinations of
// tags before the form of triggers; so all of them are a matter of form.

// groupSettings are the members that CreateDeploymentGroup and
// UpdateDeploymentGroup share, in the shape of the former. What is nil or
// empty was not given.
type groupSettings = codedeploy.CreateDeploymentGroupInput

func (a *API) groupRules(in *groupSettings, region string) []rule {
	return []rule{
		configName(in.DeploymentConfigName),
		serviceRole(in.ServiceRoleARN),
		oneOf(in.OutdatedInstancesStrategy, "outdatedInstancesStrategy", codedeploy.InvalidInputException),
		ec2Tags(in.EC2TagFilters, in.EC2TagSet),
		onPremisesTags(in.OnPremisesInstanceTagFilters, in.OnPremisesTagSet),
		ec2TagForms(in.EC2TagFilters, in.EC2TagSet),
		onPremisesTagForms(in.OnPremisesInstanceTagFilters, in.OnPremisesTagSet),
		tagSetSizes(in.EC2TagSet, in.OnPremisesTagSet),
		triggers(in.TriggerConfigurations, region, a.quotas.TriggersPerGroup),
		alarmConfiguration(in.AlarmConfiguration, a.quotas.AlarmsPerGroup),
		autoRollback(in.AutoRollbackConfiguration),
		deploymentStyle(in.DeploymentStyle),
		resourceTags(in.Tags),
	}
}

// roleGiven is the rule that a new group has a role.
func roleGiven(arn string) rule {
	return rule{required: must(arn != "", codedeploy.RoleRequiredException, "The service role ARN must be specified.")}
}

// serviceRole judges the form only; whether the role can be assumed shows when
// a deployment needs it.
func serviceRole(arn string) rule {
	return rule{format: must(arn == "" || codedeploy.IsServiceRoleARN(arn), codedeploy.InvalidRoleException,
		"The service role %q is not the ARN of an IAM role.", excerpt(arn))}
}

// deploymentStyle is the rule that a style is whole. Whether it goes with the
// platform is judged by the group's application.
func deploymentStyle(style *codedeploy.DeploymentStyle) rule {
	const code = codedeploy.InvalidDeploymentStyleException
	if style == nil {
		return rule{}
	}
	return rule{format: func() error {
		kind, option := style.DeploymentType, style.DeploymentOption
		switch {
		case kind == "" || option == "":
			return code.Errorf("A deployment style needs both a deploymentType and a deploymentOption; neither can be null or empty.")
		case !codedeploy.IsKnown(kind):
			return code.Errorf("The deployment type %q is not one of %v.", excerpt(string(kind)), kind.Values())
		case !codedeploy.IsKnown(option):
			return code.Errorf("The deployment option %q is not one of %v.", excerpt(string(option)), option.Values())
		}
		return nil
	}}
}

const (
	maxTriggerName = 100 // characters, like any other name
	maxTopicName   = 256
)

// topicARN matches the ARN of an SNS topic; the group is its region.
var topicARN = regexp.MustCompile(`^arn:aws[a-z-]*:sns:([a-z0-9-]+):\d{12}:([A-Za-z0-9_-]+(?:\.fifo)?)$`)

func triggers(configs []codedeploy.TriggerConfig, region string, quota int) rule {
	return rule{format: func() error {
		seen := make(map[string]bool, len(configs))
		for _, config := range configs {
			if err := triggerFormat(config, region); err != nil {
				return err
			}
			if seen[config.TriggerName] {
				return badTrigger("The trigger name %q is given more than once.", excerpt(config.TriggerName))
			}
			seen[config.TriggerName] = true
		}
		if len(configs) > quota {
			return codedeploy.TriggerTargetsLimitExceededException.Errorf(
				"%d triggers were given; at most %d are allowed.", len(configs), quota)
		}
		return nil
	}}
}

func badTrigger(format string, args ...any) error {
	return codedeploy.InvalidTriggerConfigException.Errorf(format, args...)
}

// triggerFormat must not put "Topic ARN" into its words: Terraform takes them
// for a fault that passes and tries for five minutes (api.md 11.4).
func triggerFormat(config codedeploy.TriggerConfig, region string) error {
	length := utf8.RuneCountInString(config.TriggerName)
	topic := topicARN.FindStringSubmatch(config.TriggerTargetARN)
	switch {
	case length == 0 || length > maxTriggerName:
		return badTrigger("The trigger name %q is %d characters long; 1 to %d are allowed.", excerpt(config.TriggerName), length, maxTriggerName)
	case topic == nil || len(topic[2]) > maxTopicName:
		return badTrigger("The target %q of the trigger %q does not name an SNS topic.", excerpt(config.TriggerTargetARN), config.TriggerName)
	case topic[1] != region:
		return badTrigger("The SNS topic of the trigger %q is in the region %s; it must be in %s, where the deployment group is.", config.TriggerName, topic[1], region)
	case len(config.TriggerEvents) == 0:
		return badTrigger("The trigger %q names no event.", config.TriggerName)
	}
	unknown := slices.IndexFunc(config.TriggerEvents, func(e codedeploy.TriggerEventType) bool { return !codedeploy.IsKnown(e) })
	if unknown >= 0 {
		event := config.TriggerEvents[unknown]
		return badTrigger("The event %q of the trigger %q is not one of %v.", excerpt(string(event)), config.TriggerName, event.Values())
	}
	return nil
}
