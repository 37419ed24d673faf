package appspec

import (
	"regexp"
	"strconv"
)

const (
	lambdaType = "AWS::Lambda::Function"
	ecsType    = "AWS::ECS::Service"
)

var (
	// The forms of a function's name that the Lambda API documents: the bare
	// name, account:function:name, and the full ARN; the rest is a qualifier.
	functionPattern = regexp.MustCompile(`^(?:(?:arn:aws[a-z-]*:lambda:[a-z0-9-]+:)?[0-9]{12}:function:)?` +
		`[A-Za-z0-9_-]{1,64}(:(?:\$LATEST(?:\.PUBLISHED)?|[A-Za-z0-9_-]+))?$`)
	aliasPattern   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)
	digitsPattern  = regexp.MustCompile(`^[0-9]+$`)
	versionPattern = regexp.MustCompile(`^[1-9][0-9]{0,17}$`) // fits 64 bits
)

// lambdaChecker fills spec and notes what is wrong on the way.
type lambdaChecker struct {
	report
	spec Lambda
}

func checkLambda(content []byte) *lambdaChecker {
	c := &lambdaChecker{}
	root, fault := parse(content)
	switch {
	case fault != nil:
		c.add(fault)
	case root.kind != table:
		c.add(found("M9", root.position, "an AppSpec must be a map with version and Resources, found %s", root))
	default:
		c.version(root)
		c.resources(root)
		c.hooks(root.get("Hooks"))
	}
	return c
}

// version is M9: only 0.0, as a number of any spelling or as that very text.
func (c *lambdaChecker) version(root *node) {
	version := root.get("version")
	if version.isText("0.0") {
		return
	}
	if version != nil && version.kind == number {
		value, err := strconv.ParseFloat(version.text, 64)
		if err == nil && value == 0 {
			return
		}
	}
	c.add(found("M9", version.at(root.position), "version must be 0.0, found %s", version).
		withHint(misspelt(root, version, "version")))
}

// resources is M10: one resource, which has one label.
func (c *lambdaChecker) resources(root *node) {
	resources := root.get("Resources")
	at := resources.at(root.position)
	if resources.absent() || resources.kind != list || len(resources.items) != 1 {
		c.add(found("M10", at, "Resources must be a list of exactly one resource, found %s", resources).
			withHint(misspelt(root, resources, "Resources")))
		return
	}
	labels := resources.items[0]
	if labels.kind != table || len(labels.fields) != 1 {
		c.add(found("M10", labels.position, "a resource must be a map of exactly one key, its label, found %s", labels))
		return
	}
	label := labels.fields[0]
	if label.key == "" || len(label.key) > maxText {
		c.add(found("M10", label.position, "the label of the resource must have 1 to %d bytes, found %d", maxText, len(label.key)))
	}
	c.spec.Label = label.key
	if label.value.kind != table {
		c.add(found("M10", label.value.position, "the resource must be a map of Type and Properties, found %s", label.value))
		return
	}
	c.resource(label.value)
}

// resource is M11, and M12 for the properties as a whole.
func (c *lambdaChecker) resource(resource *node) {
	typ := resource.get("Type")
	if !typ.isText(lambdaType) {
		c.add(found("M11", typ.at(resource.position), "Type must be %s, found %s", lambdaType, typ).
			withHint(typeHint(resource, typ)))
		if typ.isText(ecsType) {
			return // another platform's properties: every word about them would mislead
		}
	}
	properties := resource.get("Properties")
	if properties.absent() || properties.kind != table {
		c.add(found("M12", properties.at(resource.position), "Properties must be a map of Name, Alias, CurrentVersion and TargetVersion, found %s", properties).
			withHint(misspelt(resource, properties, "Properties")))
		return
	}
	c.spec.Function = c.property(properties, "Name", checkFunction)
	c.spec.Alias = c.property(properties, "Alias", checkAlias)
	c.spec.CurrentVersion = c.property(properties, "CurrentVersion", checkVersion)
	c.spec.TargetVersion = c.property(properties, "TargetVersion", checkVersion)
}

// A propertyRule names the rule that a value breaks and says what it should
// be, or returns two empty strings.
type propertyRule func(value *node) (rule, want string)

// property is M12 for a value that is not there, and the rule for one that is.
func (c *lambdaChecker) property(properties *node, name string, check propertyRule) string {
	value := properties.get(name)
	if value.absent() || value.isText("") {
		c.add(found("M12", value.at(properties.position), "%s must be given, found %s", name, value).
			withHint(misspelt(properties, value, name)))
		return ""
	}
	if rule, want := check(value); want != "" {
		c.add(found(rule, value.position, "%s must be %s, found %s", name, want, value).withHint(quotesHint(rule, value)))
	}
	return value.text
}

func checkFunction(value *node) (rule, want string) {
	match := functionPattern.FindStringSubmatch(value.text)
	switch {
	case value.kind != text || match == nil:
		return "M12", "the name (letters, digits, - and _, at most 64) or ARN of a function"
	case match[1] != "":
		return "M12", "a function without a version or alias"
	}
	return "", ""
}

func checkAlias(value *node) (rule, want string) {
	switch {
	case value.kind != text || !aliasPattern.MatchString(value.text):
		return "M12", "the name of an alias (letters, digits, - and _, at most 128)"
	case digitsPattern.MatchString(value.text):
		return "M12", "the name of an alias, which has not only digits"
	}
	return "", ""
}

func checkVersion(value *node) (rule, want string) {
	if value.kind != text && value.kind != number || !versionPattern.MatchString(value.text) {
		return "M13", "the number of a published version, a positive integer such as 2"
	}
	return "", ""
}
