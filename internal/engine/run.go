package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"greenlight/internal/alarmsource"
	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// actTimeout bounds one act. A far side that takes longer counts as out of
// reach, and the act is tried again.
const actTimeout = 60 * time.Second

// passRetry is the pause after a pass that could not be saved.
const passRetry = 5 * time.Second

// errNotOurs ends a pass over a deployment that another node has taken over.
var errNotOurs = errors.New("the deployment belongs to another node")

// judge turns a deployment, as it is now, into the input to plan with, or
// refuses. It is called again when somebody saved in between.
type judge func(Deployment) (Input, error)

// pass takes one input through load, plan and save, and sends off the acts
// that follow. It returns the deployment as saved. On one node, passes over one
// deployment take turns, so that acts are sent off and waits are put on the
// agenda in the order of the saves.
func (e *Engine) pass(ctx context.Context, id string, judge judge) (Deployment, error) {
	defer e.turns.take(id)()
	for {
		d, err := e.load(ctx, id)
		if err != nil {
			return d, err
		}
		in, err := judge(d)
		if err != nil {
			return d, err
		}
		decision := Plan(d, in, e.clock.Now())
		if decision.Changed {
			err = e.save(ctx, &decision)
		}
		if errors.Is(err, store.ErrStale) {
			continue
		}
		if err != nil {
			return d, err
		}
		e.follow(decision)
		return decision.Deployment, nil
	}
}

// shortPass is a pass over d as it is in hand, without reading it again. False
// means that nothing was done: d is not what is saved, or not this node's, or
// the input changes nothing.
func (e *Engine) shortPass(ctx context.Context, d Deployment, in Input) bool {
	defer e.turns.take(d.ID)()
	if d.Owner != e.node.name() {
		return false
	}
	decision := Plan(d, in, e.clock.Now())
	if !decision.Changed || e.save(ctx, &decision) != nil {
		return false
	}
	e.follow(decision)
	return true
}

// ours makes an input of this node's own: it holds only while the node owns
// the deployment.
func (e *Engine) ours(in Input) judge {
	return func(d Deployment) (Input, error) {
		if d.Owner != e.node.name() {
			return nil, errNotOurs
		}
		return in, nil
	}
}

func (e *Engine) load(ctx context.Context, id string) (Deployment, error) {
	var row store.Deployment
	err := e.store.View(ctx, func(tx *store.Tx) (err error) {
		row, err = tx.Deployment(id)
		return err
	})
	if err != nil {
		return Deployment{}, err
	}
	return decode(row)
}

// save writes a decision in one transaction: the deployment, if nobody saved
// it since it was loaded, and the rollback that its end calls for.
func (e *Engine) save(ctx context.Context, decision *Decision) error {
	row, err := decision.Deployment.encode()
	if err != nil {
		return err
	}
	err = e.store.Tx(ctx, func(tx *store.Tx) error {
		if err := tx.SaveDeployment(row); err != nil {
			return err
		}
		if decision.Rollback == nil {
			return nil
		}
		return insert(tx, *decision.Rollback)
	})
	if err == nil {
		decision.Deployment.Version++ // as the store has done
	}
	return err
}

// insert adds a deployment and registers its revision with the application,
// as CreateDeployment does (api.md 2.2). A rollback may outlive its
// application.
func insert(tx *store.Tx, d Deployment) error {
	row, err := d.encode()
	if err != nil {
		return err
	}
	if err := tx.InsertDeployment(row); err != nil {
		return err
	}
	exists, err := tx.ApplicationExists(d.ApplicationID)
	if err != nil || !exists {
		return err
	}
	now := d.Info.CreateTime.Time
	err = tx.RegisterRevision(store.Revision{
		ApplicationID: d.ApplicationID, Identity: d.RevisionIdentity, Location: d.Snapshot.Revision,
		Description:  codedeploy.RevisionDescription(d.ID),
		RegisterTime: now,
	})
	if err != nil {
		return err
	}
	return tx.UseRevision(d.ApplicationID, d.RevisionIdentity, now)
}

// follow puts what was saved on the agenda and sends off its acts. Only the
// owner acts.
func (e *Engine) follow(decision Decision) {
	d := decision.Deployment
	if d.Owner != e.node.name() {
		return
	}
	e.agenda.follow(d)
	for _, act := range decision.Acts {
		e.send(d, act)
	}
	if decision.Rollback != nil {
		e.agenda.follow(*decision.Rollback)
	}
	e.clock.Changed()
}

// awaitsReport reports whether a hook function of the deployment owes its
// report.
func (d Deployment) awaitsReport() bool {
	if d.ended() {
		return false
	}
	for _, hook := range d.Progress.Hooks {
		if hook.Reported == "" {
			return true
		}
	}
	return false
}

