package wire

import (
	"time"

	"anxin/model"
)

// Enrol asks to join: the code proves the invitation, the request's signature
// that the device holds Key.
type Enrol struct {
	Protocol int      `json:"protocol"`
	CodeID   string   `json:"code_id"`
	Secret   string   `json:"secret"`
	Device   model.ID `json:"device"`
	Epoch    int      `json:"epoch"`
	Key      []byte   `json:"key"` // Ed25519, 32 bytes
	Name     string   `json:"name"`
}

// Enrolled is what a new device is told.
type Enrolled struct {
	Hub   model.ID `json:"hub"`
	Key   []byte   `json:"key"`   // the hub's Ed25519 key
	Scope string   `json:"scope"` // home scope of the device
	Keys  KeyList  `json:"keys"`
	Box   []byte   `json:"box,omitempty"` // X25519 key files for the hub are sealed to
	Pass  *Pass    `json:"pass,omitempty"`
}

// Hello opens a cycle.
type Hello struct {
	Protocol int   `json:"protocol"`
	LastSeq  int64 `json:"last_seq"` // newest operation of the device's log
	Pending  int   `json:"pending"`  // operations and files not yet at the hub
	// PendingBytes is the evidence not yet at the hub, in bytes.
	PendingBytes int64 `json:"pending_bytes,omitempty"`
	// Life is drawn anew with every epoch, so that two machines of one clone
	// that begin the same epoch are told apart: 16 bytes in hexadecimal.
	Life string `json:"life,omitempty"`
	// Checkpoint is the newest one this device was given; the hub says whether
	// its log still contains it.
	Checkpoint *Checkpoint `json:"checkpoint,omitempty"`
}

// Welcome answers Hello.
type Welcome struct {
	Protocol int       `json:"protocol"`
	Hub      model.ID  `json:"hub"`
	Time     time.Time `json:"time"`
	LastSeq  int64     `json:"last_seq"` // newest operation of this device and epoch the hub holds
	LastHash []byte    `json:"last_hash,omitempty"`
	Scopes   []Scope   `json:"scopes"`
	// Grown is false when the hub's log does not contain the laptop's
	// checkpoint: the hub was restored from an older copy.
	Grown bool   `json:"grown"`
	Keys  string `json:"keys"` // digest of the present key list
	Box   []byte `json:"box,omitempty"`
	// Checkpoint is the hub's log at present; Consistency proves that it begins
	// with that of Hello's checkpoint, see CheckGrown.
	Checkpoint  Checkpoint `json:"checkpoint"`
	Consistency [][]byte   `json:"consistency,omitempty"`
	// BackedUp is the position in the log up to which the hub's backup reaches.
	BackedUp int64 `json:"backed_up,omitempty"`
	// HubEpoch counts the lives of the hub: it changes when the hub was put
	// back from a backup.
	HubEpoch int `json:"hub_epoch,omitempty"`
	// Until is when the device's certificate ends; every hello renews it.
	Until time.Time `json:"until,omitzero"`
	// Wanted are files this device announced and the hub no longer holds whole,
	// at most MaxAsk; the device sends again those it still has.
	Wanted []string `json:"wanted,omitempty"`
	// Pass is what the device may do, to be kept; see Recall.
	Pass *Pass `json:"pass,omitempty"`
}

// Scope is one feed a device may read and where it stands.
type Scope struct {
	Name  string `json:"name"`
	Head  int64  `json:"head"`
	Write bool   `json:"write,omitempty"` // the device may also write there
}

// Push is a contiguous slice of the device's log.
type Push struct {
	Ops []model.Op `json:"ops"`
}

// Pushed answers Push: one ack per operation, in order.
type Pushed struct {
	Acks       []model.Ack `json:"acks"`
	Checkpoint Checkpoint  `json:"checkpoint"`
	// Proof shows the operations in the log; it is empty when they had been
	// pushed before, see ProofAsk.
	Proof Append `json:"proof,omitzero"`
}

// Pull asks for what came after Cursor in a scope.
type Pull struct {
	Scope  string `json:"scope"`
	Cursor int64  `json:"cursor"`
	Limit  int    `json:"limit"` // records; 0 means PageRows
	// Own asks also for what this device wrote in its present life. It has it,
	// unless both sides were put back from copies.
	Own bool `json:"own,omitempty"`
}

// Page is a piece of the feed.
type Page struct {
	// Revisions, of each record together and parents first.
	Revisions []model.Revision `json:"revisions"`
	// Conflicts open on the records of this page.
	Conflicts []Conflict `json:"conflicts,omitempty"`
	// Gone are records that have left the scope.
	Gone []model.ID `json:"gone,omitempty"`
	Next int64      `json:"next"` // cursor after this page
	Head int64      `json:"head"` // where the feed ends at present
}

