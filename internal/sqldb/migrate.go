package sqldb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
)

// migration is one step of the schema.
type migration struct {
	version int64
	name    string // of its file
	text    string
}

var migrationName = regexp.MustCompile(`^([0-9]{4})_[a-z0-9_]+\.sql$`)

const createMigrationTable = `CREATE TABLE IF NOT EXISTS schema_migrations (
	version BIGINT NOT NULL PRIMARY KEY,
	name TEXT NOT NULL
)`

// migrate applies the migrations that the database has not seen.
func migrate(c *conn, files fs.FS) error {
	list, err := readMigrations(files)
	if err != nil {
		return err
	}
	if err := c.exec(createMigrationTable); err != nil {
		return err
	}
	seen, err := c.schemaVersion()
	if err != nil {
		return err
	}
	if seen > int64(len(list)) {
		return fmt.Errorf("its schema has version %d, this greenlight knows versions up to %d: use a newer greenlight", seen, len(list))
	}
	for _, m := range list[seen:] {
		if err := c.apply(m); err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
	}
	return nil
}

// readMigrations returns the files in order, so that list[n] leads to version n+1.
func readMigrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, err
	}
	var list []migration
	for i, name := range names {
		match := migrationName.FindStringSubmatch(name)
		if match == nil {
			return nil, fmt.Errorf("migration %q is not named like 0001_name.sql", name)
		}
		version, _ := strconv.ParseInt(match[1], 10, 64) // four digits, says the pattern
		if version != int64(i+1) {
			return nil, fmt.Errorf("migration %s stands where version %d is expected", name, i+1)
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		list = append(list, migration{version, name, string(text)})
	}
	return list, nil
}

func (c *conn) schemaVersion() (version int64, err error) {
	stmt, err := c.prepare("SELECT coalesce(max(version), 0) FROM schema_migrations")
	if err != nil {
		return 0, err
	}
	err = stmt.QueryRow().Scan(&version)
	return version, err
}

// apply runs a migration and records it, both or neither.
func (c *conn) apply(m migration) error {
	if err := c.exec(c.dialect.beginWrite); err != nil {
		return err
	}
	err := c.applyInside(m)
	if err == nil {
		err = c.exec("COMMIT")
	}
	if err != nil {
		return errors.Join(err, c.exec("ROLLBACK"))
	}
	return nil
}

func (c *conn) applyInside(m migration) error {
	if _, err := c.sql.ExecContext(context.Background(), m.text); err != nil {
		return err
	}
	stmt, err := c.prepare("INSERT INTO schema_migrations (version, name) VALUES ($1, $2)")
	if err != nil {
		return err
	}
	_, err = stmt.Exec(m.version, m.name)
	return err
}
