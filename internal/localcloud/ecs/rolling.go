package ecs

// unbounded is the room of a service whose task sets somebody else deploys.
const unbounded = maxDesired * maxTaskSets

// roll decides how far the deployment of a service that ECS deploys itself can
// go on: new tasks as long as maximumPercent leaves room, and of the tasks of
// older deployments those that minimumHealthyPercent does not need.
func (p *picture) roll() {
	p.room = unbounded
	primary := p.primary()
	if p.service.byTaskSets() || primary == nil {
		return
	}
	maximum, minimum := p.service.Settings.Deployment.bounds()
	most := p.service.Desired * maximum / 100
	least := (p.service.Desired*minimum + 99) / 100
	wanted, fitting := 0, 0
	for _, set := range p.sets {
		w, f := p.muster(set)
		wanted, fitting = wanted+w, fitting+f
	}
	p.room = max(most-wanted, 0)
	spare := max(fitting-least, 0)
	for _, set := range p.sets {
		if set == primary {
			continue
		}
		_, f := p.muster(set)
		given := min(f, spare)
		set.Desired = f - given // what is unfit goes first
		spare -= given
	}
}

// muster counts the tasks of a set that are to go on, and those of them that are
// fit.
func (p *picture) muster(set *taskSet) (wanted, fitting int) {
	for _, t := range p.of(set) {
		if !t.wanted() {
			continue
		}
		wanted++
		if fit(t, set, p.targets) {
			fitting++
		}
	}
	return wanted, fitting
}
