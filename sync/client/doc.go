// Package client is the laptop's side of the exchange with the hub.
//
// It holds the cycle hello → numbers → pull → push → pull → evidence as a chain
// of small steps. Each step is one exchange and one transaction of the store,
// and may be repeated: whatever moment the program or the network dies, the
// next cycle goes on from what the store says and ends in the same state. The
// steps know no socket and no clock; a thin shell around them repeats what
// failed for a passing reason, with a growing random pause.
//
// It also holds enrolment, the pinned connection, and the ring of keys that
// revisions and papers are checked with. It refuses a hub that shows another
// key than at enrolment, and pages with revisions nobody known has signed. It
// decides nothing about records: the store and the hub do.
package client
