package appspec

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

func typeHint(resource, typ *node) string {
	switch {
	case typ == nil:
		return misspelt(resource, typ, "Type")
	case typ.isText(ecsType):
		return "This is an AppSpec for the ECS platform."
	case typ.kind == text:
		return didYouMean(typ.text, lambdaType)
	}
	return ""
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
