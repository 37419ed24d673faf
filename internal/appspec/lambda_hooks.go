package appspec

import "slices"

// ecsHooks are the events that only ECS has (ecs.md 2.2).
var ecsHooks = []string{"BeforeInstall", "AfterInstall", "AfterAllowTestTraffic"}

// hooks is M14 for the shape of the section, which may be left out.
func (c *lambdaChecker) hooks(hooks *node) {
	if hooks.absent() {
		return
	}
	if hooks.kind != list {
		c.add(found("M14", hooks.position, "Hooks must be a list of maps of one key each, found %s", hooks).
			withHint(dashHint(hooks)))
		return
	}
	lines := map[string]int{}
	for _, hook := range hooks.items {
		c.hook(hook, lines)
	}
}

// hook is M14 for one entry. lines holds the events already named.
func (c *lambdaChecker) hook(hook *node, lines map[string]int) {
	fields := hook.folded()
	if hook.kind != table || len(fields) != 1 {
		c.add(found("M14", hook.position, "an entry of Hooks must be a map of exactly one key, found %s", hook))
		return
	}
	named, event := fields[0], ""
	if hook.get(beforeAllowTraffic) != nil {
		event = beforeAllowTraffic
	} else if hook.get(afterAllowTraffic) != nil {
		event = afterAllowTraffic
	}
	if event == "" {
		c.add(found("M14", named.position, "a hook must be %s or %s, found %s", beforeAllowTraffic, afterAllowTraffic, quote(named.key)).
			withHint(hookHint(named.key)))
		return
	}
	if first, twice := lines[event]; twice {
		c.add(found("M14", named.position, "%s must be named at most once, found again after line %d", event, first))
		return
	}
	lines[event] = named.line
	c.setHook(event, c.hookFunction(event, named.value))
}

func (c *lambdaChecker) setHook(event, function string) {
	if event == beforeAllowTraffic {
		c.spec.BeforeAllowTraffic = function
		return
	}
	c.spec.AfterAllowTraffic = function
}

// hookFunction is M15, and M14 for what is no name at all. Whether the
// function exists shows when the hook is called (lambda.md 5.4).
func (c *lambdaChecker) hookFunction(event string, function *node) string {
	const cannotBeEmpty = "The Lambda function name cannot be null or empty"
	switch {
	case function.absent() || function.isText(""):
		c.add(found("M15", function.position, "%s: %s", event, cannotBeEmpty).saidByAWS(cannotBeEmpty))
	case function.kind != text || len(function.text) > maxText:
		c.add(found("M14", function.position, "the function of %s must be a name or an ARN of at most %d bytes, found %s", event, maxText, function).
			withHint(quotesHint("M14", function)))
	}
	return function.text
}

func hookHint(key string) string {
	if slices.Contains(ecsHooks, key) {
		return key + " is an event of the ECS platform."
	}
	if key == "AllowTraffic" {
		return "AllowTraffic shifts the traffic and cannot have a function."
	}
	return didYouMean(key, beforeAllowTraffic, afterAllowTraffic)
}

// dashHint helps with the map form of the section.
func dashHint(hooks *node) string {
	if hooks.kind == table && hooks.get(beforeAllowTraffic) == nil && hooks.get(afterAllowTraffic) == nil {
		return ""
	}
	return "Each event is an entry of its own, in YAML with a dash before it."
}
