// Package hub is the bureau's side of the exchange: it takes the signed logs
// of the laptops, keeps every operation, joins what can be joined, shows what
// cannot, hands out numbers, collects evidence, and tells anyone whether a
// paper is good.
//
// What there is: enrolment by one-time codes; signed requests with a counter,
// so that none is taken twice; pushes with compare-and-set per record and an
// outcome for every operation; a change feed per scope whose counter is raised
// as the last statement of the writing transaction, so that no reader can skip
// a change; a register of numbers; evidence in hashed leaves; a log of all
// operations as a simple hash chain, with a signed checkpoint in every reply to
// a push. The acknowledgement of this package means stored: committed in this
// hub's database. It does not yet mean covered by a Merkle log with proofs a
// laptop can check alone, nor covered by a backup; a laptop keeps its copy.
//
// Records are kept in the clear: the disk of the hub must be encrypted by the
// machine it runs on. Who may read a piece of evidence is whoever is enrolled
// and knows its SHA-256, which stands only in records of his own scope.
//
// It refuses unsigned and repeated requests, bodies beyond their limits, and
// every change of what is issued. It refuses no laptop's work: what is wrong
// is set aside, kept, and named.
package hub
