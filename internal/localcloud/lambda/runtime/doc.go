// Package runtime runs Lambda functions as operating system processes.
//
// One process is one execution environment. Each environment has its own listener on the loopback address that speaks the
// Lambda Runtime API (2018-06-01): the protocol carries no environment id, so the address is the identity. A Pool starts
// environments when there is work, uses the most recently used one again, and stops those that nobody needs.
//
// Runtimes with a name of the form provided.* execute the file "bootstrap" of the unpacked archive. Python and Node
// functions run in an interpreter of this machine under a small loader that is embedded here.
//
// Processes are no security boundary: a function runs with the rights of the server, on its network and file system.
// What is kept apart is the environment (nothing of the server's own variables but the search paths), the home and
// temporary directory, and the process group, which is killed as a whole.
package runtime