// keepAgenda starts a pass for every deployment whose moment has come, until
// ctx ends.
func (e *Engine) keepAgenda(ctx context.Context) {
	for ctx.Err() == nil {
		for _, f := range e.agenda.due(e.clock.Now(), e.flights) {
			e.goTick(f, Tick{})
		}
		next, _ := e.agenda.next()
		e.clock.Wait(ctx, next, e.agenda.changed)
	}
}

// goTick makes a pass beside the caller, as soon as there is room for it.
func (e *Engine) goTick(f flight, in Input) {
	e.ticks <- struct{}{}
	e.work.Go(func() {
		defer e.land(f)
		e.tick(f.deployment, in)
		<-e.ticks
	})
}

// tick makes a pass that has no sender to answer. What it saves must be whole
// also when the server is being stopped.
func (e *Engine) tick(id string, in Input) {
	_, err := e.pass(context.WithoutCancel(e.acts), id, e.ours(in))
	e.unsent(id, err)
}

// deliver makes a pass with the answer to an act of d. As a rule d is still
// what is saved, and need not be read again; before the start it is, because
// its group may be gone.
func (e *Engine) deliver(d Deployment, in Input) {
	if d.Target != nil && e.shortPass(context.WithoutCancel(e.acts), d, in) {
		return
	}
	e.tick(d.ID, in)
}

// unsent deals with the error of a pass that nobody waits for.
func (e *Engine) unsent(id string, err error) {
	if err == nil || errors.Is(err, errNotOurs) || errors.Is(err, store.ErrNotFound) {
		return
	}
	e.log.Error("a pass failed and will be repeated", "deployment", id, "error", err)
	e.agenda.wake(id, e.clock.Now().Add(passRetry))
}

// send carries an act out beside the pass and brings its answer back as the
// next input. An act that is already under way is left alone, and a server that
// is being stopped sends none: its next start finds the saved intent.
func (e *Engine) send(d Deployment, act Act) {
	f := flight{deployment: d.ID, kind: act.Kind, serial: act.Serial, tries: act.Tries}
	if e.stopping.Load() || !e.flights.start(f) {
		return
	}
	e.work.Go(func() {
		defer e.land(f)
		if in, made := e.attempt(d, act); made && e.acts.Err() == nil {
			e.deliver(d, in)
		}
	})
}

// attempt carries an act out once there is room for it and the lease holds: a
// node that was frozen must not touch what others may have taken over. False
// means that the node has lost the deployment; who takes it over finds the
// saved intent.
func (e *Engine) attempt(d Deployment, act Act) (in Input, made bool) {
	e.slots <- struct{}{}
	defer func() { <-e.slots }()
	if !e.node.awaitLease(e.acts, d.Owner) {
		return nil, false
	}
	return e.carryOut(d, act), true
}

func (e *Engine) land(f flight) {
	e.flights.end(f)
	e.clock.Changed()
}

// carryOut makes the calls of an act.
func (e *Engine) carryOut(d Deployment, act Act) (in Input) {
	ctx, cancel := context.WithTimeout(e.acts, actTimeout)
	defer cancel()
	// A panic is the fault of this one deployment, not the end of all others.
	defer func() {
		if p := recover(); p != nil {
			e.log.Error("an act panicked", "deployment", d.ID, "act", act.Kind, "panic", p, "stack", string(debug.Stack()))
			in = answer(act, Outcome{Err: fmt.Errorf("%s: internal fault", act.Kind)}, nil)
		}
	}()
	if act.Kind == ActPoll {
		states, err := e.alarms.States(ctx, d.as(), alarmNames(d.Snapshot.Alarms))
		return answer(act, Outcome{Err: err}, states)
	}
	return answer(act, e.call(ctx, d, act), nil)
}

// answer makes the input that an act's answer is.
func answer(act Act, out Outcome, states map[string]alarmsource.State) Input {
	if act.Kind == ActPoll {
		return AlarmStates{States: states, Err: out.Err}
	}
	out.Act = act
	return out
}

// call makes the calls of one act.
func (e *Engine) call(ctx context.Context, d Deployment, act Act) Outcome {
	switch act.Kind {
	case ActFetch:
		text, err := e.revisions.Fetch(ctx, d.as(), *d.Snapshot.Revision.S3Location)
		return Outcome{Text: string(text), Err: err}
	case ActInvoke:
		defer e.flights.invoked()
		return e.invokeHook(ctx, d, act)
	}
	hands := e.hands[d.Info.ComputePlatform]
	if hands == nil {
		return Outcome{Err: fmt.Errorf("no driver for the compute platform %s", d.Info.ComputePlatform)}
	}
	return hands.carryOut(ctx, d, act)
}

// hands carry out the acts of one compute platform.
type hands interface {
	carryOut(ctx context.Context, d Deployment, act Act) Outcome
}
