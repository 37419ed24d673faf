package appspec

import "regexp"

const lambdaType = "AWS::Lambda::Function"

var (
	// The forms of a function's name that the Lambda API documents: the bare
	// name, account:function:name, and the full ARN; the rest is a qualifier.
	functionPattern = regexp.MustCompile(`^(?:(?:arn:aws[a-z-]*:lambda:[a-z0-9-]+:)?[0-9]{12}:function:)?` +
		`[A-Za-z0-9_-]{1,64}(:(?:\$LATEST(?:\.PUBLISHED)?|[A-Za-z0-9_-]+))?$`)
	aliasPattern   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)
	digitsPattern  = regexp.MustCompile(`^[0-9]+$`)
	versionPattern = regexp.MustCompile(`^[1-9][0-9]{0,17}$`) // fits 64 bits
)

// lambdaGrammar is lambda.md 2.1; the sentence is row M15's.
var lambdaGrammar = grammar{
	typ:       lambdaType,
	events:    []string{beforeAllowTraffic, afterAllowTraffic},
	work:      map[string]string{"AllowTraffic": "shifts the traffic"},
	emptyHook: "The Lambda function name cannot be null or empty",
}

// lambdaChecker fills spec and notes what is wrong on the way.
type lambdaChecker struct {
	checker
	spec Lambda
}

func checkLambda(content []byte) *lambdaChecker {
	c := &lambdaChecker{checker: checker{grammar: lambdaGrammar}}
	root := c.document(content)
	if root == nil {
		return c
	}
	c.version(root)
	var resource *node
	if c.spec.Label, resource = c.onlyResource(root); resource != nil && c.checkType("", resource) {
		c.properties(resource)
	}
	for _, hook := range c.hooks(root) {
		c.setHook(hook)
	}
	return c
}

func (c *lambdaChecker) setHook(hook Hook) {
	if hook.Event == beforeAllowTraffic {
		c.spec.BeforeAllowTraffic = hook.Function
		return
	}
	c.spec.AfterAllowTraffic = hook.Function
}

// properties is M12 and M13.
func (c *lambdaChecker) properties(resource *node) {
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
	if value.blank() {
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
