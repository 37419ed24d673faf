// Package serve is Greenlight in production: the controller on its own address
// and database, for the callers that a credentials file names. The engine
// drives AWS, or whatever the standard chain of the AWS SDK points at.
package serve
