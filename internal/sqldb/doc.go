// Package sqldb opens the product's SQL databases, SQLite and PostgreSQL, and owns their
// transactions.
//
// Callers write one SQL text ($1 binds, RETURNING, ON CONFLICT, row values) and
// hand functions to [DB.Tx] and [DB.View]; begin, commit, rollback, prepared
// statements, repeated attempts and migrations are this package's business. What
// differs between database engines sits in one dialect value for each.
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
// On PostgreSQL every caller of Tx has a connection and a transaction of its own,
// under READ COMMITTED; the server makes commits of the same moment durable
// together. Others, in this process and in others, write at the same time: what a
// function has read may have changed before its next statement, unless it locked it
// ([Tx.ForUpdate], [Tx.ForKeyShare], [Tx.Lock]). A function is run again when the
// server undid it over a deadlock, or when the connection was lost before the
// commit. When it is lost during the commit, the error says that the outcome is not known.
//
// # Reading
//
// View runs on connections of its own, which see the last commit before their
// first read and never wait for a writer.
//
// # Processes
//
// A lock file beside a SQLite database (PATH.lock) keeps a second process out. It
// stays on disk when the database is closed: only the lock on it counts. Any
// number of processes may share a PostgreSQL database. A pooler between them and the
// server must leave a session with its client (PgBouncer: pool_mode=session).
//
// # Migrations
//
// Migrations are files NNNN_name.sql, numbered from 0001 without gaps, each applied
// once in a transaction of its own. Their text is for all engines: BIGINT, SMALLINT
// and TEXT; booleans are SMALLINT. The word TEXT stands for a column's type only,
// for PostgreSQL it is given the collation "C".
//
// Programs of different age use one database while it is being upgraded. So a program may
// open a database that has seen migrations which it does not know, and
// a migration must leave alone what older programs do: it adds tables, indexes, and
// columns that may be NULL or have a default. One that cannot (it renames or removes, or
// needs every writer to keep something up to date) says so in a line that begins with
//
//	-- breaks older programs
//
// and gives the reason; programs that do not know it then refuse the database, and those
// that are running must be stopped before it is applied.
package sqldb
