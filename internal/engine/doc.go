// Package engine runs deployments.
//
// A deployment is a row with a plan that is recomputed, not a goroutine with a
// history. Whatever happens to it - a moment is reached, a call is answered, a
// hook reports, a person stops it - is an Input, and goes the same way:
//
//	load the row -> Plan(deployment, input, now) -> save -> carry out the acts
//
// Plan decides and is pure. The save is one transaction that holds only if
// nobody saved in between; who comes second loads again and plans again. Acts
// are calls to the outside; each is saved as an intent before it is carried
// out, and its answer is the next input. So kill -9 on any line loses nothing:
// an intent found without an answer is carried out again, and every act is
// made so that this does no harm (a hook's execution id never changes,
// UpdateAlias carries the revision id of the alias that it expects, CreateTaskSet
// a token made of the deployment's id). Only after a stop is nothing carried out
// again: what a lost change has done is looked at.
//
// The sender of an outside event is answered when the save that holds the
// event and all its consequences is durable, on whichever node that is; acts
// are carried out by the node that owns the deployment, under a lease.
//
// Where to read: plan.go is the life of a deployment from top to bottom,
// plan_*.go its chapters, life.go what a platform has of its own, life_lambda.go
// and life_ecs.go what each of the two has. run.go turns the wheel, act_*.go
// carry out.
package engine
