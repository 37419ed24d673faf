package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// lines prints one line per change, for pipes and build logs.
type lines struct {
	out  io.Writer
	last view
}

func (l *lines) tick() {}

// close ends one deployment: with its summary if it ended.
func (l *lines) close() {
	if l.last.ended() {
		write(l.out, summary(l.last))
	}
	l.last = view{}
}

func (l *lines) update(v view) {
	if news := changes(l.last, v); len(news) > 0 {
		write(l.out, news)
	}
	l.last = v
}

// changes lists what is new since the last view, in the order in which it
// happened as far as that can be seen. The end itself is left to the summary.
func changes(last, now view) []string {
	var all []string
	if last.DeploymentID == "" {
		all = append(all, title(now))
	}
	if last.Status != now.Status && !now.ended() {
		all = append(all, "  "+now.Status)
	}
	before := map[string]targetView{}
	for _, t := range last.Targets {
		before[t.ID] = t
	}
	for _, t := range now.Targets {
		all = append(all, targetChanges(before[t.ID], t, len(now.Targets) > 1)...)
	}
	if wait := now.waiting(); wait != "" && wait != last.waiting() {
		all = append(all, "  "+wait)
	}
	return all
}

// targetChanges puts what changed beside the events where it belongs in time:
// the replacement's tasks before Install has ended, the weight before
// AllowTraffic has, and either after all that came earlier.
func targetChanges(last, now targetView, several bool) []string {
	beside := map[string][]string{
		installEvent: taskSetChanges(last.TaskSets, now.TaskSets),
		trafficEvent: shiftChange(last.Shift, now.Shift),
	}
	var all []string
	for i, event := range now.Events {
		var was eventView
		if i < len(last.Events) {
			was = last.Events[i]
		}
		line := eventChange(was, event)
		if line != "" && event.EndTime != nil {
			all = append(all, beside[event.Name]...)
			delete(beside, event.Name)
		}
		if line != "" {
			all = append(all, "  "+eventPlace(now, event, several)+" "+line)
		}
	}
	return slices.Concat(all, beside[installEvent], beside[trafficEvent])
}

// Install is the event in which ECS starts the replacement; in AllowTraffic
// production traffic moves, on every platform.
const (
	installEvent = "Install"
	trafficEvent = "AllowTraffic"
)

// taskSetChanges leaves out what is on its way: tasks that are pending, and the
// weight, which is told as the target's.
func taskSetChanges(last, now []taskSetView) []string {
	before := map[string]taskSetView{}
	for _, set := range last {
		before[set.ID] = set
	}
	var all []string
	for _, set := range now {
		was := before[set.ID]
		if was.Status == set.Status && was.Desired == set.Desired && was.Running == set.Running {
			continue
		}
		all = append(all, "  "+set.title()+": "+set.tasks())
	}
	return all
}

func shiftChange(last, now *shiftView) []string {
	if now == nil || last == nil && now.Percent == 0 || last != nil && *last == *now {
		return nil
	}
	return []string{fmt.Sprintf("  %s: %s on %s", now.Name, percent(now.Percent), now.New)}
}

// eventChange is empty when there is nothing to tell: no change, or a beginning
// that is the list's first sight of the event as pending.
func eventChange(last, now eventView) string {
	if last.Status == now.Status || now.Status == string(types.LifecycleEventStatusPending) {
		return ""
	}
	text := strings.ToLower(now.Status)
	switch types.LifecycleEventStatus(now.Status) {
	case types.LifecycleEventStatusInProgress:
		return "started"
	case types.LifecycleEventStatusSucceeded, types.LifecycleEventStatusFailed:
		text += " after " + duration(now.took())
	}
	if now.Message != "" {
		text += ": " + now.Message
	}
	return text
}
