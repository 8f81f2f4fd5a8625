// Package model is the domain of 安薪: the people, places, acts and papers of
// labour-security inspection, as plain Go values.
//
// It holds what a record is (its journal of revisions), what each kind of
// record contains, and the few rules that belong to a record alone: what may
// never change once a document is issued, which columns a list may see in the
// clear, what a search may find. It refuses everything that needs a database,
// a file, a network, a clock of its own or a widget, and it imports nothing of
// ours. The law's tables and arithmetic stand in model/statute, the sealed
// journal in model/store, the keys in model/seal, what is handed to others in
// model/bundle, the bytes of evidence in model/blob.
//
// Conventions: money is integer fen (int64); an instant is a time.Time that
// keeps its zone, a day is a Date ("2026-09-18"); an id is a UUIDv7 in text.
package model
