package api

import "greenlight/internal/codedeploy"

// Alarms and automatic rollback: what deployment groups and single deployments
// say about them in the same words (api.md 4, 7).

// alarms judges a group's alarms and those that a deployment watches instead.
func alarms(r *request, m *member, config *codedeploy.AlarmConfiguration) error {
	if config == nil {
		return nil
	}
	if isTrue(completeAlarms(config).Enabled) && len(config.Alarms) == 0 {
		return m.bad("The %s is enabled but names no alarm.", m.called())
	}
	seen := make(map[string]bool, len(config.Alarms))
	for _, alarm := range config.Alarms {
		if seen[alarm.Name] {
			return m.bad("The %s names the alarm %q more than once.", m.called(), excerpt(alarm.Name))
		}
		seen[alarm.Name] = true
	}
	if len(config.Alarms) > r.quotas.AlarmsPerGroup {
		return m.tooMany.Errorf("%d alarms were given in %s; at most %d are allowed.",
			len(config.Alarms), m.called(), r.quotas.AlarmsPerGroup)
	}
	return nil
}

// rollback judges a group's automatic rollback and that of a single deployment.
// Events are judged also when it is disabled: they are kept for the day that it
// is enabled.
func rollback(_ *request, m *member, config *codedeploy.AutoRollbackConfiguration) error {
	if config != nil && isTrue(completeRollback(config).Enabled) && len(config.Events) == 0 {
		return m.bad("The %s is enabled but names no event.", m.called())
	}
	return nil
}

// completeAlarms fills in what a given configuration leaves out: neither is it
// enabled nor is a failing poll ignored. Clients whose booleans have no third
// value (the SDK for Go, and Terraform with it) leave false out. It copies; nil
// stays nil.
func completeAlarms(config *codedeploy.AlarmConfiguration) *codedeploy.AlarmConfiguration {
	if config == nil {
		return nil
	}
	return &codedeploy.AlarmConfiguration{
		Alarms:                 config.Alarms,
		Enabled:                orElse(config.Enabled, false),
		IgnorePollAlarmFailure: orElse(config.IgnorePollAlarmFailure, false),
	}
}

// completeRollback fills in what a given configuration leaves out: like alarms
// it is not enabled. It copies; nil stays nil.
func completeRollback(config *codedeploy.AutoRollbackConfiguration) *codedeploy.AutoRollbackConfiguration {
	if config == nil {
		return nil
	}
	return &codedeploy.AutoRollbackConfiguration{
		Enabled: orElse(config.Enabled, false),
		Events:  config.Events,
	}
}

// orElse is the value, or the default where it is absent.
func orElse[T any](value *T, standard T) *T {
	if value == nil {
		return &standard
	}
	return value
}
