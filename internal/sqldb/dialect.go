package sqldb

import (
	"database/sql"
	"time"
)

// dialect holds what differs between database engines. Everything else is one
// SQL text for all of them.
type dialect struct {
	beginWrite  string // opens a transaction that will write
	beginRead   string // opens a transaction that reads one snapshot
	skipLocked  string // see Tx.SkipLocked
	forUpdate   string // see Tx.ForUpdate
	forDeletion string // see Tx.ForDeletion
	forKeyShare string // see Tx.ForKeyShare
	lock        string // statement that takes the lock $1 until the transaction ends; "": writers are alone
	lockSchema  string // statement that keeps other migrations out until the transaction ends; "": nobody is there

	ddl      func(text string) string // a migration as this engine wants it
	patience time.Duration            // how long one attempt may take; 0: there is no network to wait for

	unique     func(error) bool     // violated unique or primary key
	foreignKey func(error) bool     // violated foreign key
	conflict   func(error) bool     // the transaction was undone for the sake of another one, and may be repeated
	lost       func(*sql.Conn) bool // the connection must not be used again
	aborted    func(*sql.Conn) bool // the open transaction can only be rolled back
	hangUp     func(*sql.Conn)      // ends a connection before its statements are closed one by one
}

// IsUnique reports whether err says that a unique or primary key is taken. On
// PostgreSQL the transaction is lost then: return the error from the function, or
// write INSERT ... ON CONFLICT DO NOTHING where the transaction must go on.
func IsUnique(err error) bool { return sqliteDialect.unique(err) || postgresDialect.unique(err) }

// IsForeignKey reports whether err says that a referenced row does not exist or
// that a row is still referenced. On PostgreSQL the transaction is lost then.
func IsForeignKey(err error) bool {
	return sqliteDialect.foreignKey(err) || postgresDialect.foreignKey(err)
}

func never[T any](T) bool { return false }
