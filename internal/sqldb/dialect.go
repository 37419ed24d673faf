package sqldb

import (
	"errors"
	"slices"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// dialect holds what differs between database engines. Everything else is one
// SQL text for all of them.
type dialect struct {
	beginWrite string // opens a transaction that will write
	beginRead  string // opens a transaction that reads one snapshot
	skipLocked string // ends a SELECT whose rows must not change until commit, passing over rows that somebody else holds
	unique     []int  // error codes of a violated unique or primary key
	foreignKey []int  // error codes of a violated foreign key
}

// sqliteDialect takes the write lock when a transaction begins: a transaction
// that upgrades from reading to writing can fail at any statement. With one
// writer there are no rows to lock.
var sqliteDialect = dialect{
	beginWrite: "BEGIN IMMEDIATE",
	beginRead:  "BEGIN DEFERRED",
	unique:     []int{sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID},
	foreignKey: []int{sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY},
}

// IsUnique reports whether err says that a unique or primary key is taken. On some
// engines the transaction is lost then: return the error from the function, or
// write INSERT ... ON CONFLICT DO NOTHING where the transaction must go on.
func IsUnique(err error) bool { return hasCode(err, sqliteDialect.unique) }

// IsForeignKey reports whether err says that a referenced row does not exist or
// that a row is still referenced.
func IsForeignKey(err error) bool { return hasCode(err, sqliteDialect.foreignKey) }

func hasCode(err error, codes []int) bool {
	var failure *sqlite.Error
	return errors.As(err, &failure) && slices.Contains(codes, failure.Code())
}