// More reports whether the feed goes on after the page.
func (p Page) More() bool { return p.Next < p.Head }

// Conflict is two revisions of a record the hub could not join: Ours is its
// head, Theirs the other side. Both are kept until a revision with both as
// ancestors settles it.
type Conflict struct {
	Record model.ID   `json:"record"`
	Kind   model.Kind `json:"kind"`
	Base   model.Rev  `json:"base,omitempty"`
	Ours   model.Rev  `json:"ours"`
	Theirs model.Rev  `json:"theirs"`
	Fields []string   `json:"fields"`
	At     time.Time  `json:"at"`
}

// Numbers asks for blocks of numbers and announces those assigned by hand.
type Numbers struct {
	Wants    []Want        `json:"wants,omitempty"`
	Assigned []model.Block `json:"assigned,omitempty"`
	// Voids are numbers given up; Returns the unused rest, From to To, of
	// blocks handed back.
	Voids   []Void        `json:"voids,omitempty"`
	Returns []model.Block `json:"returns,omitempty"`
	// HubEpoch is the life of the hub this is said to, 0 where none is known. To
	// one that was put back since, the laptop has not said what it holds.
	HubEpoch int `json:"hub_epoch,omitempty"`
}

// Void is a number that will stand on no paper, and why.
type Void struct {
	Series string `json:"series"`
	Serial int    `json:"serial"`
	Reason string `json:"reason"`
}

// Want asks for Count more numbers of a series. Have is the highest number of
// the series the device knows of, 0 for none: a block above it, leased in a
// reply that was lost, is handed out again.
type Want struct {
	Series string `json:"series"`
	Count  int    `json:"count"`
	Have   int    `json:"have"`
}

// Leased answers Numbers.
type Leased struct {
	Blocks   []model.Block `json:"blocks"`
	Overlaps []Overlap     `json:"overlaps,omitempty"`
	// Held is the sentence why no numbers are handed out at present.
	Held string `json:"held,omitempty"`
}

// Overlap is a run of numbers two devices hold.
type Overlap struct {
	Series string   `json:"series"`
	From   int      `json:"from"`
	To     int      `json:"to"`
	Device model.ID `json:"device"` // the other holder
	Name   string   `json:"name"`   // of the other holder
}

// Ask names evidence the laptop holds; Missing answers which of it the hub
// does not have in full.
type Ask struct {
	SHA256 []string `json:"sha256"`
}

// Missing answers Ask.
type Missing struct {
	SHA256 []string `json:"sha256"`
}

// Patient is the query of a download that may wait: a hub that is busy taking
// what laptops hand in refuses it with CodeRate.
const Patient = "patient"

// Announce opens the upload of one file.
type Announce struct {
	SHA256 string   `json:"sha256"`
	Size   int64    `json:"size"`   // bytes
	Leaves [][]byte `json:"leaves"` // SHA-256 of each LeafSize bytes
}

// Progress of an upload: State and which leaves the hub holds durably.
type Progress struct {
	Stored bool   `json:"stored"` // whole and checked
	Have   Bitmap `json:"have,omitempty"`
}

// RevAsk names revisions the laptop holds; the answer names those of them the
// hub lacks. At most MaxRevAsk.
type RevAsk struct {
	Revs []model.Rev `json:"revs"`
}

// MaxRevAsk is how many revisions one RevAsk may name.
const MaxRevAsk = 5000

// Repair brings back revisions a hub lost that was put back from a backup:
// colleagues' and those of the laptop's own earlier lives, as they were signed,
// parents first, of one scope.
type Repair struct {
	Scope     string           `json:"scope"`
	Revisions []model.Revision `json:"revisions"`
}

// Repaired answers Repair.
type Repaired struct {
	Kept    int      `json:"kept"`
	Refused []string `json:"refused,omitempty"` // why, one sentence each
}

// DigestAsk asks for a scope's digest and, of the named buckets, for the heads
// in them.
type DigestAsk struct {
	Scope   string `json:"scope"`
	Buckets []int  `json:"buckets,omitempty"`
}

// DigestHead is one record of a bucket.
type DigestHead struct {
	Record model.ID  `json:"record"`
	Rev    model.Rev `json:"rev"`
}

// Digests answers DigestAsk: the sum of each of 256 buckets is the exclusive
// or of SHA-256(kind, 0, id, 0, rev) over the heads whose SHA-256(id) begins
// with the bucket's byte.
type Digests struct {
	Sums  [][]byte     `json:"sums"`
	Heads []DigestHead `json:"heads,omitempty"`
}
