package model

import "time"

// Aside is a change of this laptop that the hub has kept but not taken: it waits
// there for somebody of the bureau. Nothing of it is lost here.
type Aside struct {
	Seq      int64 // its place in this laptop's log
	Position int64 // and in the hub's
	Record   ID
	Kind     Kind
	Rev      Rev
	Time     time.Time // when it was made
	Reason   string    // the hub's, one sentence
}
