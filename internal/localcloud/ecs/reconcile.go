package ecs

import (
	"context"
	"encoding/json"
	"time"

	"greenlight/internal/sqldb"
)

// mark asks for a pass over a service.
func (s *Service) mark(k serviceKey) {
	s.agenda.mark(k)
	s.clock.Changed()
}

// passes makes passes until ctx ends.
func (s *Service) passes(ctx context.Context) {
	for ctx.Err() == nil {
		due, next := s.agenda.take(time.Now())
		for _, k := range due {
			s.pass(ctx, k)
		}
		if len(due) > 0 {
			s.clock.Changed()
			continue // it may have called for the next
		}
		rest(ctx, next, s.agenda.wake)
	}
}

// rest sleeps until there is a token, the moment has come, or ctx ends.
func rest(ctx context.Context, until time.Time, wake <-chan struct{}) {
	var due <-chan time.Time
	if !until.IsZero() {
		timer := time.NewTimer(time.Until(until))
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-ctx.Done():
	case <-wake:
	case <-due:
	}
}

// pass looks at one service, saves what was decided, and begins what is to be
// done. A pass that fails is made again in a moment.
func (s *Service) pass(ctx context.Context, k serviceKey) {
	var p *picture
	err := s.db.Tx(ctx, func(tx *sqldb.Tx) (err error) {
		p, err = s.decideAndSave(tx, k)
		return err
	})
	switch {
	case ctx.Err() != nil:
		return
	case err != nil:
		s.log.Error("pass over a service failed", "service", k.arn(), "error", err)
		s.agenda.at(k, time.Now().Add(retryPause))
		return
	case p == nil:
		s.settling.forget(k)
		s.agenda.at(k, time.Time{})
		return
	}
	s.settling.update(k, p)
	s.agenda.at(k, p.wake)
	for _, a := range p.acts {
		s.perform(ctx, a)
	}
	for _, t := range p.tasks {
		if t.LastStatus == taskStopped {
			s.engine.forget(t.EngineID)
		}
	}
}

// decideAndSave returns nil for a service that there is nothing to do about.
func (s *Service) decideAndSave(tx *sqldb.Tx, k serviceKey) (*picture, error) {
	if v, err := findService(tx, k); err != nil || v == nil || v.Status == statusInactive {
		return nil, err
	}
	h, err := loadHousehold(tx, k)
	if err != nil {
		return nil, err
	}
	definitions, err := definitionsOf(tx, h)
	if err != nil {
		return nil, err
	}
	before, err := h.texts()
	if err != nil {
		return nil, err
	}
	p := &picture{
		household: h, now: s.now(), paced: s.paced, engine: s.engine.state, targets: s.targetsOf(k.scope),
		definition: func(arn string) *definition { return definitions[arn] },
	}
	decide(p)
	if err := p.save(tx, before); err != nil {
		return nil, err
	}
	if p.service.Status == statusInactive {
		if err := pruneServices(tx, p.now.real); err != nil {
			return nil, err
		}
	}
	return p, prune(tx, k)
}

// definitionsOf reads the task definitions of a service's sets and tasks, by ARN.
func definitionsOf(tx *sqldb.Tx, h *household) (map[string]*definition, error) {
	all := map[string]*definition{}
	add := func(arn string) error {
		if all[arn] != nil {
			return nil
		}
		d, err := definitionOf(tx, h.service.scope, arn)
		all[arn] = d
		return err
	}
	for _, set := range h.sets {
		if err := add(set.Definition); err != nil {
			return nil, err
		}
	}
	for _, t := range h.tasks {
		if err := add(t.Definition); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// texts are the documents of a household's rows, by row, to tell later which
// have changed.
func (h *household) texts() (map[any]string, error) {
	texts := map[any]string{}
	add := func(row any) error {
		text, err := json.Marshal(row)
		texts[row] = string(text)
		return err
	}
	if err := add(h.service); err != nil {
		return nil, err
	}
	for _, set := range h.sets {
		if err := add(set); err != nil {
			return nil, err
		}
	}
	for _, t := range h.tasks {
		if err := add(t); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// save saves the rows that differ from what they were.
func (p *picture) save(tx *sqldb.Tx, before map[any]string) error {
	after, err := p.texts()
	if err != nil {
		return err
	}
	k := p.service.serviceKey
	for _, set := range p.gone {
		if err := removeTaskSet(tx, k, set.ID); err != nil {
			return err
		}
	}
	changed := func(row any) bool { return before[row] != after[row] }
	if changed(p.service) {
		err = saveService(tx, p.service)
	}
	for _, set := range p.sets {
		if err == nil && changed(set) {
			err = saveTaskSet(tx, k, set)
		}
	}
	for _, t := range p.tasks {
		if err == nil && changed(t) {
			err = saveTask(tx, t)
		}
	}
	return err
}
