package statute

import (
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// Signer is one who signs a document.
type Signer struct {
	Role      SignerRole
	EveryPage bool // signs each page of a record
	IfRefused bool // signs only when the party refuses
}

// SignerRole is who signs.
type SignerRole string

const (
	SignOfficers SignerRole = "T" // both officers
	SignParty    SignerRole = "P" // the party or the person in charge
	SignWitness  SignerRole = "W"
	SignApprover SignerRole = "A"
	SignSeal     SignerRole = "S" // the seal of the authority
	SignReviewer SignerRole = "R" // the legal reviewer
	SignAll      SignerRole = "M" // all who took part in a meeting
)

// Document is one type of the catalogue D01–D28 with its variants.
type Document struct {
	ID     string
	Title  string
	Number Pattern
	Copies int // printed on paper; one goes to the file
	Sign   []Signer
	// OnIssue and OnService are the keys of the clocks started by issuing and by serving it.
	OnIssue   []string
	OnService []string
	// Gates are the keys of the gates asked before it is issued.
	Gates []string
	Source
}

// Gate is a condition the law sets before an act: a document, a step of the case.
type Gate struct {
	Key   string
	Title string // what is checked, for a list
	Text  string // why the act may not be done, and the cure
	// Blocks is true when the act is refused, false when it is only warned.
	Blocks bool
	// Always tells that every file is checked for it; otherwise only a file in
	// which an act it guards was done.
	Always bool
	// KnockOut is the ground on which a file review gives no points, "" for none.
	KnockOut string
	Source
}

// KnockOuts are the grounds on which published review standards give a file no points.
func KnockOuts() []string {
	return []string{"主体不合法", "执法人员无资格", "少于2人", "应移送未移送", "证据不足", "事实不清", "定性不准", "适用法律错误", "程序违法"}
}

// Reason words the gate as the ground of a refusal or a warning.
func (g Gate) Reason() Reason { return Reason{Code: g.Key, Text: g.Text, Article: g.Article} }

// Catalogue is the list of documents in force on a day in a region.
type Catalogue struct {
	law    *Law
	on     time.Time
	region string
}

// Catalogue returns the documents as they stand on a day in a region.
func (l *Law) Catalogue(on time.Time, region string) Catalogue { return Catalogue{l, on, region} }

// Get returns a type by its id. The error names the id.
func (c Catalogue) Get(id string) (Document, error) {
	d, _, ok := c.law.documents.at(id, c.on, c.region)
	if !ok {
		return Document{}, fmt.Errorf("文书目录中没有“%s”，请检查 documents.csv", id)
	}
	return d, nil
}

// All lists the documents in the order of the table.
func (c Catalogue) All() []Document {
	var all []Document
	for _, id := range c.law.documents.keys {
		if d, err := c.Get(id); err == nil {
			all = append(all, d)
		}
	}
	return all
}

// Gates lists the gates in the order of the table.
func (l *Law) Gates() []Gate {
	all := make([]Gate, 0, len(l.gateKeys))
	for _, key := range l.gateKeys {
		all = append(all, l.gates[key])
	}
	return all
}

// Gate returns a gate by its key.
func (l *Law) Gate(key string) (Gate, error) {
	g, ok := l.gates[key]
	if !ok {
		return Gate{}, fmt.Errorf("没有名为“%s”的签发条件，请检查 gates.csv", key)
	}
	return g, nil
}

func (l *Law) loadGates(fsys fs.FS) error {
	t, err := readTable(fsys, "gates.csv", "key", "title", "level", "check", "knockout", "text", "basis", "mark", "note")
	if err != nil {
		return err
	}
	l.gates = map[string]Gate{}
	for _, r := range t.records {
		g := Gate{Key: r.need("key"), Title: r.need("title"), Text: r.need("text"), Source: r.source()}
		g.Blocks = r.oneOf("level", "block", "warn") == "block"
		g.Always = r.oneOf("check", "file", "act") == "file"
		g.KnockOut = r.oneOf("knockout", append(KnockOuts(), "")...)
		if _, twice := l.gates[g.Key]; twice {
			r.fail("key", "“%s”重复，请删去一行", g.Key)
		}
		l.gates[g.Key] = g
		l.gateKeys = append(l.gateKeys, g.Key)
	}
	return t.fault
}

var documentColumns = []string{"id", "title", "type", "pattern", "pad", "copies", "sign", "on_issue", "on_service", "gates",
	"basis", "mark", "valid_from", "valid_to", "region", "note"}

func (l *Law) loadDocuments(fsys fs.FS) error {
	t, err := readTable(fsys, "documents.csv", documentColumns...)
	if err != nil {
		return err
	}
	for _, r := range t.records {
		d := Document{ID: r.need("id"), Title: r.need("title"), Copies: r.integer("copies"), Source: r.source(), Sign: signers(r)}
		pattern, err := NewPattern(r.need("pattern"), r.text("type"), r.integer("pad"))
		if err != nil {
			r.fail("pattern", "%s，请更正", err)
		}
		d.Number = pattern
		d.OnIssue = l.known(r, "on_issue", func(key string) bool { return len(l.clocks.rows[key]) > 0 })
		d.OnService = l.known(r, "on_service", func(key string) bool { return len(l.clocks.rows[key]) > 0 })
		d.Gates = l.known(r, "gates", func(key string) bool { _, ok := l.gates[key]; return ok })
		if d.Copies < 1 || d.Copies > 9 {
			r.fail("copies", "份数应为1至9，请更正")
		}
		l.documents.add(r, d.ID, r.validity(), d)
	}
	return t.fault
}

// known reads a list of keys that must stand in another table.
func (l *Law) known(r record, column string, exists func(string) bool) []string {
	keys := r.list(column)
	for _, key := range keys {
		if !exists(key) {
			r.fail(column, "没有名为“%s”的条目，请更正或者在对应的表中补上", key)
		}
	}
	return keys
}

func signers(r record) []Signer {
	var all []Signer
	for _, item := range r.list("sign") {
		role := strings.TrimRight(item, "*?")
		if len(role) != 1 || !strings.Contains("TPWASRM", role) {
			r.fail("sign", "“%s”不是可用的签名人，可用：T、P、W、A、S、R、M", item)
			continue
		}
		all = append(all, Signer{Role: SignerRole(role), EveryPage: strings.Contains(item, "*"), IfRefused: strings.Contains(item, "?")})
	}
	return all
}
