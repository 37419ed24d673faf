package api

// Quotas are the limits of api.md section 9, per account and region unless
// said otherwise. A member that is zero means AWS's default.
type Quotas struct {
	Applications          int
	GroupsPerApplication  int
	DeploymentConfigs     int
	ConcurrentDeployments int
	AlarmsPerGroup        int
	TriggersPerGroup      int
	BatchApplications     int // names in one BatchGetApplications
	BatchGroups           int // names in one BatchGetDeploymentGroups
	BatchDeployments      int // ids in one BatchGetDeployments
	BatchTargets          int // ids in one BatchGetDeploymentTargets
	BatchInstances        int // ids in one BatchGetDeploymentInstances
	BatchRevisions        int // revisions in one BatchGetApplicationRevisions
	BatchOnPremises       int // names in one BatchGetOnPremisesInstances
	TaggedInstances       int // names in one call that adds or removes on-premises instances' tags
	AppSpecBytes          int // of inline content
	PageSize              int // rows of one page of a list
}

// defaultQuotas are AWS's values.
var defaultQuotas = Quotas{
	Applications:          1000,
	GroupsPerApplication:  1000,
	DeploymentConfigs:     200,
	ConcurrentDeployments: 1000,
	AlarmsPerGroup:        50,
	TriggersPerGroup:      10,
	BatchApplications:     100,
	BatchGroups:           100,
	BatchDeployments:      25,
	BatchTargets:          25,
	BatchInstances:        25,
	BatchRevisions:        25,
	BatchOnPremises:       100,
	TaggedInstances:       100,
	AppSpecBytes:          64 << 10,
	PageSize:              100,
}

func (q Quotas) orDefaults() Quotas {
	d := defaultQuotas
	for _, m := range []struct{ set, standard *int }{
		{&q.Applications, &d.Applications},
		{&q.GroupsPerApplication, &d.GroupsPerApplication},
		{&q.DeploymentConfigs, &d.DeploymentConfigs},
		{&q.ConcurrentDeployments, &d.ConcurrentDeployments},
		{&q.AlarmsPerGroup, &d.AlarmsPerGroup},
		{&q.TriggersPerGroup, &d.TriggersPerGroup},
		{&q.BatchApplications, &d.BatchApplications},
		{&q.BatchGroups, &d.BatchGroups},
		{&q.BatchDeployments, &d.BatchDeployments},
		{&q.BatchTargets, &d.BatchTargets},
		{&q.BatchInstances, &d.BatchInstances},
		{&q.BatchRevisions, &d.BatchRevisions},
		{&q.BatchOnPremises, &d.BatchOnPremises},
		{&q.TaggedInstances, &d.TaggedInstances},
		{&q.AppSpecBytes, &d.AppSpecBytes},
		{&q.PageSize, &d.PageSize},
	} {
		if *m.set == 0 {
			*m.set = *m.standard
		}
	}
	return q
}
