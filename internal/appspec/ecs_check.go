package appspec

import (
	"fmt"
	"regexp"
	"strconv"
)

const ecsType = "AWS::ECS::Service"

// ecsGrammar is ecs.md 2.2 and 5.2.
var ecsGrammar = grammar{
	typ:    ecsType,
	events: []string{"BeforeInstall", "AfterInstall", "AfterAllowTestTraffic", beforeAllowTraffic, afterAllowTraffic},
	work: map[string]string{
		"Install":          "creates the replacement task set",
		"AllowTestTraffic": "shifts the test traffic",
		"AllowTraffic":     "shifts the traffic",
	},
}

const maxPort = 1<<16 - 1

var countPattern = regexp.MustCompile(`^(?:0|[1-9][0-9]{0,8})$`) // fits 32 bits

// ecsChecker fills spec and notes what is wrong on the way.
type ecsChecker struct {
	checker
	spec ECS
}

func checkECS(content []byte) *ecsChecker {
	c := &ecsChecker{checker: checker{grammar: ecsGrammar}}
	root := c.document(content)
	if root == nil {
		return c
	}
	c.version(root)
	label, resource := c.onlyResource(root)
	c.spec.Label = label
	path := fmt.Sprintf("Resources[0].%s", plain(label))
	if resource != nil && c.checkType(path+".", resource) {
		c.properties(member{path: path, value: resource, position: resource.position})
	}
	c.spec.Hooks = c.hooks(root)
	return c
}

func (c *ecsChecker) properties(resource member) {
	properties := resource.member("Properties")
	if !c.isTable(properties, "a map with TaskDefinition and LoadBalancerInfo") {
		return
	}
	c.maybe(properties, "PlatformVersion", "NetworkConfiguration", "CapacityProviderStrategy")
	c.spec.TaskDefinition = c.name(properties.member("TaskDefinition"))
	c.loadBalancer(properties.member("LoadBalancerInfo"))
	if version := properties.member("PlatformVersion"); !version.value.blank() {
		c.spec.PlatformVersion = c.name(version)
	}
	c.spec.Network = c.network(properties.member("NetworkConfiguration"))
	c.spec.CapacityProviders = c.capacityProviders(properties.member("CapacityProviderStrategy"))
}

func (c *ecsChecker) loadBalancer(info member) {
	if !c.isTable(info, "a map of ContainerName and ContainerPort") {
		return
	}
	c.spec.ContainerName = c.name(info.member("ContainerName"))
	if port := info.member("ContainerPort"); c.given(port) {
		c.spec.ContainerPort = c.number(port, 1, maxPort, "an integer from 1 to 65535")
	}
}

// given notes a member that must be there and is not.
func (c *ecsChecker) given(m member) bool {
	if !m.value.blank() {
		return true
	}
	c.add(found("M12", m.position, "%s must be given, found %s", m.path, m.value).withHint(m.hint))
	return false
}

func (c *ecsChecker) isTable(m member, want string) bool {
	switch {
	case !c.given(m):
		return false
	case m.value.kind != table:
		c.refuse("M12", m, want)
		return false
	}
	return true
}

// name reads a text that ECS or Lambda will judge.
func (c *ecsChecker) name(m member) string {
	if !c.given(m) {
		return ""
	}
	if m.value.kind != text || len(m.value.text) > maxText {
		m.hint = quotesHint("M12", m.value)
		c.refuse("M12", m, fmt.Sprintf("a text of at most %d bytes", maxText))
	}
	return m.value.text
}

// number reads an integer, written as one: AWS refuses a port in quotation
// marks (ecs.md 2.2).
func (c *ecsChecker) number(m member, least, most int, want string) int {
	if m.value.kind == number && countPattern.MatchString(m.value.text) {
		if n, err := strconv.Atoi(m.value.text); err == nil && n >= least && n <= most {
			return n
		}
	}
	m.hint = quotesHint("M13", m.value)
	if m.value.kind == text && countPattern.MatchString(m.value.text) {
		m.hint = "Write the number without quotation marks."
	}
	c.refuse("M13", m, want)
	return 0
}

func (c *ecsChecker) refuse(rule string, m member, want string) {
	c.add(found(rule, m.position, "%s must be %s, found %s", m.path, want, m.value).withHint(m.hint))
}
