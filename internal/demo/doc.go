// Package demo is Greenlight shown to somebody who has never seen it: three
// releases of a small function, played on a server and a cloud in this process
// while a client keeps calling. One release is good, one is refused by its hook
// before any traffic moves, one is refused after the shift and goes back.
//
// Nothing is staged: the demo talks to the server over HTTP through the AWS SDK,
// the functions are processes, and what is told about the traffic is counted
// from the client's calls. Whatever differs from the story is an error, so the
// demo is a check as well. How it looks is the business of a Stage.
package demo
