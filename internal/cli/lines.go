package cli

import (
	"fmt"
	"io"
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
	return all
}

// targetChanges puts the weight where it belongs in time: before AllowTraffic
// has ended, after all that came earlier.
func targetChanges(last, now targetView, several bool) []string {
	shift := shiftChange(last.Shift, now.Shift)
	var all []string
	for i, event := range now.Events {
		var was eventView
		if i < len(last.Events) {
			was = last.Events[i]
		}
		over := event.EndTime != nil
		if event.Name == trafficEvent && over && shift != "" {
			all = append(all, shift)
			shift = ""
		}
		if line := eventChange(was, event); line != "" {
			all = append(all, "  "+eventPlace(now, event, several)+" "+line)
		}
	}
	if shift != "" {
		all = append(all, shift)
	}
	return all
}

// trafficEvent is the event in which production traffic moves, on every platform.
const trafficEvent = "AllowTraffic"

func shiftChange(last, now *shiftView) string {
	if now == nil || last == nil && now.Percent == 0 || last != nil && *last == *now {
		return ""
	}
	return fmt.Sprintf("  %s: %s on %s", now.Name, percent(now.Percent), now.New)
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
