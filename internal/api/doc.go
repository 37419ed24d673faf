// Package api is CodeDeploy's API: what each operation demands, does and
// answers (api.md).
//
// A request is judged in the order of api.md 1.7. What needs no look-up is a
// matter of two tables: members.go says which exception tells what is wrong
// with a member, operations.go which members an operation has, in the order of
// its error chain. The operation gets what has passed: it is one transaction
// that looks up, judges what needs the stored resources, and writes. What the
// engine has to know it is told after the transaction is durable.
package api
