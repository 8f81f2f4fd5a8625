package hub

import (
	"context"
	"time"

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

// Tx is a transaction. Lookups return model.ErrNotFound where nothing is.
type Tx interface {
	Register
	Journal
	Numbers
	Evidence
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
	// AddOp appends to the hub's log; Ack.Position must be LogHead's size + 1.
	AddOp(Entry) error
	// LogHead is how many entries the hub's log has and its chain value.
	LogHead() (size int64, root []byte, err error)
	// Root is the chain value after the entry at a position.
	Root(position int64) ([]byte, error)
	// EachOp reads the log in order.
	EachOp(fn func(Entry) error) error

	Revision(rev model.Rev) (model.Revision, error)
	// AddRevision keeps a revision; it can never be changed or deleted. It is
	// visible in the feed once Bump has named its record.
	AddRevision(model.Revision) error
	// EachRevision reads all, of each record together and parents first.
	EachRevision(fn func(model.Revision) error) error
	Graph(record model.ID) (merge.Graph, error)
	Head(record model.ID) (Head, error)
	SaveHead(Head) error
	// Conflicts lists the open conflicts of a record.
	Conflicts(record model.ID) ([]wire.Conflict, error)
	AddConflict(wire.Conflict) error
	CloseConflict(record model.ID, theirs model.Rev, at time.Time) error

	// ScopeHead is the feed's newest number, 0 for an unknown scope.
	ScopeHead(scope string) (int64, error)
	// Bump raises a scope's counter and puts the records with their new
	// revisions at its end. It must be the last statement of a transaction:
	// the counter's row stays locked until the commit, which is what makes the
	// order of numbers the order of commits.
	Bump(scope string, records []model.ID) error
	// Feed reads on after a cursor, records in feed order, of each the
	// revisions newer than the cursor, until fn returns false.
	Feed(scope string, after int64, fn func(seq int64, r model.Revision) bool) error
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
}

// Evidence is the part of a transaction about files.
type Evidence interface {
	Blob(sha string) (Blob, error)
	SaveBlob(Blob) error
	EachBlob(fn func(Blob) error) error
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
	Scope    string // home scope
	Key      []byte // Ed25519
	Epoch    int
	Enrolled time.Time
	Revoked  time.Time // zero: in good standing
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
	Op   model.Op // without the revision's body, unless quarantined
	Ack  model.Ack
	Root []byte // chain value of the hub's log after this entry
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

// Blob is a file of evidence, announced or whole.
type Blob struct {
	SHA256 string
	Size   int64
	Leaves [][]byte
	Stored bool
	Device model.ID // who announced it
	At     time.Time
}
