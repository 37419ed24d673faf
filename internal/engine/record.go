package engine

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"greenlight/internal/appspec"
	"greenlight/internal/codedeploy"
	"greenlight/internal/lambdadriver"
	"greenlight/internal/store"
)

// Deployment is a saved deployment with the engine's own parts decoded.
type Deployment struct {
	store.Deployment
	Snapshot Snapshot
	Progress Progress
}

// Snapshot is what a deployment takes with it when it is created: nothing that
// somebody updates or deletes later may change it (deployments.md 3.1).
type Snapshot struct {
	Revision       codedeploy.RevisionLocation           `json:"revision"` // with its content
	TrafficRouting codedeploy.TrafficRoutingConfig       `json:"trafficRouting"`
	ServiceRoleARN string                                `json:"serviceRoleArn"`
	Alarms         *codedeploy.AlarmConfiguration        `json:"alarms,omitempty"`   // in force: the override, else the group's
	Rollback       *codedeploy.AutoRollbackConfiguration `json:"rollback,omitempty"` // in force likewise
	HookSeed       []byte                                `json:"hookSeed,omitempty"` // what its hooks' nonces are derived from

	// RollbackID is drawn when the deployment is created. A deployment can thus
	// have one rollback at most, whatever happens: a second one would have the
	// same id.
	RollbackID string `json:"rollbackId,omitempty"`
	RollbackOf string `json:"rollbackOf,omitempty"`

	ECSService *codedeploy.ECSService `json:"ecsService,omitempty"` // the group's, as it was given
}

// Progress is the engine's private state of a deployment.
type Progress struct {
	Fetched bool                                   `json:"fetched,omitempty"` // the AppSpec has been read from where it is kept
	Text    string                                 `json:"text,omitempty"`    // the AppSpec, when it had to be fetched
	Act     *Act                                   `json:"act,omitempty"`     // the intent: what is being carried out, or waits to be tried again
	Serial  int                                    `json:"serial,omitempty"`  // numbers the acts
	Stop    *Stop                                  `json:"stop,omitempty"`
	Hooks   map[codedeploy.LifecycleEventName]Hook `json:"hooks,omitempty"` // by lifecycle event
	Shift   Shift                                  `json:"shift,omitzero"`
	Ready   Wait                                   `json:"ready,omitzero"`       // for a person's word before traffic moves
	Retire  Wait                                   `json:"termination,omitzero"` // before the original side is terminated
	Alarms  AlarmWatch                             `json:"alarms,omitzero"`
	Why     []string                               `json:"why,omitempty"` // evidence, told in deploymentStatusMessages at the end
	Lambda  *LambdaProgress                        `json:"lambda,omitempty"`
	ECS     *ECSProgress                           `json:"ecs,omitempty"`
}

// Hook is one invocation of a hook function for one lifecycle event.
type Hook struct {
	Function string                          `json:"function"`
	Nonce    []byte                          `json:"nonce"` // makes the execution id; saved before the first invoke, never replaced
	Deadline time.Time                       `json:"deadline"`
	Invoked  time.Time                       `json:"invoked,omitzero"` // when Lambda accepted it
	Reported codedeploy.LifecycleEventStatus `json:"reported,omitempty"`
}

// Shift is how far traffic has moved.
type Shift struct {
	Done     int       `json:"done,omitempty"`     // steps of the schedule that are done
	At       time.Time `json:"at,omitzero"`        // when the last one was done and steady
	Unsteady bool      `json:"unsteady,omitempty"` // the last one is set, but the platform is not yet ready
	Ask      time.Time `json:"ask,omitzero"`       // when to ask again whether it is
}

// Wait is one of the two waits that a person's word ends (deployments.md 7.2).
type Wait struct {
	Until time.Time `json:"until,omitzero"` // zero: not reached yet
	Over  bool      `json:"over,omitempty"` // a person has spoken, or the time has passed
}

// AlarmWatch is the state of a deployment's alarm polling.
type AlarmWatch struct {
	Seen     bool      `json:"seen,omitempty"` // the first poll, before anything is touched, was good
	Next     time.Time `json:"next,omitzero"`
	Failures int       `json:"failures,omitempty"` // polls failed in a row
}

// LambdaProgress is what the Lambda platform keeps.
type LambdaProgress struct {
	AppSpec appspec.Lambda      `json:"appSpec"`
	Alias   *lambdadriver.Alias `json:"alias,omitempty"` // as last read or set by us
}

// decode turns a row into a Deployment.
func decode(row store.Deployment) (Deployment, error) {
	d := Deployment{Deployment: row}
	if err := json.Unmarshal(row.Snapshot, &d.Snapshot); err != nil {
		return d, fmt.Errorf("snapshot of deployment %s: %w", row.ID, err)
	}
	if err := json.Unmarshal(row.Progress, &d.Progress); err != nil {
		return d, fmt.Errorf("progress of deployment %s: %w", row.ID, err)
	}
	return d, nil
}

// encode turns a Deployment into a row.
func (d Deployment) encode() (store.Deployment, error) {
	row := d.Deployment
	var err error
	if row.Progress, err = json.Marshal(d.Progress); err != nil {
		return row, fmt.Errorf("progress of deployment %s: %w", row.ID, err)
	}
	if row.Snapshot == nil {
		if row.Snapshot, err = json.Marshal(d.Snapshot); err != nil {
			return row, fmt.Errorf("snapshot of deployment %s: %w", row.ID, err)
		}
	}
	return row, nil
}

// clone copies what Plan may change, so that Plan changes nothing of its
// caller's.
func (d Deployment) clone() Deployment {
	d.Info.DeploymentStatusMessages = slices.Clone(d.Info.DeploymentStatusMessages)
	d.Target = cloneTarget(d.Target)
	p := &d.Progress
	p.Hooks = maps.Clone(p.Hooks)
	p.Why = slices.Clone(p.Why)
	if p.Act != nil {
		p.Act = new(*p.Act)
	}
	if p.Lambda != nil {
		p.Lambda = new(*p.Lambda)
	}
	if p.ECS != nil {
		p.ECS = p.ECS.clone()
	}
	return d
}

func (d Deployment) ended() bool { return d.Info.Status.Terminal() }
