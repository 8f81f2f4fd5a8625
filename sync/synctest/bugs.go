package synctest

import "log/slog"

// Bug is a mistake that can be planted into a world, to see that the simulator
// catches it. Each stands for a line somebody might get wrong.
type Bug string

// The mistakes.
const (
	CursorBeforeRows   Bug = "cursor before rows"
	AckBeforeAnswer    Bug = "laptop notes the ack before the answer"
	LaptopNoFsync      Bug = "laptop: no fsync"
	HubNoFsync         Bug = "hub: no fsync"
	AckBeforeCommit    Bug = "hub answers before the commit"
	NumberLeasedTwice  Bug = "number block leased twice"
	LeaseOutlivesEpoch Bug = "leases kept in a new epoch"
	EpochIgnored       Bug = "new epoch ignored"
	CounterLockDropped Bug = "feed counter taken outside the transaction"
	FeedRowForgotten   Bug = "second record of a push not in the feed"
	ConflictDropped    Bug = "conflict not written down"
	LastWriterWins     Bug = "last writer wins"
	LeafNotWritten     Bug = "leaf answered for, not written"
	FileCalledStored   Bug = "file called stored without its bytes"
	SettingsForgotten  Bug = "list of unsent files lost at a restart"
	VoidsForgotten     Bug = "voided numbers not carried"
	GrantOutlives      Bug = "withdrawn grants still read"
	ScopesMixed        Bug = "feed serves another scope"
	MoveNotLeft        Bug = "record that moved stays in its old feed"
	MoveForgotten      Bug = "a move is not kept"
	FileForEverybody   Bug = "files given to whoever names them"
	AsideEmptied       Bug = "what is set aside loses its content"
	BodyInLog          Bug = "hub logs a body"
	BodyInRefusal      Bug = "refusals quote the record"
	BodyAtRest         Bug = "hub keeps a body in the clear"
	MarkIgnored        Bug = "hub put back in silence leases on"
	NumbersForgotten   Bug = "mark beside the hub forgets the numbers"
	HeadJumps          Bug = "other side of a conflict becomes the head"
	IssuedThaws        Bug = "issued papers can be edited"
)

// AllBugs lists every one.
func AllBugs() []Bug {
	return []Bug{GrantOutlives, ScopesMixed, MoveNotLeft, MoveForgotten, FileForEverybody, AsideEmptied, BodyInLog, BodyInRefusal, MarkIgnored,
		CursorBeforeRows, AckBeforeAnswer, LaptopNoFsync, HubNoFsync, AckBeforeCommit, NumberLeasedTwice, LeaseOutlivesEpoch,
		EpochIgnored, CounterLockDropped, FeedRowForgotten, ConflictDropped, LastWriterWins, LeafNotWritten, FileCalledStored,
		SettingsForgotten, VoidsForgotten, NumbersForgotten, HeadJumps, IssuedThaws}
}

// Bugs are the mistakes planted into one world; only a program built with the tag
// planted can make them.
type Bugs struct {
	set map[Bug]bool
	// interlude lets other replicas than this one work inside a transaction.
	interlude func(replica int)
	// log is the hub's.
	log *slog.Logger
}

// DiskBugs are those planted once more into stories on disk.
func DiskBugs() []Bug {
	return []Bug{LaptopNoFsync, HubNoFsync, AckBeforeCommit, FileCalledStored, GrantOutlives, BodyAtRest}
}

// Plant makes a set of one.
func Plant(b Bug) Bugs { return Bugs{set: map[Bug]bool{b: true}} }

func (b Bugs) has(bug Bug) bool { return b.set[bug] }
