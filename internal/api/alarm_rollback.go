package api

import (
	"unicode/utf8"

	"greenlight/internal/codedeploy"
)

// Alarms and automatic rollback: what deployment groups and single deployments
// say about them in the same words (api.md 4, 7).

// maxAlarmName is in characters (api.md 2).
const maxAlarmName = 255

// alarmConfiguration is the rule of a group's alarms and of those that a
// deployment watches instead. quota bounds their number.
func alarmConfiguration(config *codedeploy.AlarmConfiguration, quota int) rule {
	if config == nil {
		return rule{}
	}
	return rule{format: func() error {
		if isTrue(completeAlarms(config).Enabled) && len(config.Alarms) == 0 {
			return codedeploy.InvalidAlarmConfigException.Errorf("The alarm configuration is enabled but names no alarm.")
		}
		if err := alarmNames(config.Alarms); err != nil {
			return err
		}
		if len(config.Alarms) > quota {
			return codedeploy.AlarmsLimitExceededException.Errorf(
				"%d alarms were given; at most %d are allowed.", len(config.Alarms), quota)
		}
		return nil
	}}
}

func alarmNames(alarms []codedeploy.Alarm) error {
	seen := make(map[string]bool, len(alarms))
	for _, alarm := range alarms {
		switch length := utf8.RuneCountInString(alarm.Name); {
		case length == 0:
			return codedeploy.InvalidAlarmConfigException.Errorf("An alarm has no name.")
		case length > maxAlarmName:
			return codedeploy.InvalidAlarmConfigException.Errorf(
				"The alarm name %q is %d characters long; at most %d are allowed.", excerpt(alarm.Name), length, maxAlarmName)
		case seen[alarm.Name]:
			return codedeploy.InvalidAlarmConfigException.Errorf("The alarm %q is named more than once.", excerpt(alarm.Name))
		}
		seen[alarm.Name] = true
	}
	return nil
}

// autoRollback is the rule of a group's automatic rollback and of that of a
// single deployment. Events are judged also when it is disabled: they are kept
// for the day that it is enabled.
func autoRollback(config *codedeploy.AutoRollbackConfiguration) rule {
	if config == nil {
		return rule{}
	}
	return rule{format: func() error {
		if isTrue(completeRollback(config).Enabled) && len(config.Events) == 0 {
			return codedeploy.InvalidAutoRollbackConfigException.Errorf("Automatic rollback is enabled but names no event.")
		}
		for _, event := range config.Events {
			if !codedeploy.IsKnown(event) {
				return codedeploy.InvalidAutoRollbackConfigException.Errorf(
					"The automatic rollback event %q is not one of %v.", excerpt(string(event)), event.Values())
			}
		}
		return nil
	}}
}

// completeAlarms fills in what a given configuration leaves out: it is enabled
// when it names alarms, and a failing poll is not ignored. It copies; nil
// stays nil.
func completeAlarms(config *codedeploy.AlarmConfiguration) *codedeploy.AlarmConfiguration {
	if config == nil {
		return nil
	}
	return &codedeploy.AlarmConfiguration{
		Alarms:                 config.Alarms,
		Enabled:                orElse(config.Enabled, len(config.Alarms) > 0),
		IgnorePollAlarmFailure: orElse(config.IgnorePollAlarmFailure, false),
	}
}

// completeRollback fills in what a given configuration leaves out: like alarms
// it is enabled when it names events. It copies; nil stays nil.
func completeRollback(config *codedeploy.AutoRollbackConfiguration) *codedeploy.AutoRollbackConfiguration {
	if config == nil {
		return nil
	}
	return &codedeploy.AutoRollbackConfiguration{
		Enabled: orElse(config.Enabled, len(config.Events) > 0),
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
