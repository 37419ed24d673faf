// Package demo is Greenlight shown to somebody who has never seen it: three
// releases of a small function and two of a web service behind a load balancer,
// played on a server and a cloud in this process while a client keeps calling. Of
// the function, one release is good, one is refused by its hook before any traffic
// moves, one is refused after the shift and goes back. Of the web service, one is
// good, and one fails the test of its green side: no client sees it.
//
// Nothing is staged: the demo talks to the server over HTTP through the AWS SDK,
// functions and tasks are processes, and what is told about the traffic is counted
// from the client's calls. Whatever differs from the story is an error, so the
// demo is a check as well. How it looks is the business of a Stage.
package demo
