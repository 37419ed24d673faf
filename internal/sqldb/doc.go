// Package sqldb opens the product's SQL databases and owns their transactions.
//
// Callers write one SQL text ($1 binds, RETURNING, ON CONFLICT, row values) and
// hand functions to [DB.Tx] and [DB.View]; begin, commit, rollback, prepared
// statements and migrations are this package's business. What differs between
// database engines sits in one dialect value; today SQLite is the only one.
//
// # Writing
//
// A SQLite database has one writer. One goroutine owns its connection and lets
// the callers of Tx that are waiting at the same moment work one after the other
// inside one transaction, each in a savepoint of its own, and commits once for all of
// them (group commit): synchronous=FULL then costs one fsync for many callers.
// A caller is answered after the commit, so a nil error means durable. A failing
// function takes back its own work only; a failing commit fails every caller
// that shared it.
//
// # Reading
//
// View runs on connections of its own, which see the last commit before their
// first read and never wait for the writer.
//
// # One process
//
// A lock file beside the database (PATH.lock) keeps a second process out. It
// stays on disk when the database is closed: only the lock on it counts.
package sqldb
