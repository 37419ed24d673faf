package serve

import (
	"errors"
	"strings"
)

// ErrPostgreSQL refuses a database that this version cannot use. It does not
// repeat the address, which may hold a password.
var ErrPostgreSQL = errors.New("PostgreSQL is not in this version; it comes with the release that runs several replicas, so use sqlite:PATH")

var errDatabase = errors.New("the database must be given as sqlite:PATH")

// Database is where everything is kept.
type Database struct {
	path string // of an SQLite file
}

// ParseDatabase reads sqlite:PATH. It refuses postgres:// with ErrPostgreSQL.
func ParseDatabase(text string) (Database, error) {
	scheme, rest, _ := strings.Cut(text, ":")
	switch {
	case scheme == "postgres", scheme == "postgresql":
		return Database{}, ErrPostgreSQL
	case scheme != "sqlite" || rest == "":
		return Database{}, errDatabase
	}
	return Database{path: rest}, nil
}
