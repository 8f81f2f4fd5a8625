package model

import (
	"errors"
	"time"
)

// What the journal is asked and told. These types are the seam between the use
// cases (app/casework), which know the law, and the rooms that keep bytes
// (model/store, model/blob, sync).

// Change is the next state of one record.
type Change struct {
	ID     ID
	Base   Rev // the head it was read at; "" creates the record
	Record Record
	// Settles is the other head of a Conflict that this change puts an end to:
	// the revision gets both as parents. "" when there is none.
	Settles Rev
}

// Batch is what one act changes: all of it is committed, or none.
type Batch struct {
	Author  ID
	Changes []Change
	Use     *NumberUse // the number an issued document takes
	Void    *NumberVoid
}

// ErrClock: the laptop's clock stands more than five minutes below the highest
// time the store has seen, so no number may be used until an officer confirms
// the time with a reason (SettingClock).
var ErrClock = errors.New("本机时间早于上次保存的时间，不能签发文书；请校正时间，或者在“设置”中说明原因并确认")

// SettingClock is the setting that holds the officer's reason; the store
// clears it when the clock has caught up.
const SettingClock = "clock.confirmed"

// NumberUse takes one number of a series for a document, in the transaction
// that issues it. Serial must be the series' next number.
type NumberUse struct {
	Series   string // type word and year, e.g. "令/2026"
	Serial   int
	Document ID
}

// NumberVoid gives up a number for a stated reason; it is never used again.
type NumberVoid struct {
	Series string
	Serial int
	Reason string
}

// Block is a run of numbers leased to one device in one epoch.
type Block struct {
	Series  string    `json:"series"`
	From    int       `json:"from"`
	To      int       `json:"to"` // inclusive
	Next    int       `json:"next"`
	Device  ID        `json:"device"`
	Epoch   int       `json:"epoch"`
	Source  string    `json:"source"` // "hub", or who assigned it by hand
	Expires time.Time `json:"expires,omitzero"`
}

// Left is how many numbers of the block are free.
func (b Block) Left() int { return max(0, b.To-b.Next+1) }

// NumberRow is one line of the register of numbers: every number taken or
// given up, with what became of it.
type NumberRow struct {
	Series   string
	Serial   int
	State    string // 已用, 作废
	Document ID
	Reason   string
	At       time.Time
}

// Query selects heads. Zero fields do not restrict.
type Query struct {
	Kind      Kind
	States    []string
	Case      ID
	Parent    ID
	Number    string
	DueBefore Date     // due on or before this day, and due at all
	Text      string   // searched in everything the record's Summary.Find names; first those called so
	Exact     []string // each of them among the record's Summary.Exact
	ByDue     bool     // order by due day; otherwise newest first
	Limit     int      // 0 means 200
	Offset    int
}

// Op is one entry of the device log: a revision in its place in the order in
// which this laptop did things, chained to the entry before it.
type Op struct {
	Device ID     `json:"device"`
	Epoch  int    `json:"epoch"`
	Seq    int64  `json:"seq"`   // from 1, without gaps, per epoch
	Scope  string `json:"scope"` // home scope of the record
	Prev   []byte `json:"prev"`  // Hash of the entry before, empty for the first
	Hash   []byte `json:"hash"`  // over Prev, Device, Epoch, Seq, Scope, the revision's Rev and Number
	Sig    []byte `json:"sig"`   // the device's signature over Hash
	// Number is set where the op took a number; the hub keeps the register.
	Number   *NumberUse `json:"number,omitempty"`
	Revision Revision   `json:"revision"`
}

// Outcomes of an op at the hub. Nothing is refused into a void.
const (
	OutcomeApplied     = "applied"
	OutcomeMerged      = "merged"
	OutcomeConflict    = "conflict"
	OutcomeQuarantined = "quarantined"
)

// Ack is what the hub did with one op and where it stands in its log.
type Ack struct {
	Seq      int64  `json:"seq"`
	Outcome  string `json:"outcome"`
	Reason   string `json:"reason,omitempty"`
	Position int64  `json:"position"`
}

// Conflict is two heads of one record that could not be merged; both officers
// see it until one resolves it with a merge revision.
type Conflict struct {
	Record ID
	Kind   Kind
	Base   Rev
	Ours   Rev
	Theirs Rev
	Fields []string // the members both changed
	At     time.Time
}

// BlobInfo names bytes in the blob room.
type BlobInfo struct {
	SHA256 string `json:"sha256"` // hex, over the clear bytes
	Size   int64  `json:"size"`   // bytes, clear
}

// Claim is what the QR code of a document says: no personal data.
type Claim struct {
	Issuer    string `json:"issuer"` // key id of the device that issued it
	Document  ID     `json:"document"`
	Type      string `json:"type"`
	Number    string `json:"number"`
	Issued    Date   `json:"issued"`
	Due       Date   `json:"due,omitempty"`
	AmountFen int64  `json:"amount_fen,omitempty"`
	Digest    []byte `json:"digest"` // SHA-256 of the canonical JSON the paper was made from
}

// Algorithms a paper may be signed by.
const (
	AlgEd25519 = ""    // RFC 8032
	AlgSM2     = "SM2" // over SM3 (GB/T 32918.2)
)

// PublicKey is a key that papers may be signed with, and its validity.
type PublicKey struct {
	ID      string    `json:"id"`
	Alg     string    `json:"alg,omitempty"`
	Key     []byte    `json:"key"` // Ed25519: 32 bytes; SM2: 65, not compressed
	Device  ID        `json:"device"`
	Name    string    `json:"name"` // whose laptop
	From    time.Time `json:"from"`
	To      time.Time `json:"to,omitzero"`
	Revoked time.Time `json:"revoked,omitzero"`
}
