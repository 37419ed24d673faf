// Package proxy is the data plane of the load balancer that stands in for
// Elastic Load Balancing: it takes connections, decides by a listener's rules
// and passes requests on to targets. What load balancers, listeners and target
// groups are, and which targets are healthy, is the control plane's business
// (package elb), which hands down only what is to be done.
//
// An application load balancer's listener is a [Listener]: HTTP/1.1 and
// cleartext HTTP/2 in, HTTP/1.1 out. Its rules are one immutable table behind
// an atomic pointer, so a [Listener.Swap] that has returned is in force for
// every later request, on new and on kept-alive connections, while running
// requests end where they are. A network load balancer's listener is a
// [Relay]. Both send to a [Group], which is live and may be shared.
//
// No request is lost by a change of weights or by a target that was drained
// before it stopped: a target is chosen and counted in one step, only attempts
// of which the target can have seen nothing, or that are safe to repeat, are
// made again, and a target that refuses is left out for a second.
package proxy
