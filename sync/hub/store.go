package hub

import (
	"context"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"anxin/model"
	"anxin/sync/merge"
	"anxin/sync/wire"
)

// Store keeps the hub's records. An implementation is held to
// synctest.StoreSuite.
type Store interface {
	// Update runs fn in one transaction, as if no other ran beside it, and
	// durable when Update returns. fn may be run again when the database asks
	// for it, so it must have no effects of its own.
	Update(ctx context.Context, fn func(Tx) error) error
	// View runs fn on one unchanging state; fn must not write.
	View(ctx context.Context, fn func(Tx) error) error
	Close() error
}

// Tx is a transaction, used by one goroutine. Lookups return model.ErrNotFound where nothing is.
type Tx interface {
	Register
	Journal
	Numbers
	Evidence
	Accounts
}

// Register is the part of a transaction about devices and invitations.
type Register interface {
	Meta(key string) (string, error)
	SetMeta(key, value string) error
	Invite(id string) (Invite, error)
	SaveInvite(Invite) error
	Device(id model.ID) (Device, error)
	// Devices lists all, in the order they joined.
	Devices() ([]Device, error)
	SaveDevice(Device) error
	// State is the zero state of the pair when the device has sent nothing.
	State(device model.ID, epoch int) (State, error)
	SaveState(State) error
}

// Journal is the part of a transaction about records.
type Journal interface {
	// Op is a stored entry of a device's log.
	Op(device model.ID, epoch int, seq int64) (Entry, error)
	// OpAt is the entry at a position of the hub's log, from 1.
	OpAt(position int64) (Entry, error)
	// AddOp appends to the hub's log; Ack.Position must be Log's size + 1.
	AddOp(Entry) error
	// Log is the right edge of the hub's Merkle log. In an Update it stays
	// locked until the commit.
	Log() (wire.Frontier, error)
	SaveLog(wire.Frontier) error
	// ReadHashes reads the log's tree for proofs (tlog.HashReader).
	ReadHashes(indexes []int64) ([]tlog.Hash, error)
	// EachOp reads the log in order. An entry whose bytes no longer open comes
	// with its names alone; so does a revision to EachRevision.
	EachOp(fn func(Entry) error) error
	// Quarantine lists what is set aside and not yet dealt with, oldest first.
	Quarantine() ([]Entry, error)
	// Settle deals with an operation set aside, for ever.
	Settle(position int64, verdict string, at time.Time) error

	Revision(rev model.Rev) (model.Revision, error)
	// AddRevision keeps a revision; it can never be changed or deleted. It is
	// visible in the feed once Bump has named its record.
	AddRevision(model.Revision) error
	// Known says which of the revisions are stored.
	Known(revs []model.Rev) (map[model.Rev]bool, error)
	// Fetch reads what pushes are about to ask for in one go: the states of
	// their devices, the heads of their records, whether revisions are known.
	// Whether it is needed is the Store's own affair.
	Fetch(devices, records []model.ID, revs []model.Rev) error
	// EachRevision reads all, of each record together and parents first.
	EachRevision(fn func(model.Revision) error) error
	Graph(record model.ID) (merge.Graph, error)
	Head(record model.ID) (Head, error)
	SaveHead(Head) error
	// Conflicts lists the open conflicts of records.
	Conflicts(records ...model.ID) ([]wire.Conflict, error)
	// OpenConflicts lists the open conflicts of all records, oldest first.
	OpenConflicts(limit int) ([]wire.Conflict, error)
	AddConflict(wire.Conflict) error
	CloseConflict(record model.ID, theirs model.Rev, at time.Time) error

	// Scopes lists every scope with its feed's newest number, by name;
	// ScopeHead is that of one, 0 for an unknown scope.
	Scopes() ([]wire.Scope, error)
	ScopeHead(scope string) (int64, error)
	// RaiseScopes adds to every scope's counter, and to the one that scopes
	// begin with that are not there yet.
	RaiseScopes(by int64) error
	// Bump raises a scope's counter and puts the records with their new
	// revisions at its end. It must be the last statement of a transaction:
	// the counter's row stays locked until the commit, which is what makes the
	// order of numbers the order of commits.
	Bump(scope string, records []model.ID) error
	// Leave raises a scope's counter like Bump and says of the records that
	// they have left it. Restart, called before, makes their whole journals new
	// to the scope they enter.
	Leave(scope string, records []model.ID) error
	Restart(records []model.ID) error
	// Feed reads on after a cursor, at most limit records in feed order, of
	// each the revisions newer than the cursor, until fn returns false.
	Feed(scope string, after int64, limit int, fn func(Line) bool) error
	// EachHead reads the heads of a scope's records, of all for "".
	EachHead(scope string, fn func(Head) error) error
	// Announced lists the records of kind issuerkey, in the order of their ids.
	Announced() ([]model.ID, error)
}

