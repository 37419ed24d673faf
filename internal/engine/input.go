package engine

import (
	"time"

	"greenlight/internal/alarmsource"
	"greenlight/internal/codedeploy"
	"greenlight/internal/lambdadriver"
)

// Input is something that happened to a deployment.
type Input interface{ input() }

// Tick says only that time has passed.
type Tick struct{}

// Outcome is the answer to an act.
type Outcome struct {
	Act         Act
	Err         error                     // nil: it was done. *awsaccess.Fault says why not
	Text        string                    // of fetch: the AppSpec
	Alias       *lambdadriver.Alias       // of observe and shift: the alias afterwards
	Provisioned *lambdadriver.Provisioned // of shift and steady; nil: could not be asked
	ECS         ECSAnswer
}

// Report is a hook function's verdict on its lifecycle event, already checked
// to be the first one and in time.
type Report struct {
	Event  codedeploy.LifecycleEventName
	Status codedeploy.LifecycleEventStatus // Succeeded or Failed
}

// Continue is a person's word that ends a wait; it was checked that the
// deployment is in that wait.
type Continue struct{ Wait codedeploy.DeploymentWaitType }

// Stop is the wish to end the deployment, of a person or of an alarm. The
// first one counts.
type Stop struct {
	AutoRollback *bool                        `json:"autoRollback,omitempty"` // nil: as configured for the cause
	Cause        codedeploy.AutoRollbackEvent `json:"cause"`
	Failure      failure                      `json:"failure"` // what the deployment will tell
}

// Resume says that the deployment has come to this node, after a start or from
// a node that died: whatever was asked of the outside without being saved has
// to be asked again.
type Resume struct{}

// AlarmStates is what a poll of the deployment's alarms found.
type AlarmStates struct {
	States map[string]alarmsource.State
	Err    error
}

func (Tick) input()        {}
func (Resume) input()      {}
func (Outcome) input()     {}
func (Report) input()      {}
func (Continue) input()    {}
func (Stop) input()        {}
func (AlarmStates) input() {}

// ActKind names a call, or a short series of calls, to the outside.
type ActKind string

// The acts. Fetch, observe, steady, look and poll only read.
const (
	ActFetch   ActKind = "fetch"   // read the AppSpec from where the revision says
	ActObserve ActKind = "observe" // read the platform before anything begins
	ActInvoke  ActKind = "invoke"  // invoke a hook function
	ActShift   ActKind = "shift"   // give the target version its share of the traffic
	ActSteady  ActKind = "steady"  // ask whether the platform has caught up
	ActAttach  ActKind = "attach"  // name the green target group in the listener's rules, at weight 0
	ActClear   ActKind = "clear"   // delete what earlier deployments left on the green target group
	ActCreate  ActKind = "create"  // create the green task set
	ActPromote ActKind = "promote" // make a task set the service's primary one
	ActDelete  ActKind = "delete"  // delete a task set
	ActLook    ActKind = "look"    // read what a shift has done whose answer was lost before a stop
	ActPoll    ActKind = "poll"    // read the states of the alarms
)

// Act is an act with its parameters and its history of attempts.
type Act struct {
	Kind    ActKind                       `json:"kind"`
	Serial  int                           `json:"serial"`            // tells acts of one deployment apart
	Event   codedeploy.LifecycleEventName `json:"event,omitempty"`   // of invoke
	Percent int                           `json:"percent,omitempty"` // of shift: the target's share afterwards
	Route   Route                         `json:"route,omitempty"`   // of shift, where there are two
	TaskSet string                        `json:"taskSet,omitempty"` // of promote and delete
	Since   time.Time                     `json:"since"`             // when it was first wanted
	Tries   int                           `json:"tries,omitempty"`   // attempts that failed
	RetryAt time.Time                     `json:"retryAt,omitzero"`  // when to try again; zero: under way
}

// Route is one of the two ways on which traffic reaches an ECS service.
type Route string

// The routes, named as in a target group pair.
const (
	RouteProd Route = "prod"
	RouteTest Route = "test"
)

// inFlight reports whether the act is one that an end must wait for, and under
// way: one that may be changing the outside now, or tells what was changed.
func (a *Act) inFlight() bool {
	if a == nil || !a.RetryAt.IsZero() {
		return false
	}
	return a.Kind == ActInvoke || a.Kind == ActLook || a.changes()
}

// changes reports whether the act changes the platform.
func (a *Act) changes() bool {
	switch a.Kind {
	case ActShift, ActAttach, ActClear, ActCreate, ActPromote, ActDelete:
		return true
	}
	return false
}
