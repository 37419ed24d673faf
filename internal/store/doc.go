// Package store keeps Greenlight's state: applications, deployment groups,
// configurations, revisions, deployments, the nodes that run them, on-premises
// instances, settings and resource tags. One file each.
//
// It holds facts and the few rules that only a database can hold against
// concurrent writers: names are unique, a group has one active deployment, a
// save needs the version it was based on, a terminal deployment never changes. What a
// request may do is decided above.
//
// Every method belongs to a transaction: [Store.Tx] to write, [Store.View] to
// read. An error from a method may mean that the transaction cannot go on: return
// it, or one made from it, unless it is ErrNotFound, ErrExists, ErrStale or a
// *BusyError from an insert or a save.
//
// Times come back in UTC with millisecond precision. Lists are pages by key:
// limit rows at most, from the first one behind after, so that a
// row inserted or deleted between two pages is never the reason that another is repeated
// or missed.
package store
