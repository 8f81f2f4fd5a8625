// Package merge decides what becomes of two revisions of one record that were
// made without knowledge of each other.
//
// It holds the policy per kind and field, the three-way merge that follows it,
// and the few questions asked of a record's graph of revisions. It never
// chooses between two officers: fields only one of them touched are joined,
// sets are united, and everything else (the same field, a field the law gives
// weight to, a record that left its draft) is named as a conflict for people
// to settle. Clocks play no part. It keeps nothing and knows no database.
package merge
