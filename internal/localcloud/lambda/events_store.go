package lambda

import (
	"context"
	"time"

	"greenlight/internal/sqldb"
)

// event is an accepted asynchronous invocation. Its payload stays in the
// database until it is delivered.
type event struct {
	ID            int64
	Function      functionID
	Qualifier     string
	RequestID     string
	ClientContext string
	Accepted, Due time.Time
	Failures      int // invocations that ended in a function error
	Throttles     int // refusals and faults of the server since the last of those
}

func (s *Service) insertEvent(ctx context.Context, e *event, payload []byte) error {
	return s.save(ctx, func(tx *sqldb.Tx) error {
		return tx.QueryRow(`INSERT INTO event (account, region, function, qualifier, request_id, client_context, payload,
				accepted_at, due_at, failures, throttles) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0) RETURNING id`,
			e.Function.Account, e.Function.Region, e.Function.Name, e.Qualifier, e.RequestID, e.ClientContext, payload,
			e.Accepted.UnixMilli(), e.Due.UnixMilli()).Scan(&e.ID)
	})
}

func (s *Service) postponeEvent(ctx context.Context, e *event) error {
	return s.save(ctx, execute(`UPDATE event SET due_at = $1, failures = $2, throttles = $3 WHERE id = $4`,
		e.Due.UnixMilli(), e.Failures, e.Throttles, e.ID))
}

func (s *Service) removeEvent(ctx context.Context, e *event) error {
	return s.save(ctx, execute(`DELETE FROM event WHERE id = $1`, e.ID))
}

func (s *Service) eventPayload(ctx context.Context, e *event) (payload []byte, err error) {
	err = s.db.View(ctx, func(tx *sqldb.Tx) error {
		return tx.QueryRow(`SELECT payload FROM event WHERE id = $1`, e.ID).Scan(&payload)
	})
	return payload, err
}

// loadEvents lists what an earlier process had accepted and not finished.
func (s *Service) loadEvents(ctx context.Context) ([]*event, error) {
	var events []*event
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		events = nil
		rows, err := tx.Query(`SELECT id, account, region, function, qualifier, request_id, client_context,
			accepted_at, due_at, failures, throttles FROM event`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var e event
			var accepted, due int64
			if err := rows.Scan(&e.ID, &e.Function.Account, &e.Function.Region, &e.Function.Name, &e.Qualifier, &e.RequestID,
				&e.ClientContext, &accepted, &due, &e.Failures, &e.Throttles); err != nil {
				return err
			}
			e.Accepted, e.Due = time.UnixMilli(accepted).UTC(), time.UnixMilli(due).UTC()
			events = append(events, &e)
		}
		return rows.Err()
	})
	return events, err
}
