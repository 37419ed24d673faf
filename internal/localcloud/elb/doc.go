// Package elb is the local cloud's Elastic Load Balancing: application and network load balancers, listeners, rules and
// target groups behind the version 2 API (query protocol, 2015-12-01; ecs.md 15).
//
// It works for real: a listener's port is bound on the host and served by package proxy, targets are probed as their
// group says, a deregistered target drains. A change that was answered with 200 is in force for every later request.
// What it does not offer (TLS, UDP, Lambda functions as targets, IPv6 pools) it refuses with one of the service's own errors.
// There is no VPC here: subnets, security groups and VPC ids are kept and read back, and not judged.
//
// Everything belongs to the account and region of the caller. Load balancers, listeners with their rules, and target
// groups with their targets are rows of a SQLite database and, for reading, one immutable snapshot in memory: a change
// works on a draft of it, saves the rows, shows the draft, and then tells the data plane. Health is not saved: after a
// restart every target is new.
package elb
