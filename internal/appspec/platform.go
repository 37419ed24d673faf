package appspec

import (
	"slices"
	"strings"

	"greenlight/internal/codedeploy"
)

// Check returns the problems of an AppSpec for a platform, as CheckLambda and
// CheckECS do, and notes about what is no fault: keys that are ignored, but
// look like an optional member. Other platforms than ECS are taken for Lambda.
func Check(platform codedeploy.ComputePlatform, text []byte) (problems, notes []Problem) {
	if platform == codedeploy.ComputePlatformECS {
		c := checkECS(text)
		return c.problems(), c.notes
	}
	c := checkLambda(text)
	return c.problems(), c.notes
}

// Platform guesses which platform a text is meant for: by the resource's Type,
// or else by its other members and by the hooks. It is empty when nothing
// tells.
func Platform(text []byte) codedeploy.ComputePlatform {
	root, fault := parse(text)
	if fault != nil {
		return ""
	}
	resource := firstResource(root.get("Resources"))
	if typ := resource.get("Type"); typ != nil {
		switch {
		case typ.isText(ecsType), nearest(typ.text, []string{ecsType}) != "":
			return codedeploy.ComputePlatformECS
		case typ.isText(lambdaType), nearest(typ.text, []string{lambdaType}) != "":
			return codedeploy.ComputePlatformLambda
		}
	}
	properties := resource.get("Properties")
	switch {
	case properties.has("TaskDefinition", "LoadBalancerInfo"), hasHook(root.get("Hooks"), ecsGrammar.events[:3]):
		return codedeploy.ComputePlatformECS
	case properties.has("Alias", "CurrentVersion", "TargetVersion"):
		return codedeploy.ComputePlatformLambda
	}
	return ""
}

// firstResource looks through the list and the label, also through a map where
// the list should be. It is an empty value when there is no resource.
func firstResource(resources *node) *node {
	if resources != nil && len(resources.items) > 0 {
		resources = resources.items[0]
	}
	if resources != nil && len(resources.fields) > 0 {
		return resources.fields[0].value
	}
	return &node{}
}

// has tells whether a map has one of the members.
func (n *node) has(names ...string) bool {
	return n != nil && slices.ContainsFunc(names, func(name string) bool { return n.get(name) != nil })
}

func hasHook(hooks *node, events []string) bool {
	return hooks != nil && slices.ContainsFunc(hooks.items, func(entry *node) bool {
		return slices.ContainsFunc(entry.fields, func(f field) bool {
			return slices.ContainsFunc(events, func(event string) bool { return strings.EqualFold(event, f.key) })
		})
	})
}
