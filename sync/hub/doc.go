// Package hub is the bureau's side of the exchange: it takes the signed logs
// of the laptops, keeps every operation, joins what can be joined, shows what
// cannot, hands out numbers, collects evidence, and tells anyone whether a
// paper is good.
//
// What there is: enrolment by one-time codes, and certificates that every hello
// renews; signed requests with a counter, so that none is taken twice; pushes
// with compare-and-set per record and an outcome for every operation; scopes,
// which a laptop reaches because it lives there or was granted them, and
// between which records move; a change feed per scope whose counter is raised
// as the last statement of the writing transaction, so that no reader can skip
// a change; a register of numbers in which each is taken, given up, handed back
// or out with a laptop; evidence in hashed leaves, read again after it came;
// the bureau's console and the verify page, which need no script.
//
// An acknowledgement has three levels. Stored: committed in the database.
// Logged: a leaf of the Merkle log (RFC 6962) under a checkpoint this hub
// signed; it is written in the same transaction, and every answer to a push
// brings the proof. Backed up: below the size the newest checked backup holds,
// which every hello tells; only then may a laptop let its own copy go. A hub
// put back from a backup begins a new life, by the operator's word or because a
// laptop shows a checkpoint the log no longer contains; laptops then bring what
// is missing, and no number is leased before all have said which they hold, and
// none at or below the highest ever leased, which a file beside the records keeps.
//
// Records lie in SQLite or PostgreSQL, evidence in a folder or an object store;
// replicas share these and their identity and nothing else. Records and evidence
// are sealed before they reach either. Who may read a piece of evidence is whoever is
// enrolled and knows its SHA-256, which stands only in records of his scopes.
// Names of scopes, of series and of the laptops' users stand in the clear.
//
// It refuses unsigned and repeated requests, bodies beyond their limits, and
// every change of what is issued. It refuses no laptop's work: what is wrong
// is set aside, kept, and named, until somebody at the console has his word.
// Records are never deleted, so there are no tombstones but the feed's word
// that a record has left a scope, and that word never ages.
package hub
