package elb

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"greenlight/internal/sqldb"
)

// draft is a world that an operation changes. What is put into it must be new: documents of a world never change.
type draft struct {
	*world
	touched map[string]any // the document by ARN; nil: removed
}

func (d *draft) putBalancer(b *loadBalancer) { d.balancers[b.ARN], d.touched[b.ARN] = b, b }
func (d *draft) putGroup(g *targetGroup)     { d.groups[g.ARN], d.touched[g.ARN] = g, g }
func (d *draft) putListener(l *listener)     { d.listeners[l.ARN], d.touched[l.ARN] = l, l }

func (d *draft) removeBalancer(arn string) { delete(d.balancers, arn); d.touched[arn] = nil }
func (d *draft) removeGroup(arn string)    { delete(d.groups, arn); d.touched[arn] = nil }
func (d *draft) removeListener(arn string) { delete(d.listeners, arn); d.touched[arn] = nil }

// change runs an operation that changes something: alone among all of them, on a draft. When it returns nil, the change
// is durable and the data plane works by it; after an error everything is as before.
func (s *Service) change(ctx context.Context, operate func(*draft) error) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	if s.closed {
		return sqldb.ErrClosed
	}
	d := &draft{s.world.Load().clone(), map[string]any{}}
	if err := operate(d); err != nil {
		return err
	}
	if len(d.touched) == 0 {
		return nil
	}
	if err := d.associate(); err != nil {
		return err
	}
	opened, err := s.plane.open(d)
	if err != nil {
		return err
	}
	if err := s.save(ctx, d.touched); err != nil {
		opened.close()
		return err
	}
	s.world.Store(d.world)
	s.plane.follow(d.world, opened)
	return nil
}

// save writes documents, and removes those that are nil.
func (s *Service) save(ctx context.Context, documents map[string]any) error {
	texts := make(map[string]string, len(documents))
	for arn, document := range documents {
		if document == nil {
			continue
		}
		text, err := json.Marshal(document)
		if err != nil {
			return err
		}
		texts[arn] = string(text)
	}
	return s.db.Tx(ctx, func(tx *sqldb.Tx) error {
		for _, arn := range slices.Sorted(maps.Keys(documents)) {
			if err := saveResource(tx, arn, texts[arn]); err != nil {
				return err
			}
		}
		return nil
	})
}
