package appspec

import "math"

// capacityProviders reads a CapacityProviderStrategy; nil when there is none.
func (c *ecsChecker) capacityProviders(strategy member) []ECSCapacityProvider {
	if strategy.value.empty() {
		return nil
	}
	if strategy.value.kind != list {
		c.refuse("M12", strategy, "a list of maps with CapacityProvider")
		return nil
	}
	sound := len(c.findings)
	var all []ECSCapacityProvider
	for _, item := range strategy.items() {
		if c.isTable(item, "a map of CapacityProvider, Base and Weight") {
			all = append(all, c.capacityProvider(item))
		}
	}
	if sound == len(c.findings) {
		c.checkStrategy(strategy, all)
	}
	return all
}

func (c *ecsChecker) capacityProvider(entry member) ECSCapacityProvider {
	c.maybe(entry, "Base", "Weight")
	return ECSCapacityProvider{
		CapacityProvider: c.name(entry.member("CapacityProvider")),
		Base:             c.count(entry.member("Base")),
		Weight:           c.count(entry.member("Weight")),
	}
}

// count is 0 when it is not given.
func (c *ecsChecker) count(m member) int {
	if m.value.absent() {
		return 0
	}
	return c.number(m, 0, math.MaxInt32, "an integer of at least 0")
}

// checkStrategy holds the rules about all entries together (ecs.md 2.2).
func (c *ecsChecker) checkStrategy(strategy member, all []ECSCapacityProvider) {
	based, weighted := 0, 0
	for _, provider := range all {
		if provider.Base > 0 {
			based++
		}
		if provider.Weight > 0 {
			weighted++
		}
	}
	if based > 1 {
		c.add(found("M12", strategy.position, "%s must have at most one entry with a Base above 0, found %d", strategy.path, based))
	}
	if len(all) > 1 && weighted == 0 {
		c.add(found("M12", strategy.position, "%s must have an entry with a Weight above 0, found none", strategy.path))
	}
}
