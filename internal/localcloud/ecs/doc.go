// Package ecs is the local cloud's Amazon ECS: clusters, task definitions,
// services and their task sets behind the JSON 1.1 API (2014-11-13; ecs.md 14),
// with tasks that really run.
//
// # The truth is in the database
//
// Every cluster, task definition, service, task set and task is a row of a
// SQLite database, keyed by account and region. An operation reads and writes
// rows in one transaction and answers; it starts and stops nothing. What is
// desired and what is there are brought together by passes.
//
// # A pass
//
// A pass looks at one service: its rows, the states of its tasks as the launcher
// told them, the health of their targets as the balancer tells it. decide, a
// function without side effects, changes the rows and says what has to be done:
// start this task, take that target out. The rows are saved before anything is
// done, and whatever is done can be done twice, so that a process that is killed
// between the two takes it up again. What an act brought about is written into
// its task's row, and the next pass sees it.
//
// Passes are called for: by an operation, by the launcher when a task exits or
// its health changes, by the balancer when a target's health changes, by a moment
// reached (the end of a back-off, of a drain, of a grace period), and by a slow
// sweep, in case that one of these was missed.
//
// # Time
//
// What the API shows is dated by the shared clock. What a task has to wait for
// is real, because the task is: these waits pass by the machine's clock, faster
// by Options.Pace.
package ecs
