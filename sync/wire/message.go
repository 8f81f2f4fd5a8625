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
}

// Hello opens a cycle.
type Hello struct {
	Protocol int   `json:"protocol"`
	LastSeq  int64 `json:"last_seq"` // newest operation of the device's log
	Pending  int   `json:"pending"`  // operations and files not yet at the hub
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
	// Checkpoint is the hub's log at present.
	Checkpoint Checkpoint `json:"checkpoint"`
}

// Scope is one feed a device may read and where it stands.
type Scope struct {
	Name string `json:"name"`
	Head int64  `json:"head"`
}

// Push is a contiguous slice of the device's log.
type Push struct {
	Ops []model.Op `json:"ops"`
}

// Pushed answers Push: one ack per operation, in order.
type Pushed struct {
	Acks       []model.Ack `json:"acks"`
	Checkpoint Checkpoint  `json:"checkpoint"`
}

// Pull asks for what came after Cursor in a scope.
type Pull struct {
	Scope  string `json:"scope"`
	Cursor int64  `json:"cursor"`
	Limit  int    `json:"limit"` // records; 0 means PageRows
}

// Page is a piece of the feed.
type Page struct {
	// Revisions, of each record together and parents first.
	Revisions []model.Revision `json:"revisions"`
	// Conflicts open on the records of this page.
	Conflicts []Conflict `json:"conflicts,omitempty"`
	Next      int64      `json:"next"` // cursor after this page
	Head      int64      `json:"head"` // where the feed ends at present
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
