// Package api is CodeDeploy's API: what each operation demands, does and
// answers (api.md).
//
// An operation's file reads in the order of api.md 1.7: first its rules, in
// the order of its error chain (required, format and combination faults need
// no look-up), then one transaction that looks up, judges what needs the
// stored resources, and writes. What the engine has to know it is told after
// the transaction is durable.
package api
