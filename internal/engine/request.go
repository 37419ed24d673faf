package engine

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"time"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// Draft is a deployment that a caller asked for, judged and completed by the
// API: what the engine adds are its identity and its first plan.
type Draft struct {
	Scope            store.Scope
	ApplicationID    string
	GroupID          string
	RevisionIdentity string
	Info             codedeploy.DeploymentInfo // without id, status and createTime
	Snapshot         Snapshot                  // without seeds
}

// Newborn is a deployment with its identity and its first plan that is not yet
// saved.
type Newborn struct{ first Decision }

// Deployment is the newborn as it will be saved.
func (n Newborn) Deployment() Deployment { return n.first.Deployment }

// NewDeployment gives a draft its identity - an id, and what later must be
// unguessable or drawn only once - and its first plan.
func (e *Engine) NewDeployment(draft Draft) Newborn {
	now := e.clock.Now()
	d := Deployment{
		Deployment: store.Deployment{
			Scope: draft.Scope, ID: codedeploy.NewDeploymentID(),
			ApplicationID: draft.ApplicationID, GroupID: draft.GroupID,
			RevisionIdentity:  draft.RevisionIdentity,
			Info:              draft.Info,
			WakeAt:            now,
			Owner:             e.node.name(),
			ApplicationExists: true, GroupExists: true,
		},
		Snapshot: draft.Snapshot,
	}
	d.Info.DeploymentID = d.ID
	d.Info.Status = codedeploy.DeploymentStatusCreated
	d.Info.CreateTime = codedeploy.NewTimestamp(now)
	d.Snapshot.RollbackID = codedeploy.NewDeploymentID()
	d.Snapshot.HookSeed = make([]byte, keySize)
	rand.Read(d.Snapshot.HookSeed) // never fails (crypto/rand)
	return newborn(d, now)
}

// newborn plans as far as a deployment can go without an answer, so that its
// creation and its first intent are one save. One that would end at once is
// saved before its first plan: whether its group is busy is for the unique
// index to decide, and that sees active deployments only.
func newborn(d Deployment, now time.Time) Newborn {
	first := Plan(d, Tick{}, now)
	if first.Deployment.ended() {
		first = Decision{Deployment: d}
	}
	return Newborn{first}
}

// Insert adds a new deployment within the caller's transaction; a
// *store.BusyError when its group has an active one. Once that transaction is
// durable, Start must be called.
func (e *Engine) Insert(tx *store.Tx, n Newborn) error {
	return insert(tx, n.first.Deployment)
}

// Start begins a deployment that has been inserted. A server that dies before
// this finds the deployment at its next start.
func (e *Engine) Start(n Newborn) { e.follow(n.first) }

// HookReport is a call of PutLifecycleEventHookExecutionStatus.
type HookReport struct {
	Scope        store.Scope
	DeploymentID string
	ExecutionID  string
	Status       codedeploy.LifecycleEventStatus // Succeeded or Failed
}

// Report takes a hook function's verdict: rows 4 to 11 of the table in api.md,
// PutLifecycleEventHookExecutionStatus. Of any number of reports for one event
// exactly one is accepted. When Report returns nil, the verdict and all that
// follows from it are durable.
func (e *Engine) Report(ctx context.Context, r HookReport) error {
	of, err := e.executions.open(r.ExecutionID)
	if err != nil || of.Account != r.Scope.Account || of.Region != r.Scope.Region {
		return codedeploy.InvalidLifecycleEventHookExecutionIdException.Errorf(
			"The lifecycle event hook execution ID is not one that was issued here.")
	}
	_, err = e.pass(ctx, r.DeploymentID, func(d Deployment) (Input, error) {
		return e.judgeReport(d, r, of)
	})
	return unknownDeployment(r.DeploymentID, err)
}