// Line is one row of a feed: a revision, or the word that its record is gone.
type Line struct {
	Seq    int64
	Record model.ID
	Gone   bool
	Rev    model.Rev
	Device model.ID
	Epoch  int
	// JSON appends the revision as the wire carries it. It holds only until the
	// next line; who leaves a line out does not pay for opening it.
	JSON func(to []byte) ([]byte, error)
}

// Numbers is the part of a transaction about document numbers.
type Numbers interface {
	// Blocks lists the blocks of a series by their first number.
	Blocks(series string) ([]model.Block, error)
	AddBlock(model.Block) error
	// Number is who holds a number; MaxNumber the highest held in a series.
	Number(series string, serial int) (Holder, error)
	MaxNumber(series string) (int, error)
	// AddNumber registers the first holder; AddClash a further one.
	AddNumber(Holder) error
	AddClash(Holder) error
	Clashes() ([]Holder, error)
	// Series lists every series a block or a number is known of. LockSeries
	// keeps other transactions from leasing of one until the commit.
	Series() ([]string, error)
	LockSeries(series string) error
	// Holders lists who holds the numbers of a series, by number.
	Holders(series string) ([]Holder, error)
	// AddSpent writes down a number that will never be used; a second word
	// about the same number changes nothing.
	AddSpent(Spent) error
	Spent(series string) ([]Spent, error)
}

// Evidence is the part of a transaction about files.
type Evidence interface {
	Blob(sha string) (Blob, error)
	SaveBlob(Blob) error
	EachBlob(fn func(Blob) error) error
	// Lacking lists files announced and not whole, at most limit.
	Lacking(limit int) ([]Blob, error)
	// Cite says that a record speaks of a file, Citing which records do.
	Cite(sha string, record model.ID) error
	Citing(sha string) ([]model.ID, error)
}

// Accounts is the part of a transaction about the people of the console.
type Accounts interface {
	Account(name string) (Account, error)
	Accounts() ([]Account, error)
	SaveAccount(Account) error
}

// Invite is an enrolment code as the hub keeps it: only a hash of the secret.
type Invite struct {
	ID      string
	Hash    []byte // SHA-256 of the secret
	Name    string // whose laptop it is for
	Scope   string
	Expires time.Time
	Tries   int      // wrong secrets so far
	Used    model.ID // the device that joined with it
}

// Device is a laptop that joined.
type Device struct {
	ID       model.ID
	Name     string
	Scope    string // home scope, which it may always write
	Grants   []Grant
	Key      []byte // Ed25519
	Epoch    int
	Enrolled time.Time
	Until    time.Time // its certificate ends; every hello renews it
	Revoked  time.Time // zero: in good standing
	Seen     time.Time // last contact
	Pending  int       // operations and files it said it had not handed in
	Bytes    int64     // of such files
	Heard    int       // the hub's life in which it last said which numbers it holds
}

// Roles of a grant.
const (
	RoleWrite = "办理"
	RoleRead  = "查阅"
)

// Grant lets a device reach a scope and all scopes below it: the scope "甲县"
// stands above "甲县/东街道" and "甲县/东街道/一网格".
type Grant struct {
	Scope string `json:"scope"`
	Role  string `json:"role"`
}

// State is where a device's log stands in one epoch.
type State struct {
	Device   model.ID
	Epoch    int
	LastSeq  int64
	LastHash []byte
	Nonce    int64 // newest counter accepted
	Forked   bool  // two logs were seen under this name
}

// Entry is an operation in the hub's log.
type Entry struct {
	Op     model.Op // without the revision's body, unless quarantined
	Ack    model.Ack
	Hashes [][]byte // of the subtrees of the log this entry completes
}

// Head is the present revision of a record.
type Head struct {
	Record model.ID
	Kind   model.Kind
	Scope  string
	Rev    model.Rev
	Open   int // open conflicts
}

// Holder is who took a number.
type Holder struct {
	Series   string
	Serial   int
	Document model.ID
	Device   model.ID
	Rev      model.Rev
	At       time.Time
}

// States of a number that will never stand on a paper.
const (
	SpentVoid     = "作废"
	SpentReturned = "退回"
)

// Spent is such a number, with the reason.
type Spent struct {
	Series string
	Serial int
	Device model.ID
	State  string
	Reason string
	At     time.Time
}

// Blob is a file of evidence, announced or whole.
type Blob struct {
	SHA256   string
	Size     int64
	Leaves   [][]byte
	Stored   bool
	Device   model.ID // who announced it
	At       time.Time
	SM3      string    // of the whole file, hexadecimal, once it was read again
	Verified time.Time // when it was last read again and found whole
}

// Account is somebody who may open the console. Hash is an argon2id string.
type Account struct {
	Name     string
	Hash     string
	Since    time.Time // when the password was set; older sessions end
	Disabled bool
}
