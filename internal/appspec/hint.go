package appspec

import (
	"slices"

	"greenlight/internal/codedeploy"
)

// misspelt looks, when a member is missing, for a key of the map that may have
// been meant for it. Other keys are ignored (lambda.md 2.1), so without this a
// typing error shows only as something missing.
func misspelt(parent, member *node, name string) string {
	if member != nil {
		return ""
	}
	for _, f := range parent.fields {
		if nearest(f.key, []string{name}) != "" {
			return "The key " + quote(f.key) + " is ignored. " + didYouMean(f.key, name)
		}
	}
	return ""
}

// platformOf tells whose resource a Type is.
var platformOf = map[string]string{lambdaType: "Lambda", ecsType: "ECS"}

func typeHint(resource, typ *node, want string) string {
	switch {
	case typ == nil:
		return misspelt(resource, typ, "Type")
	case typ.kind != text:
		return ""
	case platformOf[typ.text] != "":
		return "This is an AppSpec for the " + platformOf[typ.text] + " platform."
	}
	return didYouMean(typ.text, want)
}

// quotesHint helps when YAML or JSON takes a name for a number or boolean, and
// when a template was not filled in.
func quotesHint(rule string, value *node) string {
	switch {
	case value.kind == tagged:
		return "Tags of other template languages are not resolved in an AppSpec."
	case rule != "M13" && (value.kind == number || value.kind == boolean):
		return "Put a name in quotation marks."
	}
	return ""
}

func (g grammar) hookHint(key string) string {
	switch event := codedeploy.LifecycleEventName(key); {
	case g.work[key] != "":
		return key + " " + g.work[key] + " and cannot have a function."
	case slices.Contains(codedeploy.ECSEvents(true), event):
		return key + " is an event of the ECS platform."
	case slices.Contains(codedeploy.InPlaceEvents(true), event):
		return key + " is an event of the EC2/On-Premises platform."
	}
	return didYouMean(key, g.events...)
}

// dashHint helps with the map form of the section.
func dashHint(hooks *node, events []string) string {
	if !slices.ContainsFunc(events, func(event string) bool { return hooks.get(event) != nil }) {
		return ""
	}
	return "Each event is an entry of its own, in YAML with a dash before it."
}
