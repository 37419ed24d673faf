package elb

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"

	"greenlight/internal/sqldb"
)

//go:embed migrations/*.sql
var embedded embed.FS

func migrations() fs.FS {
	files, err := fs.Sub(embedded, "migrations")
	if err != nil {
		panic(err) // the folder is part of the binary
	}
	return files
}

// saveResource writes the document of a resource; an empty one removes it.
func saveResource(tx *sqldb.Tx, arn, document string) error {
	if document == "" {
		_, err := tx.Exec(`DELETE FROM resource WHERE arn = $1`, arn)
		return err
	}
	_, err := tx.Exec(`INSERT INTO resource (arn, document) VALUES ($1, $2)
		ON CONFLICT (arn) DO UPDATE SET document = excluded.document`, arn, document)
	return err
}

// load reads the world that was saved.
func load(ctx context.Context, db *sqldb.DB) (*world, error) {
	var w *world
	err := db.View(ctx, func(tx *sqldb.Tx) error {
		w = newWorld()
		rows, err := tx.Query(`SELECT arn, document FROM resource`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }() // Err tells
		for rows.Next() {
			var arn string
			var document []byte
			if err := rows.Scan(&arn, &document); err != nil {
				return err
			}
			if err := w.restore(arn, document); err != nil {
				return fmt.Errorf("%s: %w", arn, err)
			}
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("read load balancers: %w", err)
	}
	if err := w.associate(); err != nil {
		return nil, fmt.Errorf("read load balancers: %w", err)
	}
	return w, nil
}

func (w *world) restore(arn string, document []byte) error {
	switch {
	case kindLoadBalancer.is(arn):
		return restore(w.balancers, arn, document)
	case kindTargetGroup.is(arn):
		return restore(w.groups, arn, document)
	case kindListener.is(arn):
		return restore(w.listeners, arn, document)
	}
	return fmt.Errorf("not the ARN of a known resource")
}

func restore[T any](into map[string]*T, arn string, document []byte) error {
	into[arn] = new(T)
	return json.Unmarshal(document, into[arn])
}
