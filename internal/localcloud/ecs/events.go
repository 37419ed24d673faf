package ecs

import (
	"fmt"
	"strings"
)

// event is ServiceEvent of the model.
type event struct {
	ID      string `json:"id"`
	Created moment `json:"createdAt"`
	Message string `json:"message"`
}

// maxEvents is how many events of a service are kept, as on ECS.
const maxEvents = 100

// say adds an event. The newest is not repeated.
func (v *service) say(now instant, format string, args ...any) {
	const longest = 2048
	message := fmt.Sprintf(format, args...)
	if len(message) > longest {
		message = message[:longest] + "..."
	}
	if len(v.Events) > 0 && v.Events[0].Message == message {
		return
	}
	v.Events = append([]event{{newHexID(), now.shown, message}}, v.Events...)
	if len(v.Events) > maxEvents {
		v.Events = v.Events[:maxEvents]
	}
}

// subject is what an event about tasks begins with, in ECS's words: a task set
// is named, a deployment by ECS itself is not.
func (v *service) subject(set *taskSet) string {
	if v.byTaskSets() {
		return "(service " + v.Name + ", taskSet " + set.ID + ")"
	}
	return "(service " + v.Name + ")"
}

// tally collects what a pass does, to be told in one event of each kind.
type tally struct {
	order []string
	tasks map[string][]string // by what is done
}

// note adds the task to those with which the same is done. done has %s for the
// number and, at its end, perhaps one for the tasks.
func (t *tally) note(done string, id string) {
	if t.tasks == nil {
		t.tasks = map[string][]string{}
	}
	if t.tasks[done] == nil {
		t.order = append(t.order, done)
	}
	t.tasks[done] = append(t.tasks[done], "(task "+id+")")
}

func (t *tally) tell(v *service, now instant) {
	for _, done := range t.order {
		ids := t.tasks[done]
		message := strings.Replace(done, "{n}", fmt.Sprint(len(ids)), 1)
		v.say(now, "%s", strings.Replace(message, "{tasks}", strings.Join(ids, " "), 1))
	}
}