func (e *Engine) judgeReport(d Deployment, r HookReport, of execution) (Input, error) {
	if d.Scope != r.Scope {
		return nil, store.ErrNotFound
	}
	if d.Info.ComputePlatform == codedeploy.ComputePlatformServer {
		return nil, codedeploy.UnsupportedActionForDeploymentTypeException.Errorf(
			"Deployment %s is on the EC2/On-premises compute platform, whose hooks are scripts that do not report here.", d.ID)
	}
	hook, issued := d.Progress.Hooks[of.Event]
	if of.Deployment != d.ID || issued && subtle.ConstantTimeCompare(hook.Nonce, of.nonce) != 1 || !issued {
		return nil, codedeploy.InvalidLifecycleEventHookExecutionIdException.Errorf(
			"The lifecycle event hook execution ID was not issued for deployment %s.", d.ID)
	}
	if d.ended() || hook.Reported != "" || !e.clock.Now().Before(hook.Deadline) {
		return nil, codedeploy.LifecycleEventAlreadyCompletedException.Errorf(
			"The lifecycle event %s of deployment %s has already completed.", of.Event, d.ID)
	}
	return Report{Event: of.Event, Status: r.Status}, nil
}

// StopRequest is a call of StopDeployment.
type StopRequest struct {
	Scope        store.Scope
	DeploymentID string
	AutoRollback *bool // nil: as configured
}

// The answers of StopDeployment. The first text is the real service's.
const (
	stopDone    = "No more commands will be scheduled for execution in the deployment instances"
	stopPending = "The deployment will stop when the call that is under way has ended"
)

// Stop ends a deployment on request (deployments.md 7.1): at once when nothing
// is in flight, else as soon as that has ended.
func (e *Engine) Stop(ctx context.Context, r StopRequest) (codedeploy.StopDeploymentOutput, error) {
	d, err := e.pass(ctx, r.DeploymentID, func(d Deployment) (Input, error) { return judgeStop(d, r) })
	switch {
	case errors.Is(err, errAlreadyStopped):
	case err != nil:
		return codedeploy.StopDeploymentOutput{}, unknownDeployment(r.DeploymentID, err)
	case !d.ended():
		return codedeploy.StopDeploymentOutput{Status: codedeploy.StopStatusPending, StatusMessage: stopPending}, nil
	}
	return codedeploy.StopDeploymentOutput{Status: codedeploy.StopStatusSucceeded, StatusMessage: stopDone}, nil
}

// errAlreadyStopped lets a repeated stop succeed without changing anything.
var errAlreadyStopped = errors.New("the deployment is already stopped")

func judgeStop(d Deployment, r StopRequest) (Input, error) {
	switch {
	case d.Scope != r.Scope:
		return nil, store.ErrNotFound
	case !d.GroupExists:
		return nil, codedeploy.DeploymentGroupDoesNotExistException.Errorf(
			"No deployment group found for name: %s", d.Info.DeploymentGroupName)
	case d.Info.Status == codedeploy.DeploymentStatusStopped:
		return nil, errAlreadyStopped
	case d.ended():
		return nil, alreadyCompleted(d)
	case d.irrevocable():
		return nil, codedeploy.DeploymentAlreadyCompletedException.Errorf(
			"Deployment %s can no longer be stopped: its original side is being terminated.", d.ID)
	}
	return Stop{
		AutoRollback: r.AutoRollback,
		Cause:        codedeploy.AutoRollbackEventDeploymentStopOnRequest,
		Failure:      failure{Code: codedeploy.ErrorCodeManualStop, Message: codedeploy.MessageManualStop},
	}, nil
}

func alreadyCompleted(d Deployment) error {
	return codedeploy.DeploymentAlreadyCompletedException.Errorf(
		"Deployment %s has already completed: its status is %s.", d.ID, d.Info.Status)
}

func (d Deployment) irrevocable() bool {
	l := lifeOf(d.Info.ComputePlatform)
	return l != nil && l.irrevocable(&d)
}

// unknownDeployment turns the store's answer into the API's.
func unknownDeployment(id string, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return codedeploy.DeploymentDoesNotExistException.Errorf("The deployment %s could not be found.", id)
	}
	return err
}
