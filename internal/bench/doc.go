// Package bench measures what is promised of deployments. It consists of
// benchmarks only; `make bench` runs them and prints their figures as a table
// beside the promises. No figure is asserted: a busy machine must not fail a
// build, and a person must look.
package bench
