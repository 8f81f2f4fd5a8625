// Package synctest is the proving ground of the exchange: a hub and any number
// of laptops in one process, with the real stores on disk, over a line that
// can be cut at any byte, lose a reply after the work is done, or deliver
// twice.
//
// It holds that world, the invariants that must hold whenever it has come to
// rest, and the suites every implementation of the hub's Store and Blobs must
// pass. Everything random comes from a seed, so every failure can be run
// again. It is for tests only.
package synctest
