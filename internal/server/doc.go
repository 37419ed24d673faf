// Package server puts a controller together: store, clock, engine, API and the
// wire, behind one address. What differs between a laptop and production - how
// callers are known, where the clouds are, which further services share the
// address - is handed in.
package server
