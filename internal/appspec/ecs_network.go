package appspec

import "strings"

// network reads a NetworkConfiguration; nil when it says nothing. AWS wants
// all three members or none (ecs.md 2.2), and its own template has all three
// there, but empty.
func (c *ecsChecker) network(configuration member) *ECSNetwork {
	if configuration.value.blank() || !c.isTable(configuration, "a map with AwsvpcConfiguration") {
		return nil
	}
	c.maybe(configuration, "AwsvpcConfiguration")
	vpc := configuration.member("AwsvpcConfiguration")
	if vpc.value.blank() || !c.isTable(vpc, "a map of Subnets, SecurityGroups and AssignPublicIp") {
		return nil
	}
	subnets, groups, assign := vpc.member("Subnets"), vpc.member("SecurityGroups"), vpc.member("AssignPublicIp")
	var missing, hints []string
	for _, m := range []member{subnets, groups, assign} {
		if m.value.empty() {
			missing = append(missing, m.path[len(vpc.path)+1:])
			hints = append(hints, m.hint)
		}
	}
	switch len(missing) {
	case 0:
		return &ECSNetwork{c.names(subnets), c.names(groups), c.assignPublicIP(assign)}
	case 1, 2:
		c.add(found("M12", vpc.position, "%s must have all of Subnets, SecurityGroups and AssignPublicIp or none, found no %s",
			vpc.path, strings.Join(missing, " and no ")).withHint(strings.TrimSpace(strings.Join(hints, " "))))
	default:
		c.maybe(vpc, missing...)
	}
	return nil
}

func (c *ecsChecker) names(m member) []string {
	if m.value.kind != list {
		c.refuse("M12", m, "a list")
		return nil
	}
	var all []string
	for _, item := range m.items() {
		all = append(all, c.name(item))
	}
	return all
}

func (c *ecsChecker) assignPublicIP(m member) string {
	if !m.value.isText("ENABLED") && !m.value.isText("DISABLED") {
		m.hint = didYouMean(m.value.text, "ENABLED", "DISABLED")
		c.refuse("M12", m, "ENABLED or DISABLED")
	}
	return m.value.text
}
