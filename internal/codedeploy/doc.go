// Package codedeploy is Greenlight's vocabulary: the words of the AWS CodeDeploy
// API (version 2014-10-06) and what they mean by themselves.
//
// The shapes, enumerations, exceptions, operations and constraints in the
// *_gen.go files are generated from the service model in model/. Beside them
// stands the hand-written behaviour of those words: identifiers and ARNs, status
// transitions, lifecycle events, traffic schedules, the predefined
// configurations, revision identity and the sentences of failures.
//
// The package knows the standard library only. It does no I/O beyond reading
// random bytes for identifiers, starts no goroutines and reads no clock.
package codedeploy

//go:generate go run ./generate
