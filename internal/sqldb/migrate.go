package sqldb

import (
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
	breaks  bool // programs that do not know it cannot live with it
}

var (
	migrationName = regexp.MustCompile(`^([0-9]{4})_[a-z0-9_]+\.sql$`)
	breaksOlder   = regexp.MustCompile(`(?m)^-- breaks older programs\b`)
)

// schemaTables remember what a database has seen. schema_breaks holds the
// versions that programs must know to use it.
var schemaTables = []string{
	`CREATE TABLE IF NOT EXISTS schema_migrations (
	version BIGINT NOT NULL PRIMARY KEY,
	name TEXT NOT NULL
)`,
	`CREATE TABLE IF NOT EXISTS schema_breaks (version BIGINT NOT NULL PRIMARY KEY)`,
}

const (
	lastSeen  = "SELECT coalesce(max(version), 0) FROM schema_migrations"
	lastBreak = "SELECT coalesce(max(version), 0) FROM schema_breaks"
)

// migrate applies the migrations that the database has not seen. Of programs that do
// it at the same moment, one applies each.
func migrate(c *conn, list []migration) error {
	if err := c.alone(c.createSchemaTables); err != nil {
		return err
	}
	if err := c.checkVersion(int64(len(list))); err != nil {
		return err
	}
	seen, err := c.version(lastSeen)
	if err != nil {
		return err
	}
	for _, m := range list[min(seen, int64(len(list))):] {
		if err := c.alone(func() error { return c.apply(m) }); err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
	}
	return c.checkVersion(int64(len(list)))
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
		list = append(list, migration{version, name, string(text), breaksOlder.Match(text)})
	}
	return list, nil
}

func (c *conn) createSchemaTables() error {
	for _, text := range schemaTables {
		if err := c.exec(text); err != nil {
			return err
		}
	}
	return nil
}

func (c *conn) checkVersion(known int64) error {
	needed, err := c.version(lastBreak)
	if err != nil {
		return err
	}
	if needed > known {
		return fmt.Errorf("its schema has version %d, this greenlight knows versions up to %d: use a newer greenlight", needed, known)
	}
	return nil
}

func (c *conn) version(query string) (version int64, err error) {
	stmt, err := c.prepare(query)
	if err != nil {
		return 0, err
	}
	err = stmt.QueryRowContext(c.ctx).Scan(&version)
	return version, err
}

// alone runs fn in a transaction that keeps other migrations out.
func (c *conn) alone(fn func() error) error {
	return c.write(func(*Tx) error {
		if c.dialect.lockSchema != "" {
			if err := c.exec(c.dialect.lockSchema); err != nil {
				return err
			}
		}
		return fn()
	})
}

// apply runs a migration and records it, unless somebody else was faster.
func (c *conn) apply(m migration) error {
	seen, err := c.version(lastSeen)
	if err != nil || seen >= m.version {
		return err
	}
	if _, err := c.sql.ExecContext(c.ctx, c.dialect.ddl(m.text)); err != nil {
		return err
	}
	if m.breaks {
		if err := c.exec("INSERT INTO schema_breaks (version) VALUES ($1)", m.version); err != nil {
			return err
		}
	}
	return c.exec("INSERT INTO schema_migrations (version, name) VALUES ($1, $2)", m.version, m.name)
}
