package engine

import (
	"slices"
	"time"

	"greenlight/internal/appspec"
	"greenlight/internal/ecsdriver"
)

// ECSProgress is what the ECS platform keeps. A rollback begins with that of
// the deployment which it undoes.
type ECSProgress struct {
	AppSpec *appspec.ECS `json:"appSpec,omitempty"`

	Seen      bool            `json:"seen,omitempty"`    // the service has been read before anything began
	Service   string          `json:"service,omitempty"` // its ARN
	Original  TaskSet         `json:"blue,omitzero"`
	New       TaskSet         `json:"green,omitzero"` // no ID: not created yet
	Pair      ecsdriver.Pair  `json:"pair,omitzero"`
	ALB       bool            `json:"alb,omitempty"` // application load balancer: traffic can be split
	Share     ecsdriver.Share `json:"share,omitzero"`
	Primary   string          `json:"primary,omitempty"`   // id of the primary task set, as last seen
	Leftovers []string        `json:"leftovers,omitempty"` // task sets of earlier deployments on the green target group

	// Template is the original task set as it was found: what the AppSpec does
	// not say, the new one takes over from it.
	Template *ecsdriver.TaskSet `json:"template,omitempty"`
	Tags     map[string]string  `json:"tags,omitempty"`

	Checked  bool `json:"checked,omitempty"`  // the preflight was good
	Attached bool `json:"attached,omitempty"` // the green target group is named in the production rules
	Cleared  bool `json:"cleared,omitempty"`  // the deletion of leftovers was asked for
	Tested   bool `json:"tested,omitempty"`   // the test traffic is on the new side
	Promoted bool `json:"promoted,omitempty"`
	Deleted  bool `json:"deleted,omitempty"` // the deletion of the side that goes was asked for
	Spared   bool `json:"spared,omitempty"`  // that deletion was refused

	// Touched says what may have been changed outside: it is set with the
	// intent, not with the answer.
	Touched Touched `json:"touched,omitzero"`

	Ask      time.Time `json:"ask,omitzero"`      // when to read the service again
	Asked    time.Time `json:"asked,omitzero"`    // since when it is read for the same reason
	Unsteady time.Time `json:"unsteady,omitzero"` // since when the new task set is unsteady after it was steady
	Told     []string  `json:"told,omitempty"`    // the service's newest events, for the why
}

// TaskSet is one side of a deployment, as last seen.
type TaskSet struct {
	ID      string `json:"id,omitempty"`
	ARN     string `json:"arn,omitempty"`
	Group   string `json:"group,omitempty"` // name of its target group
	Status  string `json:"status,omitempty"`
	Desired int    `json:"desired"`
	Pending int    `json:"pending"`
	Running int    `json:"running"`
	Steady  bool   `json:"steady,omitempty"`
	Listed  bool   `json:"listed,omitempty"` // the service has shown it
	Gone    bool   `json:"gone,omitempty"`   // and no longer does
}

// arnOf is how a task set is named to ECS: some of what speaks its API finds one
// by its ARN only.
func (e *ECSProgress) arnOf(id string) string {
	for _, t := range []TaskSet{e.Original, e.New} {
		if t.ID == id && t.ARN != "" {
			return t.ARN
		}
	}
	return id
}

// Touched is what a deployment may have changed.
type Touched struct {
	Green bool `json:"green,omitempty"`
	Prod  bool `json:"prod,omitempty"`
	Test  bool `json:"test,omitempty"`
}

func (e *ECSProgress) clone() *ECSProgress {
	c := *e
	c.Leftovers = slices.Clone(e.Leftovers)
	return &c
}
