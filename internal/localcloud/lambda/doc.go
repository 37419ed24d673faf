// Package lambda is the local cloud's AWS Lambda: functions, versions, weighted
// aliases and invocations behind Lambda's own REST-JSON API.
//
// It covers what deployments, their hooks and their set-up need, and that for
// real: an archive is checked and unpacked, an invocation runs the code in a
// process (package runtime), an alias with weights splits its invocations, an
// accepted asynchronous event outlives the server and is retried on the shared
// clock. What it does not offer it refuses with one of Lambda's own errors.
//
// Everything belongs to the account and region of the caller. Functions,
// versions and aliases are kept in a SQLite database and, for reading, in
// memory as immutable snapshots: an operation that changes a function works on
// a copy, saves the rows, and then shows the copy. Reads and synchronous
// invocations never wait for the database.
package lambda
