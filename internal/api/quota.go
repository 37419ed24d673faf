package api

import (
	"fmt"
	"iter"

	"greenlight/internal/awswire"
)

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

// Bounds of what a quota can be set to. They keep one request, or one
// transaction, from becoming arbitrarily large.
const (
	mostRows  = 10_000_000
	mostItems = 1000 // of one request or one answer
)

// quotas has a line per member: the name it is set by, AWS's value and the
// most that it can be set to.
var quotas = []struct {
	name           string
	member         func(*Quotas) *int
	standard, most int
}{
	{"applications", func(q *Quotas) *int { return &q.Applications }, 1000, mostRows},
	{"groups-per-application", func(q *Quotas) *int { return &q.GroupsPerApplication }, 1000, mostRows},
	{"deployment-configs", func(q *Quotas) *int { return &q.DeploymentConfigs }, 200, mostRows},
	{"concurrent-deployments", func(q *Quotas) *int { return &q.ConcurrentDeployments }, 1000, mostRows},
	{"alarms-per-group", func(q *Quotas) *int { return &q.AlarmsPerGroup }, 50, mostItems},
	{"triggers-per-group", func(q *Quotas) *int { return &q.TriggersPerGroup }, 10, mostItems},
	{"batch-applications", func(q *Quotas) *int { return &q.BatchApplications }, 100, mostItems},
	{"batch-groups", func(q *Quotas) *int { return &q.BatchGroups }, 100, mostItems},
	{"batch-deployments", func(q *Quotas) *int { return &q.BatchDeployments }, 25, mostItems},
	{"batch-targets", func(q *Quotas) *int { return &q.BatchTargets }, 25, mostItems},
	{"batch-instances", func(q *Quotas) *int { return &q.BatchInstances }, 25, mostItems},
	{"batch-revisions", func(q *Quotas) *int { return &q.BatchRevisions }, 25, mostItems},
	{"batch-on-premises", func(q *Quotas) *int { return &q.BatchOnPremises }, 100, mostItems},
	{"tagged-instances", func(q *Quotas) *int { return &q.TaggedInstances }, 100, mostItems},
	{"app-spec-bytes", func(q *Quotas) *int { return &q.AppSpecBytes }, 64 << 10, awswire.DefaultMaxBody},
	{"page-size", func(q *Quotas) *int { return &q.PageSize }, 100, mostItems},
}

func (q Quotas) orDefaults() Quotas {
	for _, quota := range quotas {
		if set := quota.member(&q); *set == 0 {
			*set = quota.standard
		}
	}
	return q
}

// Set gives the quota of this name, such as "alarms-per-group", a value from 1
// to the most that it can be.
func (q *Quotas) Set(name string, value int) error {
	for _, quota := range quotas {
		if quota.name != name {
			continue
		}
		if value < 1 || value > quota.most {
			return fmt.Errorf("the quota %s can be 1 to %d, not %d", name, quota.most, value)
		}
		*quota.member(q) = value
		return nil
	}
	return fmt.Errorf("there is no quota %q", name)
}

// QuotaDefaults yields the name of every quota that can be set, with AWS's
// value.
func QuotaDefaults() iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		for _, quota := range quotas {
			if !yield(quota.name, quota.standard) {
				return
			}
		}
	}
}
