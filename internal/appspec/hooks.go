package appspec

import (
	"slices"
	"strings"
)

// Hook is a Lambda function that is asked at a lifecycle event.
type Hook struct {
	Event    string // in the spelling of AWS
	Function string // name or ARN, as written
}

// hooks is M14 for the shape of the section, which may be left out.
func (c *checker) hooks(root *node) []Hook {
	c.optional(root, "", "Hooks")
	hooks := root.get("Hooks")
	if hooks.absent() {
		return nil
	}
	if hooks.kind != list {
		c.add(found("M14", hooks.position, "Hooks must be a list of maps of one key each, found %s", hooks).
			withHint(dashHint(hooks, c.events)))
		return nil
	}
	var all []Hook
	lines := map[string]int{}
	for i, entry := range hooks.items {
		named, event := c.hookEvent(i, entry)
		if event == "" {
			continue
		}
		if first, twice := lines[event]; twice {
			c.add(found("M14", named.position, "Hooks[%d]: %s must be named at most once, found again after line %d", i, event, first))
			continue
		}
		lines[event] = named.line
		all = append(all, Hook{event, c.hookFunction(event, named.value)})
	}
	return all
}

// hookEvent is M14 for one entry; the event is empty when it names none.
func (c *checker) hookEvent(i int, entry *node) (named field, event string) {
	fields := entry.folded()
	if entry.kind != table || len(fields) != 1 {
		c.add(found("M14", entry.position, "Hooks[%d] must be a map of exactly one key, found %s", i, entry))
		return field{}, ""
	}
	named = fields[0]
	known := slices.IndexFunc(c.events, func(event string) bool { return strings.EqualFold(event, named.key) })
	if known < 0 {
		c.add(found("M14", named.position, "Hooks[%d] must name %s, found %s", i, oneOf(c.events), quote(named.key)).
			withHint(c.hookHint(named.key)))
		return named, ""
	}
	return named, c.events[known]
}

// hookFunction is M15, and M14 for what is no name at all. Whether the
// function exists shows when the hook is called (lambda.md 5.4).
func (c *checker) hookFunction(event string, function *node) string {
	switch {
	case function.blank():
		c.add(found("M15", function.position, "%s: The Lambda function name cannot be null or empty", event).saidByAWS(c.emptyHook))
	case function.kind != text || len(function.text) > maxText:
		c.add(found("M14", function.position, "the function of %s must be a name or an ARN of at most %d bytes, found %s", event, maxText, function).
			withHint(quotesHint("M14", function)))
	}
	return function.text
}

// oneOf lists words as a sentence does: "a, b or c".
func oneOf(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
