// Package synctest holds what proves the exchange: the suites every hub.Store
// and hub.Blobs must pass, worlds of laptops and a hub on disk or in memory,
// the simulator that tells stories in which everything goes wrong that can, the
// invariants checked when each has come to rest, and the mistakes planted to
// see that they are caught.
//
// A story is decided by its seed alone; a failing one prints the command that
// tells it again. The rooms in memory pass the same suites as the real ones, so
// that what holds on them says something. The package is for tests; it keeps
// nothing and decides nothing.
package synctest
