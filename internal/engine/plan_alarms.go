package engine

import (
	"fmt"
	"slices"
	"time"

	"greenlight/internal/alarmsource"
	"greenlight/internal/awsaccess"
	"greenlight/internal/codedeploy"
)

// How alarms are polled (deployments.md 6): often enough for the lag of 11 to
// 16 seconds that real runs show, and with patience for a passing fault.
const (
	alarmInterval    = 10 * time.Second
	alarmRetry       = time.Second
	alarmMaxFailures = 3
)

// alarmNames are the alarms to watch; none when the watch is off. Rollbacks
// have no alarms in their snapshot.
func (p *planner) alarmNames() []string {
	return alarmNames(p.Snapshot.Alarms)
}

func alarmNames(config *codedeploy.AlarmConfiguration) []string {
	if config == nil || config.Enabled == nil || !*config.Enabled {
		return nil
	}
	names := make([]string, len(config.Alarms))
	for i, a := range config.Alarms {
		names[i] = a.Name
	}
	return names
}

// awaitsFirstPoll holds the deployment, once it has its target, until its
// alarms have been seen for the first time (lambda.md 4.2, step 6).
func (p *planner) awaitsFirstPoll() bool {
	return len(p.alarmNames()) > 0 && !p.Progress.Alarms.Seen
}

// watchAlarms asks for a poll when one is due, from the start to the end.
func (p *planner) watchAlarms() {
	if p.Target == nil || len(p.alarmNames()) == 0 {
		return
	}
	watch := &p.Progress.Alarms
	if !p.now.Before(watch.Next) {
		p.acts = append(p.acts, Act{Kind: ActPoll})
		watch.Next = p.now.Add(alarmInterval)
		p.changed = true
	}
	p.wakeBy(watch.Next)
}

// takeAlarms judges what a poll found. Only ALARM acts; a poll that failed, or
// did not know one of the names, stops the deployment when it has happened
// several times in a row and the configuration does not ignore it.
func (p *planner) takeAlarms(in AlarmStates) {
	if p.Target == nil {
		return
	}
	p.changed = true
	err := in.Err
	if err == nil {
		if active := p.activeAlarms(in.States); len(active) > 0 {
			p.stoppedByAlarm(failure{Code: codedeploy.ErrorCodeAlarmActive, Message: codedeploy.MessageAlarms(active)})
			return
		}
		err = p.unknownAlarm(in.States)
	}
	watch := &p.Progress.Alarms
	ignore := p.Snapshot.Alarms.IgnorePollAlarmFailure
	switch {
	case err == nil || ignore != nil && *ignore:
		watch.Failures, watch.Seen = 0, true
	case watch.Failures+1 >= alarmMaxFailures:
		p.stoppedByAlarm(p.pollFailure(err))
	default:
		watch.Failures++
		watch.Next = p.now.Add(alarmRetry)
	}
}

func (p *planner) activeAlarms(states map[string]alarmsource.State) []string {
	return slices.DeleteFunc(p.alarmNames(), func(name string) bool { return states[name] != alarmsource.Alarm })
}

// unknownAlarm is the error of an alarm that does not exist: treated like a
// poll that failed.
func (p *planner) unknownAlarm(states map[string]alarmsource.State) error {
	for _, name := range p.alarmNames() {
		if _, known := states[name]; !known {
			return fmt.Errorf("the alarm %s does not exist", name)
		}
	}
	return nil
}

// pollFailure is why a deployment stops whose alarms cannot be read.
func (p *planner) pollFailure(err error) failure {
	why := fmt.Sprintf("The alarms could not be read %d times in a row: %s.", alarmMaxFailures, err)
	if fault := asFault(err); fault.Kind == awsaccess.Denied || fault.Kind == awsaccess.RoleDenied || fault.Kind == awsaccess.RoleMissing {
		return failure{Code: codedeploy.ErrorCodeIAMRolePermissions, Why: why,
			Message: codedeploy.MessageRolePermissions(p.Snapshot.ServiceRoleARN, fault.Service)}
	}
	return failure{Code: codedeploy.ErrorCodeInternalError, Why: why,
		Message: "The deployment was stopped because the states of its alarms could not be read."}
}

// stoppedByAlarm asks for the deployment's end; a call that is under way is
// let finish first, so that the record and the platform agree.
func (p *planner) stoppedByAlarm(f failure) {
	p.takeStop(Stop{Cause: codedeploy.AutoRollbackEventDeploymentStopOnAlarm, Failure: f})
}
