package api

import (
	"regexp"

	"greenlight/internal/codedeploy"
)

// groupSettings are the members that CreateDeploymentGroup and
// UpdateDeploymentGroup share, in the shape of the former. What is nil or
// empty was not given.
type groupSettings = codedeploy.CreateDeploymentGroupInput

const maxTopicName = 256

// topicARN matches the ARN of an SNS topic; the group is its region.
var topicARN = regexp.MustCompile(`^arn:aws[a-z-]*:sns:([a-z0-9-]+):\d{12}:([A-Za-z0-9_-]+(?:\.fifo)?)$`)

func triggerList(r *request, m *member, configs []codedeploy.TriggerConfig) error {
	names, topics := make(map[string]bool, len(configs)), make(map[string]bool, len(configs))
	for _, config := range configs {
		switch err := triggerFormat(m, config, r.scope.Region); {
		case err != nil:
			return err
		case names[config.TriggerName]:
			return m.bad("Duplicate Trigger target name detected: the triggerName %q is given more than once.", excerpt(config.TriggerName))
		case topics[config.TriggerTargetARN]:
			return m.bad("Duplicate Trigger target arn detected: the triggerTargetArn %q is given more than once.", excerpt(config.TriggerTargetARN))
		}
		names[config.TriggerName], topics[config.TriggerTargetARN] = true, true
	}
	if most := r.quotas.TriggersPerGroup; len(configs) > most {
		return m.tooMany.Errorf("%d %s were given; at most %d are allowed.", len(configs), m.called(), most)
	}
	return nil
}

// triggerFormat must not put "Topic ARN" into its words: Terraform takes them
// for a fault that passes and tries for five minutes (api.md 11.4).
func triggerFormat(m *member, config codedeploy.TriggerConfig, region string) error {
	topic := topicARN.FindStringSubmatch(config.TriggerTargetARN)
	switch {
	case topic == nil || len(topic[2]) > maxTopicName:
		return m.bad("The triggerTargetArn %q of the trigger %q does not name an SNS topic.", excerpt(config.TriggerTargetARN), config.TriggerName)
	case topic[1] != region:
		return m.bad("The SNS topic of the trigger %q is in the region %s; it must be in %s, where the deployment group is.", config.TriggerName, topic[1], region)
	}
	return nil
}
