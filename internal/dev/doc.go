// Package dev is Greenlight on a laptop: the controller and the local cloud
// behind one loopback address, on one data directory. The engine reaches the
// local cloud over HTTP through the AWS SDK, like any other cloud.
package dev
