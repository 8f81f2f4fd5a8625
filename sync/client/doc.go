// Package client is the laptop's side of the exchange with the hub.
//
// It holds the cycle hello → numbers → pull → push → pull → evidence as a chain
// of small steps. Each step is one exchange and one transaction of the store,
// and may be repeated: whatever moment the program or the network dies, the
// next cycle goes on from what the store says and ends in the same state. The
// steps know no socket and no clock; a thin shell around them repeats what
// failed for a passing reason, with a growing random pause.
//
// Some things run beside a step: the next page is fetched and checked while one
// is written, the next batch packed while the hub works on one, and its answer
// kept while the hub works on the next. Background
// paces the cycles of a program. Records that left a scope, or whose scope was
// withdrawn, are taken off the laptop with their files; what it wrote or took
// itself is not. Colleagues' files come last, and at once when somebody opens one.
//
// It checks the hub's word: every acknowledged operation must be proved to
// stand in the hub's Merkle log, and that log to continue the one signed
// before. A hub that was put back from a backup is refilled with all it lost; a
// laptop that was put back or cloned begins a new epoch. The same exchange goes
// by two files on a USB stick where no line reaches.
//
// It also holds enrolment, the pinned connection, pause, metered lines and the
// state of the queue, and the ring of keys that revisions and papers are
// checked with. It refuses a hub that shows another
// key than at enrolment, and pages with revisions nobody known has signed. It
// decides nothing about records: the store and the hub do.
package client
