package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// States of a document: draft → issued → served → closed, or withdrawn.
const (
	DocumentDraft     = "草稿"
	DocumentIssued    = "已签发"
	DocumentServed    = "已送达"
	DocumentWithdrawn = "已撤回"
	DocumentClosed    = "已办结"
)

// Document is a legal paper. Until it is issued its Fields may change; from
// then on everything but State and Events is frozen.
type Document struct {
	State string `json:"state"`
	Type  string `json:"type"` // D01-D28, a row of the catalogue
	// Version is that of the installed form package it was drafted on, "" for
	// the form and paper the program carries. It changes only when an officer
	// moves the draft to another.
	Version    string `json:"version,omitempty"`
	Title      string `json:"title"`
	Case       ID     `json:"case"`
	Inspection ID     `json:"inspection,omitempty"`
	Interview  ID     `json:"interview,omitempty"`
	About      ID     `json:"about,omitempty"` // the document a receipt of service is about
	WageRoll   ID     `json:"wage_roll,omitempty"`
	Replaces   ID     `json:"replaces,omitempty"` // the document that was taken back and this one stands for
	// Fields are what the paper's template prints, by field name.
	Fields map[string]any `json:"fields"`
	DueBy  Date           `json:"due_by,omitempty"`
	Issued *Issue         `json:"issued,omitempty"`
	Events []Event        `json:"events,omitempty"`
}

// Issue is what issuing fixed for ever.
type Issue struct {
	Number string `json:"number"` // 文号; "" for types that carry none
	// Provisional is the number a paper was issued under where the laptop had
	// none of its series left; Number is "" then.
	Provisional string    `json:"provisional,omitempty"`
	Series      string    `json:"series"`
	Serial      int       `json:"serial"`
	At          time.Time `json:"at"`
	By          ID        `json:"by"`
	// Digest is the SHA-256 (hex) of the canonical JSON the paper was made
	// from; the QR carries it.
	Digest    string `json:"digest"`
	Token     string `json:"token"`
	PDF       string `json:"pdf"` // SHA-256 (hex) of the file, its name in the blob room
	Pages     int    `json:"pages"`
	AmountFen int64  `json:"amount_fen,omitempty"`
}

// Printed is the number that stands on the page and in its code.
func (i *Issue) Printed() string {
	if i.Provisional != "" {
		return i.Provisional
	}
	return i.Number
}

// Event is something that happened to an issued document.
type Event struct {
	Kind   string    `json:"kind"` // served, scanned, signed, withdrawn, corrected, reported, closed
	At     time.Time `json:"at"`
	By     ID        `json:"by"`
	Record ID        `json:"record,omitempty"` // the service, the scan's evidence, the correcting document
	Note   string    `json:"note,omitempty"`
}

// Kinds of events.
const (
	EventServed    = "served"
	EventScanned   = "scanned"
	EventSigned    = "signed" // on the screen; the record is the evidence of the strokes
	EventWithdrawn = "withdrawn"
	EventCorrected = "corrected"
	EventClosed    = "closed"
)

func (*Document) Kind() Kind { return KindDocument }

// Edition names the form and paper of a document: its type, and behind an @ the
// version of the package it was drafted on, as "D06@2026-07".
func (d *Document) Edition() string { return EditionOf(d.Type, d.Version) }

// EditionOf joins a type and a version; see Document.Edition.
func EditionOf(docType, version string) string {
	if version == "" {
		return docType
	}
	return docType + "@" + version
}

// Summary implements Record.
func (d *Document) Summary() Summary {
	s := Summary{State: d.State, Due: d.DueBy, Case: d.Case, Parent: d.Inspection, Find: []string{d.Title, d.Type}}
	if d.Issued != nil {
		s.Number, s.Date, s.AmountFen, s.Count = d.Issued.Number, d.Issued.At, d.Issued.AmountFen, d.Issued.Pages
		s.Find = append(s.Find, d.Issued.Printed())
	}
	for _, name := range []string{"employer", "recipient", "interviewee"} {
		if v, ok := d.Fields[name].(string); ok {
			s.Find = append(s.Find, v)
		}
	}
	return s
}

var after = map[string][]string{
	DocumentDraft:     {DocumentDraft, DocumentIssued, DocumentWithdrawn},
	DocumentIssued:    {DocumentIssued, DocumentServed, DocumentWithdrawn, DocumentClosed},
	DocumentServed:    {DocumentServed, DocumentWithdrawn, DocumentClosed},
	DocumentWithdrawn: {DocumentWithdrawn},
	DocumentClosed:    {DocumentClosed},
}

// CheckSuccessor says whether a body may follow another in a record's journal.
// It is the one statement of "issued is frozen": the store and the hub both
// ask it. An entry of custody is never followed, a form package only withdrawn, a
// key of a device only revoked, a random draw only made public, a payment only
// struck out; other kinds may always follow. The error is ErrFrozen wrapped with what was touched. Who may
// write the successor is CheckAuthor's.
func CheckSuccessor(kind Kind, previous, next []byte) error {
	if len(previous) == 0 {
		return nil
	}
	switch kind {
	case KindDocument:
		return checkDocument(previous, next)
	case KindCustody:
		return frozen("证据的保管记录只能追加")
	case KindFormPackage:
		return checkPackage(previous, next)
	case KindIssuerKey:
		return checkKey(previous, next)
	case KindDraw:
		return sameBut(previous, next, "state", "published")
	case KindPayment:
		return sameBut(previous, next, "state", "struck")
	}
	return nil
}

// frozen is ErrFrozen of something that is no document, said in its own words.
type frozen string

func (f frozen) Error() string { return string(f) }

// Is makes errors.Is find ErrFrozen.
func (f frozen) Is(target error) bool { return target == ErrFrozen }

func checkDocument(previous, next []byte) error {
	old, err := As[Document](previous)
	if err != nil {
		return err
	}
	now, err := As[Document](next)
	if err != nil {
		return err
	}
	if !contains(after[old.State], now.State) {
		return fmt.Errorf("文书状态不能从“%s”变为“%s”: %w", old.State, now.State, ErrFrozen)
	}
	if old.Issued == nil {
		return nil
	}
	kept := len(old.Events)
	if len(now.Events) < kept || kept > 0 && !same(old.Events, now.Events[:kept]) {
		return fmt.Errorf("文书的办理记录只能追加: %w", ErrFrozen)
	}
	return sameBut(previous, next, "state", "events")
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func same(a, b any) bool {
	x, err1 := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && bytes.Equal(x, y)
}

// sameBut compares two JSON objects member by member, bar the named ones.
func sameBut(a, b []byte, free ...string) error {
	var x, y map[string]any
	if err := json.Unmarshal(a, &x); err != nil {
		return fmt.Errorf("读取文书的上一版本: %w", err)
	}
	if err := json.Unmarshal(b, &y); err != nil {
		return fmt.Errorf("读取文书: %w", err)
	}
	for _, n := range free {
		delete(x, n)
		delete(y, n)
	}
	for n := range y {
		if _, ok := x[n]; !ok {
			return fmt.Errorf("新增了“%s”: %w", n, ErrFrozen)
		}
	}
	for n, v := range x {
		if !same(v, y[n]) {
			return fmt.Errorf("改动了“%s”: %w", n, ErrFrozen)
		}
	}
	return nil
}
